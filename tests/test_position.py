"""The shown position is chosen by the stated rule, and the others are never forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import position
from reports.position import Positions, choose

SHOT = datetime(2016, 4, 15, 17, 11, tzinfo=UTC)
HERE, THERE, FAR = ((130.7077, 32.8032), (130.7400, 32.7900), (131.0, 33.0))


def at(place: tuple[float, float], **more: Any) -> dict[str, Any]:
    return {"lon": place[0], "lat": place[1]} | more


def device(*, age_s: float = 5, accuracy_m: float | None = 12) -> dict[str, Any]:
    return at(HERE, accuracy_m=accuracy_m, fixed_at=SHOT - timedelta(seconds=age_s))


def chosen(**given: Any) -> Positions:
    nothing: dict[str, Any] = {"device_fix": None, "exif_fixes": [], "pin": None, "operator": None}
    return choose(**({"captured_at": SHOT} | nothing | given))


def test_each_source_gives_way_to_the_one_before_it() -> None:
    every: dict[str, Any] = {
        "operator": at(FAR),
        "pin": at(THERE),
        "device_fix": device(),
        "exif_fixes": [None, at(THERE, accuracy_m=8)],
    }
    order = []
    for name in ("operator", "pin", "device_fix", "exif_fixes"):
        order.append(chosen(**every).rule)
        every[name] = [] if name == "exif_fixes" else None
    assert [*order, chosen(**every).rule] == [
        "operator",
        "pin",
        "device_fresh",
        "exif_first",
        "none",
    ]


@pytest.mark.parametrize(
    ("fix", "rule"),
    [
        (device(age_s=120, accuracy_m=200), "device_fresh"),
        (device(age_s=-120, accuracy_m=200), "device_fresh"),
        (device(age_s=120.1), "device_old"),
        (device(age_s=-121), "device_old"),
        (device(accuracy_m=200.1), "device_coarse"),
        (device(accuracy_m=None), "device_unknown"),
        (at(HERE, accuracy_m=5), "device_unknown"),
        (at(HERE, accuracy_m=5, fixed_at=datetime(2016, 4, 15, 17, 11)), "device_unknown"),
        (at(HERE, accuracy_m=float("nan"), fixed_at=SHOT), "device_unknown"),
    ],
)
def test_a_device_fix_must_be_fresh_and_fine_to_beat_the_photo(fix: dict, rule: str) -> None:
    assert chosen(device_fix=fix).rule == rule
    beside = chosen(device_fix=fix, exif_fixes=[at(THERE)])
    assert beside.chosen == ("device" if rule == "device_fresh" else "exif")
    assert beside.disagreement_m == pytest.approx(3360, rel=0.02)


def test_without_a_time_of_capture_no_fix_is_fresh() -> None:
    assert chosen(captured_at=None, device_fix=device()).rule == "device_unknown"


def test_the_first_photo_with_a_position_speaks() -> None:
    fixes = [None, {"lon": None, "lat": None}, at((0, 0)), at(THERE), at(FAR)]
    found = chosen(exif_fixes=fixes)
    assert (found.lon, found.lat) == THERE
    assert found.disagreement_m == pytest.approx(33_700, rel=0.02)


def test_disagreement_is_the_largest_and_none_when_alone() -> None:
    assert chosen(pin=at(HERE)).disagreement_m is None
    assert chosen().disagreement_m is None
    three = chosen(pin=at(HERE), device_fix=device(), exif_fixes=[at(FAR)])
    assert three.disagreement_m == position.distance_m(at(HERE), at(FAR))
    assert chosen(pin=at(HERE), device_fix=device()).disagreement_m == 0


def test_the_accuracy_is_that_of_the_chosen_one() -> None:
    assert chosen(device_fix=device()).accuracy_m == 12
    assert chosen(pin=at(HERE), device_fix=device()).accuracy_m is None


@pytest.mark.parametrize(
    ("fix", "doubt"),
    [
        (None, "missing"),
        ({}, "missing"),
        (at((0, 0)), "gps_zero"),
        (at((4_294_967_295, 4_294_967_295)), "gps_out_of_range"),
        (at((float("nan"), 32)), "gps_not_a_number"),
        (at((130, float("inf"))), "gps_not_a_number"),
        ({"lon": "130", "lat": 32}, "gps_not_a_number"),
        ({"lon": True, "lat": 32}, "gps_not_a_number"),
        (at((10**400, 32)), "gps_not_a_number"),
        (at((180, -90)), None),
        (at((130.7, 0)), None),
    ],
)
def test_fixes_that_are_none_are_named(fix: Any, doubt: str | None) -> None:
    assert position.doubt(fix) == doubt
    assert position.usable(fix) == (doubt is None)
    assert (chosen(pin=fix).chosen == "pin") == (doubt is None)


NUMBERS = st.one_of(st.none(), st.floats(), st.integers(), st.text(max_size=3), st.booleans())
TIMES = st.one_of(
    st.none(), st.datetimes(), st.datetimes(timezones=st.just(UTC)), st.text(max_size=3)
)
KEYS = {"lon": NUMBERS, "lat": NUMBERS, "accuracy_m": NUMBERS, "fixed_at": TIMES}
ANY_FIX = st.one_of(st.none(), st.fixed_dictionaries({}, optional=KEYS))
GOOD = st.builds(lambda lon, lat: at((lon, lat)), st.floats(-180, 180), st.floats(1, 90))
FIXES = st.one_of(ANY_FIX, GOOD)


@given(captured_at=TIMES, device_fix=FIXES, exif_fixes=st.lists(FIXES, max_size=4), pin=FIXES)
def test_it_never_raises_and_always_tells_the_truth(**given: Any) -> None:
    found = choose(**given, operator=None)
    assert (found.lon is None) == (found.chosen == "none")
    everything = [given["device_fix"], given["pin"], *given["exif_fixes"]]
    count = sum(map(position.usable, everything))
    assert (found.chosen == "none") == (count == 0)
    assert (found.disagreement_m is None) == (count <= 1)


@given(captured_at=TIMES, device_fix=FIXES, exif_fixes=st.lists(FIXES, max_size=4), pin=GOOD)
def test_people_are_never_overridden(**given: Any) -> None:
    pinned = choose(**given, operator=None)
    assert (pinned.chosen, pinned.lon, pinned.lat) == (
        "pin",
        given["pin"]["lon"],
        given["pin"]["lat"],
    )
    operator = at(HERE)
    assert choose(**given, operator=operator).chosen == "operator"


@given(device_fix=GOOD, exif_fixes=st.lists(GOOD, max_size=4), pin=st.one_of(st.none(), GOOD))
def test_the_order_of_keys_means_nothing_and_nothing_is_changed(**given: Any) -> None:
    turned = {
        "device_fix": dict(reversed(given["device_fix"].items())),
        "exif_fixes": [dict(reversed(fix.items())) for fix in given["exif_fixes"]],
        "pin": given["pin"] and dict(reversed(given["pin"].items())),
    }
    before = repr(given)
    assert chosen(**given) == chosen(**turned)
    assert repr(given) == before
