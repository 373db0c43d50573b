"""How many were there, over time: the points of a small chart. Pure: knows no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# of the drawing, in its own units
WIDTH, LEFT, TOP, BASE = 600, 64, 16, 148


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    at: datetime
    persons: int


@dataclass(frozen=True)
class Chart:
    """dots: oldest first; top: the number at the upper edge, a round one."""

    dots: list[Dot]
    top: int

    @property
    def course(self) -> str:
        """`points` of the line. A count holds until the next one, so the line goes in steps."""
        steps, before = [], None
        for dot in self.dots:
            if before is not None:
                steps.append(f"{dot.x},{before.y}")
            steps.append(f"{dot.x},{dot.y}")
            before = dot
        return " ".join(steps)


def chart(items: Sequence[dict[str, Any]]) -> Chart | None:
    """items: as layers.series gives them, in any order. None with fewer than two counts.

    Only what was counted is drawn: nobody knows that a place was empty because nobody wrote.
    """
    found = [(item["as_of"], item["persons"]) for item in items if item["persons"] is not None]
    counts = sorted(found, key=lambda one: one[0])
    if len(counts) < 2 or counts[0][0] == counts[-1][0]:
        return None
    first, last = counts[0][0], counts[-1][0]
    top = round_up(max(number for _, number in counts))
    span = (last - first).total_seconds()
    dots = [
        Dot(
            x=round(LEFT + (WIDTH - LEFT - 12) * (at - first).total_seconds() / span, 1),
            y=round(BASE - (BASE - TOP) * number / top, 1),
            at=at,
            persons=number,
        )
        for at, number in counts
    ]
    return Chart(dots, top)


def round_up(number: int) -> int:
    """The next of 5, 10, 20, 50, 100, ...: never 0, so that an empty place has a scale, too."""
    unit = 1
    while True:
        for step in (5 * unit, 10 * unit, 20 * unit):
            if number <= step:
                return step
        unit *= 10
