"""Filters of a list as the desk's address (frontend/src/core/desk_query.ts), so that a number opens
its reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from gspace import vocabulary

LISTS = ("category", "severity", "status")
# a list shows these, the desk does not know them: which part is looked at, and when it was seen
UNKNOWN_TO_DESK = ("bbox", "captured_since", "captured_until")


def desk_query(filters: Mapping[str, Any], **narrow: Any) -> str:
    """The text after "?": `filters` narrowed further; a status that nobody names is as usual.

    narrow: as filters; status="" shows every status.
    """
    asked = {**filters, **narrow}
    query = {"area": "own" if asked.pop("area", "") else "all"}
    for name in LISTS:
        shown, hidden = asked.pop(name, None), asked.pop(f"exclude_{name}", "")
        if (hide := _hidden(name, shown, hidden)) is not None:
            query[f"hide_{name}"] = hide
    kept = {name: value for name, value in asked.items() if name not in UNKNOWN_TO_DESK}
    return urlencode(query | {name: value for name, value in kept.items() if value}, safe=",/")


def _hidden(name: str, shown: Any, hidden: str) -> str | None:
    """Codes to hide; "-" hides none; None leaves it to the desk."""
    if shown is None and not hidden:
        return None
    apart = set(hidden.split(","))
    wanted = set(str(shown).split(",")) if shown else set(vocabulary.codes(name))
    codes = [code for code in vocabulary.codes(name) if code not in wanted or code in apart]
    return ",".join(codes) or "-"
