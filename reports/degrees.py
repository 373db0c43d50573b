"""Coordinates as cameras and editors write them -> signed decimal degrees. Pure.

Takes what exiftool takes: degrees, minutes and seconds in any mix of fractions, minutes over 60,
words, XMP "DD,MM.mmmK" and "DD,MM,SSK" (XMP part 2, GPSCoordinate), signed decimals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?"
_RATIONAL = re.compile(rf"({_NUMBER})(?:\s*/\s*(\d+))?")
_DECIMAL_COMMA = re.compile(r"[-+]?\d{1,3},\d+")
_LONGEST = 100
"""Characters of a coordinate looked at."""


def from_parts(parts: Sequence[float]) -> float:
    """Degrees [, minutes [, seconds]] -> degrees; NaN when they say nothing.

    A 0/0 in minutes or seconds means "not given" (old phones), n/0 is no number at all.
    """
    if not parts or math.isnan(parts[0]):
        return math.nan
    scaled = [0.0 if math.isnan(part) else abs(part) for part in parts[:3]]
    if not all(map(math.isfinite, scaled)):
        return math.nan
    total = math.fsum(part / 60**power for power, part in enumerate(scaled))
    return -total if any(part < 0 for part in parts[:3]) else total


def numbers(words: str) -> list[float]:
    """Every number in a text, rationals divided; "35/1, 40/1, 1234/100" -> [35.0, 40.0, 12.34]."""
    return [_divide(*pair) for pair in _RATIONAL.findall(words[:_LONGEST])]


def from_text(words: str) -> tuple[float, str]:
    """("32,48.123N") -> (32.80205, "N"); the letter is "" when the text has none."""
    words = words.strip()[:_LONGEST]
    letter = words[-1:].upper() if words[-1:].upper() in ("N", "S", "E", "W") else ""
    bare = words[:-1].strip() if letter else words
    if _is_decimal_comma(bare, letter):
        bare = bare.replace(",", ".")
    return from_parts(numbers(bare)), letter


def signed(value: float, ref: str) -> float:
    """Degrees with the sign of the hemisphere letter; a minus already there stands."""
    return -abs(value) if ref[:1].upper() in ("S", "W") else value


def _is_decimal_comma(bare: str, letter: str) -> bool:
    if not _DECIMAL_COMMA.fullmatch(bare):
        return False
    # "35,40N" is 35 degrees 40 minutes by the standard; "35,6895" can only be a decimal comma.
    return not letter or float(bare.split(",")[1]) >= 60


def _divide(above: str, below: str) -> float:
    if not below:
        return float(above)
    return float(above) / int(below) if int(below) else math.nan
