"""What a camera said of a picture: place, height, direction, time, from EXIF or else XMP. Pure.

Values the camera wrote but nobody can use become None plus a code in `doubts`; nothing is guessed.
Where writers break the standard, this reads what exiftool reads (the outside judge of the tests).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import camera_clock, degrees, tiff

MAX_ALTITUDE_M = 100_000.0
MAX_ACCURACY_M = 1_000_000.0
MAX_BEARING_DEG = 720.0
MAX_WORD = 80
"""Characters kept of maker and model."""

Value = tiff.Value


@dataclass(frozen=True)
class Exif:
    """Degrees WGS 84, metres, ISO times; None = not said, or unusable (then `doubts` says why).

    `altitude_m` is negative below sea level; `accuracy_m` a radius; `bearing_deg` 0 <= b < 360
    with `bearing_ref` "true", "magnetic" or None; `taken_at` the camera clock without zone;
    `orientation` 1-8 as EXIF has it (in HEIC and AVIF the container turns the picture, not this).

    Doubts: gps_zero, gps_out_of_range, gps_not_a_number, gps_incomplete, gps_ref_missing,
    gps_ref_unclear and gps_void (position kept), gps_datum_other (kept: some 450 m off for TOKYO),
    gps_date_invalid, altitude_unusable, altitude_ref_missing, bearing_unusable, accuracy_unusable,
    orientation_invalid, metadata_damaged, and those of `camera_clock.taken`.
    """

    lon: float | None = None
    lat: float | None = None
    altitude_m: float | None = None
    accuracy_m: float | None = None
    bearing_deg: float | None = None
    bearing_ref: str | None = None
    taken_at: str | None = None
    utc_offset: str | None = None
    orientation: int | None = None
    subsec: str | None = None
    gps_time_utc: str | None = None
    map_datum: str | None = None
    make: str | None = None
    model: str | None = None
    doubts: tuple[str, ...] = ()

    def for_api(self) -> dict[str, Any]:
        """Exactly the `exif` object of a photo in the HTTP API (DESIGN 4.3)."""
        return {name: getattr(self, name) for name in _API}


_API = (
    "lon",
    "lat",
    "altitude_m",
    "accuracy_m",
    "bearing_deg",
    "bearing_ref",
    "taken_at",
    "utc_offset",
    "orientation",
)


def of_tags(tags: tiff.Tags) -> Exif:
    """The EXIF tags of one picture -> what they say."""
    gps, doubts = tags.gps, ["metadata_damaged"] if tags.damaged else []
    said: dict[str, Any] = {}
    said |= _position(gps, doubts) | _altitude(gps, doubts) | _bearing(gps, doubts)
    said |= _gps_rest(gps, doubts) | _clock(tags.exif, doubts) | _picture(tags.ifd0, doubts)
    return Exif(**said, doubts=tuple(dict.fromkeys(doubts)))


def merge(first: Exif, second: Exif) -> Exif:
    """`first` with its gaps filled from `second`; values that belong together stay together."""
    filled: dict[str, Any] = {}
    for group in _TOGETHER:
        if getattr(first, group[0]) is None and getattr(second, group[0]) is not None:
            filled |= {name: getattr(second, name) for name in group}
    doubts = tuple(dict.fromkeys(first.doubts + second.doubts))
    return replace(first, **filled, doubts=doubts)


_TOGETHER = (
    ("lon", "lat", "accuracy_m", "map_datum"),
    ("altitude_m",),
    ("bearing_deg", "bearing_ref"),
    ("taken_at", "utc_offset", "subsec"),
    ("orientation",),
    ("gps_time_utc",),
    ("make",),
    ("model",),
)


def checked_position(lat: float, lon: float) -> str | None:
    """The code why this is no fix, or None when it is one: gps_not_a_number, gps_zero, ..."""
    if not (math.isfinite(lat) and math.isfinite(lon)):
        return "gps_not_a_number"
    if abs(lat) > 90 or abs(lon) > 180:
        return "gps_out_of_range"
    # A receiver without fix says 0, 0; the sea off Ghana has no disaster headquarters.
    return "gps_zero" if abs(lat) < 1e-6 and abs(lon) < 1e-6 else None


def height(value: float, ref: float | None, doubts: list[str]) -> float | None:
    """Metres above sea level; `ref` 1 and 3 (Exif 3.0) mean below."""
    if not math.isfinite(value) or abs(value) > MAX_ALTITUDE_M:
        doubts.append("altitude_unusable")
        return None
    return -abs(value) if ref in (1, 3) else value


def direction(value: float, ref: str, doubts: list[str]) -> dict[str, Any]:
    """Degrees clockwise from the north that `ref` ("T" or "M") names."""
    if not math.isfinite(value) or abs(value) > MAX_BEARING_DEG:
        doubts.append("bearing_unusable")
        return {}
    name = {"T": "true", "M": "magnetic"}.get(ref[:1].upper())
    return {"bearing_deg": value % 360, "bearing_ref": name}


def radius(value: float, doubts: list[str]) -> float | None:
    """Metres; 0 would be a perfect fix and is what writers put who do not know."""
    if math.isfinite(value) and 0 < value <= MAX_ACCURACY_M:
        return value
    doubts.append("accuracy_unusable")
    return None


def _position(gps: Mapping[int, Value], doubts: list[str]) -> dict[str, Any]:
    if 2 not in gps or 4 not in gps:
        doubts += _half_position(gps)
        return {}
    lat, lat_ref = _coordinate(gps[2], gps.get(1))
    lon, lon_ref = _coordinate(gps[4], gps.get(3))
    doubt = checked_position(lat, lon) or _missing_ref(lat, lat_ref, lon, lon_ref)
    if doubt:
        doubts.append(doubt)
        return {}
    doubts += _position_doubts(gps, lat_ref, lon_ref)
    return {
        "lat": degrees.signed(lat, lat_ref or ""),
        "lon": degrees.signed(lon, lon_ref or ""),
    }


def _coordinate(value: Value, ref: Value | None) -> tuple[float, str | None]:
    if isinstance(value, str):
        number, letter = degrees.from_text(value)
        return number, letter or _letters(ref)
    return degrees.from_parts(value), _letters(ref)


def _missing_ref(lat: float, lat_ref: str | None, lon: float, lon_ref: str | None) -> str | None:
    # Without its letter a coordinate may lie in the other hemisphere; a minus sign settles it.
    unknown = (lat_ref is None and lat > 0) or (lon_ref is None and lon > 0)
    return "gps_ref_missing" if unknown else None


def _half_position(gps: Mapping[int, Value]) -> list[str]:
    found = [gps[tag] for tag in (2, 4) if tag in gps]
    if not found:
        return []
    value = _coordinate(found[0], None)[0]
    return ["gps_incomplete" if abs(value) <= 180 else "gps_out_of_range"]


def _position_doubts(gps: Mapping[int, Value], *refs: str | None) -> Iterable[str]:
    if any(ref is not None and ref[:1].upper() not in ("N", "S", "E", "W") for ref in refs):
        yield "gps_ref_unclear"
    if _words(gps, 9)[:1].upper() == "V":
        yield "gps_void"
    datum = "".join(letter for letter in _words(gps, 18).upper() if letter.isalnum())
    if datum and datum not in ("WGS84", "WGS1984", "JGD2000", "JGD2011", "UNKNOWN"):
        yield "gps_datum_other"


def _altitude(gps: Mapping[int, Value], doubts: list[str]) -> dict[str, Any]:
    value = _number(gps, 6)
    if value is None:
        return {}
    if 5 not in gps:
        doubts.append("altitude_ref_missing")
        return {}
    return {"altitude_m": height(value, _number(gps, 5), doubts)}


def _bearing(gps: Mapping[int, Value], doubts: list[str]) -> dict[str, Any]:
    value = _number(gps, 17)
    return {} if value is None else direction(value, _words(gps, 16), doubts)


def _gps_rest(gps: Mapping[int, Value], doubts: list[str]) -> dict[str, Any]:
    error, clock = _number(gps, 31), gps.get(7, ())
    at, nonsense = camera_clock.gps_time(_words(gps, 29), () if isinstance(clock, str) else clock)
    if nonsense:
        doubts.append("gps_date_invalid")
    accuracy = None if error is None else radius(error, doubts)
    return {
        "accuracy_m": accuracy,
        "gps_time_utc": at,
        "map_datum": _words(gps, 18) or None,
    }


def _clock(exif: Mapping[int, Value], doubts: list[str]) -> dict[str, Any]:
    if 0x9003 not in exif:
        return {}
    stamp = camera_clock.taken(_words(exif, 0x9003), _words(exif, 0x9291), _words(exif, 0x9011))
    doubts += stamp.doubts
    return {"taken_at": stamp.at, "utc_offset": stamp.offset, "subsec": stamp.subsec}


def _picture(ifd0: Mapping[int, Value], doubts: list[str]) -> dict[str, Any]:
    names = {"make": word(_words(ifd0, 0x010F)), "model": word(_words(ifd0, 0x0110))}
    turn = _number(ifd0, 0x0112)
    if turn is None:
        return names
    if turn not in range(1, 9):
        doubts.append("orientation_invalid")
        return names
    return names | {"orientation": int(turn)}


def word(words: str) -> str | None:
    """A short name, or None when it is blank."""
    return words[:MAX_WORD].strip() or None


def _letters(ref: Value | None) -> str | None:
    if ref is None:
        return None
    # Some writers give the letter as a number, the code of the character.
    return ref if isinstance(ref, str) else "".join(chr(int(n)) for n in ref if 32 < n < 127)


def _words(tags: Mapping[int, Value], tag: int) -> str:
    return _letters(tags.get(tag)) or ""


def _number(tags: Mapping[int, Value], tag: int) -> float | None:
    value = tags.get(tag)
    if isinstance(value, str):
        # An altitude reference may come as UNDEFINED or text: "\1", "1".
        value = tuple(degrees.numbers(value))
    return value[0] if value else None
