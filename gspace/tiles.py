"""What the vector tiles of layers and of reports share: pixels, clusters, SQL pieces, headers.

Each thing has a pixel of the grid (gspace.grid); a tile is a square of them, and its clusters are
smaller squares. So each thing counts in exactly one tile of a zoom, and in one cluster.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

from gspace import grid
from gspace.problems import Problem

MAX_ZOOM = grid.ZOOM
# up to this zoom things in one of CELLS x CELLS cells of a tile become one mark
CLUSTER_ZOOM = 13
CELLS = 32
EXTENT = 4096
BUFFER = 64
MERCATOR_M = 40_075_016.685578488


@dataclass(frozen=True)
class Place:
    """Which tile."""

    z: int
    x: int
    y: int

    @classmethod
    def checked(cls, z: int, x: int, y: int) -> Place:
        """Raises Problem not_found outside the world."""
        if z > MAX_ZOOM or x >> z or y >> z:
            raise Problem("not_found")
        return cls(z, x, y)

    @property
    def side(self) -> int:
        return 1 << (grid.ZOOM + 8 - self.z)

    @property
    def left(self) -> int:
        return self.x * self.side

    @property
    def top(self) -> int:
        return self.y * self.side

    @property
    def right(self) -> int:
        return self.left + self.side - 1

    @property
    def bottom(self) -> int:
        return self.top + self.side - 1

    @property
    def cell(self) -> int:
        """Bits of a pixel's number within its cluster's cell."""
        return (self.side // CELLS).bit_length() - 1

    def params(self) -> dict[str, int]:
        names = ("z", "x", "y", "left", "top", "right", "bottom", "cell")
        return {name: getattr(self, name) for name in names}


# a grid pixel as a place in web-mercator metres
POINT = """ST_SetSRID(ST_MakePoint(
  ({x} + 0.5) / 1073741824.0 * 40075016.685578488 - 20037508.342789244,
  20037508.342789244 - ({y} + 0.5) / 1073741824.0 * 40075016.685578488), 3857)"""
BOUNDS = "ST_TileEnvelope(%(z)s, %(x)s, %(y)s)"
MARK = f"ST_AsMVTGeom({POINT.format(x='{x}', y='{y}')}, {BOUNDS}, {EXTENT}, 0, false)"


def plain(text: str) -> str:
    """What may stand in an entity tag."""
    return "".join(c for c in text[:40] if c.isalnum() and c.isascii())


def told(answer: HttpResponse, reader: str, seq: int, etag: str) -> HttpResponse:
    """The answer with what caches and the page must know. reader: an audience, or "author"."""
    answer["ETag"] = etag
    answer["X-Feed-Seq"] = str(seq)
    if reader == "public":
        answer["Cache-Control"] = "public, max-age=5"
    else:
        answer["Cache-Control"] = "private, max-age=0, must-revalidate"
        patch_vary_headers(answer, ["Cookie", "Authorization"])
    return answer
