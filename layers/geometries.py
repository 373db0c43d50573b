"""A feature's geometry from GeoJSON to what the database stores, as fast as its kind allows.

Points, most of what publishers send, need no GEOS at all. Lines and areas are checked by shapely.
Whatever either does not plainly take goes the slow way of gspace.geo, whose sentences people read.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import WKBWriter

from gspace import geo, grid
from gspace.problems import Problem

# little endian, point, with SRID 4326
POINT = "0101000020e6100000"
_pack = struct.Struct("<dd").pack
# no booleans
NUMBERS = (float, int)
POINT_ZERO = shapely.Point(0, 0)
EDGE = np.array([180.0, 90.0])


@dataclass(slots=True)
class Place:
    """ewkb: hexadecimal, two dimensions, SRID 4326; at: (lon, lat) of a point on it; box: (west,
    south, east, north); all in degrees."""

    ewkb: str
    at: tuple[float, float]
    box: tuple[float, float, float, float]

    def grid(self) -> tuple[int, int, int]:
        """grid_x, grid_y, span as in models.Feature."""
        west, south, east, north = self.box
        flat = west == east and south == north
        return *grid.pixel(*self.at), 0 if flat else grid.span(west, south, east, north)


def places(values: Sequence[Any]) -> list[Place | Problem | None]:
    """Of a batch, in its order: None where there is no geometry, a Problem (whose detail says what
    is wrong) where there is none that can be used."""
    found: list[Place | Problem | None] = [_point(v) if v is not None else None for v in values]
    wanting = [n for n, v in enumerate(values) if v is not None and found[n] is None]
    shapes = {n: shape for n in wanting if (shape := _shape(values[n])) is not None}
    for n, one in zip(shapes, _sound(list(shapes.values())), strict=True):
        found[n] = one
    for n in wanting:
        found[n] = found[n] or _slowly(values[n])
    return found


def _point(value: Any) -> Place | None:
    """A plain point; heights are left behind: the map is flat."""
    if type(value) is not dict or value.get("type") != "Point":
        return None
    at = value.get("coordinates")
    if type(at) is not list or not 2 <= len(at) <= 3:
        return None
    lon, lat = at[0], at[1]
    if type(lon) not in NUMBERS or type(lat) not in NUMBERS:
        return None
    # a NaN is not within anything
    if not (-180 <= lon <= 180 and -90 <= lat <= 90) or (len(at) == 3 and not _is_height(at[2])):
        return None
    lon, lat = float(lon), float(lat)
    return Place(POINT + _pack(lon, lat).hex(), (lon, lat), (lon, lat, lon, lat))


def _is_height(value: Any) -> bool:
    return type(value) in NUMBERS and abs(value) < 1e300


def _shape(value: Any) -> Any:
    try:
        return _built(value["type"], value["coordinates"])
    except (TypeError, ValueError, KeyError, IndexError, shapely.GEOSException):
        return None


def _sound(shapes: list[Any]) -> list[Place | None]:
    """Checked and taken apart together: shapely's calls cost more than what they do."""
    if not shapes:
        return []
    all_of = np.array(shapes, dtype=object)
    fits = shapely.get_num_coordinates(all_of) <= geo.LIMIT_VERTICES
    fits &= shapely.is_valid(all_of) & ~shapely.is_empty(all_of)
    ewkb = shapely.to_wkb(shapely.set_srid(all_of, 4326), hex=True, include_srid=True)
    at = shapely.get_coordinates(shapely.point_on_surface(np.where(fits, all_of, POINT_ZERO)))
    rows = zip(fits, ewkb, at.tolist(), shapely.bounds(all_of).tolist(), strict=True)
    return [Place(text, tuple(on), tuple(box)) if fit else None for fit, text, on, box in rows]


def _built(kind: str, given: Any) -> Any:
    """Raises ValueError and the like for what is not plainly of this kind."""
    match kind:
        case "LineString":
            return shapely.linestrings(_positions(given))
        case "Polygon":
            return _polygon(given)
        case "MultiPoint":
            return shapely.multipoints(shapely.points(_positions(given)))
        case "MultiLineString":
            return shapely.multilinestrings([shapely.linestrings(_positions(g)) for g in given])
        case "MultiPolygon":
            return shapely.multipolygons([_polygon(one) for one in given])
    raise ValueError(kind)


def _polygon(given: Any) -> Any:
    outer, *holes = [shapely.linearrings(_closed(_positions(ring))) for ring in given]
    return shapely.polygons(outer, holes=holes or None)


def _closed(found: Any) -> Any:
    if len(found) < 4 or (found[0] != found[-1]).any():
        raise ValueError("not closed")
    return found


def _positions(given: Any) -> Any:
    """(n, 2) degrees. Raises ValueError where it is anything else."""
    if type(given) is not list:
        raise ValueError("not a list")
    found = np.asarray(given)
    if found.dtype.kind not in "fi" or found.ndim != 2 or found.shape[1] not in (2, 3):
        raise ValueError("not positions")
    if not np.isfinite(found).all() or (np.abs(found[:, :2]) > EDGE).any():
        raise ValueError("not degrees")
    return found[:, :2].astype(float)


def _slowly(value: Any) -> Place | Problem:
    try:
        found = geo.geometry_from_geojson(value)
    except Problem as problem:
        return problem
    writer = WKBWriter(dim=2)
    writer.srid = True
    on = found if found.geom_type == "Point" else found.point_on_surface
    return Place(writer.write_hex(found).decode(), (on.x, on.y), found.extent)
