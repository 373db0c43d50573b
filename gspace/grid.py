"""The integer grid of the tiles: web-mercator pixels at zoom 22. Pure: imports no Django.

2^22 tiles of 256 pixels are 2^30 pixels a side, so a cell fits four bytes and is 4 cm wide at the
equator. Pixel (0, 0) is the north-west corner, as with tiles.
"""

from __future__ import annotations

import math

import numpy as np

SIDE = 1 << 30
ZOOM = 22
# where web mercator ends (EPSG:3857); what lies beyond is counted at the edge
LATITUDE_LIMIT = 85.0511287798066


def pixel(lon: float, lat: float) -> tuple[int, int]:
    """(x, y) of WGS 84 degrees."""
    lat = max(-LATITUDE_LIMIT, min(LATITUDE_LIMIT, lat))
    x = (lon + 180) / 360 * SIDE
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * SIDE
    return _clamp(x), _clamp(y)


def pixels(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`pixel` of many."""
    lat = np.clip(lat, -LATITUDE_LIMIT, LATITUDE_LIMIT)
    x = (lon + 180) / 360 * SIDE
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * SIDE
    return _clamped(x), _clamped(y)


def _clamped(values: np.ndarray) -> np.ndarray:
    return np.clip(values, 0, SIDE - 1).astype(int)


def degrees(x: float, y: float) -> tuple[float, float]:
    """(lon, lat) of the north-west corner of pixel (x, y)."""
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / SIDE))))
    return x / SIDE * 360 - 180, lat


def span(west: float, south: float, east: float, north: float) -> int:
    """Longer side of a box in pixels; 0 for a point."""
    (left, bottom), (right, top) = pixel(west, south), pixel(east, north)
    return max(right - left, bottom - top)


def _clamp(value: float) -> int:
    return max(0, min(SIDE - 1, int(value)))
