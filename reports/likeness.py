"""How much two reports look like one and the same, and why. Pure.

Each reason stands for itself and carries its points, so that a person can judge the judgement.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

POSSIBLE, LIKELY = 45, 65
"""Scores (of 100) from which a pair is suggested at all, and as probably double."""

PLACE, TIME, CATEGORY, RELATED, OTHER_CATEGORY = 40, 15, 20, 5, -15
SAME_FILE, SAME_PICTURE, LIKE_PICTURE = 60, 55, 30
DEVICE, TEXT, SIGHT = 10, 15, 10

NEAR_M = 60
"""Metres that people stand apart who photograph one thing."""
UNKNOWN_ACCURACY_M, COARSE_M = 50.0, 300.0
"""A pin set by hand says no radius."""
TRUSTED_M = 150.0
DAY_MIN = 24 * 60
DEVICE_MIN = 15
SAME_BITS, LIKE_BITS = 3, 10
"""Differing bits of 64: a picture sent again by a messenger; a picture of the same thing."""
TEXT_ALIKE = 0.5
SIGHT_M = 400.0
M_PER_DEG = 111_320.0

RELATED_CATEGORIES = (
    {"road_blocked", "road_damaged", "bridge", "landslide", "obstacle"},
    {"river", "flooding"},
    {"rescue", "building", "fire"},
    {"shelter", "isolated", "support_needed"},
)


@dataclass(frozen=True)
class Picture:
    """sha256: hex, as announced. dhash: 16 hex digits, "" until the copies are made."""

    sha256: str
    dhash: str = ""


@dataclass(frozen=True)
class Sighting:
    """A report as far as likeness goes.

    lon, lat: a point on its place, WGS 84 degrees. at: taken, else received. bearing_deg: clockwise
    from north, where the camera looked.
    """

    at: datetime
    category: str
    author: str = ""
    comment: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    bearing_deg: float | None = None
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Reason:
    """code: distance (metres), time (seconds), category (same, related, other), photo (differing
    bits of 64, -1 the same file), device (seconds), text (0-1), sight (metres to what both see).
    uncertain_m: of a distance. points: for (or against) its being one."""

    code: str
    value: float | str
    points: int
    uncertain_m: float | None = None


@dataclass(frozen=True)
class Likeness:
    """score: 0-100; the reasons in the order of their weight."""

    score: int
    reasons: tuple[Reason, ...]


def compare(one: Sighting, other: Sighting, distance_m: float | None) -> Likeness:
    """Two reports -> how alike. distance_m: between their places on the ellipsoid, None unknown."""
    found = [
        _place(one, other, distance_m),
        _time(one, other),
        _category(one, other),
        _photo(one, other),
        _device(one, other),
        _text(one, other),
        _sight(one, other),
    ]
    reasons = sorted((r for r in found if r and r.points), key=lambda r: -abs(r.points))
    score = min(100, max(0, sum(reason.points for reason in reasons)))
    return Likeness(score, tuple(reasons))


def _place(one: Sighting, other: Sighting, distance_m: float | None) -> Reason | None:
    """A place known to 300 m says little about two reports being 10 m apart."""
    if distance_m is None:
        return None
    uncertain = accuracy(one.accuracy_m) + accuracy(other.accuracy_m)
    reach = 1.5 * (NEAR_M + uncertain)
    trust = min(1.0, TRUSTED_M / (NEAR_M + uncertain))
    points = round(PLACE * trust * max(0.0, 1 - distance_m / reach))
    return Reason("distance", round(distance_m, 1), points, round(uncertain))


def accuracy(radius_m: float | None) -> float:
    """Metres; what is coarser than 300 m is no nearer for it."""
    return min(UNKNOWN_ACCURACY_M if radius_m is None else radius_m, COARSE_M)


def _time(one: Sighting, other: Sighting) -> Reason:
    seconds = abs((one.at - other.at).total_seconds())
    fading = math.log1p(seconds / 60) / math.log1p(DAY_MIN)
    return Reason("time", round(seconds), round(TIME * max(0.0, 1 - fading)))


def _category(one: Sighting, other: Sighting) -> Reason:
    if one.category == other.category:
        return Reason("category", "same", CATEGORY)
    if any({one.category, other.category} <= group for group in RELATED_CATEGORIES):
        return Reason("category", "related", RELATED)
    return Reason("category", "other", OTHER_CATEGORY)


def _photo(one: Sighting, other: Sighting) -> Reason | None:
    bits = closest(one.pictures, other.pictures)
    if bits is None or bits > LIKE_BITS:
        return None
    if bits <= SAME_BITS:
        return Reason("photo", bits, SAME_FILE if bits < 0 else SAME_PICTURE)
    fading = (bits - SAME_BITS) / (LIKE_BITS + 1 - SAME_BITS)
    return Reason("photo", bits, round(LIKE_PICTURE * (1 - fading)))


def closest(ones: Sequence[Picture], others: Sequence[Picture]) -> int | None:
    """Differing bits of the two most alike pictures; -1 for the same file, None for no telling."""
    if {picture.sha256 for picture in ones} & {picture.sha256 for picture in others}:
        return -1
    pairs = [(a.dhash, b.dhash) for a in ones for b in others if telling(a) and telling(b)]
    return min((bits_apart(a, b) for a, b in pairs), default=None)


def telling(picture: Picture) -> bool:
    """A dark or empty picture is like every other one: its hash says nothing."""
    if not re.fullmatch("[0-9a-f]{16}", picture.dhash):
        return False
    return 6 <= int(picture.dhash, 16).bit_count() <= 58


def bits_apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _device(one: Sighting, other: Sighting) -> Reason | None:
    seconds = abs((one.at - other.at).total_seconds())
    if not one.author or one.author != other.author or seconds > DEVICE_MIN * 60:
        return None
    return Reason("device", round(seconds), DEVICE)


def _text(one: Sighting, other: Sighting) -> Reason | None:
    alike = text_alike(one.comment, other.comment)
    if alike < TEXT_ALIKE:
        return None
    return Reason("text", round(alike, 2), round(TEXT * alike))


def text_alike(one: str, other: str) -> float:
    """0-1: shared pairs of neighbouring letters (Dice), width, case and kana set aside."""
    a, b = pairs_of(one), pairs_of(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def pairs_of(text: str) -> set[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    hiragana = (chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in folded)
    letters = "".join(c for c in hiragana if c.isalnum() or c == "ー")
    return {letters[at : at + 2] for at in range(len(letters) - 1)}


def _sight(one: Sighting, other: Sighting) -> Reason | None:
    """Two who stand apart and look at one spot: their lines of sight cross ahead of both."""
    ahead = crossing_m(one, other)
    if ahead is None or ahead > SIGHT_M:
        return None
    return Reason("sight", round(ahead), SIGHT)


def crossing_m(one: Sighting, other: Sighting) -> float | None:
    """Metres from the farther one to where the lines of sight cross; None where they do not.

    On a plane around `one`, which is right to a few centimetres over some hundred metres.
    """
    if None in (one.lon, one.lat, other.lon, other.lat, one.bearing_deg, other.bearing_deg):
        return None
    east, north = _offset_m(one, other)
    a, b = math.radians(one.bearing_deg or 0), math.radians(other.bearing_deg or 0)
    turn = math.sin(a) * math.cos(b) - math.cos(a) * math.sin(b)
    # nearly the same direction crosses anywhere: compasses of phones are 10 degrees off
    if abs(turn) < math.sin(math.radians(15)):
        return None
    first = (east * math.cos(b) - north * math.sin(b)) / turn
    second = (east * math.cos(a) - north * math.sin(a)) / turn
    return max(first, second) if first > 0 and second > 0 else None


def _offset_m(one: Sighting, other: Sighting) -> tuple[float, float]:
    lat = math.radians(one.lat or 0)
    east = ((other.lon or 0) - (one.lon or 0)) * M_PER_DEG * math.cos(lat)
    return east, ((other.lat or 0) - (one.lat or 0)) * M_PER_DEG
