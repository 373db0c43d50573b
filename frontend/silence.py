"""The part of the page of numbers that tells who says nothing: towns and crews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from frontend import shared_numbers
from frontend.area import area_name
from frontend.crews import STATES, Crew, crews
from gspace.problems import Problem
from reports.asking import Asked
from reports.coverage import WHOSE
from reports.filter_places import NOWHERE

Link = Callable[..., str]
CLOSE_ZOOM = 14
SQUARES = _(
    "A square of 1 km with a known town of the area beside the heading in it. No report: none that "
    "counts lies in it, which does not mean no damage. All clear: only reports of “all clear”. "
    "Reported: anything else. The last word is when somebody saw it. The filters count as above, "
    "but in a square on the border a neighbour's reports count, too; lines and small areas count "
    "in each square that they touch."
)
CREWS = _(
    "Field phones of your organisation. Last contact: when the phone last reached this service. "
    "Waiting: what the phone itself said then. Without signal a phone is silent, too."
)


def context(
    of: Asked, own_area: list[str], phones: Collection[int], link: Link, now: datetime
) -> dict[str, Any]:
    """What frontend/_numbers_silence.html shows. own_area: whose towns, where no filter says."""
    listed = crews(phones, now)
    asked = _of_own_area(of.filters, own_area)
    return {
        "squares_mean": SQUARES,
        "crews_mean": CREWS,
        "silence_of": _area_words(asked),
        "silence": _silence(replace(of, filters=asked), link),
        "crews": [crew for crew in listed if crew.state != "away"],
        "away": [crew for crew in listed if crew.state == "away"],
        "crew_counts": _counted(listed),
        "unsent": sum(crew.unsent or 0 for crew in listed),
        "quiet_min": settings.LIMIT_CREW_QUIET_MIN,
        "silent_min": settings.LIMIT_CREW_SILENT_MIN,
    }


def _counted(listed: list[Crew]) -> dict[str, int]:
    found = Counter(crew.state for crew in listed)
    return {state: found[state] for state in STATES}


def _of_own_area(filters: dict[str, Any], own_area: list[str]) -> dict[str, Any]:
    if not own_area or any(filters.get(name) for name in WHOSE):
        return filters
    return filters | {"area": ",".join([*own_area, NOWHERE])}


def _area_words(asked: dict[str, Any]) -> str:
    """Whose towns they are."""
    for name in reversed(WHOSE):
        codes = [c for c in str(asked.get(name) or "").split(",") if c not in ("", NOWHERE)]
        if codes:
            return area_name(codes, translation.get_language() or "ja")
    return str(_("all known towns"))


def _silence(of: Asked, link: Link) -> dict[str, Any] | None:
    """None where there are too many squares for a page."""
    try:
        found = shared_numbers.squares(of)
    except Problem as problem:
        if problem.field != "bbox":
            raise
        return None
    silent = [square for square in found["squares"] if square["state"] == "none"]
    return found | {
        "areas": [_area(area, silent, link) for area in found["municipalities"]],
        "map": f"{link()}&coverage=1",
    }


def _area(area: dict[str, Any], silent: list[dict[str, Any]], link: Link) -> dict[str, Any]:
    own = [square for square in silent if area["code"] in (square["municipalities"] or [""])]
    last = area["last_at"]
    return area | {
        "silent": [_square(square, link) for square in own],
        "last": datetime.fromisoformat(last) if last else None,
    }


def _square(square: dict[str, Any], link: Link) -> dict[str, str]:
    west, south, east, north = square["box"]
    there = f"{CLOSE_ZOOM}/{(south + north) / 2:.5f}/{(west + east) / 2:.5f}"
    japanese = (translation.get_language() or "ja").startswith("ja")
    names = [name if japanese or not name_en else name_en for name, name_en in square["towns"]]
    return {
        "names": ("、" if japanese else ", ").join(names),
        "href": f"{link()}&map={there}&coverage=1",
    }
