"""Well-known binary (OGC 06-103r4, and EWKB's flags) -> GeoJSON, bounded. Pure: no Django.

GEOS is not asked: a collection that is nested deeply enough crashes it.
"""

from __future__ import annotations

import struct
from typing import Any

from layers.readers.shapes import LIMIT_DEPTH, LIMIT_READ, TOO_MANY, Faulty

KINDS = {1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString",
         6: "MultiPolygon", 7: "GeometryCollection"}  # fmt: skip
CURVES = "Curves are not read; save them as lines."
DAMAGED = "The geometry is damaged."


def geometry(raw: bytes, at: int = 0) -> dict[str, Any] | None:
    """None for an empty point. Raises Faulty."""
    try:
        return _Reader(raw, at).geometry(0)
    except (struct.error, IndexError):
        raise Faulty(DAMAGED) from None


class _Reader:
    def __init__(self, raw: bytes, at: int) -> None:
        self.raw, self.at = raw, at
        self.vertices = 0

    def geometry(self, depth: int) -> dict[str, Any] | None:
        if depth > LIMIT_DEPTH:
            raise Faulty("The geometry is nested too deeply.")
        order = "<" if self.raw[self.at] else ">"
        self.at += 1
        code = self._number(order)
        if code & 0x20000000:
            self.at += 4
        size = 2 + bool(code & 0x80000000) + bool(code & 0x40000000)
        plain = code & 0x0FFFFFFF
        size += {0: 0, 1: 1, 2: 1, 3: 2}.get(plain // 1000, 0)
        kind = KINDS.get(plain % 1000)
        if kind is None:
            raise Faulty(CURVES)
        return self._body(kind, order, size, depth)

    def _body(self, kind: str, order: str, size: int, depth: int) -> dict[str, Any] | None:
        if kind == "Point":
            (at,) = self._positions(order, size, 1)
            # an empty point is one of no numbers
            return None if at[0] != at[0] else {"type": kind, "coordinates": at}
        number = self._number(order)
        if number > LIMIT_READ:
            raise Faulty(TOO_MANY)
        if kind == "LineString":
            return {"type": kind, "coordinates": self._positions(order, size, number)}
        if kind == "Polygon":
            rings = [self._positions(order, size, self._number(order)) for _ in range(number)]
            return {"type": kind, "coordinates": rings}
        parts = [part for _ in range(number) if (part := self.geometry(depth + 1))]
        if kind == "GeometryCollection":
            return {"type": kind, "geometries": parts}
        if any(part["type"] != kind.removeprefix("Multi") for part in parts):
            raise Faulty(DAMAGED)
        return {"type": kind, "coordinates": [part["coordinates"] for part in parts]}

    def _number(self, order: str) -> int:
        found: int = struct.unpack_from(f"{order}I", self.raw, self.at)[0]
        self.at += 4
        return found

    def _positions(self, order: str, size: int, number: int) -> list[list[float]]:
        self.vertices += number
        if self.vertices > LIMIT_READ:
            raise Faulty(TOO_MANY)
        flat = struct.unpack_from(f"{order}{number * size}d", self.raw, self.at)
        self.at += number * size * 8
        keep = 3 if size > 2 else 2
        return [list(flat[i : i + keep]) for i in range(0, number * size, size)]
