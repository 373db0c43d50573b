"""Geometry at the edges: GeoJSON in, bounding boxes, the privacy cell. WGS 84 lon/lat degrees."""

from __future__ import annotations

import json
import math
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Polygon, WKBWriter
from django.utils.translation import gettext_noop as _

from gspace.problems import Problem

TYPES = {
    "Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2,
    "MultiPolygon": 3,
}  # fmt: skip
LIMIT_VERTICES = 100_000
# Homes are shown to the public at the centre of a cell of this size (about 500 m).
PRIVACY_CELL_DEG = 0.005


def position(value: Any, field: str) -> tuple[float, float]:
    """(lon, lat) of a coordinate pair; raises Problem invalid naming the field."""
    ok = isinstance(value, (list, tuple)) and 2 <= len(value) <= 3
    if not ok or not all(_finite(n) for n in value):
        raise Problem("invalid", _("A position is [lon, lat] in finite degrees."), field=field)
    lon, lat = float(value[0]), float(value[1])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Problem("invalid", _("Longitude is within ±180, latitude within ±90."), field=field)
    return lon, lat


def _finite(number: Any) -> bool:
    plain = isinstance(number, (int, float)) and not isinstance(number, bool)
    return plain and abs(number) < 1e300 and math.isfinite(number)


def geometry_from_geojson(value: Any, field: str = "geometry") -> GEOSGeometry:
    """A checked geometry (RFC 7946 types without GeometryCollection).

    Depth, count and range are checked before GEOS sees it: a deeply nested one crashes GEOS.
    """
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in TYPES:
        raise Problem("invalid", f"Geometry types: {', '.join(TYPES)}.", field=field)
    count = _walk(value.get("coordinates"), TYPES[kind], field)
    if not 0 < count <= LIMIT_VERTICES:
        raise Problem("invalid", f"1 to {LIMIT_VERTICES:,} positions are accepted.", field=field)
    try:
        found = GEOSGeometry(
            json.dumps({"type": kind, "coordinates": value["coordinates"]}), srid=4326
        )
    except Exception as error:
        raise Problem("invalid", f"Not a usable geometry: {error}", field=field) from None
    if found.empty or not found.valid:
        raise Problem("invalid", f"Not a valid geometry: {found.valid_reason}", field=field)
    return flat(found)


def flat(geometry: GEOSGeometry) -> GEOSGeometry:
    """Without heights: the columns are two-dimensional, and phones send three numbers."""
    if not geometry.hasz:
        return geometry
    return GEOSGeometry(memoryview(WKBWriter(dim=2).write(geometry)), srid=geometry.srid)


def _walk(value: Any, depth: int, field: str) -> int:
    if depth == 0:
        position(value, field)
        return 1
    if not isinstance(value, list):
        raise Problem("invalid", _("Coordinates are not nested as their type asks."), field=field)
    return sum(_walk(part, depth - 1, field) for part in value)


def bbox(text: str, field: str = "bbox") -> Polygon:
    """`west,south,east,north` (or six numbers) as a polygon; west > east crosses ±180."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [numbers[i] for i in (0, 1, 3, 4)]
    if len(numbers) != 4:
        raise Problem("invalid", "bbox is four or six numbers.", field=field)
    west, south = position(numbers[:2], field)
    east, north = position(numbers[2:], field)
    if south > north:
        raise Problem("invalid", "bbox: south is north of north.", field=field)
    if west <= east:
        return Polygon.from_bbox((west, south, east, north))
    halves = (
        Polygon.from_bbox((west, south, 180, north)),
        Polygon.from_bbox((-180, south, east, north)),
    )
    return halves[0].union(halves[1])
