"""An incident as others read it: over HTTP and in the change feed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from gspace import access
from gspace.access import Audience, Caller
from gspace.feed import Loaded
from gspace.models import Incident


def described(incident: Incident) -> dict[str, Any]:
    """centre: [lon, lat] in degrees (WGS 84) or None; started_at: RFC 3339 or None."""
    return {
        "id": incident.slug,
        "slug": incident.slug,
        "name": incident.name,
        "name_en": incident.name_en,
        "state": incident.state,
        "demo": incident.demo,
        "hazard": incident.hazard,
        "time_zone": incident.time_zone,
        "centre": [incident.centre.x, incident.centre.y] if incident.centre else None,
        "zoom": incident.zoom,
        "started_at": incident.started_at.isoformat() if incident.started_at else None,
    }


def reportable(caller: Caller) -> list[Incident]:
    """Open incidents this caller may report in; real ones before drills, then the newest first."""
    opened = Incident.objects.exclude(state="closed").prefetch_related("parts__organisation")
    return _reporting(caller, opened.order_by("state", "-created_at"))


def lanes(caller: Caller) -> list[Incident]:
    """Every incident of the caller's own lane: those they may report in, closed ones too."""
    plain = Incident.objects.only("id", "slug", "state")
    return _reporting(caller, plain.prefetch_related("parts"))


def _reporting(caller: Caller, incidents: Iterable[Incident]) -> list[Incident]:
    if not caller.key:
        return []
    found = list(incidents)
    for incident in found:
        pairs = [(part.organisation_id, part.part) for part in incident.parts.all()]
        access.remember_parts(incident, pairs)
    return [incident for incident in found if access.may_report(caller, incident)]


WORKING_SQL = """
SELECT i.id, i.slug, i.state, i.time_zone,
       coalesce(json_agg(json_build_array(p.organisation_id, p.part))
                FILTER (WHERE p.id IS NOT NULL), '[]')
  FROM gspace_incident i LEFT JOIN gspace_incidentorganisation p ON p.incident_id = i.id
 WHERE i.slug = %s GROUP BY i.id"""


def working(slug: str) -> Incident | None:
    """What intake needs of an incident, and who takes part, in one statement.

    Not for saving: the columns that were not read are empty on it.
    """
    with connection.cursor() as cursor:
        cursor.execute(WORKING_SQL, [slug])
        row = cursor.fetchone()
    if row is None:
        return None
    found = Incident(id=row[0], slug=row[1], state=row[2], time_zone=row[3])
    access.remember_parts(found, row[4])
    return found


# Any may have begun or ceased to be one's own, and there are few. Their state is no secret.
SCAN_SQL = """
SELECT oid, seq, deleted OR NOT incident_id = ANY(%(incidents)s)
  FROM feed WHERE kind = 'incident'"""


def load_own(caller: Caller, ids: Sequence[str]) -> dict[str, Loaded]:
    """Lane loader, for ids of its scan."""
    found = Incident.objects.filter(slug__in=ids)
    return {i.slug: Loaded(1, json.dumps(described(i), ensure_ascii=False)) for i in found}


def load(incident_id: int, audience: Audience, ids: Sequence[str]) -> dict[str, Loaded]:
    """Feed loader: incidents are no secret, everybody may know their state."""
    found = Incident.objects.filter(id=incident_id, slug__in=ids)
    return {i.slug: Loaded(1, json.dumps(described(i), ensure_ascii=False)) for i in found}
