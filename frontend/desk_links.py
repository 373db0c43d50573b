"""Filters of a list as the desk's address (frontend/src/core/desk_query.ts), so that a number opens
its reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from gspace import vocabulary

LISTS = ("category", "severity", "status")
# a list shows these, the desk does not know them: which part is looked at, and when it was seen
UNKNOWN_TO_DESK = ("bbox", "captured_since", "captured_until")


def desk_query(filters: Mapping[str, Any], **narrow: str) -> str:
    """The text after "?": what `filters` let through and `narrow` as well.

    A status that nobody names is as usual; status="" in narrow: every one.
    """
    asked = {**filters, **narrow}
    query = {"area": "own" if asked.pop("area", "") else "all"}
    for name in LISTS:
        asked.pop(name, None)
        hidden = asked.pop(f"exclude_{name}", "")
        if (hide := _hidden(name, filters.get(name), narrow.get(name), hidden)) is not None:
            query[f"hide_{name}"] = hide
    for name, narrower in (("since", max), ("until", min)):
        if filters.get(name) and narrow.get(name):
            asked[name] = narrower(filters[name], narrow[name], key=datetime.fromisoformat)
    kept = {name: value for name, value in asked.items() if name not in UNKNOWN_TO_DESK}
    return urlencode(query | {name: value for name, value in kept.items() if value}, safe=",/")


def _hidden(name: str, shown: str | None, narrow: str | None, hidden: str) -> str | None:
    """Codes to hide; "-" hides none; None leaves it to the desk."""
    if shown is None and narrow is None and not hidden:
        return None
    wanted = set(vocabulary.codes(name)) - set(hidden.split(","))
    for codes in (shown, narrow):
        wanted &= set(codes.split(",")) if codes else wanted
    return ",".join(code for code in vocabulary.codes(name) if code not in wanted) or "-"
