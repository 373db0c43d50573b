"""Views of the desk under a name: a person's own, or their organisation's."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.utils import timezone

from gspace import access
from gspace.access import Caller
from gspace.models import Incident, Organisation
from gspace.problems import Problem
from gspace.transactions import action
from reports.models import SavedView
from reports.saved_views import may_remove, sees


@action
def view_save(
    *,
    incident: Incident,
    view_id: uuid.UUID,
    name: str,
    query: str,
    organisation: Organisation | None,
    by: Caller,
) -> tuple[SavedView, bool]:
    """(the view, whether it is new). The same id once more changes it.

    Raises Problem not_allowed (an organisation that is not the caller's), view_unknown (somebody
    else's), views_full.
    """
    if organisation and organisation.id not in access.colleagues(by):
        raise Problem("not_allowed")
    found = SavedView.objects.select_for_update(no_key=True).filter(id=view_id).first()
    if found is None:
        _room(incident, by)
        found = SavedView(id=view_id, incident=incident, by_key=by.key, by_name=by.name)
        found.created_at = timezone.now()
    elif found.incident_id != incident.id or not may_remove(found, by):
        raise Problem("view_unknown")
    created = found._state.adding
    found.name, found.query, found.organisation = name, query, organisation
    found.save()
    return found, created


@action
def view_remove(*, view_id: uuid.UUID, by: Caller) -> None:
    """Raises Problem view_unknown, not_allowed (a colleague's, kept for the organisation)."""
    found = SavedView.objects.filter(id=view_id).first()
    if found is None or not sees(found, by):
        raise Problem("view_unknown")
    if not may_remove(found, by):
        raise Problem("not_allowed")
    found.delete()


def _room(incident: Incident, by: Caller) -> None:
    kept = SavedView.objects.filter(incident=incident, by_key=by.key).count()
    if kept >= settings.LIMIT_SAVED_VIEWS:
        raise Problem("views_full")
