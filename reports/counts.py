"""How many reports a reader may see, by their codes, their place and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from gspace import geo, grid
from gspace.access import Audience
from gspace.models import Incident
from reports.features import PROPERTIES, shown_geometry
from reports.filter_places import Clause, in_box
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
    view, box = asked.pop("view", None), asked.get("bbox")
    reader = reader_of(audience, asked)
    left_out = (*PAGING, *(["bbox"] if box and not view else []))
    clause, params, _ = where(incident, audience, {n: asked[n] for n in asked.keys() - left_out})
    found = _Found(incident.pk, reader, clause, params)
    if view:
        rows = found.rows(*_centre_in(str(view), reader))
        told = _added(rows) | {"by_view": _by_view(rows, found.reaching_into(str(view)))}
    elif box:
        rows = found.rows(*in_box(str(box), shown_geometry(reader)))
        inside = _added(row for row in rows if row.side == "inside")
        told = inside | {"by_view": _by_view(rows, 0)}
    else:
        told = _added(found.rows("TRUE", []))
    if not found.knows_waiting:
        told |= {"waiting": None, "oldest_waiting_at": None}
    return told


def exceed(incident: Incident, audience: Audience, number: int) -> bool:
    """Whether there are more than that; cheap, however many there are."""
    clause, params, _ = where(incident, audience, {})
    sql = f"""
SELECT count(*) > %s FROM (SELECT FROM reports_report r WHERE {clause} LIMIT %s) found"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [number, *params, number + 1])
        return bool(cursor.fetchone()[0])


# as the index report_shapes has it
IS_SHAPE = "(GeometryType(r.geometry) <> 'POINT' OR GeometryType(r.redacted_geometry) <> 'POINT')"


class _Found:
    """The reports that the filters let through."""

    def __init__(self, incident_id: int, reader: str, clause: str, params: list[Any]) -> None:
        self.incident_id = incident_id
        self.reader, self.clause, self.params = reader, clause, params
        self.knows_waiting = "accepted_at" in PROPERTIES[reader]

    def rows(self, inside: str, corners: list[Any]) -> list[Row]:
        """inside: SQL, corners its parameters. All of it can be read from an index alone."""
        waiting = WAITING if self.knows_waiting else "FALSE"
        sql = f"""
SELECT r.status, r.category, r.severity, CASE WHEN {_pixel(self.reader)[0]} IS NULL
         THEN 'placeless' WHEN {inside} THEN 'inside' ELSE 'outside' END,
       count(*), count(*) FILTER (WHERE {waiting}),
       min(r.received_at) FILTER (WHERE {waiting})
  FROM reports_report r WHERE {self.clause} GROUP BY 1, 2, 3, 4"""
        with connection.cursor() as cursor:
            cursor.execute(sql, [*corners, *self.params])
            return [Row(*row) for row in cursor.fetchall()]

    def reaching_into(self, box: str) -> int:
        """Lines and areas whose centre is outside, but that the list has inside."""
        inside, corners = in_box(box, shown_geometry(self.reader), "view")
        centre, pixels = _centre_in(box, self.reader)
        sql = f"""
SELECT count(*) FROM (
  SELECT * FROM reports_report r WHERE r.incident_id = %s AND {IS_SHAPE} OFFSET 0) r
 WHERE {self.clause} AND {inside} AND NOT {centre}"""
        with connection.cursor() as cursor:
            cursor.execute(sql, [self.incident_id, *self.params, *corners, *pixels])
            return int(cursor.fetchone()[0])


def _pixel(reader: str) -> tuple[str, str]:
    return ("r.public_x", "r.public_y") if reader == "public" else ("r.grid_x", "r.grid_y")


def _centre_in(box: str, reader: str) -> Clause:
    found = geo.bbox(box, "view")
    (x, y), clauses, params = _pixel(reader), [], []
    for part in found if found.geom_type == "MultiPolygon" else [found]:
        west, south, east, north = part.extent
        (left, top), (right, bottom) = grid.pixel(west, north), grid.pixel(east, south)
        clauses.append(f"{x} BETWEEN %s AND %s AND {y} BETWEEN %s AND %s")
        params += [left, right, top, bottom]
    return f"({' OR '.join(clauses)})", params


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


def _by_view(rows: list[Row], reaching: int) -> dict[str, int]:
    found = {side: sum(row.number for row in rows if row.side == side) for side in SIDES}
    found["inside"] += reaching
    found["outside"] -= reaching
    return found | {"total": sum(found.values())}
