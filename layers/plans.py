"""Which column of a table gives which field, and what is odd about the columns as such.

Pure: imports no Django.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from layers import area_codes, headings, moments
from layers.findings import Findings
from layers.tables import Line, Table, is_blank

# these are read into what is ours; columns of other fields are looked at and kept as they are
CONSUMED = {"name", "name_en", "address", "lat", "lon", "latlon", "x", "y", "place_code",
            "lat_d", "lat_m", "lat_s", "lon_d", "lon_m", "lon_s", "capacity", "persons", "hours",
            "as_of", "checked_at", "source"}  # fmt: skip
# what the cells of a column are like if its name is right
LIKE = {
    "email": re.compile(r"@"),
    "url": re.compile(r"https?:|www\.|\.[a-z]{2,}", re.IGNORECASE),
    "postal": re.compile(r"\d{3}[-‐－ー]?\d{3,4}|[０-９]{3}"),
    "phone": re.compile(r"(?:\d.*){6}|[０-９]{6}"),
}
SAMPLES, SAMPLED_ROWS = 3, 1000
PEOPLE = ("chosen", "remembered")
LIKE_ROWS = 5000
# 5.22001E+12 is what Excel leaves of a number of thirteen digits
ROUNDED = re.compile(r"\d\.\d+E\+(?:0[6-9]|[1-9]\d)$", re.IGNORECASE)


@dataclass
class Column:
    """index: place in the row; name: as attributes are called; as_of: a time out of the name.

    taken: the field it stands for, even if it is also kept as it is; how: name, content (no names
    in the file), chosen (by a person for this file), remembered (from an earlier one), or "".
    """

    index: int
    name: str
    field: str = ""
    as_of: str | None = None
    taken: str = ""
    how: str = ""


@dataclass(frozen=True)
class Choices:
    """What people say of columns: column name -> field, None = keep it as it is. chosen: for this
    file; remembered: for an earlier one of this publisher and kind."""

    chosen: dict[str, str | None] = field(default_factory=dict)
    remembered: dict[str, str | None] = field(default_factory=dict)

    def of(self, name: str) -> tuple[str | None, str] | None:
        """(field, how) of a column, None where nobody has said anything."""
        for said, how in ((self.chosen, "chosen"), (self.remembered, "remembered")):
            if name in said:
                return said[name], how
        return None


@dataclass
class Plan:
    """Which column gives which field; hazards and remarks have several. used: indexes of all."""

    columns: list[Column]
    fields: dict[str, Column] = field(default_factory=dict)
    hazards: dict[str, list[Column]] = field(default_factory=dict)
    remarks: list[Column] = field(default_factory=list)
    zeros_lost: bool = False
    key: str = ""

    def cells(self, row: list[str]) -> dict[str, str]:
        """field -> text, for the fields that have a column."""
        return {n: row[c.index] for n, c in self.fields.items() if c.index < len(row)}

    def all_cells(self, rows: list[Line]) -> list[dict[str, str]]:
        """`cells` of each row."""
        pairs = [(n, c.index) for n, c in self.fields.items()]
        last = max((index for _, index in pairs), default=0)
        return [
            {n: row[i] for n, i in pairs} if last < len(row) else self.cells(row) for _, row in rows
        ]


def plan_of(
    table: Table,
    rows: list[Line],
    zone: tzinfo,
    findings: Findings,
    people: Choices = Choices(),
) -> Plan:
    """The plan of a table; without a single field where no column can be told."""
    if not table.names:
        plan = _by_content(rows, people)
        if plan.fields:
            findings.add(rows[0][0], "", "doubted", "header_missing")
        return plan
    width = max((len(row) for _, row in rows), default=0)
    names = _unique(table, width, rows, findings)
    plan = Plan([Column(i, name) for i, name in enumerate(names)])
    _assign(plan, table.names, zone, people)
    if (column := plan.fields.get("persons")) and column.as_of:
        findings.add(table.header, column.name, "repaired", "as_of_in_name", read=column.as_of)
    codes = [row[c.index] for n, c in plan.fields.items() if n in ("code", "place_code")
             for _, row in rows if c.index < len(row)]  # fmt: skip
    plan.zeros_lost = area_codes.lost_zeros(codes)
    _tell_strange(plan, rows, table.header, findings)
    return plan


def _unique(table: Table, width: int, rows: list[Line], findings: Findings) -> list[str]:
    """A name of its own for each column, in the order of the file."""
    names: list[str] = []
    for place in range(max(width, len(table.names))):
        name = table.names[place].strip() if place < len(table.names) else ""
        if not name:
            if not any(place < len(row) and row[place].strip() for _, row in rows):
                names.append("")
                continue
            name = f"column {place + 1}"
            if place >= len(table.names):
                findings.add(table.header, name, "doubted", "cells_beyond_names", kept=name)
        if name in names:
            count = 2
            while f"{name}_{count}" in names:
                count += 1
            kept = f"{name}_{count}"
            findings.add(table.header, name, "doubted", "column_repeated", name=name, kept=kept)
            name = kept
        names.append(name[:200])
    while names and not names[-1]:
        names.pop()
    # a column without name and cells is nothing
    return names


def _assign(plan: Plan, given: list[str], zone: tzinfo, people: Choices) -> None:
    """Each field to the column that people say, else to the one with its best name; a count to
    the one with the latest time in its name."""
    best: dict[str, tuple[Any, Column]] = {}
    for column in plan.columns:
        if not column.name:
            continue
        name = given[column.index] if column.index < len(given) else ""
        found, rank, column.how = _meant(column, name, people)
        column.as_of = moments.find(name, zone)[0] if found else None
        if found.startswith("hazard:"):
            plan.hazards.setdefault(found[7:], []).append(column)
            column.field = column.taken = found
        elif found == "note":
            plan.remarks.append(column)
            column.taken = found
        elif found:
            # what people say first, then the latest time, the better name, the left one
            key = (-1 if rank < 0 else 0, _later(column.as_of), rank, column.index)
            if found not in best or key < best[found][0]:
                best[found] = (key, column)
    for found, (_, column) in best.items():
        plan.fields[found] = column
        column.field = found if found in CONSUMED else ""
        column.taken = found
    plan.columns = [column for column in plan.columns if column.name]
    _release(plan)


def _meant(column: Column, name: str, people: Choices) -> tuple[str, int, str]:
    """(field, rank, how): negative ranks are people's."""
    if (said := people.of(column.name)) is not None:
        field, how = said
        return field or "", -2 if how == "chosen" else -1, how
    found, rank = headings.ranked(name)
    return found, rank, "name" if found else ""


def _later(moment: str | None) -> tuple[int, ...]:
    """For sorting: later times come first, none last."""
    return tuple(-ord(c) for c in moment) if moment else (0,)


def _release(plan: Plan) -> None:
    """Columns that cannot be used without their other half are kept as they are."""
    for axis in ("lat", "lon"):
        # 緯度(度) beside 緯度(分): the degrees are whole
        if f"{axis}_m" in plan.fields and f"{axis}_d" not in plan.fields and axis in plan.fields:
            plan.fields[f"{axis}_d"] = plan.fields.pop(axis)
            plan.fields[f"{axis}_d"].taken = f"{axis}_d"
    for one, two in (("lat", "lon"), ("x", "y"), ("lat_d", "lon_d")):
        if one not in plan.fields and two in plan.fields:
            _let_go(plan, two)
        elif two not in plan.fields and one in plan.fields and one != "lat":
            _let_go(plan, one)


def _let_go(plan: Plan, name: str) -> None:
    column = plan.fields.pop(name)
    column.field = column.taken = column.how = ""


def told(plan: Plan, rows: list[Line]) -> list[dict[str, Any]]:
    """As LayerVersion.columns: [{name, field or null, how, samples}], in the order of the file."""
    return [
        {"name": column.name, "field": column.taken or None,
         "how": column.how if column.taken or column.how in PEOPLE else "",
         "samples": _samples(column, rows)}
        for column in plan.columns
    ]  # fmt: skip


def _samples(column: Column, rows: list[Line]) -> list[str]:
    """The first different ones that say something."""
    found: dict[str, None] = {}
    for _, row in rows[:SAMPLED_ROWS]:
        text = row[column.index].strip() if column.index < len(row) else ""
        if text:
            found[text[:60]] = None
        if len(found) == SAMPLES:
            break
    return list(found)


def choose_key(plan: Plan, rows: list[Line], header: int, findings: Findings) -> None:
    """The publisher's key; numbers that only count the rows are none. rows: without remarks."""
    for name in ("key", "number"):
        column = plan.fields.get(name)
        if column is None:
            continue
        values = [_half(row[column.index]) for _, row in rows if column.index < len(row)]
        used = [value for value in values if not is_blank(value)]
        plain = [v for v in used if v.isascii() and v.isdigit() and (v == "0" or v[0] != "0")]
        if used and len(plain) < len(used) and (name == "key" or len(set(used)) == len(used)):
            plan.key = name
            return
        if name == "key" and used and not _counts(plain):
            plan.key = name
            return
        if name == "key" and used:
            findings.add(header, column.name, "doubted", "id_counts_rows")


def _half(text: str) -> str:
    """１ counts rows as well as 1."""
    return unicodedata.normalize("NFKC", text).strip()


def _counts(values: list[str]) -> bool:
    numbers = [int(v[:18]) for v in values]
    return min(numbers) <= 1 and max(numbers) <= len(numbers) * 2 + 10


def _by_content(rows: list[Line], people: Choices) -> Plan:
    """No names: what people say, the two columns of decimals that lie in Japan, and the first
    column of words."""
    width = max((len(row) for _, row in rows), default=0)
    columns = [Column(i, f"column {i + 1}") for i in range(width)]
    plan = Plan(columns)
    _take_chosen(plan, people)
    ranges = {"lat": (20.0, 46.0), "lon": (122.0, 154.5)}
    for column in columns:
        texts = [row[column.index].strip() for _, row in rows if column.index < len(row)]
        for name, span in ranges.items():
            if name not in plan.fields and not column.how and _mostly_within(texts, *span):
                _take(plan, column, name, "content")
    if len(plan.fields) < 2:
        for name in [n for n, column in plan.fields.items() if column.how == "content"]:
            _let_go(plan, name)
        if not any(column.taken for column in columns):
            return plan
    for column in columns:
        words = [row[column.index] for _, row in rows if column.index < len(row)]
        telling = [w for w in words if len(w.strip()) > 1 and not re.search(r"^[\d.\-]+$", w)]
        if "name" not in plan.fields and not column.how and len(telling) > len(rows) / 2:
            _take(plan, column, "name", "content")
    return plan


def _take_chosen(plan: Plan, people: Choices) -> None:
    """What is said for this file first; of two columns for one field the left one."""
    said = [(column, *found) for column in plan.columns if (found := people.of(column.name))]
    for way in PEOPLE:
        for column, name, how in said:
            if how == way:
                _take(plan, column, name, how)


def _take(plan: Plan, column: Column, name: str | None, how: str) -> None:
    column.how = how
    if name in plan.fields:
        # the other one has it; the cells of this one are kept as they are
        return
    if name and name.startswith("hazard:"):
        plan.hazards.setdefault(name[7:], []).append(column)
    elif name == "note":
        plan.remarks.append(column)
    elif name:
        plan.fields[name] = column
    column.taken = name or ""
    column.field = name if name and (name in CONSUMED or name.startswith("hazard:")) else ""


def _mostly_within(texts: list[str], low: float, high: float) -> bool:
    fit = [t for t in texts if re.fullmatch(r"\d{2,3}\.\d{3,}", t) and low <= float(t) <= high]
    return bool(texts) and len(fit) > len(texts) * 0.8


def _tell_strange(plan: Plan, rows: list[Line], header: int, findings: Findings) -> None:
    for column in plan.columns:
        cells = [row[column.index] for _, row in rows if column.index < len(row)]
        if "+" not in "".join(cells):
            continue
        rounded = (cell for cell in cells if "+" in cell and ROUNDED.match(cell.strip()))
        if example := next(rounded, ""):
            findings.add(header, column.name, "doubted", "digits_lost", value=example)
    for name, pattern in LIKE.items():
        if (named := plan.fields.get(name)) is None:
            continue
        # some thousands of rows tell what a column is like
        some = rows[:: max(1, len(rows) // LIKE_ROWS)]
        texts = [row[named.index].strip() for _, row in some if named.index < len(row)]
        said = [text for text in texts if not is_blank(text)]
        odd = [text for text in said if not pattern.search(text)]
        if len(odd) > 2 and len(odd) > len(said) / 2:
            findings.add(
                header, named.name, "doubted", "column_content_differs", example=odd[0][:40]
            )
