"""Reports over time as bars: how wide they are and where they begin. Pure: imports no Django.

A bar holds its beginning and not its end, as the list's filters `since` and `until` do.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

HOUR, DAY = 3600, 86_400
STEPS_S = (HOUR, 3 * HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, 365 * DAY)
MOST_BARS = 96


@dataclass
class Bar:
    """since <= received < until; severity: code -> reports."""

    since: datetime
    until: datetime
    severity: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.severity.total()


def bars(
    quarters: Iterable[tuple[datetime, str, int]], zone: tzinfo, most: int = MOST_BARS
) -> tuple[int, list[Bar]]:
    """(seconds of a bar, bars without a gap from the first to the last report).

    quarters: beginning of a quarter of an hour, severity, reports. The bars are the narrowest of
    STEPS_S of which there are at most `most`; they begin on the hour or at midnight of the zone.
    """
    found = list(quarters)
    if not found:
        return HOUR, []
    moments = [moment for moment, _, _ in found]
    step, edges = _edges(min(moments), max(moments), zone, most)
    made = [Bar(*pair) for pair in zip(edges, edges[1:], strict=False)]
    for moment, severity, count in found:
        made[bisect_right(edges, moment) - 1].severity[severity] += count
    return step, made


def _edges(first: datetime, last: datetime, zone: tzinfo, most: int) -> tuple[int, list[datetime]]:
    for step in STEPS_S:
        edges = _of_step(first, last, zone, step, most)
        if edges[-1] > last:
            return step, edges
    return step, _of_step(first, last, zone, step, sys.maxsize)


def _of_step(first: datetime, last: datetime, zone: tzinfo, step: int, most: int) -> list[datetime]:
    """As many edges as it takes to pass `last`, or as many as there may be."""
    local = first.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    if step > HOUR:
        local = local.replace(hour=0)
    edges = [local.astimezone(UTC)]
    while edges[-1] <= last and len(edges) <= most:
        turn = timedelta(seconds=step * len(edges))
        # days by the calendar, hours by the clock that never jumps
        beyond = local + turn if step >= DAY else local.astimezone(UTC) + turn
        edges.append(beyond.astimezone(UTC))
    return _from_first(edges, first)


def _from_first(edges: list[datetime], first: datetime) -> list[datetime]:
    """Without the empty ones before the first report."""
    return edges[max(0, bisect_right(edges, first) - 1) :]
