"""Hostile databases, Shapefiles and archives."""

from __future__ import annotations

import io
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Iterator

from tests.hostile.bait import Bait
from tests.map_files import box, by_gdal, dbf, kml, placemark

Named = tuple[str, bytes]


# --- databases -------------------------------------------------------------------------------
CONTENTS = """
CREATE TABLE gpkg_contents(table_name TEXT, data_type TEXT, identifier TEXT, description TEXT,
  last_change TEXT, min_x REAL, min_y REAL, max_x REAL, max_y REAL, srs_id INT);
CREATE TABLE gpkg_geometry_columns(table_name TEXT, column_name TEXT, geometry_type_name TEXT,
  srs_id INT, z INT, m INT);
CREATE TABLE gpkg_spatial_ref_sys(srs_name TEXT, srs_id INT, organization TEXT,
  organization_coordsys_id INT, definition TEXT, description TEXT);
INSERT INTO gpkg_contents VALUES('a','features','a','','',0,0,1,1,4326);
INSERT INTO gpkg_geometry_columns VALUES('a','geom','POINT',4326,0,0);
INSERT INTO gpkg_spatial_ref_sys VALUES('w',4326,'EPSG',4326,'','');
"""


def databases(bait: Bait) -> Iterator[Named]:
    yield "virtual table of a file", _virtual_table(f"VirtualOGR('{bait.canary}')")
    yield "virtual table of the web", _virtual_table(f"VirtualOGR('/vsicurl/{bait.url}')")
    yield "shape of a file", _virtual_table(f"VirtualShape('{bait.canary.with_suffix('')}',utf8,1)")
    geometry = "x'47500001e610000001010000000000000000005640000000000000404040'"
    for name, sql in (
        ("load", f"SELECT 1 AS fid, {geometry} AS geom, load_extension('{bait.canary}') AS name"),
        ("read", f"SELECT 1 AS fid, {geometry} AS geom, readfile('{bait.canary}') AS name"),
        ("write", f"SELECT writefile('{bait.outside}/sql', 'x') AS fid, {geometry} AS geom"),
        ("endless", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                    f"SELECT i AS fid, {geometry} AS geom FROM n"),
        ("blob", f"SELECT 1 AS fid, zeroblob(900000000) AS name, {geometry} AS geom"),
    ):  # fmt: skip
        yield f"view that would {name}", _database(f"CREATE VIEW a AS {sql};")
    yield (
        "geometry nested",
        _database("CREATE TABLE a(fid INTEGER PRIMARY KEY, geom BLOB);", _nested(60_000)),
    )
    yield (
        "geometry that lies",
        _database(
            "CREATE TABLE a(fid INTEGER PRIMARY KEY, geom BLOB);",
            b"GP\x00\x01" + struct.pack("<iBII", 4326, 1, 2, 2**31 - 1),
        ),
    )
    good = by_gdal("GPKG")
    yield "database in the middle", good[: len(good) // 2]
    yield "database of noise", good[:100] + bytes(range(256)) * 200


def _database(sql: str, blob: bytes | None = None) -> bytes:
    base = sqlite3.connect(":memory:")
    base.executescript(CONTENTS + sql)
    if blob:
        base.execute("INSERT INTO a(geom) VALUES (?)", (blob,))
    base.commit()
    return base.serialize()


def _virtual_table(call: str) -> bytes:
    """Written into the schema by hand: this SQLite has no such module."""
    base = sqlite3.connect(":memory:")
    base.executescript(CONTENTS + "PRAGMA writable_schema = ON;")
    base.execute(
        "INSERT INTO sqlite_master VALUES ('table', 'a', 'a', 0, ?)",
        (f"CREATE VIRTUAL TABLE a USING {call}",),
    )
    base.commit()
    return base.serialize()


def _nested(depth: int) -> bytes:
    part = struct.pack("<BII", 1, 7, 1) * depth + struct.pack("<BII", 1, 7, 0)
    return b"GP\x00\x01" + struct.pack("<i", 4326) + part


# --- coordinate systems and tables of Shapefiles ---------------------------------------------
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(by_gdal("ESRI Shapefile"))) as source:
        return {name: source.read(name) for name in source.namelist()}


def systems(bait: Bait) -> Iterator[Named]:
    files = parts()
    grid = f'EXTENSION["PROJ4_GRIDS","{bait.canary}"]'
    for name, prj in (
        ("grid", f'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298],{grid}],UNIT["d",0.01745]]'),
        ("address", f'GEOGCS["x",DATUM["x",AUTHORITY["{bait.url}","1"]]]'),
        ("path", str(bait.canary)),
        ("string", f"+proj=longlat +nadgrids={bait.canary}"),
        ("page", "<html><body>not found</body></html>"),
        ("long", "GEOGCS[" * 100_000),
    ):
        yield f"prj {name}", box(files | {"f.prj": prj.encode()})
    for name, cpg in (("path", str(bait.canary)), ("codec", "zlib_codec"), ("nul", "\0" * 100)):
        yield f"cpg {name}", box(files | {"f.cpg": cpg.encode()})
    long = bytearray(files["f.shp"])
    long[24:28] = struct.pack(">i", 2**30)
    yield "shp length", box(files | {"f.shp": bytes(long)})
    many = bytearray(files["f.shp"])
    many[104:108] = struct.pack(">i", 2**30)
    yield "shp record length", box(files | {"f.shp": bytes(many)})
    fields = struct.pack("<B3BIHH20x", 3, 124, 1, 1, 3, 65_535, 65_535)
    fields += b"".join(struct.pack("11sc4xBB14x", b"a%d" % n, b"C", 32, 0) for n in range(2046))
    yield "dbf fields", box(files | {"f.dbf": fields})
    yield (
        "dbf count",
        dbf([{"名称": "a"}])[:4] + struct.pack("<I", 2**32 - 1) + dbf([{"名称": "a"}])[8:],
    )


# --- archives --------------------------------------------------------------------------------
def archives(bait: Bait) -> Iterator[Named]:
    text = "名称,緯度,経度\n東,32.8,130.7\n".encode()
    up = "../" * 12
    for name, member in (
        ("up", f"{up}{str(bait.outside).lstrip('/')}/evil.csv"),
        ("absolute", f"{bait.outside}/evil.csv"),
        ("backslash", f"..\\..\\{bait.outside.name}\\evil.csv"),
        ("drive", "C:\\evil.csv"),
        ("override", "\u202egpj.csv"),
    ):
        yield f"zip {name}", box({member: text})
    yield "zip letters", _letters(text)
    yield "zip link", _link(bait)
    yield "zip bomb", _bomb(500)
    yield "zip of zips", box({"a.zip": box({"b.zip": box({"c.zip": _bomb(50)})})})
    yield "zip of nothing", _many(100_000)
    yield "kmz up", box({f"{up}evil.kml": kml(placemark("")), "doc.kml": kml(placemark(""))})
    good = box({"a.csv": text * 100})
    yield "zip cut", good[:-30]
    yield "zip of noise", good[:60] + bytes(100) + good[160:]


def _letters(text: bytes) -> bytes:
    """CP932 names whose second byte is a backslash."""
    found = bytearray(box({"xxxxxx.csv": text}))
    name = "表ソ能".encode("cp932")
    return bytes(found.replace(b"xxxxxx", name))


def _link(bait: Bait) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as target:
        info = zipfile.ZipInfo("a.csv")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(info, str(bait.canary))
    return found.getvalue()


def _bomb(megabytes: int) -> bytes:
    found = io.BytesIO()
    with (
        zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as target,
        target.open("a.csv", "w", force_zip64=True) as member,
    ):
        for _ in range(megabytes):
            member.write(bytes(1 << 20))
    return found.getvalue()


def _many(count: int) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as target:
        for number in range(count):
            target.writestr(f"{number}.csv", b"")
    return found.getvalue()
