"""A geometry as it stands in a file -> a flat, sound GeoJSON geometry, or the reason why not.

Types, nesting, numbers and counts are checked before GEOS sees anything: a deeply nested geometry
crashes it. Areas that cross themselves are put right, and it is told. Pure: imports no Django.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from layers import prefectures

NESTING = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2,
           "MultiPolygon": 3}  # fmt: skip
SINGLE = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}
MANY = {one: many for many, one in SINGLE.items()}
AREAS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
# as many as one feature may be drawn with, and as many as may be read to be made fewer
LIMIT_VERTICES = 100_000
LIMIT_READ = 1_000_000
TOO_MANY = f"1 to {LIMIT_READ:,} positions are accepted."
# about a metre: what no map shows
FINE_DEG = 1e-5
LIMIT_DEPTH = 16
FAR = 1e9


class Faulty(ValueError):
    """The sentence says what is wrong with a geometry."""


@dataclass
class Shape:
    """kind: a key of NESTING; coordinates: flat, as nested lists of [x, y]; height: of a point.

    codes: of layers.findings, what was put right or left out.
    """

    kind: str
    coordinates: Any
    height: float | None = None
    codes: list[str] = field(default_factory=list)

    def geojson(self) -> dict[str, Any]:
        return {"type": self.kind, "coordinates": self.coordinates}

    def positions(self) -> Iterator[list[float]]:
        return _positions(self.coordinates, NESTING[self.kind])

    def size(self) -> int:
        """How many positions it has."""
        return 1 if self.kind == "Point" else sum(1 for _ in self.positions())

    def first(self) -> tuple[float, float]:
        found = self.coordinates
        for _ in range(NESTING[self.kind]):
            found = found[0]
        return found[0], found[1]

    def middle(self) -> tuple[float, float]:
        """Of its box: to ask roughly where it is."""
        if self.kind == "Point":
            return self.first()
        xs, ys = zip(*self.positions(), strict=True)
        return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2

    def move(self, change: Callable[[float, float], tuple[float, float]]) -> None:
        """Give each position the place that `change` says."""
        for one in self.positions():
            one[0], one[1] = change(one[0], one[1])


def shape_of(value: Any) -> Shape:
    """Raises Faulty. value: a GeoJSON geometry as a stranger wrote it."""
    if isinstance(value, dict) and value.get("type") == "Point":
        # most files are points, and most points plain ones
        at = value.get("coordinates")
        if _is_plain(at) and prefectures.in_japan(at[0], at[1]):
            return Shape("Point", [at[0], at[1]])
        x, y, height = _position(value.get("coordinates"))
        return Shape("Point", [x, y], height)
    if isinstance(value, dict) and value.get("type") == "GeometryCollection":
        return _collected(value)
    return _one(value)


def _is_plain(at: Any) -> TypeGuard[list[float]]:
    return type(at) is list and len(at) == 2 and type(at[0]) is type(at[1]) is float


def _one(value: Any) -> Shape:
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in NESTING:
        raise Faulty(f"Geometry types: {', '.join(NESTING)}.")
    counter = _Counter()
    coordinates = counter.take(value.get("coordinates"), NESTING[kind])
    if not counter.number:
        raise Faulty("The geometry has no positions.")
    shape = Shape(kind, coordinates)
    _check_parts(shape)
    return shape


class _Counter:
    number = 0

    def take(self, value: Any, depth: int) -> Any:
        if not isinstance(value, (list, tuple)):
            raise Faulty("Coordinates are not nested as their type asks.")
        if depth == 0:
            self.number += 1
            if self.number > LIMIT_READ:
                raise Faulty(TOO_MANY)
            x, y, _ = _position(value)
            return [x, y]
        return [self.take(part, depth - 1) for part in value]


def _position(value: Any) -> tuple[float, float, float | None]:
    if not isinstance(value, (list, tuple)) or len(value) < 2:
        raise Faulty("A position is [lon, lat] in finite degrees.")
    x, y = value[0], value[1]
    if not (_is_number(x) and _is_number(y)):
        raise Faulty("A position is [lon, lat] in finite degrees.")
    height = float(value[2]) if len(value) > 2 and _is_number(value[2]) else None
    return float(x), float(y), height


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    # a whole number of thousands of digits is no float
    return abs(value) < FAR and math.isfinite(value)


def _check_parts(shape: Shape) -> None:
    """Lines have two positions, rings four and end where they begin."""
    depth = NESTING[shape.kind]
    if shape.kind in LINES:
        parts = shape.coordinates if depth == 2 else [shape.coordinates]
        if any(len(part) < 2 for part in parts):
            raise Faulty("A line has two positions or more.")
    if shape.kind in AREAS:
        areas = shape.coordinates if depth == 3 else [shape.coordinates]
        if not all(areas):
            raise Faulty("An area has an outer ring.")
        for ring in (ring for area in areas for ring in area):
            if len(ring) < 4 or ring[0] != ring[-1]:
                raise Faulty("A ring has four positions or more and ends where it begins.")


def _positions(value: Any, depth: int) -> Iterator[list[float]]:
    if depth == 0:
        yield value
    else:
        for part in value:
            yield from _positions(part, depth - 1)


# --- collections -----------------------------------------------------------------------------
def _collected(value: dict[str, Any]) -> Shape:
    """The parts of the highest dimension as one Multi* geometry; what is left out is told."""
    parts = list(_leaves(value, 0))
    if not parts:
        raise Faulty("The geometry has no positions.")
    top = max(_dimension(part) for part in parts)
    kept = [part for part in parts if _dimension(part) == top]
    found = merged(kept)
    if len(kept) < len(parts):
        found.codes.append("geometry_parts_left")
    if found.size() > LIMIT_READ:
        raise Faulty(TOO_MANY)
    return found


def _leaves(value: Any, depth: int) -> Iterator[Shape]:
    if depth > LIMIT_DEPTH:
        raise Faulty("The geometry is nested too deeply.")
    members = value.get("geometries") if isinstance(value, dict) else None
    if isinstance(members, list):
        for member in members:
            yield from _leaves(member, depth + 1)
    else:
        yield _one(value)


def _dimension(shape: Shape) -> int:
    return 2 if shape.kind in AREAS else 1 if shape.kind in LINES else 0


def merged(parts: list[Shape]) -> Shape:
    """Of one dimension."""
    if len(parts) == 1:
        return parts[0]
    kind = MANY.get(parts[0].kind, parts[0].kind)
    coordinates: list[Any] = []
    for part in parts:
        coordinates += part.coordinates if part.kind in SINGLE else [part.coordinates]
    return Shape(kind, coordinates)


# --- soundness -------------------------------------------------------------------------------
def put_right(shape: Shape) -> None:
    """Lines of no length become points, areas that cross themselves are untied. Raises Faulty."""
    if shape.kind in LINES:
        _lengthen(shape)
    if shape.size() > LIMIT_VERTICES:
        _thin(shape)
    if shape.kind in AREAS:
        _untie(shape)


def _lengthen(shape: Shape) -> None:
    lines = shape.coordinates if shape.kind in SINGLE else [shape.coordinates]
    kept = [line for line in lines if any(at != line[0] for at in line)]
    if len(kept) == len(lines):
        return
    shape.codes.append("geometry_repaired")
    if kept:
        shape.kind = "MultiLineString" if len(kept) > 1 else "LineString"
        shape.coordinates = kept if len(kept) > 1 else kept[0]
    else:
        shape.kind, shape.coordinates = "Point", lines[0][0]


def _untie(shape: Shape) -> None:
    # slow to load, and most files need none
    import shapely

    found = _built(shape)
    if shapely.is_valid(found):
        return
    why = shapely.is_valid_reason(found)
    done = shapely.make_valid(found, method="structure", keep_collapsed=False)
    _take_areas(shape, done, f"Not a valid geometry: {why}")
    shape.codes.append("geometry_repaired")


def _take_areas(shape: Shape, built: Any, why: str) -> None:
    import shapely

    areas = [one for one in shapely.get_parts(built) if one.geom_type == "Polygon"]
    areas = [one for one in areas if one.area > 0]
    if not areas:
        raise Faulty(why)
    rings = [[[list(at) for at in ring.coords] for ring in (one.exterior, *one.interiors)]
             for one in areas]  # fmt: skip
    shape.kind = "MultiPolygon" if len(rings) > 1 else "Polygon"
    shape.coordinates = rings if len(rings) > 1 else rings[0]


def _thin(shape: Shape) -> None:
    """Fewer positions, by no more than can be helped; of many points none can be left out."""
    import shapely

    if shape.kind == "MultiPoint":
        raise Faulty(f"1 to {LIMIT_VERTICES:,} positions are accepted.")
    built, step = _built(shape), FINE_DEG
    while shapely.get_num_coordinates(built) > LIMIT_VERTICES:
        built = shapely.simplify(built, step, preserve_topology=False)
        step *= 2
    if shape.kind in AREAS:
        _take_areas(shape, built, "Nothing is left of the area.")
    else:
        lines = [[list(at) for at in one.coords] for one in shapely.get_parts(built)]
        shape.kind = "MultiLineString" if len(lines) > 1 else "LineString"
        shape.coordinates = lines if len(lines) > 1 else lines[0]
    shape.codes.append("geometry_simplified")


def _built(shape: Shape) -> Any:
    from shapely import MultiLineString, MultiPolygon, Polygon

    if shape.kind in LINES:
        return MultiLineString(shape.coordinates if shape.kind in SINGLE else [shape.coordinates])
    areas = shape.coordinates if shape.kind == "MultiPolygon" else [shape.coordinates]
    built = [Polygon(rings[0], rings[1:]) for rings in areas]
    return built[0] if shape.kind == "Polygon" else MultiPolygon(built)
