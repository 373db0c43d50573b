"""Japanese eras: the days on which they begin, and the first year of each."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from gspace import era


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 7, 28), "令和8年7月28日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2016, 4, 16), "平成28年4月16日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1923, 9, 1), "1923年9月1日"),
    ],
)
def test_each_day_in_its_era(day: date, words: str) -> None:
    assert era.day(day) == words


def test_the_moment_of_a_paper() -> None:
    assert era.as_of(datetime(2026, 7, 28, 18, 5)) == "令和8年7月28日 18時05分現在"
