"""What a number of reports counts, the desk opens: each filter of a list in the desk's words."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest

from frontend.desk_links import LISTS, UNKNOWN_TO_DESK, desk_query, openable
from reports.filter_places import NOWHERE
from reports.filters import NAMES, PAGING
from tests.filter_examples import GIVEN
from tests.test_filter_examples import USUAL

OWN = ["431001"]


def told(example: dict[str, Any]) -> dict[str, str]:
    """An example's filters, as a list takes them."""
    found = dict(part.split("=", 1) for part in example["asks"].split("&") if part)
    hidden = example.get("hidden", USUAL)
    return found | ({"exclude_status": hidden} if hidden else {})


def opened(query: str) -> dict[str, str]:
    """The list's filters that the desk makes of its address: tests/frontend/filter_examples.test.ts
    holds it to the same examples."""
    found = dict(parse_qsl(query, keep_blank_values=True))
    assert found.pop("area") == "all"
    for name in LISTS:
        if (hidden := found.pop(f"hide_{name}", "")) not in ("", "-"):
            found[f"exclude_{name}"] = ",".join(sorted(hidden.split(",")))
    return found


def test_the_desk_opens_each_example_as_the_list_was_asked() -> None:
    wrong = {}
    for example in GIVEN["examples"]:
        asked = told(example)
        every = {} if "exclude_status" in asked else {"status": ""}
        expected = dict(asked)
        if area := expected.pop("area", ""):
            expected["municipality"] = area
        if (found := opened(desk_query(asked, **every))) != expected:
            wrong[example["says"]] = (found, expected)
    assert wrong == {}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in PAGING])
def test_each_filter_is_opened_or_named_as_unknown(name: str) -> None:
    in_examples = {name for example in GIVEN["examples"] for name in told(example)}
    # the desk says what is hidden: what is shown are the others
    assert (name in in_examples or name in LISTS) != (name in UNKNOWN_TO_DESK)
    if name in UNKNOWN_TO_DESK:
        assert openable({name: "1"}) == {} and opened(desk_query({name: "1"})) == {}


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({"due": "soon"}, {}),
        ({"due": "overdue"}, {"due": "overdue"}),
        ({"needs_place": "0", "waiting": "false", "unseen": "0", "since_last_looked": "False"}, {}),
        ({"needs_place": "true", "has_photo": "FALSE"}, {"needs_place": "1", "has_photo": "0"}),
        # the list refuses these by name: they are not swallowed
        ({"due": "never", "waiting": "maybe"}, {"due": "never", "waiting": "maybe"}),
    ],
    ids=["soon", "overdue", "not so", "in words", "wrong"],
)
def test_what_the_desk_cannot_ask_for_is_left_out(
    filters: dict[str, str], kept: dict[str, str]
) -> None:
    assert openable(filters) == kept
    assert opened(desk_query(filters)) == kept


@pytest.mark.parametrize(
    ("filters", "narrow", "area"),
    [
        ({"area": f"431001,{NOWHERE}"}, "", ("own", None)),
        ({"area": f"431001,{NOWHERE}"}, "431010", ("own", "431010")),
        ({"area": "431001"}, "", ("all", "431001")),
        ({"area": "43101"}, "431001", ("all", "431010")),
        ({"municipality": "431010,434434"}, "431001", ("all", "431010")),
        ({"municipality": "430005", "area": f"431001,{NOWHERE},281000"}, "", ("all", "431001")),
        ({"municipality": f"{NOWHERE},431010"}, NOWHERE, ("all", NOWHERE)),
    ],
    ids=["own", "in own", "another's", "five digits", "a ward of a city", "two filters", "nowhere"],
)
def test_areas_and_municipalities_open_what_lies_in_all_of_them(
    filters: dict[str, str], narrow: str, area: tuple[str, str | None]
) -> None:
    more = {"municipality": narrow} if narrow else {}
    found = dict(parse_qsl(desk_query(filters, OWN, **more)))
    assert (found["area"], found.get("municipality")) == area


def test_who_has_no_own_area_opens_what_lies_nowhere_and_not_everything() -> None:
    found = dict(parse_qsl(desk_query({"area": NOWHERE}, [])))
    assert (found["area"], found.get("municipality")) == ("all", NOWHERE)
