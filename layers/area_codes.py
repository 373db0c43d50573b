"""Municipality codes as spreadsheets leave them: without their first 0, with a ".0", five digits.

Pure: imports no Django.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from gspace import municipality_codes

# E + the municipality's five digits + eight more: the shared id of GSI's shelters
GSI_KEY = re.compile(r"[EP](\d{5})\d{6,8}")


def tidy(text: str) -> str:
    """172014.0 and 1.72014E+05 as Excel leaves them -> 172014; other texts as they are."""
    word = unicodedata.normalize("NFKC", text).strip().strip("'\"=")
    if re.fullmatch(r"\d{1,6}\.0+|\d(?:\.\d+)?E\+?0[0-5]", word, re.IGNORECASE):
        number = float(word)
        return str(int(number)) if number.is_integer() else word
    return word


def lost_zeros(texts: Iterable[str]) -> bool:
    """Whether the five digits of a column are six that lost their 0: every check digit fits.

    One code alone may fit by accident (1 of 11), two and more hardly.
    """
    five = {word for text in texts if len(word := tidy(text)) == 5 and word.isdigit()}
    return len(five) > 1 and all(_with_zero(word) for word in five)


def _with_zero(word: str) -> str:
    try:
        return municipality_codes.complete("0" + word)
    except ValueError:
        return ""


def restore(text: str, *, zeros_lost: bool = False, prefecture: str = "") -> tuple[str, str]:
    """(six digits, code of layers.findings or "" when nothing was put right).

    prefecture: two digits that the row's address tells, to choose between two readings.
    Raises ValueError with the reason.
    """
    word = tidy(text)
    if not (word.isascii() and word.isdigit() and len(word) in (4, 5)):
        return municipality_codes.complete(word), ""
    if len(word) == 4:
        return municipality_codes.complete("0" + word), "code_zero_restored"
    padded = _with_zero(word)
    if padded and (zeros_lost or prefecture == padded[:2] or int(word[:2]) > 47):
        return padded, "code_zero_restored"
    return municipality_codes.complete(word), "code_completed"


def of_key(key: str) -> str:
    """The municipality a GSI id names, "" for other keys."""
    if key[:1].isdigit() or not key:
        return ""
    match = GSI_KEY.fullmatch(key.strip())
    try:
        return municipality_codes.complete(match[1]) if match else ""
    except ValueError:
        return ""
