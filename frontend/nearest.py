"""What is near: public support places of an incident, usable ones first, then by distance.

What may be offered at all, and what counts as open, is decided in layers.nearest; here the rest
is listed after it with its state, so that people see that a place is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from gspace.access import Audience
from gspace.models import Incident
from layers import sight
from layers.features import FROM_FEATURES
from layers.merged import CHECKED_AT, merged
from layers.nearest import OFFERED, OPEN
from layers.sight import VISIBLE

# in the order in which people need them
KINDS = (
    "shelter",
    "water",
    "food",
    "goods_distribution",
    "toilet",
    "bath",
    "charging",
    "wifi",
    "medical",
    "fuel",
    "evacuation_site",
    "temporary_stay",
    "welfare_shelter",
    "road_closure",
    "passable",
    "waste",
)
# they have no open and closed: the nearest is what matters
STATELESS = ["evacuation_site", "road_closure", "passable"]
PER_KIND = 4
PER_PAGE = 40


@dataclass(frozen=True)
class Section:
    """The first of one kind. total: all of this kind; usable: those open or running."""

    kind: str
    items: list[dict[str, Any]]
    total: int
    usable: int


OPERATION, CONGESTION, TRAFFIC = (merged(f) for f in ("operation", "congestion", "traffic"))
# 0 usable, 1 soon, full or in dispute, 2 not known, 3 not usable
RANK = f"""CASE
  WHEN l.kind = ANY(%(stateless)s) THEN 0
  WHEN {OPEN} THEN CASE WHEN {CONGESTION} = 'full' THEN 1 ELSE 0 END
  WHEN {OPERATION} IN ('open', 'permanent', 'running', 'ordered', 'planned') THEN 1
  WHEN {OPERATION} IS NULL OR {OPERATION} = 'unknown' THEN 2
  ELSE 3 END"""

SQL = f"""
WITH listed AS (
  SELECT l.kind, l.slug AS layer, f.feature_id AS id, f.name, f.name_en, f.address, f.estimated,
         o.name AS publisher, o.name_en AS publisher_en,
         coalesce(nullif(f.source_name, ''), l.source_name) AS source,
         coalesce(f.source_as_of, v.source_as_of) AS source_as_of, v.published_at,
         {OPERATION} AS operation, {CONGESTION} AS congestion, {TRAFFIC} AS traffic,
         {merged("note")} AS note, {CHECKED_AT} AS checked_at,
         (fs.said->'passed_at'->>'value') AS passed_at,
         coalesce(fs.said->'demo_value'->>'value' = 'true', false) AS demo_value,
         {RANK} AS rank,
         ST_Distance(f.geometry::geography,
           ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography) AS distance_m
    {FROM_FEATURES}
   WHERE (l.incident_id IS NULL OR l.incident_id = %(incident)s) AND {VISIBLE}
     AND l.kind = ANY(%(kinds)s) AND {OFFERED}),
 placed AS (
  SELECT *, row_number() OVER (PARTITION BY kind ORDER BY rank, distance_m NULLS LAST, name, id)
           AS place,
         count(*) OVER (PARTITION BY kind) AS total,
         count(*) FILTER (WHERE rank = 0) OVER (PARTITION BY kind) AS usable
    FROM listed)
SELECT * FROM placed WHERE place > %(skip)s AND place <= %(skip)s + %(limit)s
 ORDER BY array_position(%(kinds)s, kind::text), place"""


def sections(incident: Incident, lon: float | None, lat: float | None) -> list[Section]:
    """The first PER_KIND of every kind there is; distances in metres from lon, lat (WGS 84)."""
    rows = _rows(incident, lon, lat, kinds=list(KINDS), skip=0, limit=PER_KIND)
    found = []
    for kind in dict.fromkeys(row["kind"] for row in rows):
        mine = [row for row in rows if row["kind"] == kind]
        found.append(Section(kind, mine, mine[0]["total"], mine[0]["usable"]))
    return found


def of_kind(
    incident: Incident, kind: str, lon: float | None, lat: float | None, number: int
) -> Section:
    """Page `number` (from 1) of all of one kind."""
    skip = (number - 1) * PER_PAGE
    rows = _rows(incident, lon, lat, kinds=[kind], skip=skip, limit=PER_PAGE)
    first = rows[0] if rows else {"total": 0, "usable": 0}
    return Section(kind, rows, first["total"], first["usable"])


def _rows(
    incident: Incident, lon: float | None, lat: float | None, **asked: Any
) -> list[dict[str, Any]]:
    audience: Audience = "public"
    params = sight.as_audience(incident.pk, audience).params() | asked
    params |= {"incident": incident.pk, "hazard": incident.hazard, "stateless": STATELESS}
    with connection.cursor() as cursor:
        cursor.execute(SQL, params | {"lon": lon, "lat": lat})
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
