"""The small chart of how many were there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from frontend import occupancy
from tests.layer_builders import TEN


def said(hour: int, persons: int | None) -> dict[str, Any]:
    return {"as_of": TEN + timedelta(hours=hour), "persons": persons}


def test_the_oldest_is_on_the_left_and_a_count_holds_until_the_next() -> None:
    drawn = occupancy.chart([said(4, 20), said(2, 100), said(0, 0)])
    assert drawn and drawn.top == 100
    assert [dot.persons for dot in drawn.dots] == [0, 100, 20]
    assert [dot.x for dot in drawn.dots] == [64, 326, 588]
    assert [dot.y for dot in drawn.dots][:2] == [occupancy.BASE, occupancy.TOP]
    assert drawn.course.split()[:3] == ["64.0,148.0", "326.0,148.0", "326.0,16.0"]


def test_what_was_not_counted_is_no_zero() -> None:
    drawn = occupancy.chart([said(0, 10), said(1, None), said(2, 12)])
    assert drawn and [dot.persons for dot in drawn.dots] == [10, 12]


def test_one_count_is_no_course() -> None:
    assert occupancy.chart([]) is None
    assert occupancy.chart([said(0, 5), said(1, None)]) is None
    assert occupancy.chart([said(0, 5), said(0, 6)]) is None


@pytest.mark.parametrize(
    ("number", "top"), [(0, 5), (5, 5), (6, 10), (11, 20), (21, 50), (310, 500), (1999, 2000)]
)
def test_the_scale_is_round(number: int, top: int) -> None:
    assert occupancy.round_up(number) == top
