"""Map files of every kind in the sandbox: places, words, coordinate systems, and what is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from layers.identity import metres
from layers.readers import kinds
from tests.map_files import (
    AT,
    NAMES,
    PLACES,
    box,
    by_gdal,
    codes,
    collection,
    dbf,
    feature,
    kml,
    names,
    placemark,
    points,
    read,
    refusal,
)

GDAL = ("GPKG", "FlatGeobuf", "ESRI Shapefile", "GeoJSON")
FORMAT = {"GPKG": "GeoPackage", "ESRI Shapefile": "Shapefile"}


# --- what GDAL writes ------------------------------------------------------------------------
@pytest.mark.parametrize("driver", GDAL)
def test_places_and_words_arrive(driver: str) -> None:
    told = read(by_gdal(driver, encoding="UTF-8" if driver == "ESRI Shapefile" else None))
    assert (told.format, told.rows, told.crs) == (FORMAT.get(driver, driver), 3, "EPSG:4326")
    assert names(told) == NAMES and codes(told) == []
    assert [f["properties"]["address"] for f in told.features] == [p[1] for p in PLACES]
    assert np.allclose(points(told), AT, atol=1e-9)


@pytest.mark.parametrize("driver", ["GPKG", "FlatGeobuf", "ESRI Shapefile"])
@pytest.mark.parametrize("crs", ["EPSG:6670", "EPSG:2444", "EPSG:30162", "EPSG:4301",
                                 "EPSG:6688", "EPSG:32652", "EPSG:3857", "EPSG:4612"])  # fmt: skip
def test_positions_come_to_wgs84_whatever_they_are_in(driver: str, crs: str) -> None:
    told = read(by_gdal(driver, crs=crs, encoding="UTF-8" if "Shape" in driver else None))
    assert told.crs == crs and told.held is None
    for found, true in zip(points(told), AT, strict=True):
        assert found is not None and metres(tuple(found[:2]), tuple(true)) < 0.5


SHAPES = {
    "hole": shapely.Polygon([(130, 32), (130, 33), (131, 33), (131, 32)],
                            [[(130.2, 32.2), (130.4, 32.2), (130.4, 32.4), (130.2, 32.4)]]),
    "island in a lake": shapely.MultiPolygon([
        shapely.Polygon([(130, 32), (130, 33), (131, 33), (131, 32)],
                        [[(130.2, 32.2), (130.6, 32.2), (130.6, 32.6), (130.2, 32.6)]]),
        shapely.Polygon([(130.3, 32.3), (130.4, 32.3), (130.4, 32.4), (130.3, 32.4)])]),
    "two lines": shapely.MultiLineString([[(130, 32), (130.1, 32.1)], [(131, 32), (131, 32.5)]]),
    "line": shapely.LineString([(130, 32), (130.1, 32.1), (130.2, 32)]),
    "points": shapely.MultiPoint([(130, 32), (130.5, 32.5)]),
}  # fmt: skip


@pytest.mark.parametrize("driver", GDAL)
@pytest.mark.parametrize("name", sorted(SHAPES))
def test_every_type_of_geometry_is_kept(driver: str, name: str) -> None:
    told = read(by_gdal(driver, [SHAPES[name]], fields={"名称": ["所"]}))
    (found,) = told.features
    assert shapely.geometry.shape(found["geometry"]).normalize().equals(SHAPES[name])


@pytest.mark.parametrize("driver", ["GPKG", "ESRI Shapefile", "GeoJSON"])
def test_heights_are_kept_beside_the_place_and_nothing_is_kept_as_nothing(driver: str) -> None:
    raw = by_gdal(driver, [shapely.Point(130.7, 32.8, 41.5), None], fields={"名称": ["山", "無"]})
    told = read(raw)
    assert points(told) == [[130.7, 32.8], None]
    assert told.features[0]["properties"]["z"] == 41.5
    assert told.rows == 2


@pytest.mark.parametrize("driver", ["GPKG", "FlatGeobuf"])
def test_types_of_values_are_kept(driver: str) -> None:
    fields: dict[str, list[Any]] = {"名称": ["所"], "戸数": [12], "率": [0.5], "空": [None]}
    told = read(by_gdal(driver, [shapely.Point(130.7, 32.8)], fields=fields))
    found = told.features[0]["properties"]
    assert (found["戸数"], found["率"], found["空"]) == (12, 0.5, None)


def test_of_several_layers_the_largest_is_read_and_the_others_are_named() -> None:
    small = by_gdal("GPKG", layers=("一", "二"))
    told = read(small)
    assert told.rows == 3
    (finding,) = told.findings
    assert (finding["code"], finding["given"]["others"]) == ("files_left_out", "二")


# --- Shapefiles as offices pack them ---------------------------------------------------------
def parts(raw: bytes) -> dict[str, bytes]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(raw)) as source:
        return {name: source.read(name) for name in source.namelist()}


def test_japanese_tables_are_read_with_and_without_a_code_page() -> None:
    files = parts(by_gdal("ESRI Shapefile", crs="EPSG:6670", encoding="CP932"))
    told = read(box(files))
    assert (names(told), told.encoding) == (NAMES, "cp932")
    bare = {name: raw for name, raw in files.items() if not name.endswith(".cpg")}
    # the language driver in the header names it, too; most programs leave it out
    silent = bytearray(bare["f.dbf"])
    silent[29] = 0
    bare["f.dbf"] = bytes(silent)
    told = read(box(bare))
    assert names(told) == NAMES and (None, "encoding_unsaid") in codes(told)
    told = read(box(bare | {"f.cpg": b"<html><body>404</body></html>"}))
    assert names(told) == NAMES and (None, "encoding_wrong") in codes(told)
    told = read(box(bare | {"f.cpg": b"UTF-8"}))
    assert names(told) == NAMES and (None, "encoding_wrong") in codes(told)


def test_member_names_may_be_of_any_case_and_in_a_folder() -> None:
    files = parts(by_gdal("ESRI Shapefile", encoding="UTF-8"))
    shouted = {f"データ/{name.upper()}": raw for name, raw in files.items()}
    assert names(read(box(shouted))) == NAMES


def test_metres_without_a_system_are_proposed_and_held() -> None:
    files = parts(by_gdal("ESRI Shapefile", crs="EPSG:2444", encoding="CP932"))
    bare = box({name: raw for name, raw in files.items() if not name.endswith(".prj")})
    told = read(bare)
    assert told.held is not None and told.held[0] == "crs_to_confirm"
    assert "EPSG:6670" in told.held[1]["crs"]
    assert np.allclose(points(told), AT, atol=1e-6)
    # with a name for it there is no question
    told = read(bare, crs=2444)
    assert told.held is None and np.allclose(points(told), AT, atol=1e-6)


def test_metres_of_nowhere_are_refused_and_a_coverage_helps() -> None:
    files = parts(by_gdal("ESRI Shapefile", crs="EPSG:6670", fields={"値": ["a", "b", "c"]}))
    bare = box({name: raw for name, raw in files.items() if not name.endswith(".prj")})
    assert refusal(bare) == "crs_unknown"
    assert read(bare, coverage="熊本県").held is not None


def test_degrees_without_a_system_are_doubted() -> None:
    files = parts(by_gdal("ESRI Shapefile", encoding="UTF-8"))
    told = read(box({name: raw for name, raw in files.items() if not name.endswith(".prj")}))
    assert codes(told) == [(None, "crs_unsaid")]


def test_a_system_that_is_not_listed_is_refused_by_name() -> None:
    assert refusal(by_gdal("GPKG", crs="EPSG:2230")) == "crs_not_read"
    files = parts(by_gdal("ESRI Shapefile"))
    us = 'PROJCS["NAD_1983_StatePlane_California_VI",GEOGCS["GCS_North_American_1983",DATUM["D"]]]'
    assert refusal(box(files | {"f.prj": us.encode()})) == "crs_not_read"
    # what is no coordinate system at all counts as none
    told = read(box(files | {"f.prj": b"<html>not found</html>"}))
    assert (None, "crs_unsaid") in codes(told)


def test_a_shapefile_that_is_not_whole_says_what_is_missing() -> None:
    files = parts(by_gdal("ESRI Shapefile", encoding="UTF-8"))
    assert refusal(files["f.shp"]) == "shapefile_parts"
    assert refusal(box({"f.dbf": files["f.dbf"], "f.prj": files["f.prj"]})) == "shapefile_parts"
    told = read(box({"f.shp": files["f.shp"], "f.prj": files["f.prj"]}))
    assert codes(told) == [(None, "attributes_missing")] and told.rows == 3
    cut = files | {"f.shp": files["f.shp"][:-20]}
    told = read(box(cut))
    assert (None, "records_cut") in codes(told) and points(told)[:2] == AT[:2]


def test_two_shapefiles_in_one_zip() -> None:
    small = {f"a{name[1:]}": raw for name, raw in parts(by_gdal(
        "ESRI Shapefile", [shapely.Point(130, 32)], fields={"名称": ["一"]})).items()}  # fmt: skip
    told = read(box(small | parts(by_gdal("ESRI Shapefile", encoding="UTF-8"))))
    assert names(told) == NAMES and (None, "files_left_out") in codes(told)


def test_a_table_alone_is_read_as_a_table() -> None:
    rows = [{"名称": name, "住所": address, "緯度": str(lat), "経度": str(lon)}
            for name, address, lon, lat in PLACES]  # fmt: skip
    told = read(dbf(rows))
    assert (told.format, told.encoding, names(told)) == ("DBF", "cp932", NAMES)
    assert points(told) == AT


# --- zip files -------------------------------------------------------------------------------
def test_a_zip_with_one_file_is_that_file() -> None:
    text = "名称,緯度,経度\n東,32.794222,130.748408\n"
    assert read(box({"data/a.csv": text, "README.txt": "x"})).format == "CSV"
    assert read(box({"a.geojson": by_gdal("GeoJSON"), "__MACOSX/._a.geojson": "x"})).rows == 3
    assert read(box({"doc.kml": kml(placemark("<name>a</name>")), "files/a.png": "x"})).format == (
        "KMZ"
    )
    assert read(box({"a.gpkg": by_gdal("GPKG")})).format == "GeoPackage"


def test_of_several_files_the_one_that_suits_the_layer_is_read() -> None:
    many = collection(*(feature([130.7, 32.8]) for _ in range(9)))
    files = {"tukoujisseki.geojson": many, "dourokisei.geojson": by_gdal("GeoJSON")}
    assert read(box(files)).rows == 9
    told = read(box(files), kind="road_closure")
    assert told.rows == 3
    assert told.findings[-1]["given"] == {"file": "dourokisei.geojson",
                                          "others": "tukoujisseki.geojson"}  # fmt: skip


def test_a_zip_with_nothing_in_it_says_so() -> None:
    assert refusal(box({"a.png": "x"})) == "zip_nothing"
    assert refusal(box({})) == "zip_nothing"
    inner = box({"b.zip": box({"c.zip": box({"d.csv": "x"})})})
    assert refusal(inner) == "zip_in_zip"
    locked = bytearray(box({"a.csv": "名称\n東\n"}))
    # the flag of a password, in the entry and in the directory
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(locked)) == "zip_encrypted"


# --- KML -------------------------------------------------------------------------------------
FULL = kml(
    "<Folder><name>避難所</name><Folder><name>小学校</name>"
    + placemark(
        "<name>東小</name><address>熊本市東区</address><phoneNumber>096-1</phoneNumber>"
        "<description><![CDATA[開設中<br>毛布 &lt;あり&gt;<img src='https://x.example/p.png'>"
        "<a href='https://c.example/'>市</a><script>alert(1)</script>]]></description>"
        '<ExtendedData><Data name="定員"><value>120</value></Data>'
        '<SchemaData><SimpleData name="備考">定員:99人</SimpleData></SchemaData></ExtendedData>'
    )
    + "</Folder></Folder>"
    "<NetworkLink><name>n</name><Link><href>http://127.0.0.1/</href></Link></NetworkLink>"
    "<Placemark><name>住所だけ</name><address>熊本県熊本市西区春日</address></Placemark>"
)


def test_kml_words_become_plain_attributes() -> None:
    told = read(FULL)
    first, second = told.features
    properties = first["properties"]
    assert (properties["name"], properties["address"]) == ("東小", "熊本市東区")
    assert properties["folder"] == "避難所 / 小学校" and properties["capacity"] == 120
    assert properties["description"] == "開設中\n毛布 <あり>市 https://c.example/"
    assert second["geometry"] is None and second["properties"]["address"].endswith("春日")
    assert codes(told) == [(None, "not_loaded")]


LINE = "130.7,32.8 130.8,32.9"
SHAPES_KML = {
    f"<LineString><coordinates>{LINE}</coordinates></LineString>": "LineString",
    "<LineString><coordinates> 130.7, 32.8, 0\n130.8 ,32.9,0 </coordinates></LineString>": (
        "LineString"
    ),
    "<Polygon><outerBoundaryIs><LinearRing><coordinates>130,32 131,32 131,33 130,32</coordinates>"
    "</LinearRing></outerBoundaryIs></Polygon>": "Polygon",
    f"<MultiGeometry><LineString><coordinates>{LINE}</coordinates></LineString><LineString>"
    "<coordinates>130,32 131,33</coordinates></LineString></MultiGeometry>": "MultiLineString",
    "<gx:Track><when>2024-01-01T00:00:00Z</when><when>2024-01-01T01:00:00Z</when>"
    "<gx:coord>130.7 32.8 5</gx:coord><gx:coord>130.8 32.9 5</gx:coord></gx:Track>": "LineString",
}


@pytest.mark.parametrize("shape", sorted(SHAPES_KML))
def test_kml_geometries(shape: str) -> None:
    (found,) = read(kml(f"<Placemark><name>a</name>{shape}</Placemark>")).features
    assert found["geometry"]["type"] == SHAPES_KML[shape]
    if "Track" in shape:
        assert found["properties"]["end"] == "2024-01-01T01:00:00Z"


def test_parts_of_several_kinds_are_told() -> None:
    shape = (
        "<MultiGeometry><Point><coordinates>130,32</coordinates></Point><LineString>"
        f"<coordinates>{LINE}</coordinates></LineString></MultiGeometry>"
    )
    told = read(kml(f"<Placemark><name>a</name>{shape}</Placemark>"))
    assert codes(told) == [(1, "geometry_parts_left")]


def test_xml_in_the_letters_of_an_office() -> None:
    text = kml(placemark("<name>東小学校</name>")).replace("UTF-8", "Shift_JIS")
    assert names(read(text.encode("cp932"))) == ["東小学校"]
    # saved anew as Shift_JIS by an editor that did not look
    assert names(read(kml(placemark("<name>東小学校</name>")).encode("cp932"))) == ["東小学校"]
    assert names(read(text.replace("Shift_JIS", "UTF-16").encode("utf-16"))) == ["東小学校"]


def test_other_xml_is_refused_by_name() -> None:
    assert refusal("<html><body>x</body></html>") == "web_page"
    assert refusal("<!DOCTYPE html>\n<html></html>") == "web_page"
    assert refusal('<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"/>') == "xml_other"
    assert refusal("<OGRVRTDataSource/>") == "xml_other"
    assert refusal("<kml><Document><Placemark></kml>") == "xml_unreadable"
    assert refusal(kml("")) == "no_features"


# --- GPX, OSM --------------------------------------------------------------------------------
GPX = """<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">
<wpt lat="32.8" lon="130.7"><ele>0</ele><time>2024-01-01T00:00:00Z</time><name>給水所</name></wpt>
<rte><name>迂回路</name><rtept lat="32.8" lon="130.7"/><rtept lat="32.9" lon="130.8"/></rte>
<trk><name>巡回</name>
<trkseg><trkpt lat="32.8" lon="130.7"><time>2024-01-01T00:00:00Z</time></trkpt>
<trkpt lat="x" lon="130.7"/><trkpt lat="32.9" lon="130.8"><time>2024-01-01T02:00:00Z</time></trkpt>
</trkseg><trkseg><trkpt lat="32.1" lon="130.1"/><trkpt lat="32.2" lon="130.2"/></trkseg></trk>
<trk><name>空</name></trk></gpx>"""


def test_gpx_waypoints_routes_and_tracks() -> None:
    told = read(GPX, kind="passable")
    assert names(told) == ["給水所", "迂回路", "巡回", "空"]
    types = [f["geometry"] and f["geometry"]["type"] for f in told.features]
    assert types == ["Point", "LineString", "MultiLineString", None]
    first, _, track, _ = (f["properties"] for f in told.features)
    assert first["ele"] == 0 and first["time"] == "2024-01-01T00:00:00Z"
    assert (track["begin"], track["end"]) == ("2024-01-01T00:00:00Z", "2024-01-01T02:00:00Z")
    assert sorted(codes(told), key=str) == [(3, "points_left_out"), (4, "geometry_refused")]


OSM = """<osm version="0.6"><node id="1" lat="32.8" lon="130.7"/>
<node id="2" lat="32.9" lon="130.7"/>
<node id="3" lat="32.9" lon="130.8"><tag k="amenity" v="toilets"/><tag k="name:en" v="T"/></node>
<way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="building" v="yes"/></way>
<way id="8"><nd ref="1"/><nd ref="2"/><tag k="highway" v="path"/><tag k="name" v="道"/></way>
<way id="9"><nd ref="1"/><nd ref="2"/></way></osm>"""


def test_openstreetmap() -> None:
    told = read(OSM)
    assert [f["id"] for f in told.features] == ["node/3", "way/7", "way/8"]
    assert [f["geometry"]["type"] for f in told.features] == ["Point", "Polygon", "LineString"]
    assert told.features[0]["properties"]["name_en"] == "T"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"%PDF-1.7", "other"), (b"\x89PNG\r\n", "other"), (b"\x1f\x8b\x08", "other"),
        (b"\xef\xbb\xbf  {", "json"), (b"\xff\xfe{\x00", "json"), (b"\x1e{", "json"),
        (b"\xef\xbb\xbf<?xml", "xml"), (b"PK\x03\x04", "zip"), (b"", "text"),
        (b"SQLite format 3\x00", "sqlite"), (b"fgb\x03fgb\x00", "flatgeobuf"),
        (b"\x00\x00\x27\x0a", "shp"), ("名称,住所".encode("cp932"), "text"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_bytes_say(raw: bytes, kind: str) -> None:
    assert kinds.kind_of(raw) == kind
