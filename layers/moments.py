"""Dates as offices write them (令和6年1月9日午後6時時点, R6.1.9, 2024/1/9 18:00) -> ISO 8601.

Pure: imports no Django.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta, tzinfo

ERAS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925}
_YEAR = r"(?:(?P<era>令和|平成|昭和|(?<![a-z])[rhs])\s*(?P<ey>\d{1,2}|元)|(?P<y>(?:19|20)\d\d))"
_DAY = r"\s*[年./-]\s*(?P<m>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})\s*日?"
_HOUR = (
    r"(?:\s*(?:\([^)]{1,3}\))?\s*[t/]?\s*(?P<half>午前|午後|am|pm)?\s*"
    r"(?:(?P<noon>正午)|(?P<h>\d{1,2})\s*(?:時|:)(?:\s*(?P<half_past>半)|\s*(?P<min>\d{1,2})\s*分?)?)"
    r"(?::(?P<s>\d{2})(?:\.\d+)?)?\s*(?P<off>z|[+-]\d\d:?\d\d)?)?"
)
WRITTEN = re.compile(_YEAR + _DAY + _HOUR + r"\s*(?:時点|現在|更新|発表)?", re.IGNORECASE)
# month first: what Google's tables give in the American way
AMERICAN = re.compile(
    r"(?<![\d/])(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>20\d\d)(?!\d)" + _HOUR, re.IGNORECASE
)
PACKED = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)[-_ t]?"
    r"(?:(?P<h>[0-2]\d)(?P<min>[0-5]\d)(?P<s>[0-5]\d)?)?(?!\d)",
    re.IGNORECASE,
)


def read(text: str, zone: tzinfo) -> str | None:
    """ISO time with offset, or a day alone; None where the text holds no whole date."""
    return find(text, zone)[0]


def find(text: str, zone: tzinfo) -> tuple[str | None, str]:
    """(ISO time or day, the text without it): "人数_令和6年1月9日" -> ("2024-01-09", "人数")."""
    flat = unicodedata.normalize("NFKC", text)
    match = WRITTEN.search(flat) or AMERICAN.search(flat) or PACKED.search(flat)
    if match is None:
        return None, text
    try:
        found = _iso(match.groupdict(), zone)
    except ValueError:
        return None, text
    rest = (flat[: match.start()] + flat[match.end() :]).strip(" _-()[]・:、")
    return found, rest


def _iso(part: dict[str, str | None], zone: tzinfo) -> str:
    day = datetime(_year(part), int(part["m"] or 0), int(part["d"] or 0))
    if not part.get("h") and not part.get("noon"):
        return day.date().isoformat()
    hour = _hour(part)
    minute = 30 if part.get("half_past") else int(part.get("min") or 0)
    if hour > 24 or minute > 59 or int(part.get("s") or 0) > 59:
        raise ValueError("no such time")
    # 24時 is the next day's first minute
    at = day + timedelta(hours=hour, minutes=minute, seconds=int(part.get("s") or 0))
    if offset := part.get("off"):
        return datetime.fromisoformat(at.isoformat() + offset.upper()).isoformat()
    return at.replace(tzinfo=zone).isoformat()


def _year(part: dict[str, str | None]) -> int:
    if part.get("y"):
        return int(part["y"] or 0)
    years = 1 if part["ey"] == "元" else int(part["ey"] or 0)
    return ERAS[(part["era"] or "").lower()] + years


def _hour(part: dict[str, str | None]) -> int:
    if part.get("noon"):
        return 12
    hour, half = int(part["h"] or 0), (part.get("half") or "").lower()
    if half in ("午後", "pm") and hour < 12:
        return hour + 12
    return 0 if half == "am" and hour == 12 else hour
