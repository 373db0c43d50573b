"""Crews by their last contact: who has fallen silent, and what still waits in their phones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from frontend.devices import Joined, joined

# (least age, state); later than a day it is no crew that is out now
AWAY = timedelta(days=1)
STATES = ("silent", "quiet", "heard")


@dataclass(frozen=True)
class Crew:
    """state: heard, quiet, silent (settings), away: not for a day, or never since it joined."""

    row: Joined
    state: str

    @property
    def unsent(self) -> int | None:
        """As the phone said itself at its last contact; None: it has said nothing."""
        return self.row.device.unsent


def crews(ids: Collection[int], now: datetime) -> list[Crew]:
    """Field phones of these organisations that may report: the longest silent first, away last."""
    found = [
        Crew(row, _state(row.seen_at, now))
        for row in joined(ids)
        if row.device.audience == "field" and row.device.revoked_at is None
    ]
    order = (*STATES, "away")
    return sorted(found, key=lambda crew: (order.index(crew.state), _since(crew)))


def _since(crew: Crew) -> float:
    seen = crew.row.seen_at
    return seen.timestamp() if seen else 0.0


def _state(seen: datetime | None, now: datetime) -> str:
    age = now - seen if seen else AWAY * 2
    if age > AWAY:
        return "away"
    if age > timedelta(minutes=settings.LIMIT_CREW_SILENT_MIN):
        return "silent"
    return "quiet" if age > timedelta(minutes=settings.LIMIT_CREW_QUIET_MIN) else "heard"
