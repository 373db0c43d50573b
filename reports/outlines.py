"""Where is nothing said, by municipality? Outlines: silent, all clear, or reported.

As reports.coverage has it by squares, with one difference: a report counts where its own
municipality says, near its border, too, so that an outline opens just the reports that it counts.
A municipality in view counts all of its reports, those out of view as well. Wards stand for their
city where any of them has an outline.
"""

from __future__ import annotations

import json
import math
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.utils import timezone
from django.utils.translation import gettext as _

from gspace import feed, geo, municipality_codes
from gspace.access import Audience
from gspace.models import Incident, Municipality
from gspace.problems import Problem
from reports.coverage import in_area
from reports.numbers import counting
from reports.told import SEEN, WORST, Told, by_state

# A map is so many pixels wide: an outline is as fine as one of them. Two neighbours snap alike, so
# that no gap opens between them.
PIXELS = 800
COARSEST, FINEST = 3, 5

OUTLINES_SQL = """
SELECT m.code, m.name, m.name_en, ST_AsGeoJSON(ST_SnapToGrid(m.boundary, %s), %s),
       ST_AsGeoJSON(coalesce(ST_PointOnSurface({seen}), ST_PointOnSurface(m.boundary)), 5)
  FROM gspace_municipality m
 WHERE m.boundary IS NOT NULL AND m.code <> ALL(%s) AND {within} AND {area}
 ORDER BY m.code LIMIT %s"""
TOLD_SQL = f"""
SELECT r.municipality_code, count(*), count(*) FILTER (WHERE r.category = 'all_clear'),
       min({WORST}) FILTER (WHERE r.category <> 'all_clear'), max({SEEN}),
       max({SEEN}) FILTER (WHERE r.category = 'all_clear')
  FROM reports_report r WHERE {{clause}} GROUP BY 1"""

Outline = tuple[str, str, str, str | None, str]


def known() -> int:
    """How many municipalities have an outline."""
    return Municipality.objects.filter(boundary__isnull=False).count()


def outlines(incident: Incident, audience: Audience, filters: dict[str, Any]) -> dict[str, Any]:
    """Municipalities in bbox and what was reported from them, of one snapshot. filters: those of a
    list; area and municipality choose the outlines, too.

    {as_of, counts, reports, municipalities: the code's order}. geometry: as fine as the map of bbox
    shows it, null where nothing is left of it; at: for a label, in bbox. Raises Problem invalid
    naming a filter, bbox where there would be more than LIMIT_COVERAGE_MUNICIPALITIES.
    """
    box = geo.bbox(str(filters["bbox"])) if filters.get("bbox") else None
    asked = {name: value for name, value in filters.items() if name != "bbox"}
    with feed.one_snapshot() as cursor:
        drawn = _outlines(cursor, box, asked)
        told = _told(cursor, incident, audience, asked)
    total = sum(one.reports for one in told.values())
    without = told.pop("", Told()).reports
    parts = {outline[0]: _of(outline[0], told) for outline in drawn}
    inside = sum(part.reports for part in parts.values())
    return {
        "as_of": timezone.now().isoformat(),
        "counts": by_state(parts.values()),
        "reports": {"in_municipalities": inside, "elsewhere": total - inside - without,
                    "without_municipality": without},
        "municipalities": [_said(outline, parts[outline[0]]) for outline in drawn],
    }  # fmt: skip


def _outlines(cursor: Any, box: GEOSGeometry | None, asked: dict[str, Any]) -> list[Outline]:
    digits = _digits(box)
    area, codes = in_area(asked, "m.code")
    within, seen, boxes = "TRUE", "NULL::geometry", []
    if box is not None:
        within = "ST_Intersects(m.boundary, ST_GeomFromText(%s, 4326))"
        seen, boxes = "ST_ClipByBox2D(m.boundary, ST_GeomFromText(%s, 4326))", [box.wkt]
    most = settings.LIMIT_COVERAGE_MUNICIPALITIES
    sql = OUTLINES_SQL.format(seen=seen, within=within, area=area)
    params = [10.0**-digits, digits, *boxes, _of_wards(cursor), *boxes, *codes, most + 1]
    cursor.execute(sql, params)
    found: list[Outline] = cursor.fetchall()
    if len(found) > most:
        why = _("More than {n} municipalities: ask for a smaller part of the map.").format(n=most)
        raise Problem("invalid", why, field="bbox")
    return found


def _digits(box: GEOSGeometry | None) -> int:
    """Decimals of a degree that are about a pixel of the map."""
    if box is None:
        return COARSEST
    west, south, east, north = box.extent
    pixel = max(east - west, north - south, 1e-9) / PIXELS
    return min(max(math.ceil(-math.log10(pixel)), COARSEST), FINEST)


def _of_wards(cursor: Any) -> list[str]:
    """Cities whose wards have outlines."""
    cursor.execute("SELECT code FROM gspace_municipality WHERE boundary IS NOT NULL")
    codes = {code for (code,) in cursor.fetchall()}
    cities = [code for code in codes if code[:5] in municipality_codes.DESIGNATED_CITIES]
    return [city for city in cities if any(_covers(city, code) for code in codes - {city})]


def _covers(area: str, code: str) -> bool:
    first, last = municipality_codes.span(area)
    return first <= code[:5] <= last


def _told(
    cursor: Any, incident: Incident, audience: Audience, asked: dict[str, Any]
) -> dict[str, Told]:
    """By the reports' own municipality; "": of none."""
    clause, params = counting(incident, audience, asked)
    cursor.execute(TOLD_SQL.format(clause=clause), params)
    return {code: Told(*figures) for code, *figures in cursor.fetchall()}


def _of(code: str, told: dict[str, Told]) -> Told:
    """Of a municipality, and of its wards where these have no outline."""
    found = Told()
    for own, one in told.items():
        if _covers(code, own):
            found.add(one)
    return found


def _said(outline: Outline, told: Told) -> dict[str, Any]:
    code, name, name_en, geometry, at = outline
    shape = json.loads(geometry) if geometry else None
    return {
        "code": code, "name": name, "name_en": name_en, **told.said(),
        "at": json.loads(at)["coordinates"],
        "geometry": shape if shape and shape["coordinates"] else None,
    }  # fmt: skip
