"""Records of a map format -> features: the columns doctor for attributes, the map for geometry.

A GIS file comes out of the same offices as a spreadsheet: its attributes are named, coded and
dated alike. What it says in our own terms is taken as it is. Pure: imports no Django.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from layers import columns, encodings, headings, plans, positions, prefectures
from layers.entries import OURS, Maker
from layers.findings import Findings
from layers.plans import Choices, Plan
from layers.positions import Placed
from layers.readers import ground
from layers.readers.outcome import Context, Feature, Read, Record, Records
from layers.tables import LIMIT_COLUMNS, Line, Table, Unreadable, is_blank

LIMIT_FEATURES = 500_000
AREA_FIELDS = ("code", "place_code", "prefecture", "municipality", "address", "key",
               "prefecture_municipality")  # fmt: skip
POSITION_FIELDS = ("lat", "lon", "latlon", "x", "y", "lat_d", "lat_m", "lat_s", "lon_d", "lon_m",
                   "lon_s")  # fmt: skip
WITH_HAZARDS = ("evacuation_site", "shelter", "welfare_shelter", "temporary_stay")
# fields that several columns may fill by turns, where records are of several shapes; words may
# also stand in for a blank, whereas a blank state or count says that nobody knows
WORDS = ("name", "address")
BY_TURNS = (*WORDS, "traffic", "operation", "status", "congestion", "persons")
OWN_TERMS: dict[str, type] = {"state": dict, "hazards": dict, "estimated": bool,
                              "may_be_offered": bool, "kind": str}  # fmt: skip
# numbers of a register are no name
SAMPLE_ROWS = 200
NOT_A_NAME = re.compile(r"^(?:整理)?(?:ID|No)[\s.:-]*\d", re.IGNORECASE)
SECONDS, MILLISECONDS = (1e9, 4e9), (1e12, 4e12)


def read(found: Records, context: Context, findings: Findings) -> Read:
    """findings: what was told of the file so far.

    Raises Unreadable: too_many_features, mojibake, crs_unknown, nothing_placed, no_features.
    """
    if len(found.items) > LIMIT_FEATURES:
        raise Unreadable("too_many_features", limit=f"{LIMIT_FEATURES:,}")
    board = Board(found.items, context, findings)
    if how := encodings.garbled(board.sample()):
        raise Unreadable("mojibake", how=how)
    if context.kind not in WITH_HAZARDS:
        board.leave_hazards()
    maker = RecordMaker(board, context.kind)
    areas = maker.areas()
    area = columns.prefecture_of(areas)
    land = ground.Ground(found, context, findings, area)
    shapes = land.shapes()
    placed = [land.placed(item, shape) for item, shape in zip(found.items, shapes, strict=True)]
    reader = _place_by_columns(board, context, placed, area)
    positions.judge(placed, areas, prefectures.codes_in(context.coverage), findings)
    if found.items and not any(one.point for one in placed):
        _check_words(board, land)
    return Read(
        features=_features(maker, shapes, placed),
        findings=findings,
        format=found.format,
        encoding=found.encoding,
        crs=f"EPSG:{land.crs}",
        rows=len(found.items),
        source_as_of=found.source_as_of,
        held=land.held or (reader.held if reader else None),
        columns=plans.told(board.plan, board.rows),
    )


def _check_words(board: Board, land: ground.Ground) -> None:
    """Nothing is on the map: an address, or a name that no failed geometry goes with, may do."""
    if board.says("address", *AREA_FIELDS[2:5]) or (not land.fault and board.says("name")):
        return
    if not land.fault:
        raise Unreadable("no_features")
    raise Unreadable("nothing_placed", why=land.fault)


def _features(
    maker: RecordMaker, shapes: list[Any], placed: list[Placed]
) -> Iterator[tuple[int, Feature]]:
    for place, (shape, one) in enumerate(zip(shapes, placed, strict=True)):
        feature = maker.made(place, one)
        if shape is not None:
            feature["geometry"] = shape.geojson() if one.point else None
            if shape.height and "z" not in feature["properties"]:
                feature["properties"]["z"] = shape.height
        yield one.row, feature


def _place_by_columns(
    board: Board, context: Context, placed: list[Placed], area: str
) -> positions.Reader | None:
    """Records without a geometry whose attributes hold a position, as rows of a table do."""
    plan = board.plan
    if not any(name in plan.fields for name in ("lat", "latlon", "x", "lat_d")):
        return None
    bare = [n for n, item in enumerate(board.items) if item.geometry is None]
    cells = [plan.cells(board.rows[n][1]) for n in bare]
    remembered = context.more.get("remembered_crs")
    reader = positions.Reader(board.findings, 0, context.crs, remembered)
    reader.survey(cells, {n: c.name for n, c in plan.fields.items()}, area)
    if reader.refused:
        raise Unreadable(reader.refused)
    for n, one in zip(bare, cells, strict=True):
        placed[n] = reader.place(board.items[n].row, one)
    return reader


class Board:
    """The attributes of all records as one table: names in the order they first come."""

    def __init__(self, items: list[Record], context: Context, findings: Findings) -> None:
        self.items, self.zone, self.findings = items, ZoneInfo(context.zone), findings
        people = (context.more.get(name) or {} for name in plans.PEOPLE)
        self.people = Choices(*people)
        seen: dict[str, None] = {}
        for item in items:
            seen.update(dict.fromkeys(item.properties))
        if len(seen) > LIMIT_COLUMNS:
            raise Unreadable("too_many_columns", limit=LIMIT_COLUMNS)
        self.own = {name for name, kind in OWN_TERMS.items() if name in seen
                    and any(isinstance(i.properties.get(name), kind) for i in items)}  # fmt: skip
        self.keys = [key for key in seen if key not in self.own]
        self.names = [str(key) for key in self.keys]
        self.rows: list[Line] = [(item.row, self._texts(item.properties)) for item in items]
        self.plan = self._plan()
        self._fill_by_turns()

    def _texts(self, given: dict[str, Any]) -> list[str]:
        # most are texts already
        return [v if type(v := given.get(key)) is str else text_of(v) for key in self.keys]

    def _plan(self) -> Plan:
        if not self.names:
            return Plan([])
        before = len(self.findings.items)
        table = Table(self.names, self.rows)
        plan = plans.plan_of(table, self.rows, self.zone, self.findings, self.people)
        self._write_times(plan)
        plans.choose_key(plan, self.rows, 0, self.findings)
        for finding in self.findings.items[before:]:
            # there is no row of names
            finding["row"] = finding["row"] or None
        return plan

    def _write_times(self, plan: Plan) -> None:
        """Seconds and milliseconds since 1970, as programs write times."""
        for name in ("as_of", "checked_at"):
            if (column := plan.fields.get(name)) is None:
                continue
            for _, row in self.rows:
                row[column.index] = _moment(row[column.index])

    def _fill_by_turns(self) -> None:
        ranked = [(*headings.ranked(name), n) for n, name in enumerate(self.names)
                  if self.people.of(name) is None]  # fmt: skip
        for field in BY_TURNS:
            order = [n for found, _, n in sorted(ranked, key=lambda r: r[1]) if found == field]
            chosen = self.plan.fields.get(field)
            if chosen is None or (len(order) < 2 and field != "name"):
                continue
            if field in WORDS:
                order = [chosen.index, *(n for n in order if n != chosen.index)]
                self._fill(chosen.index, order, self.rows, field)
            elif not chosen.as_of:
                # what was counted at another time is not said of this one
                order = [n for n in order if n != chosen.index and n not in self._dated()]
                self._fill(chosen.index, order, self._without(chosen.index), field)

    def _fill(self, index: int, order: list[int], rows: list[Line], field: str) -> None:
        for _, row in rows:
            usable = (row[n] for n in order
                      if not is_blank(row[n]) and not _no_name(field, row[n]))  # fmt: skip
            row[index] = next(usable, "")

    def _dated(self) -> set[int]:
        """The columns whose name bears a time."""
        return {column.index for column in self.plan.columns if column.as_of}

    def _without(self, index: int) -> list[Line]:
        """The rows of the records that do not have this column at all."""
        key = self.keys[index]
        pairs = zip(self.items, self.rows, strict=True)
        return [line for item, line in pairs if key not in item.properties]

    def sample(self) -> str:
        """Names and some of the words."""
        cells = (cell[:200] for _, row in self.rows[:SAMPLE_ROWS] for cell in row)
        return "\n".join([*self.names, *(c for c in cells if not c.isascii())])

    def leave_hazards(self) -> None:
        """`tsunami: 0` of an earthquake says nothing about a shelter: it stays an attribute."""
        for columns_ in self.plan.hazards.values():
            for column in columns_:
                column.field = column.taken = ""
        self.plan.hazards.clear()

    def says(self, *fields: str) -> bool:
        """Whether any record says one of the fields."""
        indexes = [c.index for n, c in self.plan.fields.items() if n in fields]
        return any(not is_blank(row[n]) for _, row in self.rows for n in indexes)


def _no_name(field: str, text: str) -> bool:
    return field == "name" and bool(NOT_A_NAME.match(text))


def text_of(value: Any) -> str:
    """A value as it would stand in a cell."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)[:2000]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)[:400]


def _moment(text: str) -> str:
    if not re.fullmatch(r"\d{10}|\d{13}", text):
        return text
    number = float(text)
    if MILLISECONDS[0] <= number <= MILLISECONDS[1]:
        number /= 1000
    if not SECONDS[0] <= number <= SECONDS[1]:
        return text
    return datetime.fromtimestamp(number, UTC).isoformat()


class RecordMaker(Maker):
    """Makes features of records; attributes keep the type they have in the file."""

    def __init__(self, board: Board, kind: str) -> None:
        super().__init__(board.plan, kind, board.zone, board.findings)
        self.board = board
        self.cells = board.plan.all_cells(board.rows)
        self.given: dict[str, Any] = {}
        self.shown = [(self._name(c.index, c.name), c.index, board.keys[c.index], bool(c.field))
                      for c in board.plan.columns if c.index < len(board.keys)]  # fmt: skip
        self.positions = {name for name in POSITION_FIELDS if name in board.plan.fields}

    def _name(self, index: int, name: str) -> str:
        key = self.plan.fields.get(self.plan.key)
        # the parent drops an attribute that says the feature's id again
        if name not in OURS or (name == "id" and key is not None and key.index == index):
            return name
        return f"{name} (column)"

    def areas(self) -> list[set[str]]:
        if not any(name in self.plan.fields for name in AREA_FIELDS):
            return [set()] * len(self.board.rows)
        return [self.area(cells) for cells in self.cells]

    def made(self, place: int, placed: Placed) -> Feature:
        item, (_, row) = self.board.items[place], self.board.rows[place]
        self.given = item.properties
        placed.kept |= self.positions
        feature = self.feature(row, placed, self.cells[place])
        own = {name: self.given[name] for name in self.board.own
               if self.given.get(name) is not None}  # fmt: skip
        if isinstance(own.get("state"), dict) and "state" in feature["properties"]:
            own["state"] = feature["properties"]["state"] | own["state"]
        feature["properties"] |= own
        if item.key is not None:
            feature["id"] = item.key
        return feature

    def _attributes(self, row: list[str]) -> dict[str, Any]:
        """Every other attribute as the file has it; blank texts are null."""
        found: dict[str, Any] = {}
        for name, index, key, consumed in self.shown:
            if key not in self.given or (consumed and index not in self.kept):
                continue
            value = self.given[key]
            found[name] = (value.strip() or None) if isinstance(value, str) else value
        return found
