"""The list filters of place as SQL: by the place that the reader is shown, never a hidden one.

An exact search would give a rounded home away.
"""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import Polygon

from gspace import geo, mesh, municipality_codes
from gspace.problems import Problem

MOST_CORNERS = 500
Clause = tuple[str, list[Any]]


def clauses(filters: dict[str, Any], shown: str) -> list[Clause]:
    """filters: bbox, area, municipality, mesh, within. shown: SQL of the geometry as shown."""
    found: list[Clause] = []
    if box := filters.get("bbox"):
        found.append((f"{shown} && ST_GeomFromText(%s, 4326)", [geo.bbox(str(box)).wkt]))
    if area := filters.get("area"):
        found.append(_area(str(area)))
    if municipality := filters.get("municipality"):
        found.append(_municipality(str(municipality)))
    if squares := filters.get("mesh"):
        found.append(_mesh(str(squares), shown))
    if within := filters.get("within"):
        outline = _outline(str(within)).wkt
        found.append((f"ST_Intersects({shown}, ST_GeomFromText(%s, 4326))", [outline]))
    return found


def listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _area(value: str) -> Clause:
    codes = listed(value)
    # a city's code covers its wards: same prefecture and city digits, own last ones
    cities = [c[:4] for c in codes if c[2:5].endswith("00") and c[2:5] != "000"]
    clause = "(r.municipality_code = ANY(%s) OR left(r.municipality_code, 4) = ANY(%s))"
    return clause, [codes, cities]


def _municipality(value: str) -> Clause:
    """Also the wards of a city, and everything in a prefecture."""
    try:
        spans = [_span(municipality_codes.complete(code)) for code in listed(value)]
    except ValueError as error:
        raise Problem("invalid", str(error), field="municipality") from None
    clause = " OR ".join(["left(r.municipality_code, 5) BETWEEN %s AND %s"] * len(spans))
    return f"({clause or 'FALSE'})", [end for span in spans for end in span]


def _span(code: str) -> tuple[str, str]:
    """First and last five digits of what a code covers."""
    five, prefecture = code[:5], code[:2]
    if municipality_codes.is_prefecture(code):
        return five, f"{prefecture}999"
    if five not in municipality_codes.DESIGNATED_CITIES:
        return five, five
    others = [c for c in municipality_codes.DESIGNATED_CITIES if c[:2] == prefecture and c > five]
    return five, f"{int(min(others, default=f'{prefecture}200')) - 1:05}"


def _mesh(value: str, shown: str) -> Clause:
    """A cell's northern and eastern edges belong to the next ones, so that counts add up."""
    boxes = []
    try:
        for code in listed(value):
            west, south, east, north = mesh.cell(code)
            ends = (west, south, east - mesh.HAIR, north - mesh.HAIR)
            boxes.append(Polygon.from_bbox(ends).wkt)
    except ValueError as error:
        raise Problem("invalid", str(error), field="mesh") from None
    # && compares boxes of single precision: a metre over
    clause = " OR ".join([f"ST_Intersects({shown}, ST_GeomFromText(%s, 4326))"] * len(boxes))
    return f"({clause or 'FALSE'})", list(boxes)


def _outline(value: str) -> Polygon:
    """`lon,lat,lon,lat,...` as a polygon; it need not be closed."""
    parts = value.split(",")
    if len(parts) % 2 or not 6 <= len(parts) <= 2 * MOST_CORNERS:
        why = f"within is lon,lat,... of 3 to {MOST_CORNERS} corners."
        raise Problem("invalid", why, field="within")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        raise Problem("invalid", "within is made of numbers.", field="within") from None
    corners = [
        geo.position(list(pair), "within") for pair in zip(*[iter(numbers)] * 2, strict=True)
    ]
    found = Polygon([*corners, corners[0]], srid=4326)
    # an outline drawn by hand may cross itself
    return found if found.valid else found.buffer(0)
