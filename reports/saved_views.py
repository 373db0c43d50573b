"""Who sees which saved views of the desk."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from gspace import access
from gspace.access import Caller
from gspace.models import Incident
from reports.models import SavedView


def sees(view: SavedView, by: Caller) -> bool:
    return view.by_key == by.key or view.organisation_id in access.colleagues(by)


def may_remove(view: SavedView, by: Caller) -> bool:
    """Their own; administrators also their organisation's."""
    return view.by_key == by.key or by.has("admin", {view.organisation_id})


def views(incident: Incident, by: Caller) -> list[dict[str, Any]]:
    """The caller's own and their organisations', by name."""
    mine = Q(by_key=by.key) | Q(organisation_id__in=access.colleagues(by))
    found = SavedView.objects.select_related("organisation").filter(mine, incident=incident)
    return [told(view, by) for view in found.order_by("name", "created_at", "id")]


def told(view: SavedView, by: Caller) -> dict[str, Any]:
    """{id, name, query, organisation (its name, or null), by, mine, created_at}."""
    return {
        "id": str(view.id),
        "name": view.name,
        "query": view.query,
        "organisation": view.organisation.name if view.organisation else None,
        "by": view.by_name,
        "mine": may_remove(view, by),
        "created_at": view.created_at.isoformat(),
    }
