"""A layer is made, described anew, withdrawn and put back. Its data come as versions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import IntegrityError

from gspace import access
from gspace.access import Caller
from gspace.models import SLUG, Incident, Organisation
from gspace.problems import Problem
from gspace.transactions import action
from layers.models import Layer

DESCRIBING = (
    "title", "title_en", "audience", "licence", "attribution", "reuse", "source_name",
    "source_url", "coverage", "refresh_s",
)  # fmt: skip


def layer_create(
    *,
    slug: str,
    title: str,
    kind: str,
    publisher: Organisation,
    by: Caller,
    incident: Incident | None = None,
    **describing: Any,
) -> Layer:
    """A new layer without data: nobody but its publisher sees it before a version is published.

    describing: title_en, audience (public, partner, hq), licence, attribution, reuse, source_name,
    source_url, coverage, refresh_s. incident None = standing, shown in every incident.
    Raises Problem: not_allowed, layer_exists (409), incident_closed, invalid.
    """
    if not access.may_publish(by, publisher.id):
        raise Problem("not_allowed")
    if incident is not None and incident.state == "closed":
        raise Problem("incident_closed", field="incident")
    _check(slug, describing)
    layer = Layer(
        slug=slug, title=title, kind=kind, publisher=publisher, incident=incident, **describing
    )
    with pghistory.context(key=by.key, name=by.name):
        return _create(layer=layer)


@action
def _create(*, layer: Layer) -> Layer:
    try:
        with transaction.atomic():
            layer.save(force_insert=True)
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "sqlstate", "") == "23505":
            raise Problem("layer_exists", field="slug") from None
        raise
    return layer


def _check(slug: str, describing: dict[str, Any]) -> None:
    try:
        SLUG(slug)
    except ValidationError as error:
        raise Problem("invalid", str(error.messages[0]), field="slug") from None
    if unknown := set(describing) - set(DESCRIBING):
        raise Problem("invalid", f"Unknown: {', '.join(sorted(unknown))}", field=min(unknown))


def layer_change(*, layer: Layer, by: Caller, **describing: Any) -> Layer:
    """Describe a layer anew, or show it to another audience. Raises Problem not_allowed, invalid.

    Who may no longer see it is told that it is gone.
    """
    _check(layer.slug, describing)
    with pghistory.context(key=by.key, name=by.name):
        return _update(layer=layer, by=by, values=describing)


def layer_withdraw(*, layer: Layer, by: Caller, now: datetime | None = None) -> Layer:
    """Take a layer off every map; versions and states stay. Raises Problem not_allowed."""
    with pghistory.context(key=by.key, name=by.name):
        return _update(layer=layer, by=by, values={"withdrawn_at": now or datetime.now(UTC)})


def layer_restore(*, layer: Layer, by: Caller) -> Layer:
    """Put a withdrawn layer back on the maps. Raises Problem not_allowed."""
    with pghistory.context(key=by.key, name=by.name):
        return _update(layer=layer, by=by, values={"withdrawn_at": None})


@action
def _update(*, layer: Layer, by: Caller, values: dict[str, Any]) -> Layer:
    found = locked(layer, by)
    for name, value in values.items():
        setattr(found, name, value)
    if values:
        found.save(update_fields=list(values))
    return found


def locked(layer: Layer, by: Caller) -> Layer:
    """The layer's row, locked, if the caller may write it. Raises Problem layer_unknown."""
    found = held(layer)
    if not access.may_publish(by, found.publisher_id):
        raise Problem("not_allowed")
    return found


def held(layer: Layer) -> Layer:
    """The layer's row, locked, whoever asks. Raises Problem layer_unknown."""
    rows = Layer.objects.select_related("publisher", "incident", "published")
    found = rows.select_for_update(no_key=True, of=("self",)).filter(id=layer.id).first()
    if found is None:
        raise Problem("layer_unknown")
    return found
