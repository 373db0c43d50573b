"""Reports over time as a drawing: bars in units of the drawing, the worst at the bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext

from frontend.occupancy import round_up
from reports.hours import DAY

WIDTH, HEIGHT, LEFT, TOP, BASE = 960, 200, 48, 12, 160
GAP, LABELS = 0.12, 8


@dataclass(frozen=True)
class Piece:
    severity: str
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    """said: when, in words. cells: severity, count and the address of these."""

    x: float
    width: float
    said: str
    total: int
    cells: list[tuple[str, int, str]]
    pieces: list[Piece]
    href: str


@dataclass(frozen=True)
class Label:
    x: float
    clock: str
    day: str


@dataclass(frozen=True)
class Chart:
    columns: list[Column]
    labels: list[Label]
    top: int
    half: float
    busiest: Column

    width, height, left, base, ceiling = WIDTH, HEIGHT, LEFT, BASE, TOP


def chart(told: dict[str, Any], link: Callable[..., str]) -> Chart | None:
    """told: `hours` of reports.numbers. link: filters -> address. None without reports."""
    items, zone = told["items"], ZoneInfo(told["time_zone"])
    if not items:
        return None
    step = (WIDTH - LEFT) / max(len(items), 12)
    top = round_up(max(item["total"] for item in items))
    columns = [
        _column(item, LEFT + n * step, step, top, told["step_s"], zone, link)
        for n, item in enumerate(items)
    ]
    labels = list(_labels(items, step, told["step_s"], zone))
    busiest = max(columns, key=lambda column: column.total)
    return Chart(columns, labels, top, (TOP + BASE) / 2, busiest)


def _column(
    item: dict[str, Any], x: float, step: float, top: int, seconds: int, zone: ZoneInfo,
    link: Callable[..., str],
) -> Column:  # fmt: skip
    since, until = (datetime.fromisoformat(item[name]) for name in ("since", "until"))
    cells, pieces, base = [], [], float(BASE)
    within = {"since": item["since"], "until": item["until"]}
    for severity, count in item["severity"].items():
        height = (BASE - TOP) * count / top
        base -= height
        cells.append((severity, count, link(**within, severity=severity) if count else ""))
        if count:
            pieces.append(Piece(severity, round(base, 2), round(height, 2)))
    return Column(
        x=round(x + step * GAP / 2, 2), width=round(step * (1 - GAP), 2), total=item["total"],
        said=span(since.astimezone(zone), until.astimezone(zone), seconds),
        cells=cells, pieces=pieces,
        href=link(**within) if item["total"] else "",
    )  # fmt: skip


def span(since: datetime, until: datetime, seconds: int) -> str:
    """`16 Apr 14:00–15:00`, `16 Apr`, `16 Apr–22 Apr`, in the incident's zone."""
    if seconds < DAY:
        return f"{_day(since)} {since:%H:%M}–{until:%H:%M}"
    if seconds == DAY:
        return _day(since)
    return f"{_day(since, year=True)}–{_day(until, year=True)}"


def _day(local: datetime, *, year: bool = False) -> str:
    # Translators: date() format of a day below a chart; the second one with its year
    return formats.date_format(local, gettext("j M Y") if year else gettext("j M"))


def _labels(
    items: list[dict[str, Any]], step: float, seconds: int, zone: ZoneInfo
) -> Iterator[Label]:
    every, before = -(-len(items) // LABELS), ""
    for n in range(0, len(items), every):
        local = datetime.fromisoformat(items[n]["since"]).astimezone(zone)
        day = _day(local, year=seconds > DAY)
        clock = f"{local:%H:%M}" if seconds < DAY else ""
        yield Label(round(LEFT + n * step, 2), clock, "" if day == before else day)
        before = day
