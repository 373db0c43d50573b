"""Hostile layer files: each wants to read a file, call out, write somewhere, or never end.

attacks(bait) gives name -> bytes. RECIPES of the shared data and reliability.md (T1, T4, T8, T9).
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Iterator

from tests.hostile.bait import Bait
from tests.hostile.containers import archives, databases, systems
from tests.map_files import box, by_gdal, kml, placemark
from tests.table_builders import workbook

Named = tuple[str, bytes]


def attacks(bait: Bait) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for family in (virtual, entities, links, databases, systems, archives, damaged, large, words):
        for name, raw in family(bait):
            assert name not in found
            found[name] = raw.encode() if isinstance(raw, str) else raw
    return found


# --- files that stand for other files --------------------------------------------------------
def virtual(bait: Bait) -> Iterator[tuple[str, str]]:
    """GDAL's descriptions of data that lies elsewhere."""
    layer = '<OGRVRTDataSource><OGRVRTLayer name="canary">'
    for name, source in (("file", str(bait.canary)), ("web", f"/vsicurl/{bait.url}"),
                         ("zip", f"/vsizip/vsicurl/{bait.url}")):  # fmt: skip
        yield (
            f"vrt {name}",
            (f"{layer}<SrcDataSource>{source}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"),
        )
        yield (
            f"vrt sql {name}",
            (
                f"{layer}<SrcDataSource>{source}</SrcDataSource>"
                "<SrcSQL>SELECT * FROM canary</SrcSQL></OGRVRTLayer></OGRVRTDataSource>"
            ),
        )
        yield (
            f"raster vrt {name}",
            (
                '<VRTDataset rasterXSize="4" rasterYSize="4"><VRTRasterBand dataType="Byte" '
                f'band="1" subClass="VRTRawRasterBand"><SourceFilename relativeToVRT="0">{source}'
                "</SourceFilename><ImageOffset>0</ImageOffset><PixelOffset>1</PixelOffset>"
                "<LineOffset>4</LineOffset></VRTRasterBand></VRTDataset>"
            ),
        )
    yield (
        "mrf",
        (
            '<MRF_META><Raster><Size x="64" y="64" c="1"/><PageSize x="64" y="64" c="1"/>'
            f"<DataFile>{bait.outside}/mrf.data</DataFile><IndexFile>{bait.outside}/mrf.index"
            f"</IndexFile></Raster><CachedSource><Source>{bait.canary}</Source></CachedSource>"
            "</MRF_META>"
        ),
    )
    yield (
        "gti",
        (
            f"<GDALTileIndexDataset><IndexDataset>/vsicurl/{bait.url}</IndexDataset>"
            "</GDALTileIndexDataset>"
        ),
    )
    yield "wfs", f"<OGRWFSDataSource><URL>{bait.url}</URL></OGRWFSDataSource>"
    yield (
        "wms",
        (f'<GDAL_WMS><Service name="TMS"><ServerUrl>{bait.url}</ServerUrl></Service></GDAL_WMS>'),
    )
    yield "a path as text", f"/vsicurl/{bait.url}"
    yield "a connection as text", f"WFS:{bait.url}"
    yield "another as text", f"PG:host=127.0.0.1 port={bait.port} user=postgres"


# --- XML -------------------------------------------------------------------------------------
LAUGHS = "".join(
    f'<!ENTITY l{n} "{"".join([f"&l{n - 1};"] * 10)}">' if n else '<!ENTITY l0 "lol">'
    for n in range(10)
)
BODIES = {
    "kml": '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>%s</name><Point>'
    "<coordinates>130.7,32.8</coordinates></Point></Placemark></Document></kml>",
    "gpx": '<gpx version="1.1"><wpt lat="32.8" lon="130.7"><name>%s</name></wpt></gpx>',
    "osm": '<osm><node id="1" lat="32.8" lon="130.7"><tag k="name" v="a"/></node>%s</osm>',
}


def entities(bait: Bait) -> Iterator[tuple[str, str | bytes]]:
    head = '<?xml version="1.0"?>'
    for form, body in BODIES.items():
        for name, what in (("file", bait.canary.as_uri()), ("web", bait.url)):
            yield (
                f"{form} entity {name}",
                (f'{head}<!DOCTYPE x [<!ENTITY x SYSTEM "{what}">]>{body % "&x;"}'),
            )
            yield (
                f"{form} parameter {name}",
                (f'{head}<!DOCTYPE x [<!ENTITY % x SYSTEM "{what}"> %x;]>{body % "a"}'),
            )
            yield f"{form} type {name}", f'{head}<!DOCTYPE x SYSTEM "{what}">{body % "a"}'
        yield f"{form} laughs", f"{head}<!DOCTYPE x [{LAUGHS}]>{body % '&l9;'}"
        big = f'<!ENTITY x "{"a" * 100_000}">'
        yield f"{form} quadratic", f"{head}<!DOCTYPE x [{big}]>{body % ('&x;' * 20_000)}"
        yield (
            f"{form} include",
            body
            % (f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{bait.canary}"/>'),
        )
    yield "style sheet", f'{head}<?xml-stylesheet href="{bait.url}"?>{BODIES["kml"] % "a"}'
    yield "kml deep", "<kml>" + "<Folder>" * 50_000
    yield "workbook entity", _workbook(bait)


def _workbook(bait: Bait) -> bytes:
    good = workbook({"一覧": {1: ["名称", "緯度", "経度"], 2: ["東", 32.8, 130.7]}})
    with zipfile.ZipFile(io.BytesIO(good)) as source:
        files = {name: source.read(name) for name in source.namelist()}
    sheet = next(name for name in files if "sheet1" in name)
    doctype = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{bait.canary.as_uri()}">]>'.encode()
    head, mark, rest = files[sheet].partition(b"<worksheet")
    files[sheet] = head + doctype + mark + rest
    return box(files)


# --- addresses that somebody might follow ----------------------------------------------------
def links(bait: Bait) -> Iterator[tuple[str, str]]:
    icon = f"<Style><IconStyle><Icon><href>{bait.url}</href></Icon></IconStyle></Style>"
    yield "kml icon", kml(placemark(f"<name>a</name>{icon}"))
    yield "kml style", kml(placemark(f"<name>a</name><styleUrl>{bait.url}#a</styleUrl>"))
    for tag in ("NetworkLink", "GroundOverlay"):
        href = f"<Link><href>{bait.url}</href></Link><Icon><href>{bait.url}</href></Icon>"
        yield f"kml {tag}", kml(f"<{tag}><name>a</name>{href}</{tag}>" + placemark(""))
    yield (
        "kml model",
        kml(
            "<Placemark><Model><Location><longitude>130.7</longitude><latitude>32.8</latitude>"
            f"</Location><Link><href>{bait.canary}</href></Link></Model></Placemark>"
        ),
    )
    yield "kml script", kml(placemark(
        "<name><![CDATA[<script>alert(1)</script>]]></name><description><![CDATA["
        f'<img src="{bait.url}" onerror=alert(1)><script>alert(1)</script>'
        '<a href="javascript:alert(1)">x</a>]]></description>'
    ))  # fmt: skip
    point = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [130.7, 32.8]}}
    for name, crs in (
        ("link", {"type": "link", "properties": {"href": bait.url, "type": "proj4"}}),
        ("file", {"type": "link", "properties": {"href": bait.canary.as_uri(), "type": "esriwkt"}}),
        ("name", {"type": "name", "properties": {"name": bait.url}}),
        ("grid", {"type": "name", "properties": {
            "name": f"+proj=longlat +nadgrids={bait.canary} +type=crs"}}),
        ("init", {"type": "name", "properties": {"name": f"+init={bait.canary}:4326"}}),
        ("urn", {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::99999999"}}),
    ):  # fmt: skip
        yield (
            f"geojson crs {name}",
            json.dumps({"type": "FeatureCollection", "features": [point], "crs": crs}),
        )
    yield (
        "geojson reference",
        json.dumps({"type": "FeatureCollection", "features": {"$ref": bait.url}}),
    )
    yield "topojson", json.dumps({"type": "Topology", "objects": {"a": {"$ref": bait.url}}})
    yield "esri json", json.dumps(
        {"features": [{"attributes": {}, "geometry": {"x": 130.7, "y": 32.8}}],
         "spatialReference": {"wkt": bait.url}}
    )  # fmt: skip


# --- broken and endless ----------------------------------------------------------------------
def damaged(bait: Bait) -> Iterator[Named]:
    for name in ("FlatGeobuf", "GPKG", "ESRI Shapefile"):
        good = by_gdal(name)
        for at in (0.1, 0.5, 0.9):
            place = int(len(good) * at)
            yield f"{name} cut at {at}", good[:place]
            yield (
                f"{name} turned at {at}",
                good[:place] + good[place : place + 64][::-1] + (good[place + 64 :]),
            )
    fgb = by_gdal("FlatGeobuf")
    yield "flatgeobuf count", fgb[:12] + b"\xff" * 8 + fgb[20:]
    yield "flatgeobuf length", fgb[:8] + struct.pack("<I", 2**31) + fgb[12:]


def large(bait: Bait) -> Iterator[tuple[str, str]]:
    points = ",".join(["[130.7,32.8]"] * 600_000)
    yield (
        "a long line",
        (
            '{"type":"Feature","properties":{"name":"a"},"geometry":{"type":"LineString",'
            f'"coordinates":[{points}]}}}}'
        ),
    )
    point = '{"type":"Feature","properties":{},"geometry":null}'
    yield (
        "many features",
        (f'{{"type":"FeatureCollection","features":[{",".join([point] * 600_000)}]}}'),
    )
    for name, start in (("arrays", "["), ("objects", '{"a":'), ("geometries",
                        '{"type":"GeometryCollection","geometries":[')):  # fmt: skip
        yield f"nested {name}", start * 100_000
    nested = '{"type":"GeometryCollection","geometries":[' * 400
    yield (
        "collections in collections",
        (f'{{"type":"Feature","properties":{{}},"geometry":{nested}{"]}" * 400}}}'),
    )
    yield "a large number", '{"type":"Point","coordinates":[' + "9" * 5000 + ",1]}"
    yield "an infinite number", '{"type":"Point","coordinates":[1e400,NaN]}'
    yield "a wide table", ",".join(f"c{n}" for n in range(20_000)) + "\n"
    yield "a long cell", '名称,緯度,経度\n"' + "a" * 3_000_000


def words(bait: Bait) -> Iterator[tuple[str, str]]:
    strange = ('=HYPERLINK("http://x","y")', "+1+1", "@SUM(A1)", "\u202e右から", "😀", "a\x00b",
               "\ud800", "<script>alert(1)</script>", "'; DROP TABLE x; --",
               "%s%n{0}")  # fmt: skip
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [130.7, 32.8]},
         "properties": {"name": word, word: word, "url": f"javascript:{word}"}}
        for word in strange
    ]  # fmt: skip
    yield "strange words", json.dumps({"type": "FeatureCollection", "features": features})
    keys = {f"k{n}": n for n in range(5000)}
    yield "many attributes", json.dumps({"type": "Feature", "geometry": None, "properties": keys})
