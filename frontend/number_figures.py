"""The page of numbers: each figure with its definition and the address that opens its reports."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from frontend import number_bars
from frontend.desk_links import desk_query
from gspace import vocabulary
from reports.filter_places import NOWHERE
from reports.statuses import NOT_COUNTED, OPEN

Link = Callable[..., str]
STILL_OPEN = ",".join(OPEN)
SHADES = 5
BAR_WIDTH = 100


@dataclass(frozen=True)
class Figure:
    """name: of its definition. note: what stands beside the number."""

    name: str
    label: str
    value: int
    href: str
    definition: str
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """shade: 0 (none) to SHADES (as many as the fullest cell)."""

    severity: str
    value: int
    href: str
    shade: int


def links(desk: str, filters: dict[str, Any], own_area: list[str]) -> Link:
    def link(**narrow: Any) -> str:
        return f"{desk}?{desk_query(filters, own_area, **narrow)}"

    return link


def context(told: dict[str, Any], link: Link) -> dict[str, Any]:
    """What frontend/_numbers.html shows. told: of reports.numbers."""
    return {
        "told": told,
        "as_of": datetime.fromisoformat(told["as_of"]),
        "oldest": _moment(told["oldest_unverified_at"]),
        "figures": _figures(told, link),
        "left_out": [
            {"code": code, "value": count, "href": link(status=code)}
            for code, count in told["left_out"].items()
        ],
        "all_href": link(),
        "open_href": link(status=STILL_OPEN),
        "severities": [row | {"href": link(severity=row["code"])} for row in told["severity"]],
        "heat": _heat(told["category"], link),
        "statuses": _barred([row | {"href": link(status=row["code"])} for row in told["status"]]),
        "areas": _barred([_area(row, link) for row in told["municipality"]]),
        "chart": number_bars.chart(told["hours"], link),
        "stages": [_stage(row, link, told["definitions"]) for row in told["response"]],
    }  # fmt: skip


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _figures(told: dict[str, Any], link: Link) -> list[Figure]:
    all_of = {"status": ""} if told["left_out"] else {}
    listed = (
        ("received", _("Received in all"), link(**all_of)),
        ("total", _("Counted"), link()),
        ("open", _("Still open"), link(status=STILL_OPEN)),
        ("unverified", _("Not verified yet"), link(status="received")),
        ("without_place", _("Without a place"), link(needs_place="1")),
    )
    words = told["definitions"]
    return [Figure(name, label, told[name], href, words[name]) for name, label, href in listed]


def _heat(categories: list[dict[str, Any]], link: Link) -> list[dict[str, Any]]:
    most = max((n for row in categories for n in row["severity"].values()), default=0)
    return [
        row | {
            "href": link(category=row["code"]),
            "open_href": link(category=row["code"], status=STILL_OPEN),
            "cells": [
                Cell(severity, n, link(category=row["code"], severity=severity), _shade(n, most))
                for severity, n in row["severity"].items()
            ],
        }
        for row in categories
    ]  # fmt: skip


def _shade(count: int, most: int) -> int:
    """By the root, so that a cell of 4 beside one of 400 is not blank."""
    return math.ceil(SHADES * math.sqrt(count / most)) if count else 0


def _barred(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the length of a bar, of BAR_WIDTH for the most."""
    most = max((row["total"] for row in rows), default=0) or 1
    return [row | {"bar": round(BAR_WIDTH * row["total"] / most, 1)} for row in rows]


def _area(row: dict[str, Any], link: Link) -> dict[str, Any]:
    """A city opens with its wards; of what lies in none of them there is no filter, and so no
    number: it is what the city has beyond its wards."""
    wards = [
        ward | ({} if ward["code"] == row["code"] else _doors(ward["code"], link))
        for ward in row["wards"]
    ]
    return row | _doors(row["code"] or NOWHERE, link) | {"wards": wards}


def _doors(municipality: str, link: Link) -> dict[str, str]:
    return {
        "href": link(municipality=municipality),
        "open_href": link(municipality=municipality, status=STILL_OPEN),
        "placeless_href": link(municipality=municipality, needs_place="1"),
    }


WAITING_FOR = {
    "accepted": {"waiting": "1"},
    "verified": {"status": "received"},
    "resolved": {"status": STILL_OPEN},
}


def _stage(row: dict[str, Any], link: Link, words: dict[str, str]) -> dict[str, Any]:
    return row | {
        "href": link(**WAITING_FOR[row["to"]]),
        "definition": words[row["to"]],
        "median": lasted(row["median_s"]),
        "most": lasted(row["p90_s"]),
        "known": _share(row["done"], row["done"] + row["unmeasured"]),
    }


def _share(some: int, of: int) -> str:
    """`99 %`; all and nothing are said of all and nothing only. "" of none."""
    if not of:
        return ""
    percent = min(max(round(100 * some / of), 1), 99) if 0 < some < of else 100 * some // of
    return f"{percent} %"


def lasted(seconds: float | None) -> str:
    """`50 s`, `12 min`, `3 h 05 min`, `2 d 4 h`: as fine as it is useful; "" for none."""
    if seconds is None:
        return ""
    if seconds < 90:
        return _("{s} s").format(s=round(seconds))
    minutes = round(seconds / 60)
    if minutes < 90:
        return _("{min} min").format(min=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return _("{h} h {min} min").format(h=hours, min=f"{rest:02}")
    return _("{d} d {h} h").format(d=hours // 24, h=hours % 24)


def usual_statuses(status: str | None) -> bool:
    """Whether these are just those that are counted anyway."""
    named = set((status or "").split(","))
    return named == set(vocabulary.codes("status")) - set(NOT_COUNTED)
