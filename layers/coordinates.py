"""A position as it is typed in a spreadsheet -> degrees, and what had to be put right.

Read are decimal degrees, degrees-minutes-seconds in every usual spelling, milliseconds of arc,
one cell with both numbers, addresses of web maps. Put right are full-width digits, a comma inside
the number, a lost decimal point, latitude and longitude in each other's place. Pure: no Django.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from layers import prefectures

# where Japan is: a number outside its range may have lost its point or stand in the wrong column
LAT, LON = (20.0, 46.0), (122.0, 154.5)
MARKS = str.maketrans({"º": "°", "˚": "°", "ﾟ": "°", "″": '"', "”": '"', "“": '"', "′": "'",
                       "’": "'", "‘": "'", "´": "'", "`": "'", "。": ".", "・": ".",
                       "−": "-", "‐": "-", "－": "-", "、": ","})  # fmt: skip
HEAD = re.compile(
    r"^(?:北緯|東経|南緯|西経|緯度|経度|lat(?:itude)?|lon(?:gitude)?|lng|[nesw])[:=]?", re.I
)
TAIL = re.compile(r"(?:度|°|[nesw])$", re.I)
SOUTH_WEST = re.compile(r"^(?:南緯|西経|s|w)|(?<=[\d'\"秒度°])[sw]$", re.I)
DMS = re.compile(
    r"^(\d{1,3})(?:度|°|d)(?:(\d{1,2}(?:\.\d+)?)(?:分|'|m)?(?:(\d{1,2}(?:\.\d+)?)(?:秒|\"|''|s)?)?)?$",
    re.I,
)
THREE = re.compile(r"^(\d{1,3})[-.: /](\d{1,2})[-.: /](\d{1,2}(?:\.\d+)?)$")
PLAIN = re.compile(r"^[+-]?\d{1,30}(?:\.\d{0,30})?(?:e[+-]?\d{1,2})?$", re.I)
# most of what is typed, and nothing to put right in it
DECIMAL = re.compile(r"\d{2,3}\.\d{1,30}", re.ASCII)
NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
PACKED = re.compile(r"^(\d{2,3})(\d{2})(\d{2})(\.\d+)?$")
PACKED_AT_LEAST = 5


class Point(NamedTuple):
    """Degrees, and the codes (layers.findings) of what was put right or is doubtful."""

    lon: float
    lat: float
    codes: tuple[str, ...] = ()


def flat(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text.translate(MARKS)).split()).strip()


def angle(text: str) -> tuple[float, str]:
    """(number as it stands, code): "" plain, "dms", "number_repaired". Raises ValueError."""
    word = flat(text)
    sign = -1.0 if SOUTH_WEST.search(word) else 1.0
    bare = HEAD.sub("", word.strip("()[]{}<> ")).strip()
    if (found := _dms(bare.rstrip("nesNES"))) is not None:
        return sign * found, "dms"
    number = _number(TAIL.sub("", bare))
    return sign * number, "" if PLAIN.match(text.strip()) else "number_repaired"


def _dms(word: str) -> float | None:
    match = DMS.match(word.replace(" ", "")) or THREE.match(word)
    if match is None:
        return None
    degrees, minutes, seconds = (float(part or 0) for part in match.groups())
    if minutes >= 60 or seconds >= 60:
        raise ValueError("60 minutes or seconds")
    return degrees + minutes / 60 + seconds / 3600


def _number(word: str) -> float:
    """A number with what hands and spreadsheets add: quotes, blanks, commas."""
    bare = word.replace(" ", "").strip("'\"=,;.")
    if "," in bare:
        decimal = "." not in bare and bare.count(",") == 1
        bare = bare.replace(",", "." if decimal else "")
    if not PLAIN.match(bare):
        raise ValueError(word)
    found = float(bare)
    if not math.isfinite(found):
        raise ValueError(word)
    return found


def metres(text: str) -> float:
    """A plane coordinate; a comma is a thousands separator here. Raises ValueError."""
    if NUMBER.fullmatch(text):
        return float(text)
    word = flat(text).strip("'\"=; ").removesuffix("m").strip()
    if " " in word:
        raise ValueError("degrees, minutes and seconds")
    return _number(word.replace(",", ""))


def is_packed(texts: Iterable[str]) -> bool:
    """Whether a column holds 354030 for 35°40'30": decimals that lost their point look alike.

    Only where every value could be so, and there are enough of them that it is no accident.
    """
    found = list(texts)
    return len(found) >= PACKED_AT_LEAST and all(map(_may_be_packed, found))


def _may_be_packed(text: str) -> bool:
    match = PACKED.match(flat(text))
    return bool(match and int(match[2]) < 60 and int(match[3]) < 60)


def unpacked(text: str) -> str:
    """354030.5 -> 35°40'30.5"."""
    match = PACKED.match(flat(text))
    return f"{match[1]}°{match[2]}'{match[3]}{match[4] or ''}\"" if match else text


def point(lat_text: str, lon_text: str) -> Point:
    """The place two cells name; the first should be the latitude. Raises ValueError for none.

    codes: number_repaired, dms, position_swapped, decimal_point_restored, milliseconds,
    outside_japan (degrees, but not of Japan).
    """
    if DECIMAL.fullmatch(lat_text) and DECIMAL.fullmatch(lon_text):
        lat, lon = float(lat_text), float(lon_text)
        if prefectures.in_japan(lon, lat):
            return Point(lon, lat)
    (lat, one), (lon, two) = angle(lat_text), angle(lon_text)
    codes = tuple(sorted({one, two} - {""}))
    if prefectures.in_japan(lon, lat):
        return Point(lon, lat, codes)
    if prefectures.in_japan(lat, lon):
        return Point(lat, lon, (*codes, "position_swapped"))
    for first, second, more in ((lat, lon, ()), (lon, lat, ("position_swapped",))):
        for scale, code in ((_scaled, "decimal_point_restored"), (_from_ms, "milliseconds")):
            y, x = scale(first, LAT), scale(second, LON)
            if y is not None and x is not None:
                return Point(x, y, (*codes, *more, code))
    if abs(lat) <= 90 and abs(lon) <= 180 and (round(lat, 3), round(lon, 3)) != (0, 0):
        return Point(lon, lat, (*codes, "outside_japan"))
    raise ValueError(f"{lat_text}, {lon_text}")


def _scaled(value: float, within: tuple[float, float]) -> float | None:
    """The number with its point put back: 32794222 -> 32.794222; at least four digits tell."""
    if within[0] <= value <= within[1]:
        return value
    if value < within[1] or (value < 1000 and not value % 1):
        return None
    digits = f"{value:.10f}".rstrip("0").replace(".", "")
    whole = 2 if within is LAT else 3
    found = float(f"{digits[:whole]}.{digits[whole:] or 0}")
    return found if within[0] <= found <= within[1] else None


def _from_ms(value: float, within: tuple[float, float]) -> float | None:
    found = value / 3_600_000
    return found if within[0] <= found <= within[1] else None


WKT = re.compile(r"POINT\s*Z?\s*\(\s*([-\d.]+)\s+([-\d.]+)", re.I)
MEMBER = re.compile(r"\"?coordinates\"?\s*:\s*\[\s*([-\d.]+)\s*,\s*([-\d.]+)")
WEB = re.compile(r"(?:@|[?&](?:q|ll|query|center|destination|daddr)=(?:loc:)?|[#/]\d{1,2}/)"
                 r"(-?\d{1,3}\.\d+)(?:,|%2C|/)\s*(-?\d{1,3}\.\d+)", re.I)  # fmt: skip
PIN = re.compile(r"!3d(-?\d+\.\d+)!4d(-?\d+\.\d+)")


def pair(text: str) -> tuple[str, str]:
    """(latitude text, longitude text) of one cell. Raises ValueError."""
    if match := WKT.search(text) or MEMBER.search(text):
        return match[2], match[1]
    if match := PIN.search(text) or WEB.search(text):
        return match[1], match[2]
    word = flat(text).strip("()[]{}<> ")
    for splitter in (r"\s*(?=東経|経度)", r"(?<=[\d'\"])\s*[,;/|]\s*|,\s+", r"(?<=[NS])\s*(?=\d|E)",
                     r"\s*(?=E\s?\d)", r"\s+"):  # fmt: skip
        parts = [part for part in re.split(splitter, word.rstrip(",; ")) if part]
        if len(parts) == 2:
            return parts[0].rstrip(",;/ "), parts[1]
    raise ValueError(text)
