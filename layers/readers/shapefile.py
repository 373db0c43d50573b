"""Shapefiles (ESRI, 1998) without GDAL: the bytes of .shp, .dbf, .prj and .cpg -> records.

Records are read one after the other; the index (.shx) is not needed. Pure: imports no Django.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Any

from layers.findings import Findings
from layers.readers import projections, records, rings, shapes
from layers.readers.dbf import Dbf
from layers.readers.outcome import Context, Read, Record, Records
from layers.readers.sheets import read_table
from layers.tables import Table, Unreadable

HEADER = 100
POINTS, LINES, AREAS, MANY = (1, 11, 21), (3, 13, 23), (5, 15, 25), (8, 18, 28)
UNREAD = "Surfaces of patches (MultiPatch) are not read."
DAMAGED = "The record is damaged."


@dataclass
class Parts:
    """The files of one Shapefile; None for one that is not there."""

    shp: bytes
    dbf: bytes | None = None
    prj: bytes | None = None
    cpg: bytes | None = None


def read(parts: Parts, context: Context, findings: Findings) -> Read:
    """Raises Unreadable."""
    code = _crs(parts.prj, context)
    table = Dbf(parts.dbf, findings, parts.cpg) if parts.dbf else None
    if table is None:
        findings.add(None, "", "doubted", "attributes_missing")
    rows = table.rows() if table else iter(())
    items = []
    pairs = zip_longest(geometries(parts.shp, findings), rows, fillvalue=_Missing)
    for row, (geometry, given) in enumerate(pairs, start=1):
        if given is None:
            # deleted in the table: it is not there for any other program either
            continue
        properties = {} if given is _Missing else given
        if isinstance(geometry, str):
            items.append(Record(row, None, properties, wanting=geometry))
        else:
            items.append(Record(row, None if geometry is _Missing else geometry, properties))
    found = Records(items, "Shapefile", table.encoding if table else "ascii", code, doubtful=True)
    return records.read(found, context, findings)


def read_dbf(raw: bytes, context: Context) -> Read:
    """A table alone: its columns are looked at as those of a spreadsheet."""
    before = Findings()
    found = Dbf(raw, before)
    table = Table([field.name for field in found.fields], list(found.texts()))
    return read_table(table, "DBF", found.encoding, context, before)


def read_shp(raw: bytes, context: Context) -> Read:
    raise Unreadable("shapefile_parts")


_Missing: Any = object()


def _crs(prj: bytes | None, context: Context) -> int | None:
    """The code of the .prj, None without one that is one. Raises Unreadable crs_not_read."""
    text = (prj or b"").decode("utf-8", "replace")
    if not projections.is_one(text):
        return None
    if (code := projections.code_of(text)) is None and not context.crs:
        raise Unreadable("crs_not_read", name=projections.name_of(text))
    return code


def geometries(raw: bytes, findings: Findings) -> Iterator[dict[str, Any] | str | None]:
    """GeoJSON geometries in the order of the file; a text says why there is none."""
    if len(raw) < HEADER or raw[:4] != b"\x00\x00\x27\x0a":
        raise Unreadable("shapefile_unreadable", why="its header is damaged")
    # the length in the header is wrong in many a file; what is there counts
    at, number = HEADER, 0
    while at + 12 <= len(raw):
        size = struct.unpack_from(">i", raw, at + 4)[0] * 2
        if size < 4 or at + 8 + size > len(raw):
            break
        number += 1
        yield _geometry(raw[at + 8 : at + 8 + size])
        at += 8 + size
    if at < len(raw):
        findings.add(None, "", "doubted", "records_cut", number=number)


def _geometry(record: bytes) -> dict[str, Any] | str | None:
    kind = struct.unpack_from("<i", record)[0]
    if kind == 0:
        return None
    if kind == 31:
        return UNREAD
    try:
        if kind in POINTS:
            return _point(record, kind)
        if kind in MANY:
            return {"type": "MultiPoint", "coordinates": _pairs(record, 40, _count(record, 36))}
        if kind in LINES or kind in AREAS:
            return _lined(record, kind)
    except struct.error:
        return DAMAGED
    except ValueError as error:
        return str(error)
    return DAMAGED


def _point(record: bytes, kind: int) -> dict[str, Any]:
    x, y = struct.unpack_from("<2d", record, 4)
    found = [x, y]
    if kind == 11 and len(record) >= 28:
        found.append(struct.unpack_from("<d", record, 20)[0])
    return {"type": "Point", "coordinates": found}


def _lined(record: bytes, kind: int) -> dict[str, Any] | None:
    parts, points = _count(record, 36), _count(record, 40)
    if not points:
        return None
    starts = [*struct.unpack_from(f"<{parts}i", record, 44), points]
    if any(a > b or a < 0 for a, b in pairwise(starts)):
        raise ValueError(DAMAGED)
    found = _pairs(record, 44 + 4 * parts, points)
    lines = [found[a:b] for a, b in pairwise(starts) if b > a]
    if kind in AREAS:
        return rings.areas(lines)
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def _count(record: bytes, at: int) -> int:
    number = struct.unpack_from("<i", record, at)[0]
    if not 0 <= number <= shapes.LIMIT_READ:
        raise ValueError(shapes.TOO_MANY)
    return int(number)


def _pairs(record: bytes, at: int, number: int) -> list[list[float]]:
    flat = struct.unpack_from(f"<{number * 2}d", record, at)
    return [[flat[i], flat[i + 1]] for i in range(0, number * 2, 2)]
