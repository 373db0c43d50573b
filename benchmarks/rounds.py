"""Ratios that hold on a noisy machine: in turn (A, B, A, B ...), by medians."""

from __future__ import annotations

import operator
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ROUNDS = 5


@dataclass
class Comparison:
    """Ours and its anchor in the same unit, one value per round.

    goal: the ratio ours / anchor that is wanted; at_most: it is a ceiling (times), else a floor
    (rates); None = told for information. notes: whatever else was seen, by name.
    """

    name: str
    anchor_name: str
    unit: str
    ours: list[float]
    anchor: list[float]
    goal: float | None
    at_most: bool = False
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def pairs(self) -> list[float]:
        """ours / anchor of each round, sorted: the two ran within seconds of each other."""
        return sorted(o / a for o, a in zip(self.ours, self.anchor, strict=True))

    @property
    def ratio(self) -> float:
        return statistics.median(self.pairs)

    @property
    def reached(self) -> str:
        if self.goal is None:
            return "-"
        holds = operator.le if self.at_most else operator.ge
        return "yes" if holds(self.ratio, self.goal) else "NO"

    def record(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "anchor": self.anchor_name,
            "unit": self.unit,
            "ours": [round(value, 2) for value in self.ours],
            "theirs": [round(value, 2) for value in self.anchor],
            "ratio": round(self.ratio, 3),
            "ratio_least_most": [round(self.pairs[0], 3), round(self.pairs[-1], 3)],
            "goal": self.goal,
            "reached": self.reached,
            **self.notes,
        }


def in_turn(
    measures: dict[str, Callable[[int], float]], rounds: int = ROUNDS
) -> dict[str, list[float]]:
    """Each measure once a round, all of them in turn; the first round warms up and is dropped.

    A measure is called with the number of the round (0 = warm-up).
    """
    found: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name, measure in measures.items():
            found[name].append(measure(number))
    return {name: values[1:] for name, values in found.items()}


def table(found: list[Comparison]) -> str:
    """name, ours, anchor (medians), ratio, goal, reached; in columns."""
    lines = [["measured", "ours", "anchor", "unit", "ratio", "goal", "reached"]]
    for one in found:
        goal = "-" if one.goal is None else f"{'<=' if one.at_most else '>='} {one.goal:g}"
        lines.append(
            [
                f"{one.name} / {one.anchor_name}",
                f"{statistics.median(one.ours):,.1f}",
                f"{statistics.median(one.anchor):,.1f}",
                one.unit,
                f"{one.ratio:.2f}",
                goal,
                one.reached,
            ]
        )
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    rows = [
        "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True))
        for line in lines
    ]
    return "\n".join([rows[0], "-" * len(rows[0]), *rows[1:]])
