"""When a place is open, as its publisher said it: free words, or dated spans. Pure: no Django.

Dated spans are a list of {"date": "2016-04-17", "open": "10:00", "close": "20:00"}.
"""

from __future__ import annotations

import json
from datetime import date


def spans(text: str | None) -> list[tuple[date, str, str]]:
    """(day, open, close) by day; nothing when they are free words."""
    try:
        found = json.loads(text or "")
        return sorted(
            (date.fromisoformat(one["date"]), str(one["open"]), str(one["close"])) for one in found
        )
    except (ValueError, KeyError, TypeError):
        return []


def plain(text: str | None) -> str:
    """In words for a cell: `2016-04-17 10:00-20:00; 2016-04-18 12:00-18:00`."""
    known = spans(text)
    if not known:
        return text or ""
    return "; ".join(f"{day} {start}-{end}" for day, start, end in known)
