"""The nearest features of a kind that may be offered to somebody in need."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from gspace.access import Audience
from gspace.models import Incident
from layers import sight
from layers.features import FROM_FEATURES
from layers.merged import in_conflict, merged, shown_clock
from layers.sight import VISIBLE

OPERATION = merged("operation")
# Only what is known to be open is offered; two sources at odds are no knowledge. Kinds without
# live state (an evacuation site, say) cannot be open.
OPEN = f"""NOT {in_conflict("operation")} AND CASE
  WHEN l.kind IN ('shelter', 'welfare_shelter', 'temporary_stay') THEN {OPERATION} = 'open'
  ELSE {OPERATION} = 'running' END"""
# Never offered, open or not: a site not designated for this hazard (an unknown flag is no yes),
# and a welfare shelter whose publisher did not say that people may come by themselves.
OFFERED = """CASE l.kind
  WHEN 'evacuation_site' THEN coalesce(f.properties->'hazards'->%(hazard)s = 'true', false)
  WHEN 'welfare_shelter' THEN coalesce(f.properties->'may_be_offered' = 'true', false)
  ELSE true END"""


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

    lon, lat: WGS 84 degrees. Each: {layer, feature_id, name, name_en, address, publisher,
    distance_m (geodesic, to the nearest point of it), lon, lat (that point), operation,
    operation_as_of, congestion, estimated, source_as_of}. open_only: shelters with operation open,
    services with operation running; congestion never hides anything.
    """
    condition = f"AND {OPEN}" if open_only else ""
    sql = f"""
WITH here AS (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) AS point)
SELECT json_build_object('layer', l.slug, 'feature_id', f.feature_id, 'name', nullif(f.name, ''),
  'name_en', nullif(f.name_en, ''), 'address', nullif(f.address, ''), 'publisher', o.name,
  'distance_m', round(near.metres::numeric, 1), 'lon', ST_X(near.point), 'lat', ST_Y(near.point),
  'operation', {OPERATION}, 'operation_as_of', {shown_clock("operation")},
  'congestion', {merged("congestion")}, 'estimated', f.estimated,
  'source_as_of', coalesce(f.source_as_of, v.source_as_of))::text
 {FROM_FEATURES}, here, LATERAL (
   SELECT ST_Distance(f.geometry::geography, here.point::geography) AS metres,
          ST_ClosestPoint(f.geometry, here.point) AS point) near
 WHERE l.kind = %(kind)s AND f.geometry IS NOT NULL AND {VISIBLE} AND {OFFERED} {condition}
   AND (l.incident_id IS NULL OR l.incident_id = %(incident)s)
 ORDER BY near.metres, l.slug, f.feature_id LIMIT %(n)s"""
    params = {"lon": lon, "lat": lat, "kind": kind, "n": n, "incident": incident.id}
    params |= {"hazard": incident.hazard} | sight.as_audience(incident.id, audience).params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [json.loads(text) for (text,) in cursor.fetchall()]
