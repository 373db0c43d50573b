"""The list filters of place as SQL: by the place that the reader is shown, never a hidden one.

An exact search would give a rounded home away.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, Polygon

from gspace import geo, mesh, municipality_codes
from gspace.problems import Problem

Clause = tuple[str, list[Any]]
# in place of a code: what has none
NOWHERE = "-"


def clauses(filters: dict[str, Any], shown: str) -> list[Clause]:
    """filters: bbox, outside, area, municipality, mesh, within. shown: SQL of the geometry as
    shown."""
    found: list[Clause] = []
    if box := filters.get("bbox"):
        found.append(in_box(str(box), shown))
    if box := filters.get("outside"):
        clause, corners = in_box(str(box), shown, "outside")
        found.append((f"NOT {clause}", corners))
    for name in ("area", "municipality"):
        if codes := filters.get(name):
            found.append(in_municipality(str(codes), name))
    if squares := filters.get("mesh"):
        found.append(_mesh(str(squares), shown))
    if within := filters.get("within"):
        drawn = outline(str(within)).wkt
        found.append((f"ST_Intersects({shown}, ST_GeomFromText(%s, 4326))", [drawn]))
    return found


def in_box(value: str, shown: str, field: str = "bbox") -> Clause:
    """Two boxes where it crosses ±180: the box around both goes round the world."""
    found = geo.bbox(value, field)
    parts = list(found) if found.geom_type == "MultiPolygon" else [found]
    clause = " OR ".join([f"{shown} && ST_GeomFromText(%s, 4326)"] * len(parts))
    return f"({clause})", [part.wkt for part in parts]


def listed(value: str, field: str) -> list[str]:
    """What stands between the commas. Raises Problem invalid when it is too much."""
    found = [part.strip() for part in value.split(",") if part.strip()]
    if len(found) > settings.LIMIT_FILTER_CODES:
        raise Problem("invalid", f"At most {settings.LIMIT_FILTER_CODES}.", field=field)
    return found


def in_municipality(value: str, field: str) -> Clause:
    """Also the wards of a city, and everything in a prefecture; NOWHERE: what has no code."""
    codes = listed(value, field)
    try:
        spans = [municipality_codes.span(code) for code in codes if code != NOWHERE]
    except ValueError as error:
        raise Problem("invalid", str(error), field=field) from None
    tests = ["left(r.municipality_code, 5) BETWEEN %s AND %s"] * len(spans)
    tests += ["r.municipality_code = ''"] * (NOWHERE in codes)
    clause = " OR ".join(tests)
    return f"({clause or 'FALSE'})", [end for span in spans for end in span]


def _mesh(value: str, shown: str) -> Clause:
    """A cell's northern and eastern edges belong to the next ones, so that counts add up."""
    boxes = []
    try:
        for code in listed(value, "mesh"):
            west, south, east, north = mesh.cell(code)
            ends = (west, south, east - mesh.HAIR, north - mesh.HAIR)
            boxes.append(Polygon.from_bbox(ends).wkt)
    except ValueError as error:
        raise Problem("invalid", str(error), field="mesh") from None
    # && compares boxes of single precision: a metre over
    clause = " OR ".join([f"ST_Intersects({shown}, ST_GeomFromText(%s, 4326))"] * len(boxes))
    return f"({clause or 'FALSE'})", list(boxes)


def outline(value: str) -> GEOSGeometry:
    """`lon,lat,lon,lat,...` as an area; it need not be closed."""
    parts = value.split(",")
    most = settings.LIMIT_FILTER_CORNERS
    if len(parts) % 2 or not 6 <= len(parts) <= 2 * most:
        why = f"within is lon,lat,... of 3 to {most} corners."
        raise Problem("invalid", why, field="within")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        raise Problem("invalid", "within is made of numbers.", field="within") from None
    corners = [
        geo.position(list(pair), "within") for pair in zip(*[iter(numbers)] * 2, strict=True)
    ]
    found = Polygon([*corners, corners[0]], srid=4326)
    # an outline drawn by hand may cross itself: each of its lobes counts
    return found if found.valid else found.make_valid()
