"""GeoJSON and all other JSON in the sandbox: what is read, put right, told and refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import shapely

from tests.map_files import codes, collection, feature, kml, names, placemark, points, read, refusal

# --- JSON ------------------------------------------------------------------------------------
LISTS = {
    "list": [{"name": "東", "lat": 32.8, "lng": 130.7},
             {"name": "西", "lat": "32.9", "lng": 130.6}],
    "inside": {"count": 2, "spots": [{"name": "東", "緯度": 32.8, "経度": 130.7},
                                     {"name": "西", "緯度": 32.9, "経度": 130.6}]},
    "keyed": {"東": {"latitude": 32.8, "longitude": 130.7},
              "西": {"latitude": 32.9, "longitude": 130.6}},
    "nested": [{"title": "東", "location": {"lat": 32.8, "lon": 130.7}},
               {"title": "西", "location": {"lat": 32.9, "lon": 130.6}}],
    "overpass": {"elements": [
        {"type": "node", "id": 9, "lat": 32.8, "lon": 130.7, "tags": {"name": "東"}},
        {"type": "way", "id": 5, "center": {"lat": 32.9, "lon": 130.6}, "tags": {"name": "西"}}]},
    "one text": [{"施設名": "東", "位置": "32.8,130.7"}, {"施設名": "西", "位置": "32.9,130.6"}],
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(LISTS))
def test_lists_of_places_in_plain_json(name: str) -> None:
    told = read(json.dumps(LISTS[name], ensure_ascii=False))
    assert (told.format, names(told)) == ("JSON", ["東", "西"])
    assert points(told) == [[130.7, 32.8], [130.6, 32.9]]


def test_of_several_times_the_last_is_read_and_null_is_not_zero() -> None:
    def at(hour: str, people: int | None) -> dict[str, Any]:
        towns = {"熊本市": {"evacuees": people, "shelters": 0},
                 "宇土市": {"evacuees": 0, "shelters": None}}  # fmt: skip
        return {"datetime": f"2026-07-29T{hour}:00+09:00", "municipalities": towns}

    told = read(json.dumps({"snapshots": [at("09", 5), at("18", None), at("12", 7)]}))
    assert told.source_as_of == "2026-07-29T18:00:00+09:00"
    assert codes(told) == [(None, "states_left_out")]
    first, second = (f["properties"] for f in told.features)
    assert (first["name"], first["state"]["persons"], first["shelters"]) == ("熊本市", None, 0)
    assert (second["state"]["persons"], second["shelters"]) == (0, None)


def test_json_that_is_no_list_of_places() -> None:
    assert refusal('{"type":"unavailable","message":"公開されていません"}') == "json_is_an_answer"
    assert refusal("[1,2,3]") == "json_without_places"
    assert refusal("[" * 100_000) == "not_json"
    assert refusal('{"type":"Topology","objects":{}}') == "json_other"


def test_one_feature_a_line_and_bare_geometries() -> None:
    line = json.dumps(feature([130.7, 32.8], name="東"))
    assert read(f"{line}\n{line}\n").rows == 2
    assert read(f"\x1e{line}\n\x1e{line}\n").rows == 2
    assert points(read('{"type":"Point","coordinates":[130.7,32.8]}')) == [[130.7, 32.8]]


def test_esri_json() -> None:
    ring = [[130, 32], [130, 33], [131, 33], [130, 32]]
    document = {"spatialReference": {"wkid": 4612}, "features": [
        {"attributes": {"名称": "東"}, "geometry": {"x": 130.7, "y": 32.8}},
        {"attributes": {"名称": "区域"}, "geometry": {"rings": [ring]}}]}  # fmt: skip
    told = read(json.dumps(document))
    assert [f["geometry"]["type"] for f in told.features] == ["Point", "Polygon"]
    assert told.crs == "EPSG:4612"


def crs(name: str) -> dict[str, Any]:
    return {"crs": {"type": "name", "properties": {"name": name}}}


def test_geojson_in_a_system_of_its_own() -> None:
    east = feature([-23340.5, -24190.7], name="東")
    for name in ("urn:ogc:def:crs:EPSG::6670", "EPSG:6670",
                 "http://www.opengis.net/def/crs/EPSG/0/6670"):  # fmt: skip
        told = read(collection(east, **crs(name)))
        assert np.allclose(points(told)[0], [130.750831, 32.781605], atol=1e-6)
    assert read(collection(feature([130.7, 32.8]), **crs("urn:ogc:def:crs:OGC:1.3:CRS84"))).rows
    assert refusal(collection(east, **crs("EPSG:2230"))) == "crs_not_read"
    link = {"crs": {"type": "link", "properties": {"href": "http://127.0.0.1/"}}}
    assert refusal(collection(east, **link)) == "crs_not_read"


def test_geojson_rows_that_lie_wrong_are_told_one_by_one() -> None:
    told = read(collection(
        feature([130.7, 32.8]), feature([32.8, 130.7]), feature([0, 0]), feature([-23340, -24190]),
        feature([130.7, 32.9]), feature([-122, 37]), feature([130.7]), feature(["130.7", 32]),
        feature([130.6, 32.8]), feature([[130.7, 32.7], [130.7, 32.7]], "LineString"),
        feature([130.5, 32.8]), feature([130.5, 32.7]),
    ))  # fmt: skip
    assert codes(told) == [
        (7, "geometry_refused"), (8, "geometry_refused"), (2, "position_swapped"),
        (3, "position_unreadable"), (4, "position_unreadable"), (10, "geometry_repaired"),
        (6, "position_abroad"),
    ]  # fmt: skip
    assert points(told)[1] == [130.7, 32.8] and points(told)[9] == [130.7, 32.7]
    assert [n for n, at in enumerate(points(told), start=1) if at is None] == [3, 4, 6, 7, 8]


def test_an_area_that_crosses_itself_is_put_right() -> None:
    bow = [[[130, 32], [131, 33], [131, 32], [130, 33], [130, 32]]]
    told = read(collection(feature(bow, "Polygon", name="区域")))
    assert codes(told) == [(1, "geometry_repaired")]
    assert shapely.geometry.shape(told.features[0]["geometry"]).is_valid


def test_an_area_of_too_many_points_gets_fewer_and_keeps_its_shape() -> None:
    turns = np.linspace(0, 2 * np.pi, 150_001)
    ring = np.stack([130.7 + 0.1 * np.cos(turns), 32.8 + 0.1 * np.sin(turns)], axis=1).tolist()
    whole = shapely.Polygon(ring[:-1])
    ring[-1] = ring[0]
    told = read(collection(feature([ring], "Polygon", name="浸水")))
    assert codes(told) == [(1, "geometry_simplified")]
    found = shapely.geometry.shape(told.features[0]["geometry"])
    assert shapely.get_num_coordinates(found) <= 100_000
    assert shapely.hausdorff_distance(found, whole) < 2e-5


def test_letters_that_were_garbled_before_are_refused_in_map_files_too() -> None:
    name = "熊本市東区の避難所".encode("cp932").decode("latin-1")
    assert refusal(collection(feature([130.7, 32.8], name=name))) == "mojibake"
    assert refusal(kml(placemark(f"<name>{name}</name>"))) == "mojibake"


def test_attributes_of_a_map_file_are_read_as_those_of_a_table() -> None:
    given = {"共通ID": "E4310000002111", "施設・場所名": "東小", "住所": "熊本県熊本市東区",
             "洪水": "1", "地震": "", "想定収容人数": "約120人", "開設状況": "開設中",
             "棟": 2}  # fmt: skip
    told = read(collection(feature([130.7, 32.8], **given)))
    (found,) = told.features
    properties = found["properties"]
    assert found["id"] == "E4310000002111" and properties["municipality_code"] == "431001"
    assert (properties["name"], properties["capacity"], properties["棟"]) == ("東小", 120, 2)
    assert properties["hazards"] == {"flood": True}
    assert properties["state"] == {"operation": "open"}
    assert codes(told) == [(1, "count_read")]
    fields = {c["name"]: c["field"] for c in told.columns or []}
    assert (fields["施設・場所名"], fields["棟"]) == ("name", None)


def test_closed_and_reopened_roads_of_records_of_many_shapes() -> None:
    road = [[130, 32], [131, 32]]
    told = read(collection(
        feature(road, "LineString", name="整理ID26073105100330", 路線名="国道445号",
                規制開始_内容="全面通行止", 規制種別="災害"),
        feature(road, "LineString", name="整理ID2", 路線名="九州道", 規制内容="通行止め解除"),
        feature(road, "LineString", name="整理ID3"),
    ), kind="road_closure")  # fmt: skip
    states = [f["properties"].get("state", {}).get("traffic") for f in told.features]
    assert states == ["closed", "reopened", None]
    assert names(told) == ["国道445号", "九州道", None]
