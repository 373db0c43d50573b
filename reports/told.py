"""What was told of a part of the map: nothing, all clear, or something, and when it was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reports.orders import WORST_FIRST, rank

STATES = ("none", "all_clear", "reported")
# when somebody saw it: a phone's clock may be ahead, but nobody reports what is to come
SEEN = "least(coalesce(r.captured_at, r.received_at), r.received_at)"
WORST = rank()


@dataclass
class Told:
    """worst: place in WORST_FIRST from 1, of what is not all clear. Times: when it was seen."""

    reports: int = 0
    clear: int = 0
    worst: int | None = None
    last: datetime | None = None
    clear_at: datetime | None = None

    @property
    def state(self) -> str:
        if not self.reports:
            return "none"
        return "all_clear" if self.clear == self.reports else "reported"

    def add(self, other: Told) -> None:
        self.reports += other.reports
        self.clear += other.clear
        self.worst = min((w for w in (self.worst, other.worst) if w), default=None)
        self.last = latest(self.last, other.last)
        self.clear_at = latest(self.clear_at, other.clear_at)

    def said(self) -> dict[str, Any]:
        return {
            "state": self.state, "reports": self.reports, "all_clear": self.clear,
            "worst": WORST_FIRST[self.worst - 1] if self.worst else None,
            "last_at": self.last.isoformat() if self.last else None,
            "all_clear_at": self.clear_at.isoformat() if self.clear_at else None,
        }  # fmt: skip


def latest(*times: datetime | None) -> datetime | None:
    return max((at for at in times if at), default=None)


def by_state(parts: Iterable[Told]) -> dict[str, int]:
    found = Counter(part.state for part in parts)
    return {state: found[state] for state in STATES}
