"""The text form of the built-in basemap's shapes, read and written. Pure.

A file is tab-separated lines under `# source: ...`: layer, kind, name, name_en, min_zoom, type,
geometry. Type is P (point), L (multi line) or A (one area, its holes after it). Geometry is whole
numbers of 1e-5 degrees (about 1 m, WGS 84): parts divided by `|`, each `x y dx dy dx dy ...` with
every point given from the one before. So roads of a whole prefecture stay small and readable
in a diff.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SCALE = 100_000
LAYERS = ("land", "water", "boundary", "road", "place")

Line = Sequence[tuple[float, float]]  # (lon, lat) in degrees


@dataclass(frozen=True)
class Shape:
    layer: str
    kind: str
    name: str
    name_en: str
    min_zoom: int
    type: str  # P, L or A
    parts: tuple[Line, ...]


def encode(parts: Iterable[Line]) -> str:
    return "|".join(_encode_line(line) for line in parts)


def _encode_line(line: Line) -> str:
    out: list[int] = []
    x0 = y0 = 0
    for lon, lat in line:
        x, y = round(lon * SCALE), round(lat * SCALE)
        if not out or (x, y) != (x0, y0):
            out += [x - x0, y - y0]
        x0, y0 = x, y
    return " ".join(map(str, out))


def decode(text: str) -> tuple[Line, ...]:
    return tuple(_decode_line(part) for part in text.split("|"))


def _decode_line(text: str) -> Line:
    numbers = [int(n) for n in text.split()]
    x = y = 0
    line = []
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        line.append((x / SCALE, y / SCALE))
    return line


def write(path: Path, source: str, shapes: Iterable[Shape]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f"# source: {source}\n")
        for s in shapes:
            columns = [s.layer, s.kind, s.name, s.name_en, str(s.min_zoom), s.type, encode(s.parts)]
            out.write("\t".join(columns) + "\n")


def read(path: Path) -> tuple[str, Iterator[Shape]]:
    """(source, shapes). Errors: ValueError naming file and line."""
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    if not first.startswith("# source: "):
        raise ValueError(f"{path.name} line 1: the source is missing")
    return first.removeprefix("# source: "), _shapes(path.name, lines)


def _shapes(file: str, lines: list[str]) -> Iterator[Shape]:
    for number, line in enumerate(lines, start=2):
        try:
            layer, kind, name, name_en, min_zoom, type_, geometry = line.split("\t")
            if layer not in LAYERS:
                raise ValueError(f"there is no layer {layer}")
            yield Shape(layer, kind, name, name_en, int(min_zoom), type_, decode(geometry))
        except ValueError as error:
            raise ValueError(f"{file} line {number}: {error}") from error


def geojson(shape: Shape) -> dict[str, object]:
    """The shape's geometry as GeoJSON: Point, MultiLineString or Polygon."""
    if shape.type == "P":
        return {"type": "Point", "coordinates": shape.parts[0][0]}
    if shape.type == "L":
        return {"type": "MultiLineString", "coordinates": shape.parts}
    if shape.type == "A":
        return {"type": "Polygon", "coordinates": shape.parts}
    raise ValueError(f"there is no type {shape.type}")
