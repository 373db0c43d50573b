"""How a visitor found a facility: stored as it came, and its state merged, in one transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pghistory
from django.db import transaction
from django.db.utils import IntegrityError

from gspace import access, incidents, vocabulary
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from gspace.transactions import action
from layers import queries
from layers.actions.layer import held
from layers.actions.state import checked_state, merge_state
from layers.models import Feature, Layer, Situation
from layers.payload import SituationIn

# what the state of a feature has, too
STATE_FIELDS = ("operation", "congestion", "persons")


@dataclass(frozen=True)
class Received:
    created: bool
    situation: Situation


def situation_receive(
    *, situation_id: uuid.UUID, body: SituationIn, by: Caller, now: datetime | None = None
) -> Received:
    """Store a situation once; the same words again answer with what is stored.

    The state of the feature takes over operation, congestion and persons where they are not older
    than what is known. A facility that has left the layer since is still one that was visited.
    Raises Problem: incident_unknown, incident_closed, layer_unknown, feature_unknown, not_allowed,
    situation_differs (409, other content), situation_unknown (404, another author's), invalid.
    """
    if known := _known(situation_id, body, by):
        return known
    incident, layer = _place(body, by)
    values = body.said()
    for name in ("operation", "congestion"):
        values[name] = checked_state(layer, name, values[name])
    row = _row(situation_id, incident, layer, body, values, by, now or datetime.now(UTC))
    with pghistory.context(key=by.key, name=by.name):
        if _receive(row=row, by=by, shown=incident.state != "drill" or layer.incident_id):
            return Received(True, row)
    if known := _known(situation_id, body, by):
        return known
    raise Problem("busy")


def _known(situation_id: uuid.UUID, body: SituationIn, by: Caller) -> Received | None:
    """The answer for an id that is already here; None when it is new."""
    rows = Situation.objects.select_related("layer", "incident")
    found = rows.filter(id=situation_id).first()
    if found is None:
        return None
    if found.author_key != by.key:
        raise Problem("situation_unknown")
    if found.body_sha256 != body.canonical_sha256():
        raise Problem("situation_differs")
    return Received(False, found)


def _place(body: SituationIn, by: Caller) -> tuple[Incident, Layer]:
    """Where it was, if the caller may say so."""
    incident = incidents.working(body.incident)
    if incident is None:
        raise Problem("incident_unknown", field="incident")
    layer, _ = queries.layer_for(body.layer, by)
    if layer.incident_id not in (None, incident.id):
        raise Problem("layer_unknown", field="layer")
    if not access.may_report_situation(by, incident, layer.publisher_id):
        raise Problem("not_allowed")
    if incident.state == "closed":
        raise Problem("incident_closed", field="incident")
    if layer.kind not in vocabulary.VISITED:
        raise Problem("invalid", f"A {layer.kind} has no situation.", field="layer")
    if not Feature.objects.filter(version__layer=layer, feature_id=body.feature).exists():
        raise Problem("feature_unknown", field="feature")
    return incident, layer


def _row(
    situation_id: uuid.UUID,
    incident: Incident,
    layer: Layer,
    body: SituationIn,
    values: dict[str, Any],
    by: Caller,
    now: datetime,
) -> Situation:
    return Situation(
        id=situation_id,
        layer=layer,
        feature_id=body.feature,
        incident=incident,
        captured_at=body.captured_at,
        sent_at=body.sent_at,
        received_at=now,
        # a clock that is ahead would silence everybody until its time has come
        as_of=min(body.captured_at, now),
        author_key=by.key,
        author_name=by.name,
        body_sha256=body.canonical_sha256(),
        **values,
    )


@action
def _receive(*, row: Situation, by: Caller, shown: Any) -> bool:
    """False when the id is already here. shown: whether the feature's state takes it over."""
    current = held(row.layer)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "sqlstate", "") == "23505":
            return False
        raise
    said = {name: getattr(row, name) for name in STATE_FIELDS}
    said = {name: value for name, value in said.items() if value is not None}
    # a drill must not open a standing shelter on everybody's map
    if said and shown:
        merge_state(current, row.feature_id, said, row.as_of, by, row.received_at)
    return True
