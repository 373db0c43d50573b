"""What organisations have published around a report: the nearest open shelter, water, the roads.

Noted once as the report comes in (reports.actions.context), and computed anew when somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from gspace.access import Audience
from gspace.models import Incident
from layers.queries import kept_from_partners, nearest
from reports.models import Report, ReportContext

# the nearest of each: open, running, closed just now, known to have been passable
KINDS = ("shelter", "water", "road_closure", "passable")
Items = list[dict[str, Any]]


def context(report: Report, audience: Audience, now: datetime | None = None) -> dict[str, Any]:
    """{"stored": {at, items} or null, "fresh": {at, items} or null} for headquarters or partners.

    items: at most one of each kind of KINDS, as layers.nearest tells it. fresh is null while the
    report has no place, stored until the surroundings have been noted.
    """
    where = point_of(report)
    fresh = None
    if where:
        at = (now or datetime.now(UTC)).isoformat()
        fresh = {"at": at, "items": around(report.incident, audience, *where)}
    return {"stored": _stored(report, audience), "fresh": fresh}


def _stored(report: Report, audience: Audience) -> dict[str, Any] | None:
    """As noted; what has become headquarters' own since is not told to partners any more."""
    noted = ReportContext.objects.filter(report=report).first()
    if noted is None:
        return None
    items: Items = noted.near.get(audience, [])
    if audience != "hq":
        kept = kept_from_partners([item["layer"] for item in items])
        items = [item for item in items if item["layer"] not in kept]
    return {"at": noted.at.isoformat(), "items": items}


def around(incident: Incident, audience: Audience, lon: float, lat: float) -> Items:
    """The nearest of each kind that there is, as this audience sees it."""
    return [item for kind in KINDS for item in _nearest(incident, audience, kind, lon, lat)]


def for_both(incident: Incident, lon: float, lat: float) -> dict[str, Items]:
    """As `around`, for headquarters and for partners.

    The nearest of all is the partners' nearest, too, unless its layer is headquarters' own.
    """
    items = around(incident, "hq", lon, lat)
    kept = kept_from_partners([item["layer"] for item in items])
    shared: Items = []
    for item in items:
        hidden = item["layer"] in kept
        shared += _nearest(incident, "partner", item["kind"], lon, lat) if hidden else [item]
    return {"hq": items, "partner": shared}


def _nearest(incident: Incident, audience: Audience, kind: str, lon: float, lat: float) -> Items:
    find: Callable[..., Items] = nearest
    return find(incident, audience, kind, lon, lat, n=1)


def point_of(report: Report) -> tuple[float, float] | None:
    """(lon, lat) of a point on the report's place, degrees."""
    if report.geometry is None:
        return None
    point = report.geometry.point_on_surface
    return point.x, point.y


DUE_SQL = """
SELECT due.id FROM gspace_incident i, LATERAL (
  SELECT r.id, r.received_at FROM reports_report r
   WHERE r.incident_id = i.id AND r.received_at > %(since)s AND r.geometry IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM reports_reportcontext c WHERE c.report_id = r.id)
   ORDER BY r.received_at DESC LIMIT %(limit)s) due
 WHERE i.state <> 'closed' ORDER BY due.received_at LIMIT %(limit)s"""


def due(now: datetime, limit: int, since: datetime | None = None) -> list[Report]:
    """Reports with a place whose surroundings have not been noted, of the last hours."""
    since = since or now - timedelta(hours=settings.LIMIT_CONTEXT_HOURS)
    with connection.cursor() as cursor:
        cursor.execute(DUE_SQL, {"since": since, "limit": limit})
        ids = [ident for (ident,) in cursor.fetchall()]
    found = Report.objects.select_related("incident").filter(id__in=ids)
    return list(found.order_by("received_at"))
