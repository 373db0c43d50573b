"""What is near: public support places of an incident, usable ones first, then by distance.

What may be offered at all, and what counts as open, is decided in layers.nearest; here the rest
is listed after it with its state, so that people see that a place is closed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from gspace import grid, tiles, vocabulary
from gspace.access import Audience
from gspace.models import Incident
from layers import sight
from layers.features import FROM_FEATURES
from layers.merged import ANY_CONFLICT, CHECKED_AT, STATE_JOINS, merged, shown_clock
from layers.nearest import HOURS_OVER, OFFERED, OPEN
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
    "landslide",
    "goods_reception",
    "waste",
    "video",
    "hazard",
    "imagery",
    "place",
    "other",
)
# they have no open and closed: the nearest is what matters
STATELESS = [kind for kind in KINDS if "operation" not in vocabulary.STATES.get(kind, {})]
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
  WHEN {HOURS_OVER} THEN 2
  WHEN {OPERATION} IN ('open', 'permanent', 'running', 'ordered', 'planned') THEN 1
  WHEN {OPERATION} IS NULL OR {OPERATION} = 'unknown' THEN 2
  ELSE 3 END"""

STATE_AS_OF = f"coalesce({shown_clock('operation')}, {shown_clock('traffic')})"
# a picture that moves, or the place's own page: only where a browser would go
LINK = """substring(coalesce(nullif(f.source_url, ''), f.properties->>'url', f.properties->>'URL',
  f.properties->>'link') FROM '^https?://[^[:space:]<>"]+$')"""
# what this page may be about at all
WHERE = f"""
   WHERE (l.incident_id IS NULL OR l.incident_id = %(incident)s) AND {VISIBLE}
     AND l.kind = ANY(%(kinds)s) AND {OFFERED}"""
LISTED = f"{FROM_FEATURES} {WHERE} AND l.kind = ANY(%(told)s)"
# of long lists that nobody says anything of, no words are looked for
UNTOLD = f"{FROM_FEATURES.removesuffix(STATE_JOINS)} {WHERE} AND l.kind <> ALL(%(told)s)"
LISTED_AT = "coalesce(f.source_as_of, v.source_as_of, v.published_at)"
DISTANCE = """ST_Distance(f.geometry::geography,
           ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography)"""

# Near enough to put points in order (to 0.1 % of 10 km); of what is longer, to the nearest point.
ABOUT = f"""CASE WHEN f.span = 0 THEN %(pixel_m)s * sqrt(
      (f.grid_x - %(x)s)::float8 ^ 2 + (f.grid_y - %(y)s)::float8 ^ 2) ELSE {DISTANCE} END"""
# Everything is put in order, but only what is shown is read in full: of a national list of
# evacuation sites that is a handful out of 100,000.
SQL = f"""
WITH listed AS (
  SELECT f.id, l.kind, f.name, f.feature_id, {RANK} AS rank, {ABOUT} AS about_m {LISTED}
  UNION ALL SELECT f.id, l.kind, f.name, f.feature_id, 0, {ABOUT} {UNTOLD}),
 placed AS (
  SELECT id, kind, rank,
         row_number() OVER (PARTITION BY kind
           ORDER BY rank, about_m NULLS LAST, name, feature_id) AS place,
         count(*) OVER (PARTITION BY kind) AS total,
         count(*) FILTER (WHERE rank = 0) OVER (PARTITION BY kind) AS usable
    FROM listed),
 chosen AS (
  SELECT * FROM placed WHERE place > %(skip)s AND place <= %(skip)s + %(limit)s)
SELECT c.kind, c.rank, c.total, c.usable, l.slug AS layer, f.feature_id AS id, f.name, f.name_en,
       f.address, f.estimated, o.name AS publisher, o.name_en AS publisher_en,
       coalesce(nullif(f.source_name, ''), l.source_name) AS source,
       coalesce(f.source_as_of, v.source_as_of) AS source_as_of, v.published_at,
       {OPERATION} AS operation, {CONGESTION} AS congestion, {TRAFFIC} AS traffic,
       {merged("note")} AS note, {CHECKED_AT} AS checked_at, {ANY_CONFLICT} AS conflict,
       {STATE_AS_OF} AS state_as_of, {LINK} AS link, s.valid_until,
       (fs.said->'hours'->>'value') AS hours, (fs.said->'passed_at'->>'value') AS passed_at,
       coalesce(fs.said->'demo_value'->>'value' = 'true', false) AS demo_value,
       {DISTANCE} AS distance_m
  {FROM_FEATURES} JOIN chosen c ON c.id = f.id
 WHERE f.id = ANY(ARRAY(SELECT id FROM chosen))
 ORDER BY array_position(%(kinds)s, c.kind::text), c.rank, distance_m NULLS LAST, c.place"""


# When anybody last said how one of the places is; where nobody has, when their list was so.
TOLD = f"greatest({CHECKED_AT}, {STATE_AS_OF})"
MENU_SQL = f"""
SELECT kind, count(*) AS total, count(*) FILTER (WHERE rank = 0) AS usable,
       least(now(), coalesce(max(told), max(listed_at))) AS newest
  FROM (SELECT l.kind, {RANK} AS rank, {TOLD} AS told,
               {LISTED_AT} AS listed_at {LISTED}
        UNION ALL SELECT l.kind, 0, NULL, {LISTED_AT} {UNTOLD}) listed
 GROUP BY kind ORDER BY array_position(%(kinds)s, kind::text)"""
# Changes with everything that this module reads, in the same transaction, too, and with hours that
# end. The rows' places stand for their contents: an update always moves a row.
STAND_SQL = f"""
SELECT md5(coalesce(string_agg(concat_ws(',', l.id, l.ctid, l.xmin, o.ctid, o.xmin, l.published_id,
    (SELECT sum(version) FROM layers_livestate WHERE layer_id = l.id),
    (SELECT count(*) FROM layers_livestate WHERE layer_id = l.id AND valid_until <= now()),
    (SELECT max(id) FROM layers_featureedit WHERE layer_id = l.id)), ';' ORDER BY l.id), ''))
  FROM layers_layer l JOIN gspace_organisation o ON o.id = l.publisher_id
 WHERE (l.incident_id IS NULL OR l.incident_id = %(incident)s) AND {VISIBLE}"""


@dataclass(frozen=True)
class Tile:
    """A kind in the menu. newest: when anybody last said anything of any of its places."""

    kind: str
    total: int
    usable: int
    newest: datetime | None

    @property
    def stateless(self) -> bool:
        return self.kind in STATELESS


def menu(incident: Incident) -> list[Tile]:
    """Every kind that there is."""
    rows = _read(MENU_SQL, _params(incident) | {"kinds": list(KINDS)})
    return [Tile(**row) for row in rows]


def stand(incident: Incident) -> str:
    """A word that is another one after each change of what is listed."""
    return str(_read(STAND_SQL, _params(incident))[0]["md5"])


def sections(
    incident: Incident,
    lon: float | None,
    lat: float | None,
    kinds: Sequence[str] = KINDS,
    per_kind: int = PER_KIND,
) -> list[Section]:
    """The first `per_kind` of every kind there is; distances in metres from lon, lat (WGS 84)."""
    asked = {"kinds": list(kinds), "skip": 0, "limit": per_kind}
    rows = _read(SQL, _params(incident) | asked | _from(lon, lat))
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
    asked = {"kinds": [kind], "skip": skip, "limit": PER_PAGE}
    rows = _read(SQL, _params(incident) | asked | _from(lon, lat))
    first = rows[0] if rows else {"total": 0, "usable": 0}
    return Section(kind, rows, first["total"], first["usable"])


def _params(incident: Incident) -> dict[str, Any]:
    audience: Audience = "public"
    params = sight.as_audience(incident.pk, audience).params()
    return params | {
        "incident": incident.pk,
        "hazard": incident.hazard,
        "stateless": STATELESS,
        "told": list(vocabulary.STATES),
    }


def _from(lon: float | None, lat: float | None) -> dict[str, Any]:
    """Where distances count from, in degrees and as a pixel of the tiles' grid."""
    if lon is None or lat is None:
        return {"lon": None, "lat": None, "x": None, "y": None, "pixel_m": None}
    x, y = grid.pixel(lon, lat)
    return {"lon": lon, "lat": lat, "x": x, "y": y, "pixel_m": _pixel_m(lat)}


def _pixel_m(lat: float) -> float:
    """Metres of a pixel of the grid at a latitude."""
    return tiles.MERCATOR_M / grid.SIDE * math.cos(math.radians(lat))


def _read(sql: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
