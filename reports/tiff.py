"""The tags of a TIFF block (the body of every EXIF record), read so that no byte of it can hurt.

Source: TIFF 6.0 section 2; CIPA DC-008 (Exif 3.0) section 4.6. Pure: no Django, no Pillow.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field

MAX_ENTRIES = 1_000
"""Directory entries looked at in one IFD; cameras write fewer than 100."""

MAX_VALUE_BYTES = 4_096
"""Longest value read; the tags asked for are numbers and short words."""

EXIF_POINTER, GPS_POINTER = 0x8769, 0x8825

Value = tuple[float, ...] | str

_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    129: 1,
}
_CODES = {
    1: "B",
    3: "H",
    4: "I",
    5: "I",
    6: "b",
    8: "h",
    9: "i",
    10: "i",
    11: "f",
    12: "d",
}
_CODES[13] = "I"
_TEXTS = (2, 129)
_RATIONALS = (5, 10)


@dataclass(frozen=True)
class Tags:
    """Values by tag number: numbers as a tuple of floats (0/0 is NaN, n/0 is infinity), or text.

    `damaged`: a directory claims more entries than the block has room for, and was not believed.
    """

    ifd0: dict[int, Value] = field(default_factory=dict)
    exif: dict[int, Value] = field(default_factory=dict)
    gps: dict[int, Value] = field(default_factory=dict)
    damaged: bool = False


def read(block: bytes) -> Tags:
    """The tags of IFD0, the Exif IFD and the GPS IFD; empty when there is no TIFF header.

    Raises nothing: entries that point outside the block, or of unknown type, are left out.
    """
    start = header_at(block)
    if start is None:
        return Tags(damaged=True)
    body = block[start:]
    order = "<" if body[:2] == b"II" else ">"
    ifd0 = _directory(body, order, struct.unpack(order + "I", body[4:8])[0])
    exif = _below(body, order, ifd0 or {}, EXIF_POINTER)
    gps = _below(body, order, ifd0 or {}, GPS_POINTER)
    return Tags(ifd0 or {}, exif or {}, gps or {}, damaged=None in (ifd0, exif, gps))


def header_at(block: bytes) -> int | None:
    """Where the TIFF header starts: at 0, or after a stray "Exif" marker some writers leave in."""
    found = [block.find(mark, 0, 36) for mark in (b"II*\0", b"MM\0*")]
    starts = [at for at in found if at >= 0 and at + 8 <= len(block)]
    return min(starts, default=None)


def _below(
    body: bytes, order: str, ifd0: dict[int, Value], pointer: int
) -> dict[int, Value] | None:
    at = ifd0.get(pointer)
    if at is None:
        return {}
    # A text in place of the pointer is a known fault of editors; there is nothing to follow.
    if not isinstance(at, tuple) or not math.isfinite(at[0]) or at[0] < 8:
        return None
    return _directory(body, order, int(at[0]))


def _directory(body: bytes, order: str, at: int) -> dict[int, Value] | None:
    """The readable entries by tag (the last of a tag wins); None when it runs off the block."""
    count = struct.unpack(order + "H", body[at : at + 2])[0] if at + 2 <= len(body) else None
    if count is None or at + 2 + 12 * count > len(body):
        return None
    tags = {}
    for entry in range(at + 2, at + 2 + 12 * min(count, MAX_ENTRIES), 12):
        tag, kind, number, where = struct.unpack(order + "HHII", body[entry : entry + 12])
        value = _value(body, order, kind, number, entry + 8, where)
        if value is not None:
            tags[tag] = value
    return tags


def _value(
    body: bytes, order: str, kind: int, number: int, inline: int, where: int
) -> Value | None:
    size = _SIZES.get(kind, 0) * number
    if not 0 < size <= MAX_VALUE_BYTES:
        return None
    start = inline if size <= 4 else where
    raw = body[start : start + size]
    if len(raw) < size:
        return None
    return _decode(order, kind, number, raw)


def _decode(order: str, kind: int, number: int, raw: bytes) -> Value:
    if kind in _TEXTS or (kind == 7 and number > 1):
        return text(raw)
    count = number * 2 if kind in _RATIONALS else number
    numbers = struct.unpack(f"{order}{count}{_CODES.get(kind, 'B')}", raw)
    if kind in _RATIONALS:
        return tuple(map(_ratio, numbers[::2], numbers[1::2]))
    return tuple(map(float, numbers))


def _ratio(above: int, below: int) -> float:
    if below:
        return above / below
    return math.copysign(math.inf, above) if above else math.nan


def text(raw: bytes) -> str:
    """Text up to the first NUL, without control characters (a NUL would break the database)."""
    words = raw.split(b"\0", 1)[0].decode("utf-8", "replace")
    return "".join(letter for letter in words if letter.isprintable()).strip()
