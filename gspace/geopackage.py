"""GeoPackage 1.4 (OGC 12-128r19) of our own data, written by Python's sqlite3; no GDAL.

One table of features in WGS 84 with its spatial index (clause F.3) and a record about the data
(F.8), so that source and licence stay in the file wherever it goes.
"""

from __future__ import annotations

import re
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import shapely

MEDIA_TYPE = "application/geopackage+sqlite3"
APPLICATION_ID, USER_VERSION = 0x47504B47, 10400
SRS = 4326
ROWS_AT_ONCE = 2_000
KINDS = ("TEXT", "INTEGER", "REAL", "BOOLEAN", "DATETIME")
OWN_NAMES = ("fid", "geom")


@dataclass(frozen=True)
class Table:
    """columns: (name, kind of KINDS); fid and geom are ours. about: of the data, as JSON text."""

    name: str
    title: str
    description: str
    columns: Sequence[tuple[str, str]]
    about: str


Row = tuple[bytes | None, Sequence[Any]]


def write(path: Path, table: Table, rows: Iterable[Row], now: datetime) -> None:
    """rows: (geometry as WKB in degrees or None, values in the order of the columns)."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        # nobody reads it before it is complete
        file.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        file.executescript(f"PRAGMA application_id = {APPLICATION_ID};")
        file.executescript(f"PRAGMA user_version = {USER_VERSION}; {SCHEMA}")
        file.execute("BEGIN")
        file.execute(_create(table))
        file.execute(f"CREATE VIRTUAL TABLE {_index(table)} USING rtree(id,minx,maxx,miny,maxy)")
        box = _fill(file, table, iter(rows))
        _describe(file, table, box, _moment(now))
        # after the rows: they are the program's that edits the file
        file.execute("COMMIT")
        file.executescript(TRIGGERS.format(t=quoted(table.name), r=_index(table), n=table.name))


def quoted(name: str) -> str:
    """An SQL name; whatever it is, it stays a name."""
    return '"' + name.replace('"', '""').replace("\x00", "") + '"'


def unique(names: Iterable[str], taken: Iterable[str] = OWN_NAMES) -> list[str]:
    """Column names, changed where SQLite would take two for one (it knows no case)."""
    used, found = {name.lower() for name in taken}, []
    for name in names:
        one, number = name or "column", 2
        while one.lower() in used:
            one, number = f"{name}_{number}", number + 1
        used.add(one.lower())
        found.append(one)
    return found


def _index(table: Table) -> str:
    return quoted(f"rtree_{table.name}_geom")


def _create(table: Table) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", table.name):
        raise ValueError(table.name)
    columns = "".join(f", {quoted(name)} {kind}" for name, kind in table.columns)
    return (
        f"CREATE TABLE {quoted(table.name)} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,"
        f" geom GEOMETRY{columns})"
    )


def _fill(file: sqlite3.Connection, table: Table, rows: Iterator[Row]) -> list[float] | None:
    """The rows and their index; the box around all of them."""
    kinds = [kind for _, kind in table.columns]
    marks = ",".join("?" * (len(kinds) + 2))
    fid, box = 0, None
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        shapes = shapely.from_wkb([wkb for wkb, _ in batch])
        bounds = shapely.bounds(shapes)
        placed = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        values, boxes = [], []
        for (wkb, row), (west, south, east, north), has in zip(batch, bounds, placed, strict=True):
            fid += 1
            edges = (west, east, south, north)
            told = [_value(v, k) for v, k in zip(row, kinds, strict=True)]
            values.append([fid, _blob(wkb, edges if has else None), *told])
            if has:
                boxes.append([fid, *map(float, edges)])
        file.executemany(f"INSERT INTO {quoted(table.name)} VALUES ({marks})", values)
        file.executemany(f"INSERT INTO {_index(table)} VALUES (?,?,?,?,?)", boxes)
        box = _around(box, boxes)
    return box


def _around(box: list[float] | None, boxes: list[list[float]]) -> list[float] | None:
    """[west, south, east, north] of what was there and what came."""
    every = [[w, s, e, n] for _, w, e, s, n in boxes] + ([box] if box else [])
    if not every:
        return None
    west, south, east, north = zip(*every, strict=True)
    return [min(west), min(south), max(east), max(north)]


def _blob(wkb: bytes | None, edges: tuple[float, ...] | None) -> bytes | None:
    """StandardGeoPackageBinary (clause 2.1.3.1.1): little-endian; a box unless it is a point."""
    if wkb is None:
        return None
    point = int.from_bytes(wkb[1:5], "little" if wkb[0] else "big") == 1
    if edges is None:
        return struct.pack("<2sBBi", b"GP", 0, 0b00010001, SRS) + wkb
    if point:
        return struct.pack("<2sBBi", b"GP", 0, 0b00000001, SRS) + wkb
    return struct.pack("<2sBBi4d", b"GP", 0, 0b00000011, SRS, *edges) + wkb


def _value(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if isinstance(value, int | float) and kind != "TEXT":
        return int(value) if kind == "BOOLEAN" else _storable(value)
    if isinstance(value, datetime):
        return _moment(value)
    return str(value)


def _storable(value: float) -> float | None:
    """A number that SQLite can hold; None where even a float is too short for it."""
    try:
        return value if -(2**63) <= value < 2**63 else float(value)
    except OverflowError:
        return None


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}Z"


def _describe(file: sqlite3.Connection, table: Table, box: list[float] | None, now: str) -> None:
    name = table.name
    edges: list[float | None] = [*box] if box else [None] * 4
    file.execute(
        "INSERT INTO gpkg_contents VALUES (?,'features',?,?,?,?,?,?,?,?)",
        [name, table.title or name, table.description, now, *edges, SRS],
    )
    file.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?,'geom','GEOMETRY',?,0,0)", [name, SRS]
    )
    file.execute(
        "INSERT INTO gpkg_metadata VALUES (1,'dataset','https://schema.org/Dataset',"
        "'application/json',?)",
        [table.about],
    )
    file.execute(
        "INSERT INTO gpkg_metadata_reference VALUES ('table',?,NULL,NULL,?,1,NULL)", [name, now]
    )
    file.execute(
        "INSERT INTO gpkg_extensions VALUES (?,'geom','gpkg_rtree_index',"
        "'http://www.geopackage.org/spec140/#extension_rtree','write-only')",
        [name],
    )


WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AUTHORITY["EPSG","4326"]]'
)
# clauses 1.1.2, 1.1.3, 2.1.5, 2.3.2 and F.8
SCHEMA = f"""
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', NULL),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL),
  ('WGS 84 geodetic', {SRS}, 'EPSG', {SRS}, '{WGS84}', 'longitude/latitude in degrees');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT
  (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id)
  REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_metadata', NULL, 'gpkg_metadata',
   'http://www.geopackage.org/spec140/#extension_metadata', 'read-write'),
  ('gpkg_metadata_reference', NULL, 'gpkg_metadata',
   'http://www.geopackage.org/spec140/#extension_metadata', 'read-write');
"""
_PUT = "ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)"
_FULL = "NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)"
_EMPTY = "NEW.geom ISNULL OR ST_IsEmpty(NEW.geom)"
# clause F.3: they keep the index right when another program edits the file
TRIGGERS = f"""
CREATE TRIGGER "rtree_{{n}}_geom_insert" AFTER INSERT ON {{t}} WHEN ({_FULL}) BEGIN
  INSERT OR REPLACE INTO {{r}} VALUES (NEW.fid, {_PUT}); END;
CREATE TRIGGER "rtree_{{n}}_geom_update2" AFTER UPDATE OF geom ON {{t}}
  WHEN OLD.fid = NEW.fid AND ({_EMPTY}) BEGIN
  DELETE FROM {{r}} WHERE id = OLD.fid; END;
CREATE TRIGGER "rtree_{{n}}_geom_update4" AFTER UPDATE ON {{t}}
  WHEN OLD.fid != NEW.fid AND ({_EMPTY}) BEGIN
  DELETE FROM {{r}} WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER "rtree_{{n}}_geom_update5" AFTER UPDATE ON {{t}}
  WHEN OLD.fid != NEW.fid AND ({_FULL}) BEGIN
  DELETE FROM {{r}} WHERE id = OLD.fid;
  INSERT OR REPLACE INTO {{r}} VALUES (NEW.fid, {_PUT}); END;
CREATE TRIGGER "rtree_{{n}}_geom_update6" AFTER UPDATE OF geom ON {{t}}
  WHEN OLD.fid = NEW.fid AND ({_FULL}) AND (OLD.geom NOTNULL AND NOT ST_IsEmpty(OLD.geom)) BEGIN
  UPDATE {{r}} SET minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom),
    miny = ST_MinY(NEW.geom), maxy = ST_MaxY(NEW.geom) WHERE id = NEW.fid; END;
CREATE TRIGGER "rtree_{{n}}_geom_update7" AFTER UPDATE OF geom ON {{t}}
  WHEN OLD.fid = NEW.fid AND ({_FULL}) AND (OLD.geom ISNULL OR ST_IsEmpty(OLD.geom)) BEGIN
  INSERT INTO {{r}} VALUES (NEW.fid, {_PUT}); END;
CREATE TRIGGER "rtree_{{n}}_geom_delete" AFTER DELETE ON {{t}} WHEN OLD.geom NOT NULL BEGIN
  DELETE FROM {{r}} WHERE id = OLD.fid; END;
"""
