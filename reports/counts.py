"""How many reports a reader may see, by their codes, their place and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from gspace.access import Audience
from gspace.models import Incident
from reports.features import PROPERTIES, shown_geometry
from reports.filter_places import in_box
from reports.filters import PAGING, reader_of, where
from reports.orders import WAITING

CODES = ("status", "category", "severity")
SIDES = ("inside", "outside", "placeless")


class Row(NamedTuple):
    """Reports that are alike in their codes and in which side of the box they lie."""

    status: str
    category: str
    severity: str
    side: str
    number: int
    waiting: int
    oldest_waiting: datetime | None


def counts(
    incident: Incident, audience: Audience, filters: dict[str, Any] | None = None
) -> dict[str, Any]:
    """{total, status, category, severity (code -> number), placed, waiting, oldest_waiting_at}.

    filters: as for the list; order, limit and cursor change nothing. waiting: received, and
    accepted by nobody; null for those who may not know. Where `bbox` or `view` (a box, too, but it
    narrows nothing) is given, also by_view: {inside, outside, placeless, total} of what the other
    filters let through; the first three add up to the fourth.
    """
    asked = dict(filters or {})
    view = asked.pop("view", None)
    box = view or asked.get("bbox")
    narrowed = bool(box) and not view
    left_out = (*PAGING, *(["bbox"] if narrowed else []))
    reader = reader_of(audience, asked)
    kept = {name: value for name, value in asked.items() if name not in left_out}
    rows = _rows(incident, audience, kept, reader, str(box or ""), "view" if view else "bbox")
    found = _added(row for row in rows if row.side == "inside" or not narrowed)
    if "accepted_at" not in PROPERTIES[reader]:
        found |= {"waiting": None, "oldest_waiting_at": None}
    return found | ({"by_view": _by_view(rows)} if box else {})


def _rows(
    incident: Incident,
    audience: Audience,
    filters: dict[str, Any],
    reader: str,
    box: str,
    name: str,
) -> list[Row]:
    clause, params, _ = where(incident, audience, filters)
    shown = shown_geometry(reader)
    inside, corners = in_box(box, shown, name) if box else ("TRUE", [])
    sql = f"""
SELECT r.status, r.category, r.severity,
       CASE WHEN {shown} IS NULL THEN 'placeless' WHEN {inside} THEN 'inside' ELSE 'outside' END,
       count(*), count(*) FILTER (WHERE {WAITING}),
       min(r.received_at) FILTER (WHERE {WAITING})
  FROM reports_report r WHERE {clause} GROUP BY 1, 2, 3, 4"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [*corners, *params])
        return [Row(*row) for row in cursor.fetchall()]


def _added(rows: Iterable[Row]) -> dict[str, Any]:
    found: dict[str, Any] = {"total": 0, **{name: {} for name in CODES}, "placed": 0, "waiting": 0}
    oldest: list[datetime] = []
    for row in rows:
        for name in CODES:
            code = getattr(row, name)
            found[name][code] = found[name].get(code, 0) + row.number
        found["total"] += row.number
        found["placed"] += 0 if row.side == "placeless" else row.number
        found["waiting"] += row.waiting
        oldest += [row.oldest_waiting] if row.oldest_waiting else []
    return found | {"oldest_waiting_at": min(oldest).isoformat() if oldest else None}


def _by_view(rows: list[Row]) -> dict[str, int]:
    found = {side: sum(row.number for row in rows if row.side == side) for side in SIDES}
    return found | {"total": sum(found.values())}
