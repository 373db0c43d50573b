"""Tables for spreadsheet programs: CSV that opens rightly in Excel and that no cell of can act.

UTF-8 with a byte order mark (without it Excel takes Japanese for CP932), CRLF, RFC 4180. A text
that a program would take for a formula gets an apostrophe before it; numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

BOM = "\ufeff"
MEDIA_TYPE = "text/csv; charset=utf-8"
# the full-width ones start formulas too, where Japanese is typed
FORMULA = frozenset("=+-@＝＋－＠\t\r\n")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
ROWS_AT_ONCE = 500


def cell(value: Any) -> str:
    """What stands in a cell: nothing for None, times as they are given with their offset."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return harmless(str(value))


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where it would be taken for a formula."""
    # some programs cut blanks off before they look
    begins = text[:1], text.lstrip()[:1]
    if FORMULA.isdisjoint(begins) or NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def csv_parts(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The file in pieces, so that a long table is never whole in memory."""
    page = io.StringIO()
    page.write(BOM)
    write = csv.writer(page).writerow
    write([harmless(name) for name in header])
    for number, row in enumerate(rows, 1):
        write([cell(value) for value in row])
        if number % ROWS_AT_ONCE == 0:
            yield _taken(page)
    yield _taken(page)


def _taken(page: io.StringIO) -> bytes:
    found = page.getvalue().encode()
    page.seek(0)
    page.truncate()
    return found
