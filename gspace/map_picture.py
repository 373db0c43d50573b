"""A map as one SVG picture for paper: the built-in basemap with marks, without any network.

Shapes are cut and thinned by PostGIS as for tiles (gspace.basemap). Colours stand in the picture
itself: a PDF has no style sheet of ours, and paper is always light.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from django.db import connection

EQUATOR_M = 40_075_016.68
HALF_M = EQUATOR_M / 2
PIXEL_ZOOM_0 = 256
SEA, LAND, COAST, BORDER = "#cfdae1", "#f3f3f0", "#9fb0bb", "#a59fae"
LABEL, HALO, INK = "#3a4249", "#f7f7f5", "#1a1e22"
# kind -> casing, fill, width in pixels
ROADS = {
    "minor": ("#c3c2bc", "#ffffff", 1.0),
    "main": ("#c3c2bc", "#ffffff", 2.0),
    "national": ("#b8a97c", "#f4e9cf", 3.0),
    "expressway": ("#8fa287", "#c9d3c4", 3.4),
}
FONT = "system-ui, 'Hiragino Sans', 'Noto Sans JP', 'Noto Sans CJK JP', sans-serif"
ROUND_M = (1, 2, 5)


@dataclass(frozen=True)
class Mark:
    """lon, lat: degrees. count: reports in it. sides: of its outline, 0 = circle."""

    lon: float
    lat: float
    count: int
    colour: str
    ink: str
    sides: int
    letter: str


@dataclass(frozen=True)
class Frame:
    """A piece of the web mercator plane as so many pixels. west, north: metres."""

    west: float
    north: float
    width: int
    height: int
    metres: float

    @classmethod
    def around(cls, box: Sequence[float], width: int, height: int, margin: float = 0.08) -> Frame:
        """box: west, south, east, north in degrees; all of it is in, with a margin around."""
        west, south = mercator(box[0], box[1])
        east, north = mercator(box[2], box[3])
        inner = 1 - 2 * margin
        # 400 m at least: a single point is no reason to show one house
        metres = max((east - west) / width, (north - south) / height, 400 / width) / inner
        x, y = (west + east) / 2, (south + north) / 2
        return cls(x - metres * width / 2, y + metres * height / 2, width, height, metres)

    @property
    def zoom(self) -> float:
        return math.log2(EQUATOR_M / PIXEL_ZOOM_0 / self.metres)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """west, south, east, north in degrees."""
        south, east = self.north - self.height * self.metres, self.west + self.width * self.metres
        return *degrees(self.west, south), *degrees(east, self.north)

    @property
    def middle(self) -> tuple[float, float]:
        """lon, lat in degrees."""
        x, y = self.west + self.width * self.metres / 2, self.north - self.height * self.metres / 2
        return degrees(x, y)

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = mercator(lon, lat)
        return (x - self.west) / self.metres, (self.north - y) / self.metres


def mercator(lon: float, lat: float) -> tuple[float, float]:
    lat = max(-85.0, min(85.0, lat))
    y = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
    return lon / 180 * HALF_M, y / math.pi * HALF_M


def degrees(x: float, y: float) -> tuple[float, float]:
    return x / HALF_M * 180, math.degrees(math.atan(math.sinh(y / HALF_M * math.pi)))


SHAPES_SQL = """
WITH frame AS (SELECT ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 3857) AS box)
SELECT layer, kind, ST_AsSVG(ST_Affine(
         ST_ClipByBox2D(ST_Simplify(ST_Transform(s.geometry, 3857), %(half)s, true), frame.box),
         %(k)s, 0, 0, %(k)s, -%(x)s * %(k)s, -%(y)s * %(k)s), 0, 1)
  FROM gspace_basemapshape s, frame
 WHERE layer <> 'place' AND s.geometry && ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4326)
   AND min_zoom <= %(zoom)s AND (kind <> 'world' OR %(zoom)s < 5)
 ORDER BY array_position(ARRAY['land','water','boundary','road'], layer::text),
          array_position(ARRAY['minor','main','national','expressway'], kind::text), id"""
LABELS_SQL = """
SELECT kind, name, name_en, ST_X(geometry), ST_Y(geometry) FROM gspace_basemapshape
 WHERE layer = 'place' AND geometry && ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4326)
   AND min_zoom <= %(zoom)s AND ST_GeometryType(geometry) = 'ST_Point'
 ORDER BY min_zoom, name LIMIT 80"""
SOURCES_SQL = """
SELECT DISTINCT source FROM gspace_basemapshape
 WHERE source <> '' AND geometry && ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4326)
 ORDER BY source"""


def draw(frame: Frame, marks: Sequence[Mark], *, language: str, title: str) -> str:
    """The picture as SVG text; everything in it is escaped or a number."""
    size = f'viewBox="0 0 {frame.width} {frame.height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" class="map-picture"'
    sea = f'<rect width="{frame.width}" height="{frame.height}" fill="{SEA}"/>'
    drawn = [*_ground(frame), *_labels(frame, language), *(_mark(frame, m) for m in marks)]
    drawn += [_scale(frame), _north(frame)]
    return f'{head} font-family="{FONT}"><title>{escape(title)}</title>{sea}{"".join(drawn)}</svg>'


def sources(frame: Frame) -> list[str]:
    """Whose shapes the ground is drawn from."""
    with connection.cursor() as cursor:
        cursor.execute(SOURCES_SQL, _params(frame))
        told = [source for (several,) in cursor.fetchall() for source in several.split("; ")]
    return list(dict.fromkeys(told))


def _params(frame: Frame) -> dict[str, float]:
    w, s, e, n = frame.box
    margin = 4 * frame.metres
    return {
        "w": w, "s": s, "e": e, "n": n, "zoom": frame.zoom, "half": frame.metres / 2,
        "k": 1 / frame.metres, "x": frame.west, "y": frame.north,
        "west": frame.west - margin, "east": frame.west + frame.width * frame.metres + margin,
        "south": frame.north - frame.height * frame.metres - margin,
        "north": frame.north + margin,
    }  # fmt: skip


def _ground(frame: Frame) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(SHAPES_SQL, _params(frame))
        rows = [(layer, kind, path) for layer, kind, path in cursor.fetchall() if path]
    roads = [
        (ROADS.get(kind, ROADS["minor"]), path) for layer, kind, path in rows if layer == "road"
    ]
    found = [_area(layer, path) for layer, _, path in rows if layer != "road"]
    # all casings first, so that crossings stay open
    found += [_stroke(path, casing, width + 1.4) for (casing, _, width), path in roads]
    return found + [_stroke(path, fill, width) for (_, fill, width), path in roads]


def _area(layer: str, path: str) -> str:
    if layer == "land":
        return f'<path d="{path}" fill="{LAND}" stroke="{COAST}" stroke-width="0.6"/>'
    if layer == "boundary":
        dashes = ' stroke-dasharray="5 3"'
        return f'<path d="{path}" fill="none" stroke="{BORDER}" stroke-width="1"{dashes}/>'
    return f'<path d="{path}" fill="none" stroke="{COAST}" stroke-width="0.8"/>'


def _stroke(path: str, colour: str, width: float) -> str:
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:.1f}"/>'


def _labels(frame: Frame, language: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(LABELS_SQL, _params(frame))
        rows = cursor.fetchall()
    found: list[str] = []
    taken: list[tuple[float, float]] = []
    for kind, name, name_en, lon, lat in rows:
        x, y = frame.pixel(lon, lat)
        if any(abs(x - a) < 70 and abs(y - b) < 18 for a, b in taken):
            continue
        words = name if language.startswith("ja") or not name_en else name_en
        size = 13 if kind in ("prefecture", "capital", "city") else 11
        # half a name is read as another one
        half = len(words) * size / (2 if words == name else 4)
        if not (half < x < frame.width - half and size < y < frame.height - 4):
            continue
        taken.append((x, y))
        found.append(_text(x, y, words, size, LABEL, halo=True))
    return found


def _text(x: float, y: float, words: str, size: float, colour: str, *, halo: bool = False) -> str:
    at = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="middle"'
    told = escape(words)
    # twice: not every maker of PDF knows paint-order
    around = f' fill="{HALO}" stroke="{HALO}" stroke-width="3" aria-hidden="true"'
    behind = f"<text {at}{around}>{told}</text>" if halo else ""
    return f'{behind}<text {at} fill="{colour}">{told}</text>'


def _mark(frame: Frame, mark: Mark) -> str:
    x, y = frame.pixel(mark.lon, mark.lat)
    radius = 10.0 if mark.count == 1 else 11.0 + min(6.0, 2 * math.log10(mark.count))
    words = mark.letter if mark.count == 1 else f"{mark.count:,}"
    size = 11 if len(words) < 3 else 9
    return f'<g stroke="#ffffff" stroke-width="2">{_outline(x, y, radius, mark)}</g>' + _text(
        x, y + size * 0.36, words, size, mark.ink
    )


def _outline(x: float, y: float, radius: float, mark: Mark) -> str:
    if mark.sides == 0 or mark.count > 1:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{mark.colour}"/>'
    turns = [math.tau * n / mark.sides - math.tau / 4 for n in range(mark.sides)]
    corners = " ".join(
        f"{x + 1.15 * radius * math.cos(t):.1f},{y + 1.15 * radius * math.sin(t):.1f}"
        for t in turns
    )
    return f'<polygon points="{corners}" fill="{mark.colour}"/>'


def scale_bar(frame: Frame) -> tuple[int, float]:
    """(metres on the ground, pixels) of a round length near a fifth of the width."""
    latitude = math.radians((frame.box[1] + frame.box[3]) / 2)
    ground = frame.metres * math.cos(latitude)
    most = ground * frame.width / 5
    power = 10 ** math.floor(math.log10(most))
    length = max(int(n * power) for n in ROUND_M if n * power <= most)
    return length, length / ground


def _scale(frame: Frame) -> str:
    length, pixels = scale_bar(frame)
    words = f"{length // 1000} km" if length >= 1000 else f"{length} m"
    x, y = 16, frame.height - 16
    path = f"M{x} {y - 6}V{y}H{x + pixels:.1f}V{y - 6}"
    halo = f'<path d="{path}" fill="none" stroke="{HALO}" stroke-width="5"/>'
    line = f'<path d="{path}" fill="none" stroke="{INK}" stroke-width="1.6"/>'
    return halo + line + _text(x + pixels / 2, y - 6, words, 12, INK, halo=True)


def _north(frame: Frame) -> str:
    x, y = frame.width - 26, 44
    arrow = f'<path d="M{x} {y - 30}l8 22l-8 -5l-8 5z" fill="{INK}" stroke="{HALO}"/>'
    return arrow + _text(x, y + 6, "N", 13, INK, halo=True)
