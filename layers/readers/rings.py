"""Rings as Shapefiles and Esri JSON hold them -> areas with their holes. Pure: no Django.

Outer rings run clockwise, holes the other way round; which hole belongs to which area nobody says.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

Ring = Sequence[Sequence[float]]


def areas(rings: Sequence[Ring]) -> dict[str, Any]:
    """A GeoJSON Polygon or MultiPolygon."""
    holes = [ring for ring in rings if turn(ring) > 0]
    # with them those whose numbers are none, for whoever checks positions
    outer = [[ring] for ring in rings if not turn(ring) > 0]
    if not outer:
        # a program that did not know the rule: each ring is an area
        outer, holes = [[ring] for ring in holes], []
    for hole in holes:
        around = [area for area in outer if _inside(hole[0], area[0])]
        if around:
            min(around, key=lambda area: abs(turn(area[0]))).append(hole)
        else:
            outer.append([hole])
    if len(outer) == 1:
        return {"type": "Polygon", "coordinates": outer[0]}
    return {"type": "MultiPolygon", "coordinates": outer}


def turn(ring: Ring) -> float:
    """Twice the area; below 0 for a ring that runs clockwise."""
    # from its first point, or the digits of large coordinates eat the area
    x0, y0 = ring[0][0], ring[0][1]
    return sum((a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in pairwise(ring))


def _inside(at: Sequence[float], ring: Ring) -> bool:
    x, y = at[0], at[1]
    found = False
    for a, b in pairwise(ring):
        if (a[1] > y) != (b[1] > y):
            across = a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
            found ^= x < across
    return found
