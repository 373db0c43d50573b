"""Whether a file speaks of another event than the layer's incident: by its dates, by its names.

Dates: what it says of the state (open, 120 persons, closed to traffic) is as of long before the
incident began. Names: 令和6年能登半島地震 and the like, of another year than the incident, in the
file's name, in a column's name, or in most of its rows.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from gspace.models import Incident
from layers.models import Layer, LayerVersion

LONG_BEFORE = timedelta(days=30)
# the year of an event may be told as of its beginning or its end
YEARS_APART = 1
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
HAPPENED = r"(?:地震|震災|豪雨|大雨|台風|噴火|津波|水害|大火)"
DATED = re.compile(rf"(令和|平成|昭和|)(元|\d{{1,4}})年[^、。,\s]{{0,20}}?{HAPPENED}")
# known by name alone
NAMED = {
    "阪神・淡路大震災": 1995, "阪神淡路大震災": 1995, "新潟県中越地震": 2004,
    "東日本大震災": 2011, "広島土砂災害": 2014, "熊本地震": 2016, "九州北部豪雨": 2017,
    "西日本豪雨": 2018, "大阪北部地震": 2018, "大阪府北部地震": 2018,
    "北海道胆振東部地震": 2018, "房総半島台風": 2019, "東日本台風": 2019,
    "能登半島地震": 2024, "奥能登豪雨": 2024,
}  # fmt: skip
SAMPLE = 40


def other_event(layer: Layer, version: LayerVersion) -> list[tuple[str, dict[str, Any]]]:
    """Holds: event_named {event, incident}, dates_before {as_of, began, incident}, or none.

    Of layers of an incident only: what stands for all is of no event.
    """
    incident = layer.incident
    if incident is None:
        return []
    event = _named(incident, version)
    if event:
        return [("event_named", {"event": event, "incident": incident.name})]
    latest = _latest(version) if incident.started_at else None
    if latest and incident.started_at and latest < incident.started_at - LONG_BEFORE:
        zone = ZoneInfo(incident.time_zone)
        as_of, began = (f"{t.astimezone(zone):%Y-%m-%d}" for t in (latest, incident.started_at))
        given = {"as_of": as_of, "began": began, "incident": incident.name}
        return [("dates_before", given)]
    return []


def events_in(text: str) -> dict[str, int]:
    """Event as it is written -> year (CE)."""
    text = unicodedata.normalize("NFKC", text)
    found = {m[0]: _year(m[1], m[2]) for m in DATED.finditer(text)}
    found |= {name: year for name, year in NAMED.items() if name in text}
    return {name: year for name, year in found.items() if 1900 <= year <= 2100}


def _year(era: str, number: str) -> int:
    count = 1 if number == "元" else int(number)
    return ERAS[era] + count if era else count


def _named(incident: Incident, version: LayerVersion) -> str:
    """The first event of another year that the file names; "" when it names this one, too."""
    began = incident.started_at or incident.created_at
    year = began.astimezone(ZoneInfo(incident.time_zone)).year
    named = f"{version.filename} {' '.join(c['name'] for c in version.columns or [])}"
    found = events_in(named) or _in_most(_texts(version))
    if any(abs(one - year) <= YEARS_APART for one in found.values()):
        return ""
    # an incident that bears the other event's name is a drill of it, or its demo
    own = events_in(incident.name)
    return next(
        (n for n, y in found.items() if n not in incident.name and y not in own.values()), ""
    )


def _texts(version: LayerVersion) -> list[str]:
    sql = """SELECT name || ' ' || properties::text || ' ' || coalesce(state->>'note', '')
  FROM layers_feature WHERE version_id = %s ORDER BY row LIMIT %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [version.id, SAMPLE])
        return [row[0] for row in cursor.fetchall()]


def _in_most(texts: list[str]) -> dict[str, int]:
    """One row may well remember another event."""
    found = [events_in(text) for text in texts]
    names = {name: year for one in found for name, year in one.items()}
    return {n: y for n, y in names.items() if sum(n in one for one in found) > len(texts) / 2}


# A list of places may be old and right; what is open and how full it is may not.
LATEST_SQL = """
SELECT max(coalesce((state->>'source_as_of')::timestamptz, source_as_of, %(as_of)s))
  FROM layers_feature
 WHERE version_id = %(version)s
   AND state ?| ARRAY['operation', 'congestion', 'traffic', 'persons']"""


def _latest(version: LayerVersion) -> datetime | None:
    with connection.cursor() as cursor:
        params = {"version": version.id, "as_of": version.source_as_of}
        cursor.execute(LATEST_SQL.replace("%(as_of)s", "%(as_of)s::timestamptz"), params)
        found: datetime | None = cursor.fetchone()[0]
        return found
