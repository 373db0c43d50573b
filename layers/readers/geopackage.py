"""GeoPackage (OGC 12-128) by Python's own SQLite, from memory and without a file. Pure: no Django.

No GDAL and no SpatiaLite: a virtual table that reads other files (VirtualOGR) does not exist here.
The database may only be read: an authorizer refuses everything but SELECT on plain columns, so
that neither views nor triggers of a stranger can call anything.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from layers import datums
from layers.findings import Findings
from layers.readers import projections, records, wkb
from layers.readers.outcome import Context, Read, Record, Records
from layers.readers.shapes import Faulty
from layers.tables import LIMIT_COLUMNS, Unreadable

# journal mode "WAL" asks for a file; the bytes for "no journal of that kind"
WAL_AT, LEGACY = slice(18, 20), b"\x01\x01"
ENVELOPES = (0, 32, 48, 48, 64)
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
HARMLESS = {"count", "lower", "upper", "coalesce", "abs", "round", "length", "trim", "substr",
            "ifnull", "min", "max"}  # fmt: skip
LAYERS_SQL = """SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c
 JOIN gpkg_geometry_columns g ON g.table_name = c.table_name WHERE c.data_type = 'features'"""
SRS_SQL = """SELECT organization, organization_coordsys_id, definition
 FROM gpkg_spatial_ref_sys WHERE srs_id = ?"""


@dataclass
class Layer:
    table: str
    geometry: str
    srs: int
    number: int


def read(raw: bytes, context: Context) -> Read:
    """Of the layer with the most features. Raises Unreadable."""
    findings = Findings()
    try:
        base = _opened(raw)
        chosen, others = _choose(base)
        systems = Systems(base, context)
        code = systems.code(chosen.srs)
        items = list(_records(base, chosen, systems, findings))
    except sqlite3.Error as error:
        raise Unreadable("geopackage_unreadable", why=str(error)[:80]) from None
    if others:
        shown = "・".join(others[:5])
        findings.add(None, "", "doubted", "files_left_out", file=chosen.table, others=shown)
    if not items:
        raise Unreadable("no_features")
    return records.read(Records(items, "GeoPackage", crs=code, doubtful=True), context, findings)


def _opened(raw: bytes) -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.deserialize(raw[: WAL_AT.start] + LEGACY + raw[WAL_AT.stop :])
    base.execute("PRAGMA trusted_schema = OFF")
    base.execute("PRAGMA query_only = ON")
    base.execute("PRAGMA cell_size_check = ON")
    base.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100)
    base.setlimit(sqlite3.SQLITE_LIMIT_VDBE_OP, 100_000)
    base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    base.text_factory = lambda text: text.decode("utf-8", "replace")
    base.set_authorizer(_may)
    return base


def _may(action: int, one: str | None, two: str | None, *_: Any) -> int:
    harmless = action == sqlite3.SQLITE_FUNCTION and (two or "").lower() in HARMLESS
    return sqlite3.SQLITE_OK if action in ALLOWED or harmless else sqlite3.SQLITE_DENY


def _choose(base: sqlite3.Connection) -> tuple[Layer, list[str]]:
    """(the layer with the most features, names of the others)"""
    try:
        rows = base.execute(LAYERS_SQL).fetchall()
    except sqlite3.OperationalError:
        # an SQLite file of another kind
        raise Unreadable("geopackage_empty") from None
    found: list[Layer] = []
    skipped: list[str] = []
    for table, geometry, srs in rows:
        try:
            number = base.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0]
        except sqlite3.Error:
            # a layer that is a virtual table, or is not there at all
            skipped.append(str(table))
            continue
        srs = srs if isinstance(srs, int) else 0
        found.append(Layer(str(table), str(geometry), srs, number))
    if not found:
        raise Unreadable("geopackage_empty")
    best = max(found, key=lambda one: one.number)
    return best, [*(one.table for one in found if one is not best), *skipped]


def _quoted(name: Any) -> str:
    return '"' + str(name).replace('"', '""') + '"'


class Systems:
    """The coordinate systems of the file by its own numbers for them."""

    def __init__(self, base: sqlite3.Connection, context: Context) -> None:
        self.base, self.said = base, bool(context.crs)
        self.known: dict[int, int | None] = {}

    def code(self, srs: int) -> int | None:
        """EPSG code; None for the two that say "not known". Raises Unreadable crs_not_read."""
        if srs not in self.known:
            self.known[srs] = self._code(srs)
        return self.known[srs]

    def _code(self, srs: int) -> int | None:
        if srs in (0, -1):
            return None
        row = self.base.execute(SRS_SQL, (srs,)).fetchone()
        organisation, number, words = row or ("", srs, "")
        if srs == 99999 or "undefined" in str(words)[:200].lower():
            # what GDAL writes for "not known"
            return None
        code = None
        if str(organisation).upper() in ("EPSG", "", "NONE") and isinstance(number, int):
            code = datums.listed(number)
        code = code or projections.code_of(str(words))
        if code is None and not self.said:
            name = f"{organisation}:{number}" if organisation else f"{srs}"
            raise Unreadable("crs_not_read", name=name[:60])
        return code


def _records(
    base: sqlite3.Connection, layer: Layer, systems: Systems, findings: Findings
) -> Iterator[Record]:
    rows = base.execute(f"SELECT * FROM {_quoted(layer.table)}")
    names = [one[0] for one in rows.description]
    if len(names) > LIMIT_COLUMNS:
        raise Unreadable("too_many_columns", limit=LIMIT_COLUMNS)
    for row, values in enumerate(rows, start=1):
        if row > records.LIMIT_FEATURES:
            raise Unreadable("too_many_features", limit=f"{records.LIMIT_FEATURES:,}")
        given = {
            n: v for n, v in zip(names, values, strict=True) if n.lower() != layer.geometry.lower()
        }
        given = {n: None if isinstance(v, bytes) else v for n, v in given.items()}
        blob = next((v for n, v in zip(names, values, strict=True)
                     if n.lower() == layer.geometry.lower()), None)  # fmt: skip
        yield _record(row, blob, given, layer, systems)


def _record(row: int, blob: Any, given: dict[str, Any], layer: Layer, systems: Systems) -> Record:
    if blob is None:
        return Record(row, None, given)
    try:
        geometry, srs = geometry_of(blob)
    except Faulty as error:
        return Record(row, None, given, wanting=str(error))
    own = 0
    if srs not in (layer.srs, 0, -1):
        own = systems.code(srs) or 0
    return Record(row, geometry, given, crs=own)


def geometry_of(blob: Any) -> tuple[dict[str, Any] | None, int]:
    """(GeoJSON or None where it is empty, number of its system). Raises Faulty."""
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        raise Faulty("The geometry is not one of a GeoPackage.")
    flags = blob[3]
    envelope = flags >> 1 & 7
    if envelope >= len(ENVELOPES):
        raise Faulty("The geometry is damaged.")
    srs = struct.unpack_from("<i" if flags & 1 else ">i", blob, 4)[0]
    if flags & 0x10:
        return None, srs
    return wkb.geometry(blob, 8 + ENVELOPES[envelope]), srs
