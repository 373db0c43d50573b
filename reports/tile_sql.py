"""The vector tiles of an incident's reports (Mapbox Vector Tile 2.1), made by PostGIS.

Two MVT layers: `features` (id, category, severity, status, received (Unix time, s), seq; for staff
waiting; shape where the place is a line or an area) and `clusters` (count, worst, n_<severity>,
n_s_<status>). Nothing is cut: each report with a place is in exactly one tile of a zoom, as a
feature or in a cluster. Closer than CLUSTER_ZOOM there are clusters only where a tile would hold
more than LIMIT_TILE_FEATURES. The place is that which the reader is shown, never a hidden one.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection

from gspace import vocabulary
from gspace.access import Audience
from gspace.models import Incident
from gspace.tiles import CLUSTER_ZOOM, EXTENT, MARK, Place
from reports.features import PROPERTIES, PUBLIC_GEOMETRY
from reports.filters import PAGING, reader_of, where
from reports.orders import SEVERITIES, WAITING, weight
from reports.statuses import listed

# the feed's position of a report; OFFSET 0 here and below: see reports.queries.JOINS
SEQ = """coalesce((SELECT seq FROM feed WHERE kind = 'report' AND oid = r.id::text
    AND incident_id = r.incident_id OFFSET 0), 0)"""
# name -> condition; what there is none of is left out
NUMBERS = {f"n_{code}": f"severity = '{code}'" for code in SEVERITIES} | {
    f"n_s_{code}": f"status = '{code}'" for code in vocabulary.codes("status")
}
COUNTED = ", ".join(f"sum(n) FILTER (WHERE {test})::int AS {n}" for n, test in NUMBERS.items())
LISTED = listed(SEVERITIES)


def report_tile(
    incident: Incident, audience: Audience, filters: dict[str, Any], place: Place
) -> bytes:
    """The tile as protobuf; empty bytes where there is nothing.

    filters: as for the list; order, limit and cursor change nothing. Raises Problem invalid.
    """
    kept = {name: value for name, value in filters.items() if name not in PAGING}
    clause, params, _ = where(incident, audience, kept)
    sql = _Sql(reader_of(audience, kept), place, f"FROM reports_report r WHERE {clause}")
    with connection.cursor() as cursor:
        if place.z > CLUSTER_ZOOM:
            cursor.execute(sql.plain(settings.LIMIT_TILE_FEATURES), params)
            fits, content = cursor.fetchone()
            if fits:
                return bytes(content or b"")
        cursor.execute(sql.clustered(incident.pk), params)
        return b"".join(bytes(part) for part in cursor.fetchone() if part)


class _Sql:
    """The statements of a tile; its numbers stand in them, the parameters are the filters'."""

    def __init__(self, reader: str, place: Place, found: str) -> None:
        self.place, self.found = place, found
        staff = "accepted_at" in PROPERTIES[reader]
        self.public = reader == "public"
        self.waiting = f"CASE WHEN {WAITING} THEN true END" if staff else "NULL::boolean"
        self.shown = PUBLIC_GEOMETRY if self.public else "r.geometry"

    @property
    def inside(self) -> str:
        at = self.place
        return f"x BETWEEN {at.left} AND {at.right} AND y BETWEEN {at.top} AND {at.bottom}"

    def spots(self, columns: str) -> str:
        """The pixels of the reports found."""
        x, y = ("r.public_x", "r.public_y") if self.public else ("r.grid_x", "r.grid_y")
        return f"SELECT {x} AS x, {y} AS y, {columns} {self.found}"

    def feature(self, x: str, y: str) -> str:
        """Columns of a feature of r."""
        mark = MARK.format(x=x, y=y) % self.place.params()
        return f"""{mark} AS geom, r.id::text AS id, r.category, r.severity, r.status,
    floor(extract(epoch FROM r.received_at))::bigint AS received, {SEQ} AS seq,
    {self.waiting} AS waiting,
    CASE WHEN ST_Dimension({self.shown}) > 0 THEN true END AS shape"""

    def plain(self, most: int) -> str:
        """(whether it is so few; the tile, if it is)"""
        return f"""
WITH spot AS ({self.spots("r.id")}),
 found AS MATERIALIZED (SELECT * FROM spot WHERE {self.inside} LIMIT {most + 1}),
 single AS (SELECT {self.feature("f.x", "f.y")}
   FROM found f CROSS JOIN LATERAL (SELECT * FROM reports_report r WHERE r.id = f.id OFFSET 0) r
  WHERE (SELECT count(*) <= {most} FROM found))
SELECT (SELECT count(*) <= {most} FROM found),
       (SELECT ST_AsMVT(t, 'features', {EXTENT}, 'geom') FROM single t)"""

    def clustered(self, incident_id: int) -> str:
        """(features; clusters). A cell that holds one report names it by its receipt."""
        cell, centre = self.place.cell, MARK.format(x="(xs / count)", y="(ys / count)")
        return f"""
WITH spot AS ({self.spots('r.receipt COLLATE "C" AS receipt, r.severity, r.status')}),
 part AS MATERIALIZED (
  SELECT x >> {cell} AS cx, y >> {cell} AS cy, severity, status, count(*) AS n,
    sum(x::bigint) AS xs, sum(y::bigint) AS ys, min(receipt) AS receipt
    FROM spot WHERE {self.inside} GROUP BY 1, 2, 3, 4),
 cell AS MATERIALIZED (
  SELECT sum(n)::int AS count, sum(xs) AS xs, sum(ys) AS ys, min(receipt) AS receipt,
    (ARRAY[{LISTED}])[max({weight("severity")})] AS worst, {COUNTED}
    FROM part GROUP BY cx, cy),
 single AS (SELECT {self.feature("cell.xs", "cell.ys")}
   FROM cell CROSS JOIN LATERAL (SELECT * FROM reports_report r
     WHERE r.incident_id = {incident_id} AND r.receipt = cell.receipt COLLATE "default" OFFSET 0) r
  WHERE cell.count = 1),
 cluster AS (SELECT {centre % self.place.params()} AS geom, count, worst,
    {", ".join(NUMBERS)}
   FROM cell WHERE count > 1)
SELECT (SELECT ST_AsMVT(t, 'features', {EXTENT}, 'geom') FROM single t),
       (SELECT ST_AsMVT(t, 'clusters', {EXTENT}, 'geom') FROM cluster t)"""
