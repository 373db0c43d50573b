"""Where is nothing said? 1 km grid squares with a town in them: silent, all clear, or reported.

Silence is not "no damage": nobody has reported. Counted as in reports.numbers, but for area and
municipality: these choose the towns, and a square on their border is not silent where the report
comes from the neighbour's side. A report counts in every square that its place touches; a place
that touches more than WIDE squares (a district, say) tells nothing about any one of them, and is
counted apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from gspace import feed, geo, mesh, municipality_codes
from gspace.access import Audience
from gspace.models import Incident
from gspace.problems import Problem
from reports.filter_places import NOWHERE, Clause, in_municipality, listed
from reports.municipalities import names_of
from reports.numbers import counting
from reports.told import SEEN, WORST, Told, by_state, latest

WIDE = 64
WHOSE = ("area", "municipality")

TOWNS_SQL = """
SELECT {row}, {column}, json_agg(json_build_array(p.name, p.name_en, p.municipality_id)
         ORDER BY p.municipality_id, p.name)
  FROM gspace_place p WHERE p.kind = 'town' AND {within} AND {area}
 GROUP BY 1, 2 ORDER BY 1 DESC, 2 LIMIT %s""".replace(
    "{row}", mesh.ROW_SQL.format(lat="ST_Y(p.location)")
).replace("{column}", mesh.COLUMN_SQL.format(lon="ST_X(p.location)"))
TOLD_SQL = f"""
SELECT s.y, s.x, count(*) FILTER (WHERE s.point), count(*) FILTER (WHERE s.point AND s.clear),
       min(s.worst) FILTER (WHERE s.point AND NOT s.clear), max(s.seen) FILTER (WHERE s.point),
       max(s.seen) FILTER (WHERE s.point AND s.clear), array_agg(s.id) FILTER (WHERE NOT s.point),
       count(*) FILTER (WHERE s.point AND s.own),
       array_agg(s.id) FILTER (WHERE s.own AND NOT s.point)
  FROM (SELECT r.id, {{own}} AS own, GeometryType(r.geometry) = 'POINT' AS point,
               r.category = 'all_clear' AS clear,
               {mesh.ROW_SQL.format(lat="ST_YMin(r.geometry)")} AS y,
               {mesh.COLUMN_SQL.format(lon="ST_XMin(r.geometry)")} AS x,
               {WORST} AS worst, {SEEN} AS seen
          FROM reports_report r WHERE {{clause}} AND r.geometry IS NOT NULL AND {{within}}) s
 GROUP BY 1, 2"""
SHAPES_SQL = f"""
SELECT s.id, s.wide, y, x, s.clear, s.worst, s.seen
  FROM (SELECT b.*, (b.bottom - b.top + 1) * (b.right - b.left + 1) > {WIDE} AS wide
          FROM (SELECT r.id, r.geometry, r.category = 'all_clear' AS clear, {WORST} AS worst,
                       {SEEN} AS seen, {mesh.ROW_SQL.format(lat="ST_YMin(r.geometry)")} AS top,
                       {mesh.ROW_SQL.format(lat="ST_YMax(r.geometry)")} AS bottom,
                       {mesh.COLUMN_SQL.format(lon="ST_XMin(r.geometry)")} AS left,
                       {mesh.COLUMN_SQL.format(lon="ST_XMax(r.geometry)")} AS right
                  FROM reports_report r WHERE r.id = ANY(%s::uuid[])) b) s
  LEFT JOIN LATERAL (SELECT y, x FROM generate_series(s.top, s.bottom) y,
                            generate_series(s.left, s.right) x) c
    ON NOT s.wide AND ST_Intersects(s.geometry, ST_MakeEnvelope(100 + c.x / {mesh.KM}.0,
         c.y / {1.5 * mesh.KM}, 100 + (c.x + 1) / {mesh.KM}.0 - {mesh.HAIR},
         (c.y + 1) / {1.5 * mesh.KM} - {mesh.HAIR}, 4326))"""

Place = tuple[int, int]


@dataclass(frozen=True)
class Frame:
    """Whole squares: rows from the equator, columns from 100 E, both ends in it."""

    top: int
    bottom: int
    left: int
    right: int

    @staticmethod
    def around(text: str) -> Frame:
        west, south, east, north = geo.bbox(text).extent
        bottom, left = mesh.place(west, south)
        top, right = mesh.place(east - 2 * mesh.HAIR, north - 2 * mesh.HAIR)
        return Frame(max(top, bottom), bottom, left, max(left, right))

    def sql(self, column: str) -> tuple[str, list[Any]]:
        west, south, _, _ = mesh.box(self.bottom, self.left)
        _, _, east, north = mesh.box(self.top, self.right)
        return f"{column} && ST_MakeEnvelope(%s, %s, %s, %s, 4326)", [west, south, east, north]

    def holds(self, place: Place) -> bool:
        row, column = place
        return self.bottom <= row <= self.top and self.left <= column <= self.right


def coverage(
    incident: Incident, audience: Audience, filters: dict[str, Any], now: datetime | None = None
) -> dict[str, Any]:
    """Squares and what was reported in them, of one snapshot. filters: those of a list; bbox is
    rounded to whole squares; towns are those of area and municipality where these are given.

    {as_of, squares, counts, reports, municipalities}; reports: only those of area and municipality.
    Raises Problem invalid naming a filter, bbox
    where there would be more than LIMIT_COVERAGE_SQUARES.
    """
    frame = Frame.around(str(filters["bbox"])) if filters.get("bbox") else None
    asked = {name: value for name, value in filters.items() if name != "bbox"}
    with feed.one_snapshot() as cursor:
        towns = _towns(cursor, frame, asked)
        told, wide, inside, elsewhere = _told(cursor, incident, audience, asked, frame, towns)
        placeless = None if frame else _placeless(cursor, incident, audience, asked)
        names = names_of({town[2] for found in towns.values() for town in found} - {None})
    squares = {place: told.get(place, Told()) for place in towns}
    return {
        "as_of": (now or timezone.now()).isoformat(),
        "counts": by_state(squares.values()),
        "reports": {"in_squares": inside, "elsewhere": elsewhere, "wide": wide,
                    "without_place": placeless},
        "municipalities": _municipalities(squares, towns, names),
        "squares": [_square(place, squares[place], towns[place]) for place in squares],
    }  # fmt: skip


def _square(place: Place, square: Told, towns: list[list[str]]) -> dict[str, Any]:
    return {
        "mesh": mesh.number(*place), "box": mesh.box(*place), **square.said(),
        "towns": [town[:2] for town in towns],
        "municipalities": sorted({town[2] for town in towns if town[2]}),
    }  # fmt: skip


# --- towns -----------------------------------------------------------------------------------
def _towns(cursor: Any, frame: Frame | None, asked: dict[str, Any]) -> dict[Place, list[list[str]]]:
    within, params = frame.sql("p.location") if frame else ("TRUE", [])
    area, codes = in_area(asked, "p.municipality_id")
    most = settings.LIMIT_COVERAGE_SQUARES
    sql = TOWNS_SQL.format(within=within, area=area)
    cursor.execute(sql, [*params, *codes, most + 1])
    found = {(row, column): towns for row, column, towns in cursor.fetchall()}
    if len(found) > most:
        why = _("More than {n} grid squares: ask for a smaller part of the map.").format(n=most)
        raise Problem("invalid", why, field="bbox")
    return {place: towns for place, towns in found.items() if not frame or frame.holds(place)}


def in_area(asked: dict[str, Any], code: str) -> Clause:
    """(SQL condition on `code`, its parameters): the municipalities that the filters name; the list
    checks the codes themselves."""
    clauses, params = ["TRUE"], []
    for name in WHOSE:
        codes = [c for c in listed(str(asked.get(name) or ""), name) if c != NOWHERE]
        if codes:
            try:
                spans = [municipality_codes.span(each) for each in codes]
            except ValueError as error:
                raise Problem("invalid", str(error), field=name) from None
            tests = " OR ".join([f"left({code}, 5) BETWEEN %s AND %s"] * len(spans))
            clauses.append(f"({tests})")
            params += [end for span in spans for end in span]
    return " AND ".join(clauses), params


# --- reports ---------------------------------------------------------------------------------
def _told(
    cursor: Any, incident: Incident, audience: Audience, asked: dict[str, Any],
    frame: Frame | None, towns: dict[Place, Any],
) -> tuple[dict[Place, Told], int, int, int]:  # fmt: skip
    """(squares with reports, reports of wide places, in a square with a town, elsewhere)"""
    clause, params = counting(
        incident, audience, {n: v for n, v in asked.items() if n not in WHOSE}
    )
    own, codes = _own(asked)
    within, box = frame.sql("r.geometry") if frame else ("TRUE", [])
    sql = TOLD_SQL.format(own=own, clause=clause, within=within)
    cursor.execute(sql, [*codes, *params, *box])
    squares: dict[Place, Told] = defaultdict(Told)
    shapes: list[Any] = []
    ours: set[Any] = set()
    points: Counter[Place] = Counter()
    for row, column, n, clear, worst, last, clear_at, ids, own_n, own_ids in cursor.fetchall():
        shapes += ids or []
        ours.update(own_ids or [])
        if n and (not frame or frame.holds((row, column))):
            squares[row, column] = Told(n, clear, worst, last, clear_at)
            points[row, column] = own_n
    wide, touched = _shapes(cursor, shapes, frame, squares)
    inside = sum(n for place, n in points.items() if place in towns)
    own_shapes = [places for ident, places in touched.items() if ident in ours]
    inside += sum(any(place in towns for place in places) for places in own_shapes)
    return squares, len(wide & ours), inside, points.total() + len(own_shapes) - inside


def _own(asked: dict[str, Any]) -> Clause:
    """Reports that area and municipality name, of all that squares are made of."""
    found = [in_municipality(str(asked[name]), name) for name in WHOSE if asked.get(name)]
    clauses = ["TRUE", *(clause for clause, _ in found)]
    return " AND ".join(clauses), [code for _, codes in found for code in codes]


def _shapes(
    cursor: Any, ids: list[Any], frame: Frame | None, squares: dict[Place, Told]
) -> tuple[set[Any], dict[Any, list[Place]]]:
    """Adds lines and areas to the squares that they touch; (those that are wide, the others')."""
    wide: set[Any] = set()
    touched = defaultdict(list)
    if ids:
        cursor.execute(SHAPES_SQL, [[str(ident) for ident in ids]])
    for ident, is_wide, row, column, clear, worst, seen in cursor.fetchall() if ids else ():
        if is_wide:
            wide.add(ident)
        elif row is not None and (not frame or frame.holds((row, column))):
            one = Told(1, int(clear), None if clear else worst, seen, seen if clear else None)
            squares[row, column].add(one)
            touched[ident].append((row, column))
    return wide, touched


def _placeless(cursor: Any, incident: Incident, audience: Audience, asked: dict[str, Any]) -> int:
    clause, params = counting(incident, audience, asked)
    sql = f"SELECT count(*) FROM reports_report r WHERE {clause} AND r.geometry IS NULL"
    cursor.execute(sql, params)
    return int(cursor.fetchone()[0])


# --- municipalities --------------------------------------------------------------------------
def _municipalities(
    squares: dict[Place, Told], towns: dict[Place, Any], names: dict[str, Any]
) -> list[dict[str, Any]]:
    """Squares by the municipality of their towns; one on a border counts in each. The most silent
    first."""
    of: dict[str, list[Told]] = defaultdict(list)
    for place, square in squares.items():
        for code in {town[2] for town in towns[place]}:
            of[code or ""].append(square)
    told = [
        {
            "code": code, "name": names.get(code, (code, ""))[0],
            "name_en": names.get(code, ("", ""))[1], "squares": len(own), **by_state(own),
            "last_at": last.isoformat() if (last := latest(*(s.last for s in own))) else None,
        }
        for code, own in of.items()
    ]  # fmt: skip
    return sorted(told, key=lambda one: (-one["none"], one["code"]))
