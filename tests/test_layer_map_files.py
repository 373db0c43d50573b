"""Map files through the door and the worker: published, held, placed by address, refused."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from gspace.models import Municipality, Place
from layers.models import Feature
from tests.hostile.bait import Bait
from tests.hostile.layers import attacks
from tests.map_files import NAMES, box, by_gdal, dbf, kml, placemark
from tests.test_layer_csv import Desk

pytestmark = pytest.mark.usefixtures("transactional_db")
GPX = (
    '<gpx version="1.1"><wpt lat="32.8" lon="130.7"><name>給水所</name></wpt><trk><name>道</name>'
    '<trkseg><trkpt lat="32.8" lon="130.7"/><trkpt lat="32.9" lon="130.7"/></trkseg></trk></gpx>'
)
FILES: dict[str, Any] = {
    "KML": lambda: kml(placemark("<name>東小学校</name>")),
    "KMZ": lambda: box({"doc.kml": kml(placemark("<name>東小学校</name>"))}),
    "GPX": lambda: GPX,
    "Shapefile": lambda: by_gdal("ESRI Shapefile", crs="EPSG:6670", encoding="CP932"),
    "GeoPackage": lambda: by_gdal("GPKG", crs="EPSG:6670"),
    "FlatGeobuf": lambda: by_gdal("FlatGeobuf"),
    "GeoJSON": lambda: by_gdal("GeoJSON"),
    "JSON": lambda: '[{"name":"東","lat":32.8,"lng":130.7},{"name":"西","lat":32.9,"lng":130.6}]',
    "DBF": lambda: dbf([{"名称": "東小学校", "緯度": "32.794222", "経度": "130.748408"}]),
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_kind_of_file_is_published(name: str) -> None:
    desk = Desk()
    version = desk.send(FILES[name]())
    assert (version["state"], version["format"]) == ("published", name)
    assert version["without_place"] == 0
    assert version["features"] == len(desk.features()) > 0
    assert all(f["properties"]["name"] for f in desk.features())


def test_a_shapefile_without_a_system_waits_for_a_person() -> None:
    desk = Desk()
    whole = by_gdal("ESRI Shapefile", crs="EPSG:2444", encoding="CP932")
    with zipfile.ZipFile(io.BytesIO(whole)) as source:
        files = {n: source.read(n) for n in source.namelist() if not n.endswith(".prj")}
    version = desk.send(box(files))
    assert (version["state"], version["crs"]) == ("quarantined", "EPSG:6670")
    assert "EPSG:6670" in version["reason"] and "熊本県" in version["reason"]
    told = desk.send(box(files), "&crs=EPSG:2444")
    assert (told["state"], told["crs"]) == ("published", "EPSG:2444")


def test_a_placemark_with_nothing_but_an_address_is_placed_by_it() -> None:
    city = Municipality.objects.create(code="431028", name="熊本市東区", prefecture="熊本県")
    Place.objects.create(kind="town", name="健軍一丁目", municipality=city,
                         location="SRID=4326;POINT(130.75 32.79)")  # fmt: skip
    desk = Desk(kind="water")
    address = "<address>熊本県熊本市東区健軍1-2-3</address>"
    version = desk.send(kml(
        placemark(f"<name>給水所</name>{address}", at="")
        + placemark("<name>どこか</name>", at="") + placemark("<name>ここ</name>")
    ))  # fmt: skip
    assert (version["features"], version["without_place"]) == (3, 1)
    by_name = {f["properties"]["name"]: f for f in desk.features()}
    assert by_name["給水所"]["properties"]["estimated"] is True
    assert by_name["どこか"]["geometry"] is None
    codes = [(f["row"], f["code"]) for f in version["findings"]]
    assert codes == [(1, "place_estimated"), (2, "place_missing")]


def test_lines_and_areas_are_stored_as_they_are() -> None:
    desk = Desk(kind="road_closure")
    line = "<LineString><coordinates>130.7,32.8 130.8,32.9</coordinates></LineString>"
    area = (
        "<Polygon><outerBoundaryIs><LinearRing><coordinates>130,32 131,32 131,33 130,32"
        "</coordinates></LinearRing></outerBoundaryIs></Polygon>"
    )
    rows = "".join(f"<Placemark><name>道</name>{shape}</Placemark>" for shape in (line, area))
    assert desk.send(kml(rows))["state"] == "published"
    kinds = {f.geometry.geom_type for f in Feature.objects.all() if f.geometry}
    assert kinds == {"LineString", "Polygon"}


def test_a_version_says_what_each_attribute_was_taken_for() -> None:
    version = Desk().send(by_gdal("GPKG"))
    fields = {c["name"]: c["field"] for c in version["columns"]}
    assert (fields["名称"], fields["住所"]) == ("name", "address")
    assert version["columns"][1]["samples"][0] == NAMES[0]


def test_hostile_files_cost_a_refusal_at_the_door(tmp_path: Any) -> None:
    desk = Desk()
    desk.send(by_gdal("GeoJSON"))
    outside = tmp_path / "outside"
    outside.mkdir()
    bait = Bait(tmp_path / "canary.csv", 9, outside)
    files = attacks(bait)
    for name in ("vrt file", "kml entity file", "kml laughs", "geojson crs link", "zip up",
                 "zip bomb", "virtual table of a file", "nested arrays",
                 "strange words"):  # fmt: skip
        version = desk.send(files[name])
        assert version["state"] in ("refused", "published", "quarantined"), name
        assert version["state"] != "refused" or version["reason"], name
    assert list(outside.iterdir()) == []
