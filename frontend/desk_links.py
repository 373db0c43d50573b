"""Filters of a list as the desk's address (frontend/src/core/desk_query.ts), so that a number opens
its reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from gspace import vocabulary
from gspace.municipality_codes import complete, covers
from reports.filter_places import NOWHERE

LISTS = ("category", "severity", "status")
# a list takes these, the desk does not know them
UNKNOWN_TO_DESK = ("bbox", "outside", "captured_since", "captured_until", "urgent")
SWITCHES = ("has_photo", "needs_place", "waiting", "unseen", "since_last_looked")
SAID = {"true": "1", "false": "0"}


def openable(filters: Mapping[str, Any]) -> dict[str, Any]:
    """Those that the desk can be opened with, as it says them."""
    said = {name: _said(name, value) for name, value in filters.items()}
    return {name: value for name, value in said.items() if _is_known(name, value)}


def _said(name: str, value: Any) -> Any:
    text = str(value).strip().lower()
    return SAID.get(text, value) if name in SWITCHES else value


def _is_known(name: str, value: Any) -> bool:
    if name == "due":
        return bool(value != "soon")
    if name in SWITCHES and name != "has_photo":
        # the desk asks for what is so, never for what is not
        return bool(value != "0")
    return name not in UNKNOWN_TO_DESK


def desk_query(filters: Mapping[str, Any], own_area: Sequence[str] = (), /, **narrow: str) -> str:
    """The text after "?": what `filters` let through and `narrow` as well.

    own_area: municipality codes of the reader's default queue. A status that nobody names is as
    usual; status="" in narrow: every one.
    """
    asked = {**filters, **narrow}
    query = _areas(asked.pop("area", ""), filters, narrow, own_area)
    asked.pop("municipality", None)
    for name in LISTS:
        asked.pop(name, None)
        hidden = asked.pop(f"exclude_{name}", "")
        if (hide := _hidden(name, filters.get(name), narrow.get(name), hidden)) is not None:
            query[f"hide_{name}"] = hide
    for name, narrower in (("since", max), ("until", min)):
        if filters.get(name) and narrow.get(name):
            asked[name] = narrower(filters[name], narrow[name], key=datetime.fromisoformat)
    kept = {name: value for name, value in openable(asked).items() if value}
    return urlencode(query | kept, safe=",/")


def _areas(
    area: str, filters: Mapping[str, Any], narrow: Mapping[str, str], own_area: Sequence[str]
) -> dict[str, str]:
    """The desk knows the own area and municipalities, a list any two filters of them."""
    own = bool(own_area) and set(_codes(area)) == {*own_area, NOWHERE}
    every = [filters.get("municipality"), narrow.get("municipality"), "" if own else area]
    found: list[str] = []
    for given in filter(None, every):
        codes = _codes(given)
        found = _both(found, codes) or codes
    query = {"area": "own" if own else "all"}
    return query | ({"municipality": ",".join(dict.fromkeys(found))} if found else {})


def _codes(text: str) -> list[str]:
    """In six digits, as the desk takes them."""
    return [_whole(part.strip()) for part in text.split(",") if part.strip()]


def _whole(code: str) -> str:
    with suppress(ValueError):
        return complete(code)
    return code


def _both(some: Sequence[str], others: Sequence[str]) -> list[str]:
    """What lies in both: of two codes one covers the other, or they have nothing in common."""
    found = [code for code in some if any(_covers(other, code) for other in others)]
    return found + [code for code in others if any(_covers(other, code) for other in some)]


def _covers(area: str, code: str) -> bool:
    with suppress(ValueError):
        return covers(area, code)
    return area == code


def _hidden(name: str, shown: str | None, narrow: str | None, hidden: str) -> str | None:
    """Codes to hide; "-" hides none; None leaves it to the desk."""
    if shown is None and narrow is None and not hidden:
        return None
    wanted = set(vocabulary.codes(name)) - set(hidden.split(","))
    for codes in (shown, narrow):
        wanted &= set(codes.split(",")) if codes else wanted
    return ",".join(code for code in vocabulary.codes(name) if code not in wanted) or "-"
