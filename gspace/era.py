"""Japanese eras for headings of official papers: 令和8年7月28日. Pure: imports no Django."""

from __future__ import annotations

from datetime import date, datetime

# each from its first day (元号法; 昭和 and before by the court's notices)
ERAS = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
)


def day(moment: date) -> str:
    """`令和8年7月28日`; the first year of an era is 元年; before 昭和 the Western year."""
    plain = moment.date() if isinstance(moment, datetime) else moment
    for first, name in ERAS:
        if plain >= first:
            year = plain.year - first.year + 1
            return f"{name}{'元' if year == 1 else year}年{plain.month}月{plain.day}日"
    return f"{plain.year}年{plain.month}月{plain.day}日"


def as_of(local: datetime) -> str:
    """`令和8年7月28日 18時00分現在`, of a time in the zone that is meant."""
    return f"{day(local)} {local.hour}時{local.minute:02}分現在"
