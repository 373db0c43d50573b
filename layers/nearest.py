"""The nearest features of a kind that may be offered to somebody in need."""

from __future__ import annotations

import json
import math
from typing import Any

from django.db import connection

from gspace.access import Audience
from gspace.models import Incident
from layers import sight
from layers.merged import by_hand, in_conflict, merged, shown_clock
from layers.sight import VISIBLE

OPERATION = merged("operation")
TRAFFIC = merged("traffic")
# The hours that a hand has said go with its word; a file that came later speaks for itself.
HOURS_OVER = f"""coalesce(s.valid_until <= now()
  AND (s.operation IS NULL OR {by_hand("operation")}), false)"""
# Only what is known to be open is offered; two sources at odds are no knowledge. Of roads: a
# closure counts until it is lifted, a passable road while nobody says otherwise. Other kinds
# without live state (an evacuation site, say) cannot be open.
OPEN = f"""CASE
  WHEN l.kind = 'road_closure' THEN coalesce({TRAFFIC} <> 'reopened', true)
  WHEN l.kind = 'passable' THEN coalesce({TRAFFIC} IN ('passed', 'reopened'), true)
  WHEN {in_conflict("operation")} OR {HOURS_OVER} THEN false
  WHEN l.kind IN ('shelter', 'welfare_shelter', 'temporary_stay') THEN {OPERATION} = 'open'
  ELSE {OPERATION} = 'running' END"""
# Never offered, open or not: a site not designated for this hazard (an unknown flag is no yes),
# and a welfare shelter whose publisher did not say that people may come by themselves.
OFFERED = """CASE l.kind
  WHEN 'evacuation_site' THEN coalesce(f.properties->'hazards'->%(hazard)s = 'true', false)
  WHEN 'welfare_shelter' THEN coalesce(f.properties->'may_be_offered' = 'true', false)
  ELSE true END"""

HERE = "ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)"
METRES = f"ST_Distance(f.geometry::geography, {HERE}::geography)"
VERSIONS_SQL = f"""
SELECT l.id, l.published_id FROM layers_layer l
 WHERE l.kind = %(kind)s AND l.published_id IS NOT NULL AND {VISIBLE}
   AND (l.incident_id IS NULL OR l.incident_id = %(incident)s)"""
# The words said of a feature, looked up one by one in their index (OFFSET 0): just after an import
# the planner's statistics know nothing of it, and it would read all states for each feature.
JOINED = """
  FROM ({among}) f
  JOIN layers_layer l ON l.published_id = f.version_id
  JOIN layers_layerversion v ON v.id = l.published_id
  JOIN gspace_organisation o ON o.id = l.publisher_id
  LEFT JOIN LATERAL (SELECT * FROM layers_filestate w
    WHERE w.layer_id = l.id AND w.feature_id = f.feature_id OFFSET 0) fs ON true
  LEFT JOIN LATERAL (SELECT * FROM layers_livestate w
    WHERE w.layer_id = l.id AND w.feature_id = f.feature_id OFFSET 0) s ON true"""
# The versions stand in the text as numbers: so the planner knows how many features are theirs, and
# walks the index outwards from here where they are many, or reads them all where they are few.
PLACED = """SELECT c.* FROM layers_feature c
 WHERE c.version_id = ANY(%(versions)s) AND c.geometry IS NOT NULL"""
NEAR_FIRST = f"""SELECT c.*, c.geometry <-> {HERE} AS degrees FROM layers_feature c
 WHERE c.version_id = ANY(%(versions)s) AND c.geometry IS NOT NULL
 ORDER BY c.geometry <-> {HERE} LIMIT %(reach)s"""
IN_BOX = f"""{PLACED}
  AND c.geometry && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)"""
# of a national list in which a handful is open, only those that somebody called so are looked at
CALLED_OPEN = f"""WITH called AS MATERIALIZED (
  SELECT w.feature_id FROM layers_filestate w
   WHERE w.layer_id = ANY(%(layers)s) AND w.said->'operation'->>'value' IN ('open', 'running')
  UNION SELECT w.feature_id FROM layers_livestate w
   WHERE w.layer_id = ANY(%(layers)s) AND w.operation IN ('open', 'running'))
 SELECT f.* FROM called, LATERAL ({PLACED} AND c.feature_id = called.feature_id OFFSET 0) f"""
# Nearest in degrees is not nearest in metres: the farthest of these only says how far to look.
ROUGH_SQL = f"""
WITH rough AS (
  SELECT f.geometry {JOINED.format(among=NEAR_FIRST)}
   WHERE {OFFERED} {{condition}} ORDER BY f.degrees LIMIT %(n)s)
SELECT count(*), max({METRES}) FROM rough f"""
TOLD = f"""
SELECT json_build_object('layer', l.slug, 'kind', l.kind, 'feature_id', f.feature_id,
  'name', nullif(f.name, ''), 'name_en', nullif(f.name_en, ''),
  'address', nullif(f.address, ''), 'publisher', o.name, 'publisher_en', nullif(o.name_en, ''),
  'source_name', nullif(coalesce(nullif(f.source_name, ''), l.source_name), ''),
  'distance_m', round(near.metres::numeric, 1), 'lon', ST_X(near.point), 'lat', ST_Y(near.point),
  'operation', {OPERATION}, 'operation_as_of', {shown_clock("operation")},
  'congestion', {merged("congestion")}, 'traffic', {TRAFFIC},
  'traffic_as_of', {shown_clock("traffic")}, 'estimated', f.estimated,
  'source_as_of', coalesce(f.source_as_of, v.source_as_of))::text
 {JOINED}, LATERAL (
   SELECT {METRES} AS metres, ST_ClosestPoint(f.geometry, {HERE}) AS point) near"""
EXACT_SQL = f"""{TOLD}
 WHERE {OFFERED} {{condition}}
 ORDER BY near.metres, l.slug, f.feature_id LIMIT %(n)s"""
ROADS = ("road_closure", "passable")
# so many are looked at around a place before those in question are looked for by their state
REACH = 2_000
# metres in a degree of latitude where it is shortest, at the equator
DEGREE_M = 110_574.0


def nearest(
    incident: Incident,
    audience: Audience,
    kind: str,
    lon: float,
    lat: float,
    *,
    n: int = 3,
    open_only: bool = True,
) -> list[dict[str, Any]]:
    """Up to n features of a layer kind, nearest first, as this audience sees them.

    lon, lat: WGS 84 degrees; nothing is looked for across the 180th meridian. Each: {layer, kind,
    feature_id, name, name_en, address, publisher, publisher_en, source_name, distance_m (geodesic,
    to the nearest point of it), lon, lat (that point), operation, operation_as_of, congestion,
    traffic, traffic_as_of, estimated, source_as_of}. open_only: shelters with operation open,
    services with operation running, closures in force, roads that were passable; congestion never
    hides anything.
    """
    params: dict[str, Any] = {"lon": lon, "lat": lat, "kind": kind, "n": n, "reach": REACH + n}
    params |= {"incident": incident.id, "hazard": incident.hazard}
    params |= sight.as_audience(incident.id, audience).params()
    condition = f"AND {OPEN}" if open_only else ""
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS_SQL, params)
        rows = cursor.fetchall()
        if not rows:
            return []
        params |= {"layers": [row[0] for row in rows], "versions": [row[1] for row in rows]}
        cursor.execute(ROUGH_SQL.format(condition=condition), params)
        count, radius = cursor.fetchone()
        if count == n:
            among, params = IN_BOX, params | box_around(lon, lat, radius)
        else:
            among = CALLED_OPEN if open_only and kind not in ROADS else PLACED
        cursor.execute(EXACT_SQL.format(condition=condition, among=among), params)
        return [json.loads(text) for (text,) in cursor.fetchall()]


def box_around(lon: float, lat: float, radius_m: float) -> dict[str, float]:
    """Degrees around everything within so many metres; a little more, never less."""
    high = (radius_m + 1) * 1.01 / DEGREE_M
    widest = min(abs(lat) + high, 89.0)
    wide = high / math.cos(math.radians(widest))
    return {"west": lon - wide, "south": lat - high, "east": lon + wide, "north": lat + high}
