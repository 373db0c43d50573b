"""Where is nothing said, by municipality? Outlines: silent, all clear, or reported.

As reports.coverage has it by squares, with one difference: a report counts where its own
municipality says, near its border, too, so that an outline opens just the reports that it counts.
A municipality in view counts all of its reports, those out of view as well. Wards stand for their
city where any of them has an outline.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from gspace import geo, municipality_codes
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


def drawn(filters: dict[str, Any]) -> list[Outline]:
    """Municipalities in bbox, in the code's order. filters: those of a list; area and municipality
    choose, too. Raises Problem invalid naming one, bbox where there would be more than
    LIMIT_COVERAGE_MUNICIPALITIES."""
    box = geo.bbox(str(filters["bbox"])) if filters.get("bbox") else None
    with connection.cursor() as cursor:
        return _outlines(cursor, box, _everywhere(filters))


def reported(incident: Incident, audience: Audience, filters: dict[str, Any]) -> bytes:
    """What was reported, by the reports' own municipality, as `outlines` takes it: the same for
    every part of the map. filters: those of a list. Raises Problem invalid naming one."""
    clause, params = counting(incident, audience, _everywhere(filters))
    as_of = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(TOLD_SQL.format(clause=clause), params)
        return json.dumps([as_of, cursor.fetchall()], default=datetime.isoformat).encode()


def outlines(found: list[Outline], reported: bytes) -> dict[str, Any]:
    """The municipalities that were `drawn` and what was `reported` from them.

    {as_of, counts, reports, municipalities}. geometry: as fine as the map of bbox shows it, null
    where nothing is left of it; at: for a label, in bbox.
    """
    as_of, told = _told(reported)
    total = sum(one.reports for one in told.values())
    without = told.pop("", Told()).reports
    parts = {outline[0]: _of(outline[0], told) for outline in found}
    inside = sum(part.reports for part in parts.values())
    return {
        "as_of": as_of,
        "counts": by_state(parts.values()),
        "reports": {"in_municipalities": inside, "elsewhere": total - inside - without,
                    "without_municipality": without},
        "municipalities": [_said(outline, parts[outline[0]]) for outline in found],
    }  # fmt: skip


def _everywhere(filters: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in filters.items() if name != "bbox"}


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
    return [city for city in cities if _covered(city, codes - {city})]


def _covered(area: str, codes: Iterable[str]) -> list[str]:
    first, last = municipality_codes.span(area)
    return [code for code in codes if first <= code[:5] <= last]


def _told(reported: bytes) -> tuple[str, dict[str, Told]]:
    """As of when, and by the reports' own municipality; "": of none."""
    as_of, rows = json.loads(reported)
    told = {}
    for code, *figures, last, clear_at in rows:
        times = [datetime.fromisoformat(at) if at else None for at in (last, clear_at)]
        told[code] = Told(*figures, *times)
    return as_of, told


def _of(code: str, told: dict[str, Told]) -> Told:
    """Of a municipality, and of its wards where these have no outline."""
    found = Told()
    for own in _covered(code, told):
        found.add(told[own])
    return found


def _said(outline: Outline, told: Told) -> dict[str, Any]:
    code, name, name_en, geometry, at = outline
    shape = json.loads(geometry) if geometry else None
    return {
        "code": code, "name": name, "name_en": name_en, **told.said(),
        "at": json.loads(at)["coordinates"],
        "geometry": shape if shape and shape["coordinates"] else None,
    }  # fmt: skip
