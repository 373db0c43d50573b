"""Times as cameras write them -> ISO text, with what is wrong about them as a code. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_STAMP = re.compile(
    r"(\d{4})[:\-/.](\d{1,2})[:\-/.](\d{1,2})"
    r"[T ]+(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:[.,](\d{1,9}))?\s*(\S*)"
)
_DATE = re.compile(r"(\d{4})[:\-/.](\d{1,2})[:\-/.](\d{1,2})")
_ZONE = re.compile(r"([-+])(\d{1,2}):?(\d{2})?")
_FIRST_CAMERA_YEAR = 1990
_FACTORY_YEARS = range(2000, 2011)
"""Years a camera with an empty clock battery starts in; its first two days are doubted."""


@dataclass(frozen=True)
class Taken:
    """`at`: ISO local time without zone; `offset`: "+09:00"; `subsec`: digits; `doubts`: codes."""

    at: str | None = None
    offset: str | None = None
    subsec: str | None = None
    doubts: tuple[str, ...] = ()


def taken(words: str, subsec: str = "", zone: str = "") -> Taken:
    """What DateTimeOriginal says; `zone` is OffsetTimeOriginal and wins over one in the text.

    Doubts: taken_at_invalid, taken_at_repaired, clock_never_set, taken_in_future, offset_invalid.
    """
    if not words.strip(" :-/0"):
        return Taken(doubts=("clock_never_set",))
    match = _STAMP.match(words.strip())
    moment, repaired = _moment(match) if match else (None, False)
    if match is None or moment is None:
        return Taken(doubts=("taken_at_invalid",))
    doubts = ["taken_at_repaired"] if repaired else []
    doubts += _clock_doubts(moment)
    said = zone.strip() or match[8]
    offset = utc_offset(said)
    if said and offset is None:
        doubts.append("offset_invalid")
    fraction = subsec.strip() if subsec.strip().isdecimal() else match[7]
    return Taken(moment.isoformat(), offset, fraction or None, tuple(doubts))


def utc_offset(words: str) -> str | None:
    """ "+9:00", "+0900", "+09", "Z" -> "+09:00"; None when it is no offset within 14 hours."""
    if words.strip().upper() == "Z":
        return "+00:00"
    match = _ZONE.fullmatch(words.strip())
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > 14 * 60 or int(match[3] or 0) > 59:
        return None
    return f"{match[1]}{minutes // 60:02}:{minutes % 60:02}"


def gps_time(date: str, clock: Sequence[float]) -> tuple[str | None, bool]:
    """(ISO time in UTC or None, is the date nonsense) from GPSDateStamp and GPSTimeStamp."""
    match = _DATE.match(date.strip())
    if not match:
        return None, bool(date.strip())
    try:
        day = datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
        seconds = sum(part * 60**power for part, power in zip(clock, (2, 1, 0), strict=False))
        if len(clock) != 3 or not 0 <= seconds < 86_401:  # a leap second ends the day at 86,400
            return None, False
        # The receiver's clock is finer than anybody needs: milliseconds.
        moment = day + timedelta(milliseconds=round(seconds * 1000))
    except (ValueError, OverflowError):
        return None, True
    spec = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=spec).replace("+00:00", "Z"), False


def _moment(match: re.Match[str]) -> tuple[datetime | None, bool]:
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    # Android apps wrote "24:05:12" for five past midnight (pattern "kk"); a leap second is 60.
    repaired = hour == 24 or second == 60
    try:
        moment = datetime(year, month, day, hour % 24, minute, min(second, 59))
    except ValueError:
        return None, False
    return moment, repaired


def _clock_doubts(moment: datetime) -> list[str]:
    fresh = moment.year in _FACTORY_YEARS and (moment.month, moment.day) in (
        (1, 1),
        (1, 2),
    )
    if moment.year < _FIRST_CAMERA_YEAR or fresh:
        return ["clock_never_set"]
    # Two days: the zone is unknown, and the machine's own clock may be a little late.
    late = moment > datetime.now(UTC).replace(tzinfo=None) + timedelta(days=2)
    return ["taken_in_future"] if late else []
