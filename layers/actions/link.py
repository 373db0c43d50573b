"""Link tiles of the portal: to maps and pages of others."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pghistory

from gspace import access
from gspace.access import Caller
from gspace.models import Incident, Organisation
from gspace.problems import Problem
from gspace.transactions import action
from layers.models import MapLink


def link_create(
    *, publisher: Organisation, incident: Incident | None, by: Caller, **describing: Any
) -> MapLink:
    """A new tile. describing: kind, title, title_en, url, note; incident None = in every incident.

    Raises Problem: not_allowed, incident_closed.
    """
    if not access.may_publish(by, publisher.id):
        raise Problem("not_allowed")
    if incident is not None and incident.state == "closed":
        raise Problem("incident_closed", field="incident")
    link = MapLink(id=uuid.uuid4(), publisher=publisher, incident=incident, **describing)
    with pghistory.context(key=by.key, name=by.name):
        return _create(link=link)


@action
def _create(*, link: MapLink) -> MapLink:
    link.save(force_insert=True)
    return link


def link_withdraw(*, link_id: uuid.UUID, by: Caller, now: datetime | None = None) -> None:
    """Take a tile away; doing it twice is harmless. Raises Problem: link_unknown, not_allowed."""
    with pghistory.context(key=by.key, name=by.name):
        _withdraw(link_id=link_id, by=by, now=now or datetime.now(UTC))


@action
def _withdraw(*, link_id: uuid.UUID, by: Caller, now: datetime) -> None:
    link = MapLink.objects.select_for_update(no_key=True).filter(id=link_id).first()
    if link is None:
        raise Problem("link_unknown")
    if not access.may_publish(by, link.publisher_id):
        raise Problem("not_allowed")
    if link.withdrawn_at is None:
        link.withdrawn_at = now
        link.save(update_fields=["withdrawn_at"])
