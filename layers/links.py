"""Link tiles, read: whoever may see an incident sees its tiles and those of all incidents."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from gspace.models import Incident
from layers.models import MapLink


def of_incident(incident: Incident | None) -> list[dict[str, Any]]:
    """By kind and title; incident None: all that are not withdrawn, of every incident."""
    found = MapLink.objects.filter(withdrawn_at=None).select_related("publisher", "incident")
    if incident is not None:
        found = found.filter(Q(incident=None) | Q(incident=incident))
    return [told(link) for link in found.order_by("kind", "title", "id")]


def told(link: MapLink) -> dict[str, Any]:
    """{id, kind, title, title_en, url, note, incident, publisher {slug, name, name_en}}."""
    who = link.publisher
    return {
        "id": str(link.id),
        "kind": link.kind,
        "title": link.title,
        "title_en": link.title_en or None,
        "url": link.url,
        "note": link.note or None,
        "incident": link.incident.slug if link.incident else None,
        "publisher": {"slug": who.slug, "name": who.name, "name_en": who.name_en or None},
    }
