"""全国地方公共団体コード: six digits, the last a check digit (JIS X 0401 + 0402; MIC rule).

Codes are text: 011002 keeps its zero. Five digits are completed; a wrong check digit is refused,
because one mistyped digit would send a report to another city's queue. Pure: no table of names
here (that is `Municipality`, filled from the dated fixtures/places/municipalities.csv).
"""

from __future__ import annotations

import unicodedata

PREFECTURES = range(1, 48)

# The twenty designated cities (政令指定都市) as of 2024-01-01. A ward's code lies between its
# city's code and the next one's, so the city is the highest of these that is not above the ward.
DESIGNATED_CITIES = (
    "01100", "04100", "11100", "12100", "14100", "14130", "14150", "15100", "22100", "22130",
    "23100", "26100", "27100", "27140", "28100", "33100", "34100", "40100", "40130", "43100",
)  # fmt: skip


def check_digit(five: str) -> str:
    """Weights 6 5 4 3 2, modulus 11: the last digit of 11 minus the rest."""
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def complete(text: str) -> str:
    """The six-digit code of `text` (five or six digits, full-width digits accepted).

    Errors: ValueError with a sentence that names the code and what is wrong with it.
    """
    code = unicodedata.normalize("NFKC", str(text)).strip()
    if not (code.isascii() and code.isdigit() and len(code) in (5, 6)):
        raise ValueError(f"{text!r} is not a municipality code: five or six digits are needed")
    if int(code[:2]) not in PREFECTURES:
        raise ValueError(f"{code}: there is no prefecture {code[:2]}")
    right = code[:5] + check_digit(code[:5])
    if len(code) == 6 and code != right:
        raise ValueError(f"{code}: the check digit is wrong ({right} would be right)")
    return right


def is_prefecture(code: str) -> bool:
    """430005 is Kumamoto Prefecture itself."""
    return code[2:5] == "000"


def city_of(code: str) -> str:
    """The six-digit code of the city a ward belongs to; any other municipality is its own city.

    Tokyo's special wards (13101 ...) are municipalities of their own.
    """
    code = complete(code)
    cities = (city for city in DESIGNATED_CITIES if city[:2] == code[:2])
    return complete(next((city for city in cities if covers(city, code)), code))


def covers(area: str, code: str) -> bool:
    """Whether a report in `code` belongs to `area`: the same, its ward, or in its prefecture."""
    first, last = span(area)
    return first <= complete(code)[:5] <= last


def span(area: str) -> tuple[str, str]:
    """First and last five digits of what `area` covers: a prefecture, a city's wards, itself."""
    code = complete(area)
    five, prefecture = code[:5], code[:2]
    if is_prefecture(code):
        return five, f"{prefecture}999"
    if five not in DESIGNATED_CITIES:
        return five, five
    next_ones = [c for c in DESIGNATED_CITIES if c[:2] == prefecture and c > five]
    return five, f"{int(min(next_ones, default=f'{prefecture}200')) - 1:05}"
