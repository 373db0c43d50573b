"""Japanese coordinate systems by EPSG code -> longitude, latitude on WGS 84. Pure: no Django.

Only codes of this list reach PROJ, as integers (T16). JGD2000, JGD2011 and WGS 84 are taken as
one: they differ by less than the maps show, but for the ground that the earthquakes moved.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

from layers import prefectures

SAME = (4326, 6668, 4612)
TOKYO = 4301
# zones I to XIX
PLANE_JGD2011 = range(6669, 6688)
PLANE_JGD2000 = range(2443, 2462)
PLANE_TOKYO = range(30161, 30180)
# UTM zones 51N to 55N, and Web Mercator: what GIS programs save in when nobody thinks of it
UTM_JGD2011 = range(6688, 6693)
UTM_JGD2000 = range(3097, 3102)
UTM_TOKYO = range(3092, 3097)
UTM_WGS84 = range(32651, 32656)
WEB_MERCATOR = 3857
METRIC = (*PLANE_JGD2011, *PLANE_JGD2000, *PLANE_TOKYO, *UTM_JGD2011, *UTM_JGD2000, *UTM_TOKYO,
          *UTM_WGS84, WEB_MERCATOR)  # fmt: skip
KNOWN = (*SAME, TOKYO, *METRIC)
# a plane zone reaches no further from its origin, in metres
REACH_M = 1_000_000


# other codes of what is in the list: WGS 84 and JGD with heights, Web Mercator's old names
ALIKE = {4979: 4326, 6667: 6668, 4947: 4612, 900913: 3857, 3785: 3857, 102100: 3857, 102113: 3857}
CODE = re.compile(
    r"(?:(?:urn:(?:x-)?ogc:def:crs:)?EPSG:[\d.]*:?|https?://[a-z.]+/def/crs/EPSG/[\d.]+/)?(\d{4,6})",
    re.I,
)


def parse(text: str) -> int | None:
    """The code of "EPSG:6670", "6670" and the long names of both; None when not in the list."""
    word = text.strip()
    if word.upper().endswith(("CRS84", "CRS84H")):
        return 4326
    match = CODE.fullmatch(word)
    return listed(int(match[1])) if match else None


def listed(code: int) -> int | None:
    """A code as this list has it, None when it has not."""
    code = ALIKE.get(code, code)
    return code if code in KNOWN else None


def is_metric(code: int) -> bool:
    """Metres of a zone or of Web Mercator, not degrees."""
    return code in METRIC


def is_plane(code: int) -> bool:
    return code in PLANE_JGD2011 or code in PLANE_JGD2000 or code in PLANE_TOKYO


def zone_of(code: int) -> int:
    """1 to 19."""
    for zones in (PLANE_JGD2011, PLANE_JGD2000, PLANE_TOKYO):
        if code in zones:
            return code - zones.start + 1
    raise ValueError(code)


@cache
def _transformer(code: int) -> Any:
    # slow to load, and most files need none
    from pyproj import Transformer

    base = {**dict.fromkeys((*PLANE_JGD2011, *UTM_JGD2011), 6668),
            **dict.fromkeys((*PLANE_JGD2000, *UTM_JGD2000), 4612)}  # fmt: skip
    return Transformer.from_crs(code, base.get(code, 4326), always_xy=True)


def to_degrees(code: int, east: float, north: float) -> tuple[float, float]:
    """(lon, lat) in degrees. east, north: metres of a plane zone, or degrees. Raises ValueError.

    Tokyo Datum by the parameters for all Japan (PROJ's own choice): within some 9 m.
    """
    if code in SAME:
        return east, north
    if is_plane(code) and (abs(east) > REACH_M or abs(north) > REACH_M):
        raise ValueError("too far from the origin of the zone")
    lon, lat = _transformer(code).transform(east, north)
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise ValueError("outside the coordinate system")
    return float(lon), float(lat)


def propose(
    points: Iterable[tuple[float, float]], prefecture: str, northing: bool = True
) -> tuple[int, bool] | None:
    """(EPSG code of a JGD2011 zone, whether X is the northing) for plane metres (x, y).

    The zone of the prefecture (two digits) in which most points come to lie there; None if none.
    northing: which way counts where both fit, as they do near an origin.
    """
    if prefecture not in prefectures.TABLE:
        return None
    sample = list(points)[:200]
    votes: Counter[tuple[int, bool]] = Counter()
    for zone in prefectures.zones(prefecture):
        code = PLANE_JGD2011[zone - 1]
        for way in (northing, not northing):
            votes[code, way] = _hits(sample, code, way, prefecture)
    best = max(votes, key=lambda key: votes[key])
    return best if votes[best] > len(sample) / 2 else None


def _hits(sample: list[tuple[float, float]], code: int, northing: bool, prefecture: str) -> int:
    found = 0
    for x, y in sample:
        try:
            lon, lat = to_degrees(code, *((y, x) if northing else (x, y)))
        except ValueError:
            continue
        found += prefectures.holds(prefecture, lon, lat)
    return found


def is_northing(
    points: Iterable[tuple[float, float]], code: int, prefecture: str, northing: bool = True
) -> bool:
    """Whether X is the northing of (x, y) in a zone that is known; `northing` where both fit."""
    sample = list(points)[:200]
    if prefecture not in prefectures.TABLE:
        prefecture = ""
    north, east = (
        _hits(sample, code, way, prefecture) if prefecture else _in_japan(sample, code, way)
        for way in (True, False)
    )
    return northing if north == east else north > east


def _in_japan(sample: list[tuple[float, float]], code: int, northing: bool) -> int:
    found = 0
    for x, y in sample:
        try:
            found += prefectures.in_japan(*to_degrees(code, *((y, x) if northing else (x, y))))
        except ValueError:
            continue
    return found
