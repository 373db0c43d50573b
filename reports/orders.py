"""The orders of the list of reports, each with a cursor that names the last report of a page.

newest, oldest: by the time of receipt. severity: the worst first, of these the newest. due: what is
to be done the soonest first; what is over, or has no such time, last; of these the oldest. waiting:
what nobody has accepted first, of these the oldest; then the others, the oldest first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gspace import vocabulary
from gspace.problems import Problem
from reports import statuses
from reports.features import ALWAYS, NEVER, told_where
from reports.statuses import listed

# Unix time in seconds; PostgreSQL refuses to make a time of much more
CURSOR_MAX_S = 1e11

# word for word as the indexes have it (migration 0017)
OVER = f"r.status IN ({listed(statuses.OVER)})"
WAITING = "(r.status = 'received' AND r.accepted_at IS NULL)"
# somebody may be waiting with a radio in hand, and no named person has taken it on
URGENT = f"""((r.category = 'rescue' OR r.severity = 'critical') AND r.accepted_at IS NULL
 AND NOT {OVER})"""
DUE = f"CASE WHEN {OVER} THEN NULL ELSE r.due_at END"
# the vocabulary has the worst first
WORST_FIRST = vocabulary.codes("severity")
SEVERITIES = WORST_FIRST[::-1]


def weight(severity: str = "r.severity") -> str:
    """SQL of a number that is the larger the worse it is."""
    return f"array_position(ARRAY[{listed(SEVERITIES)}], {severity}::text)"


def rank(severity: str = "r.severity") -> str:
    """SQL of the place in WORST_FIRST, from 1."""
    return f"array_position(ARRAY[{listed(WORST_FIRST)}], {severity}::text)"


# kind of a key -> its text in a cursor, and back
WRITTEN = {
    "time": "extract(epoch FROM {})::text",
    "number": "({})::text",
    "flag": "({})::int::text",
}
READ = {"time": "to_timestamp(%s)", "number": "%s::int", "flag": "%s::int::boolean"}
Key = tuple[str, str]
RECEIVED: Key = ("r.received_at", "time")


@dataclass(frozen=True)
class Order:
    """keys: (SQL on r, kind); the id comes after them, all in one direction."""

    keys: tuple[Key, ...]
    down: bool = False

    @property
    def sorting(self) -> str:
        """What follows ORDER BY on r."""
        way = " DESC" if self.down else ""
        return ", ".join(name + way for name in (*(key for key, _ in self.keys), "r.id"))

    @property
    def place(self) -> str:
        """SQL (text) of the cursor that goes on after r."""
        parts = [WRITTEN[kind].format(key) for key, kind in self.keys]
        return " || '_' || ".join([*parts, "r.id::text"])

    def after(self, cursor: str) -> tuple[str, list[Any]]:
        """(SQL condition on r, its parameters). Raises Problem invalid."""
        *numbers, ident = cursor.split("_")
        kinds = [kind for _, kind in self.keys]
        try:
            values = [_number(n, kind) for n, kind in zip(numbers, kinds, strict=True)]
            params = [*values, str(UUID(ident))]
        except ValueError:
            why = "Take the cursor of the last answer, of the same order."
            raise Problem("invalid", why, field="cursor") from None
        marks = ", ".join([*(READ[kind] for kind in kinds), "%s::uuid"])
        columns = ", ".join([*(key for key, _ in self.keys), "r.id"])
        return f"({columns}) {'<' if self.down else '>'} ({marks})", params


def _number(text: str, kind: str) -> float:
    if kind != "time":
        return list("012345").index(text)
    value = float(text)
    # what is never due has no end
    if value != math.inf and not abs(value) < CURSOR_MAX_S:
        raise ValueError("no time of ours, or NaN")
    return value


def _by_due(due: str) -> Order:
    return Order(((f"coalesce({due}, 'infinity')", "time"), RECEIVED))


NEWEST = Order((RECEIVED,), down=True)
ORDERS = {
    "newest": NEWEST,
    "oldest": Order((RECEIVED,)),
    "severity": Order(((weight(), "number"), RECEIVED), down=True),
    "due": _by_due(DUE),
    "waiting": Order(((f"(NOT {WAITING})", "flag"), RECEIVED)),
}
# what an order would tell of a report, to whom may not read it
TELLS = {"due": "due_at", "waiting": "accepted_at"}


def order_of(name: Any, reader: str) -> Order:
    """reader: an audience, or "author". Raises Problem invalid."""
    name = str(name or "newest")
    if name not in ORDERS:
        raise Problem("invalid", f"One of: {', '.join(ORDERS)}", field="order")
    told = told_where(TELLS[name], reader) if name in TELLS else ALWAYS
    if told == NEVER:
        return ORDERS["oldest"]
    # by their time come only those whose time is told; no index holds them, they are sorted
    return ORDERS[name] if told == ALWAYS else _by_due(f"CASE WHEN {told} THEN {DUE} END")
