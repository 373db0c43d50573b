"""Text -> rows of cells, each with the row number a person sees; and which row names the columns.

Rows are counted as spreadsheet programs count them, blank ones included. Pure: no Django.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from layers import headings

LIMIT_ROWS = 500_000
LIMIT_COLUMNS = 1000
LIMIT_CELL = 32_767  # as Excel
LIMIT_CELLS = 30_000_000
# rows after which the sums are looked at again
CHECKED = 100
DELIMITERS = (",", "\t", ";", "|")
# title, date and notes stand above the names; nobody writes more of them
HEADER_WITHIN = 40
BLANKS = {"", "-", "－", "―", "—", "–", "ー", "‐", "−", "--", "---", "ーー", "−−−", "―――"}
Line = tuple[int, list[str]]


class Unreadable(ValueError):
    """code: of layers.findings; given: what its sentence needs."""

    def __init__(self, code: str, **given: object) -> None:
        super().__init__(code)
        self.code, self.given = code, given


@dataclass
class Table:
    """names: one a column, "" where the file gives none; rows: (row number, cells) below them.

    header: row number of the names, 0 when the file has none. above: rows over the names.
    """

    names: list[str]
    rows: list[Line]
    header: int = 0
    above: list[Line] = field(default_factory=list)


def with_header(table: Table, header: int) -> Table:
    """The table with its names in row `header`, as a person says; 0: it has none.

    Raises Unreadable: no_such_row.
    """
    named = [(table.header, table.names)] if table.header else []
    lines = [*table.above, *named, *table.rows]
    if not header:
        return Table([], lines)
    names = next((cells for number, cells in lines if number == header), None)
    if names is None:
        raise Unreadable("no_such_row", row=header)
    above = [line for line in lines if line[0] < header]
    return Table(names, [line for line in lines if line[0] > header], header, above)


def is_blank(cell: str) -> bool:
    return cell.strip() in BLANKS


def delimiter(text: str) -> str:
    """The separator that gives the first rows the most even, and more than one, columns."""
    best, score = ",", 0.0
    head = text[:100_000]
    for one in DELIMITERS:
        if one not in head:
            continue
        widths = [len(cells) for _, cells in lines(head, one, limit=60) if len(cells) > 1]
        if not widths:
            continue
        width, often = Counter(widths).most_common(1)[0]
        # a comma inside the words of a tab-separated file makes few and uneven columns
        found = often * min(width, 20)
        if found > score:
            best, score = one, found
    return best


def lines(text: str, separator: str, limit: int = LIMIT_ROWS + HEADER_WITHIN) -> list[Line]:
    """All rows that are not blank. Raises Unreadable: too_many_rows, cell_too_long."""
    csv.field_size_limit(LIMIT_CELL * 4)
    found: list[Line] = []
    cells = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, row in enumerate(reader, start=1):
            if any(row):
                found.append((number, row))
                cells += len(row)
            if len(found) >= limit and limit < LIMIT_ROWS:
                break
            if not number % CHECKED or len(row) > LIMIT_COLUMNS:
                check_size(len(found), len(row), cells)
        check_size(len(found), 0, cells)
    except csv.Error as error:
        code = "cell_too_long" if "limit" in str(error) else "not_text"
        raise Unreadable(code, row=len(found) + 1) from None
    return found


def check_size(rows: int, columns: int, cells: int) -> None:
    if rows > LIMIT_ROWS + HEADER_WITHIN or cells > LIMIT_CELLS:
        raise Unreadable("too_many_rows", limit=LIMIT_ROWS)
    if columns > LIMIT_COLUMNS:
        raise Unreadable("too_many_columns", limit=LIMIT_COLUMNS)


def table(found: list[Line]) -> Table:
    """Which row names the columns, and what is below it. Raises Unreadable."""
    if linked := _linked(found):
        return linked
    place, size = _header(found)
    if place is None:
        return Table([], found)
    names = _names([cells for _, cells in found[place : place + size]])
    rows = found[place + size :]
    return Table(names, rows, found[place][0], found[:place])


def _linked(found: Iterable[Line]) -> Table | None:
    """LinkData: `#property` names the columns; other rows that begin with # are about the file."""
    above: list[Line] = []
    names: list[str] = []
    header = 0
    rows: list[Line] = []
    for number, cells in found:
        first = cells[0].strip().lower() if cells else ""
        if first == "#property" and not names:
            header, names = number, ["#", *(cell.strip() for cell in cells[1:])]
        elif first.startswith("#") and not rows:
            above.append((number, cells))
        else:
            rows.append((number, cells))
    return Table(names, rows, header, above) if names else None


def _header(found: list[Line]) -> tuple[int | None, int]:
    """(place among the rows, height): the row with the most names we know; two rows when merged."""
    best, score = None, 0
    for place, (_, cells) in enumerate(found[:HEADER_WITHIN]):
        known = _known(cells)
        if known > score and not _numbers(cells):
            best, score = place, known
    if best is None or (score < 2 and len([c for c in found[best][1] if c.strip()]) > 4):
        return None, 0
    if best and _is_second(found, best - 1):
        return best - 1, 2
    return best, 2 if _is_second(found, best) else 1


def _known(cells: list[str]) -> int:
    return len({field for cell in cells if (field := headings.field_of(_bare(cell)))})


def _bare(cell: str) -> str:
    # "# name" as the first cell of a commented header
    return cell.strip().lstrip("#").strip()


def _numbers(cells: list[str]) -> bool:
    """Data, not names: some cell is a decimal number."""
    return any(_is_decimal(cell) for cell in cells)


def _is_decimal(cell: str) -> bool:
    whole, dot, part = cell.strip().partition(".")
    return bool(dot) and whole.lstrip("-").isdigit() and part.isdigit() and len(part) > 2


def _is_second(found: list[Line], place: int) -> bool:
    """A second row of names under merged cells: it names what the first leaves blank."""
    if place + 1 >= len(found):
        return False
    first, second = found[place][1], found[place + 1][1]
    if not _known(first):
        return False
    under = [c for i, c in enumerate(second) if c.strip() and (i >= len(first) or not first[i])]
    beside = [c for i, c in enumerate(second) if c.strip() and i < len(first) and first[i].strip()]
    known = sum(1 for cell in second if headings.field_of(_bare(cell)))
    return known >= 2 and len(under) >= 1 and len(beside) <= known and not _numbers(second)


def _names(rows: list[list[str]]) -> list[str]:
    """One name a column; a merged cell above is put before the name below it."""
    if len(rows) == 1:
        return [_bare(cell) for cell in rows[0]]
    width = max(len(row) for row in rows)
    upper, lower = ([*row, *[""] * (width - len(row))] for row in rows)
    names, over = [], ""
    for top, below in zip(upper, lower, strict=True):
        over = _bare(top) or over
        below = _bare(below)
        # "位置" over "緯度" is 緯度; "災害種別" over "洪水" needs both words to be told from others
        names.append(below if headings.field_of(below) else f"{over}_{below}" if below else over)
    return names
