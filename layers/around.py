"""Every published feature around a position, of whatever kind: for whoever looks at a map."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from gspace.access import Audience
from gspace.models import Incident
from layers import sight
from layers.nearest import IN_BOX, METRES, TOLD, box_around
from layers.sight import VISIBLE

VERSIONS_SQL = f"""
SELECT l.published_id FROM layers_layer l
 WHERE l.published_id IS NOT NULL AND {VISIBLE}
   AND (l.incident_id IS NULL OR l.incident_id = %(incident)s)"""
SQL = f"""{TOLD.format(among=IN_BOX)}
 WHERE {METRES} <= %(radius)s
 ORDER BY near.metres, l.slug, f.feature_id LIMIT %(limit)s"""
SHOWN = 20


def around(
    incident: Incident, audience: Audience, lon: float, lat: float, *, radius_m: float
) -> list[dict[str, Any]]:
    """The nearest SHOWN features within radius_m metres, as `nearest` tells them; areas around
    the position at a distance of 0. Nothing is left out for being closed."""
    params: dict[str, Any] = {"lon": lon, "lat": lat, "radius": radius_m, "limit": SHOWN}
    params |= {"incident": incident.id} | box_around(lon, lat, radius_m)
    params |= sight.as_audience(incident.id, audience).params()
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS_SQL, params)
        params["versions"] = [version for (version,) in cursor.fetchall()]
        cursor.execute(SQL, params)
        return [json.loads(text) for (text,) in cursor.fetchall()]
