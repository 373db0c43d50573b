"""FlatGeobuf 3 without GDAL: a header, an index that is passed over, features one after another.

Each is a FlatBuffers table: offsets into its own bytes, every one of them checked by struct.
Pure: imports no Django.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from layers import datums
from layers.findings import Findings
from layers.readers import projections, records
from layers.readers.outcome import Context, Read, Record, Records
from layers.readers.shapes import LIMIT_DEPTH, LIMIT_READ, TOO_MANY, Faulty
from layers.tables import LIMIT_COLUMNS, Unreadable

MAGIC = 8
KINDS = {1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString",
         6: "MultiPolygon", 7: "GeometryCollection"}  # fmt: skip
# column types by number: byte, bool, short, int, long, float, double; text, JSON, time are texts
NUMBERS = {0: "b", 1: "B", 2: "?", 3: "h", 4: "H", 5: "i", 6: "I", 7: "q", 8: "Q", 9: "f",
           10: "d"}  # fmt: skip
STRING, JSON_TEXT, TIME, BINARY = 11, 12, 13, 14
NODE_BYTES = 40
LIMIT_PARTS = 100_000


class Table:
    """A FlatBuffers table at `at` of raw; fields are numbered as in its schema."""

    def __init__(self, raw: bytes, at: int) -> None:
        self.raw, self.at = raw, at
        self.slots = at - struct.unpack_from("<i", raw, at)[0]
        if self.slots < 0:
            raise struct.error
        self.size = struct.unpack_from("<H", raw, self.slots)[0]

    @classmethod
    def root(cls, raw: bytes) -> Table:
        return cls(raw, struct.unpack_from("<I", raw)[0])

    def _place(self, field: int) -> int:
        slot = 4 + field * 2
        offset = struct.unpack_from("<H", self.raw, self.slots + slot)[0] if slot < self.size else 0
        return self.at + offset if offset else 0

    def number(self, field: int, form: str, default: Any = 0) -> Any:
        place = self._place(field)
        return struct.unpack_from(f"<{form}", self.raw, place)[0] if place else default

    def _vector(self, field: int) -> tuple[int, int]:
        """(place of the first element, how many)."""
        if not (place := self._place(field)):
            return 0, 0
        at = place + struct.unpack_from("<I", self.raw, place)[0]
        return at + 4, struct.unpack_from("<I", self.raw, at)[0]

    def numbers(self, field: int, form: str) -> tuple[Any, ...]:
        at, count = self._vector(field)
        return struct.unpack_from(f"<{count}{form}", self.raw, at) if count else ()

    def bytes(self, field: int) -> bytes:
        at, count = self._vector(field)
        if at + count > len(self.raw):
            raise struct.error
        return self.raw[at : at + count]

    def text(self, field: int) -> str:
        return self.bytes(field).decode("utf-8", "replace")

    def table(self, field: int) -> Table | None:
        place = self._place(field)
        return (
            Table(self.raw, place + struct.unpack_from("<I", self.raw, place)[0]) if place else None
        )

    def tables(self, field: int) -> list[Table]:
        at, count = self._vector(field)
        if count > LIMIT_PARTS:
            raise Faulty(f"1 to {LIMIT_PARTS:,} parts are accepted.")
        places = [at + i * 4 for i in range(count)]
        return [Table(self.raw, p + struct.unpack_from("<I", self.raw, p)[0]) for p in places]


@dataclass
class Header:
    kind: int
    columns: list[tuple[str, int]]
    count: int
    node: int
    crs: Table | None


def read(raw: bytes, context: Context) -> Read:
    """Raises Unreadable."""
    findings = Findings()
    try:
        at, header = _header(raw)
        code = _crs(header.crs, context)
        items = list(_records(raw, at, header, findings))
    except (struct.error, IndexError, Faulty) as error:
        raise Unreadable("flatgeobuf_unreadable", why=str(error)[:80] or "damaged") from None
    if not items:
        raise Unreadable("no_features")
    return records.read(Records(items, "FlatGeobuf", crs=code, doubtful=True), context, findings)


def _header(raw: bytes) -> tuple[int, Header]:
    """(where the features begin, header)."""
    size = struct.unpack_from("<I", raw, MAGIC)[0]
    if not 8 <= size <= len(raw) - MAGIC - 4:
        raise struct.error("its header is damaged")
    table = Table.root(raw[MAGIC + 4 : MAGIC + 4 + size])
    columns = _columns(table.tables(7))
    header = Header(table.number(2, "B"), columns, table.number(8, "Q"),
                    table.number(9, "H", 16), table.table(10))  # fmt: skip
    return MAGIC + 4 + size + _index_bytes(header.count, header.node), header


def _columns(tables: list[Table]) -> list[tuple[str, int]]:
    if len(tables) > LIMIT_COLUMNS:
        raise Unreadable("too_many_columns", limit=LIMIT_COLUMNS)
    found: list[tuple[str, int]] = []
    for table in tables:
        name, count = table.text(0), 2
        while any(name == known for known, _ in found):
            name, count = f"{table.text(0)}_{count}", count + 1
        found.append((name, table.number(1, "B")))
    return found


def _index_bytes(count: int, node: int) -> int:
    """Of the packed R-tree: levels of nodes over the features."""
    if not count or node < 2:
        return 0
    found = level = count
    while True:
        # a single feature has a root above it, too
        level = -(-level // node)
        found += level
        if level == 1:
            return found * NODE_BYTES


def _crs(table: Table | None, context: Context) -> int | None:
    if table is None:
        return None
    number, words, text = table.number(1, "i"), table.text(4), table.text(5)
    code = datums.listed(number) or datums.parse(text) or projections.code_of(words)
    if code is None and (number or words or text) and not context.crs:
        name = f"{table.text(0) or 'EPSG'}:{number}" if number else text or table.text(2)
        raise Unreadable("crs_not_read", name=name[:60])
    return code


def _records(raw: bytes, at: int, header: Header, findings: Findings) -> Iterator[Record]:
    row = 0
    while at + 4 <= len(raw):
        size = struct.unpack_from("<I", raw, at)[0]
        at += 4
        if size < 8 or at + size > len(raw):
            findings.add(None, "", "doubted", "records_cut", number=row)
            return
        row += 1
        if row > records.LIMIT_FEATURES:
            raise Unreadable("too_many_features", limit=f"{records.LIMIT_FEATURES:,}")
        yield _record(row, raw[at : at + size], header)
        at += size
    if header.count and row < header.count:
        findings.add(None, "", "doubted", "records_cut", number=row)


def _record(row: int, raw: bytes, header: Header) -> Record:
    try:
        table = Table.root(raw)
        columns = _columns(table.tables(2)) or header.columns
        given = _properties(table.bytes(1), columns)
        shape = table.table(0)
        geometry = _geometry(shape, header.kind, 0) if shape else None
    except Faulty as error:
        return Record(row, None, {}, wanting=str(error))
    except struct.error:
        return Record(row, None, {}, wanting="The record is damaged.")
    return Record(row, geometry, given)


def _properties(raw: bytes, columns: list[tuple[str, int]]) -> dict[str, Any]:
    """column number, value; those that are missing are null."""
    found: dict[str, Any] = dict.fromkeys(name for name, _ in columns)
    at = 0
    while at + 2 <= len(raw):
        place = struct.unpack_from("<H", raw, at)[0]
        at += 2
        if place >= len(columns):
            raise struct.error
        name, kind = columns[place]
        if kind in NUMBERS:
            found[name] = struct.unpack_from(f"<{NUMBERS[kind]}", raw, at)[0]
            at += struct.calcsize(NUMBERS[kind])
            continue
        size = struct.unpack_from("<I", raw, at)[0]
        at += 4 + size
        if at > len(raw):
            raise struct.error
        if kind != BINARY:
            text = raw[at - size : at].decode("utf-8", "replace")
            found[name] = _parsed(text) if kind == JSON_TEXT else text
    return found


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _geometry(shape: Table, kind: int, depth: int) -> dict[str, Any] | None:
    """kind: of the layer; 0 where every geometry says its own. None for an empty one."""
    if depth > LIMIT_DEPTH:
        raise Faulty("The geometry is nested too deeply.")
    name = KINDS.get(shape.number(6, "B") or kind)
    if name is None:
        raise Faulty("Curves and surfaces are not read; save them as lines and areas.")
    if name in ("MultiPolygon", "GeometryCollection"):
        parts = [_geometry(part, 3 if name == "MultiPolygon" else 0, depth + 1)
                 for part in shape.tables(7)]  # fmt: skip
        there = [part for part in parts if part]
        if name == "MultiPolygon":
            return {"type": name, "coordinates": [part["coordinates"] for part in there]}
        return {"type": name, "geometries": there}
    flat = shape.numbers(1, "d")
    if len(flat) > LIMIT_READ * 2:
        raise Faulty(TOO_MANY)
    return _plain(name, flat, shape)


def _plain(name: str, flat: tuple[float, ...], shape: Table) -> dict[str, Any] | None:
    if not flat:
        return None
    heights = shape.numbers(2, "d")
    points = [[flat[i], flat[i + 1]] for i in range(0, len(flat) - 1, 2)]
    if name == "Point":
        return {"type": name, "coordinates": [*points[0], *heights[:1]]}
    if name in ("LineString", "MultiPoint"):
        return {"type": name, "coordinates": points}
    ends = shape.numbers(0, "I") or (len(points),)
    parts = [points[a:b] for a, b in zip((0, *ends), ends, strict=False)]
    return {"type": name, "coordinates": [part for part in parts if part]}
