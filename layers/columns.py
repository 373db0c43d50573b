"""The municipal file doctor: a table of a spreadsheet -> features, and what was found on the way.

examine(table, ...) finds out which column is what, looks at the columns as a whole, then at each
row, then at the rows together. Nothing is lost: a row with a name or an address but no usable
position is kept without a place; what cannot be read is kept as it is written; 0, blank, "---",
不明 and a column that is not there stay different things. Pure: imports no Django.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from layers import moments, positions, prefectures
from layers.entries import Maker
from layers.findings import Findings
from layers.plans import Choices, Plan, choose_key, plan_of, told
from layers.positions import Placed
from layers.tables import BLANKS, Line, Table, Unreadable, is_blank, with_header

Feature = dict[str, Any]
PLACES = (
    "name",
    "address",
    "municipality",
    "lat",
    "latlon",
    "x",
    "lat_d",
    "prefecture_municipality",
)
NOTE = re.compile(r"^(?:※|＊|\*|注[)）:：0-9０-９]|[(（]注|備考[:：]|出典|資料[:：])")
TOTAL = {"合計", "計", "総計", "小計", "total"}


@dataclass
class Examined:
    """features: (row number, feature); crs as stored with the version; held: code of a question.

    rows: all that stand below the names; source_as_of: a time that stands above them; columns: as
    layers.plans.told says them.
    """

    features: Iterator[tuple[int, Feature]]
    findings: Findings
    rows: int
    header: int
    crs: str = ""
    source_as_of: str | None = None
    held: tuple[str, dict[str, Any]] | None = None
    columns: list[dict[str, Any]] = field(default_factory=list)


def examine(
    table: Table,
    *,
    kind: str,
    zone: tzinfo,
    crs: int | None = None,
    coverage: str = "",
    header: int | None = None,
    chosen: dict[str, str | None] | None = None,
    remembered: dict[str, str | None] | None = None,
    remembered_crs: int | None = None,
) -> Examined:
    """kind: of the layer; zone: of times without offset; crs: EPSG code that the sender names;
    coverage: what the layer is declared to cover, in words. What people say: header: row of the
    column names, 0 = there are none; chosen, remembered: as layers.plans.Choices; remembered_crs:
    EPSG code for metres of which nothing says the zone.

    Raises Unreadable: no_place_named, crs_unknown.
    """
    findings = Findings()
    if header is not None:
        table = with_header(table, header)
    rows = [line for line in table.rows if any(cell.strip() for cell in line[1])]
    total = len(rows)
    plan = plan_of(table, rows, zone, findings, Choices(chosen or {}, remembered or {}))
    if not any(name in plan.fields for name in PLACES):
        raise Unreadable("no_place_named")
    as_of = _time_above(table, zone, findings)
    rows = _without_notes(rows, plan, table, findings)
    choose_key(plan, rows, table.header, findings)
    maker = Maker(plan, kind, zone, findings)
    cells = plan.all_cells(rows)
    if total and not any(_names_a_place(one) for one in cells):
        raise Unreadable("no_place_named")
    areas = [maker.area(one) for one in cells]
    reader = positions.Reader(findings, table.header, crs, remembered_crs)
    names = {n: c.name for n, c in plan.fields.items()}
    reader.survey(cells, names, prefecture_of(areas))
    if reader.refused:
        raise Unreadable(reader.refused)
    if reader.held:
        code, given = reader.held
        findings.add(None, "", "doubted", code, **given)
    placed = [reader.place(number, one) for (number, _), one in zip(rows, cells, strict=True)]
    if reader.plane:
        for one in placed:
            one.kept |= {"x", "y"}
    positions.judge(placed, areas, prefectures.codes_in(coverage), findings)
    _tell_repeats(placed, cells, findings)
    features = _features(maker, rows, placed, cells)
    name, columns = f"EPSG:{reader.crs}", told(plan, rows)
    return Examined(features, findings, total, table.header, name, as_of, reader.held, columns)


def _features(
    maker: Maker, rows: list[Line], placed: list[Placed], cells: list[dict[str, str]]
) -> Iterator[tuple[int, Feature]]:
    for (number, row), one, texts in zip(rows, placed, cells, strict=True):
        yield number, maker.feature(row, one, texts)


# --- rows ------------------------------------------------------------------------------------
def _time_above(table: Table, zone: tzinfo, findings: Findings) -> str | None:
    """令和6年1月9日 18時現在 in the title; a date without 現在, 時点 may be of anything."""
    for number, cells in table.above:
        for cell in cells:
            if re.search(r"現在|時点|更新", cell) and (found := moments.read(cell, zone)):
                findings.add(number, "", "repaired", "as_of_above", read=found)
                return found
    return None


def _without_notes(rows: list[Line], plan: Plan, table: Table, findings: Findings) -> list[Line]:
    """Without rows that are nothing (dashes), a remark below the table, a sum, the names again."""
    kept = []
    named = plan.fields.get("name")
    for number, row in rows:
        if _is_plainly_a_place(row, named.index if named else 0, table):
            kept.append((number, row))
            continue
        said = [text for cell in row if (text := cell.strip()) not in BLANKS]
        if not said:
            findings.add(number, "", "doubted", "row_empty")
        elif _is_note(row, said, plan, table):
            findings.add(number, "", "doubted", "row_is_note", text=said[0][:60])
        else:
            kept.append((number, row))
    return kept


def _is_plainly_a_place(row: list[str], at: int, table: Table) -> bool:
    """Two cells say something, and neither is what remarks, sums and names are made of."""
    if at >= len(row) or len(row) < 2:
        return False
    first, second = row[0].strip(), row[at or 1].strip()
    if first in BLANKS or second in BLANKS or first in table.names:
        return False
    name = second if at else first
    return first.lower() not in TOTAL and "".join(name.split()).lower() not in TOTAL


def _is_note(row: list[str], said: list[str], plan: Plan, table: Table) -> bool:
    if said[0] in table.names and _is_names(row, table):
        return True
    if len(said) == 1 and len(plan.columns) > 2 and NOTE.match(said[0]):
        return True
    named = plan.fields.get("name")
    name = row[named.index] if named and named.index < len(row) else ""
    if "".join(name.split()).lower() not in TOTAL and said[0].lower() not in TOTAL:
        return False
    cells = plan.cells(row)
    return all(is_blank(cells.get(name, "")) for name in ("lat", "latlon", "address", "x"))


def _is_names(row: list[str], table: Table) -> bool:
    return [cell.strip() for cell in row if cell.strip()] == [n for n in table.names if n]


def _names_a_place(cells: dict[str, str]) -> bool:
    return any(not is_blank(cells.get(name, "")) for name in PLACES)


def _tell_repeats(placed: list[Placed], cells: list[dict[str, str]], findings: Findings) -> None:
    first: dict[tuple[str, float, float], int] = {}
    for one, texts in zip(placed, cells, strict=True):
        name = "".join(texts.get("name", "").split())
        if one.point is None or not name:
            continue
        known = first.setdefault((name, one.point.lon, one.point.lat), one.row)
        if known != one.row:
            findings.add(one.row, "name", "doubted", "row_repeats", first=known)


def prefecture_of(areas: list[set[str]]) -> str:
    """The prefecture most rows name, "" when none is named."""
    common = Counter(code for codes in areas for code in codes).most_common(1)
    return common[0][0] if common and common[0][0] in prefectures.TABLE else ""
