"""The file doctor on positions: every spelling, every slip, and what is doubted but kept."""

from __future__ import annotations

import pytest
from pyproj import Transformer

from layers import coordinates, datums, prefectures
from tests.table_builders import HEAD, Looked, refusal, sheet

PLACE = (35.675139, 139.752222)
NEAR = ("東小学校,東京都千代田区永田町1-7,", "西公民館,東京都港区芝3-2,")


def look(lat: str, lon: str) -> Looked:
    quoted = ['"' + text.replace('"', '""') + '"' for text in (lat, lon)]
    return Looked(sheet(HEAD, f"東小学校,東京都千代田区1,{','.join(quoted)}"))


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        ("35.675139", "139.752222", ""),
        (" 35.675139 ", "139.752222", ""),
        ("３５．６７５１３９", "１３９．７５２２２２", "number_repaired"),
        ("35.675139, ", "139.752222", "number_repaired"),
        ("35,675139", "139,752222", "number_repaired"),
        ("35.675,139", "139.752,222", "number_repaired"),
        ("'35.675139", "139.752222度", "number_repaired"),
        ("35.675139N", "E139.752222", "number_repaired"),
        ("北緯35.675139", "東経139.752222", "number_repaired"),
        ("35度40分30.5秒", "139度45分8秒", "dms"),
        ("北緯35°40′30.5″", "東経139°45′8″", "dms"),
        ("N35.40.30.5", "E139.45.08.0", "dms"),
        ("35-40-30.5", "139-45-8", "dms"),
        ("35 40 30.5", "139 45 8", "dms"),
        ("３５度４０分３０．５秒", "１３９度４５分８秒", "dms"),
        ("35º40'30.5''", "139º45'8''", "dms"),
        ("35675139", "139752222", "decimal_point_restored"),
        ("128430500", "503108000", "milliseconds"),
        ("139.752222", "35.675139", "position_swapped"),
        ("139752222", "35675139", "decimal_point_restored"),
    ],
)
def test_a_position_is_read_however_it_is_spelled(lat: str, lon: str, code: str) -> None:
    looked = look(lat, lon)
    found = looked.at()
    assert found and found == pytest.approx(PLACE, abs=2e-6)
    assert looked.codes() == [(2, code)] * bool(code) or (2, code) in looked.codes()
    if code:
        # what was written stays beside what was read
        assert looked.said()["緯度"] == lat.strip()


@pytest.mark.parametrize("code", ["decimal_point_restored", "position_swapped"])
def test_two_slips_in_one_row_are_both_told(code: str) -> None:
    assert (2, code) in look("139752222", "35675139").codes()


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        ("不詳です", "139.75", "position_unreadable"),
        ("35度70分00秒", "139度45分8秒", "position_unreadable"),
        ("0", "0", "position_unreadable"),
        ("35.675139", "", "position_half"),
        ("", "139.752222", "position_half"),
        ("35.675139", "不明", "position_half"),
        ("35.67", "139.75", "position_coarse"),
    ],
)
def test_what_is_no_position_is_told_and_the_row_is_kept(lat: str, lon: str, code: str) -> None:
    looked = look(lat, lon)
    assert looked.codes() == [(2, code)]
    assert looked.said()["name"] == "東小学校"
    assert (looked.at() is not None) == (code == "position_coarse")
    if code != "position_coarse" and lat:
        assert looked.said()["緯度"] == lat


@pytest.mark.parametrize(("lat", "lon"), [("", ""), ("-", "―"), ("不明", "不明"), ("---", "")])
def test_a_row_without_position_is_never_dropped(lat: str, lon: str) -> None:
    looked = look(lat, lon)
    assert looked.at() is None and looked.codes() == []
    assert looked.said() | {"address": "東京都千代田区1"} == looked.said()


@pytest.mark.parametrize(
    "text",
    ["35.675139,139.752222", "(35.675139, 139.752222)", "35.675139 139.752222",
     "３５．６７５１３９，１３９．７５２２２２", "35.675139、139.752222", "139.752222,35.675139",
     "POINT (139.752222 35.675139)", "北緯35度40分30.5秒 東経139度45分8秒",
     "北緯35度40分30.5秒、東経139度45分8秒", "35°40'30.5\"N 139°45'8\"E", "N35.40.30.5,E139.45.8",
     '{"type":"Point","coordinates":[139.752222,35.675139]}',
     "https://www.google.com/maps/@35.675139,139.752222,17z",
     "https://maps.google.com/maps?q=35.675139,139.752222&z=15",
     "https://maps.gsi.go.jp/#15/35.675139/139.752222/"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["location", "緯度経度", "位置情報", "lat,lon"])
def test_both_numbers_may_stand_in_one_cell(name: str, text: str) -> None:
    cell = text.replace('"', '""')
    looked = Looked(sheet(f'名称,"{name}"', f'東小学校,"{cell}"'))
    found = looked.at()
    assert found and found == pytest.approx(PLACE, abs=2e-6)


def test_degrees_minutes_and_seconds_may_stand_in_columns_of_their_own() -> None:
    head = "名称,緯度(度),緯度(分),緯度(秒),経度(度),経度(分),経度(秒)"
    found = Looked(sheet(head, "東小学校,35,40,30.5,139,45,8")).at()
    assert found and found == pytest.approx(PLACE, abs=2e-6)


def test_packed_degrees_are_told_from_lost_points_by_the_whole_column() -> None:
    rows = [f"校{i},東京都,35403{i},139450{i}" for i in range(6)]
    looked = Looked(sheet(HEAD, *rows))
    assert {code for _, code in looked.codes()} == {"packed_dms"}
    found = looked.at()
    assert found and found == pytest.approx((35.675, 139.75), abs=1e-6)
    # one value that cannot be minutes, and all have lost their points
    looked = Looked(sheet(HEAD, *rows, "校,東京都,356799,1397599"))
    assert looked.at() == (35.403, 139.45)
    assert {code for _, code in looked.codes()} == {"decimal_point_restored"}


def test_x_and_y_in_degrees_are_read_either_way() -> None:
    for x, y in (("139.752222", "35.675139"), ("35.675139", "139.752222")):
        looked = Looked(sheet("名称,X座標,Y座標", f"東,{x},{y}"))
        assert looked.at() == PLACE and looked.codes() == []


# --- outside ---------------------------------------------------------------------------------
def test_a_point_in_another_prefecture_is_doubted_and_kept() -> None:
    looked = Looked(sheet(HEAD, "東,石川県金沢市1,36.561230,136.656210",
                          "西,石川県小松市2,34.540610,136.534990"))  # fmt: skip
    assert looked.codes() == [(3, "outside_area")]
    assert looked.at(1) == (34.54061, 136.53499)
    assert "石川県" in looked.findings[0]["message"]


def test_the_publishing_body_counts_beside_the_address() -> None:
    head = "全国地方公共団体コード,名称,所在地_連結表記,緯度,経度"
    looked = Looked(sheet(head, "170003,東京の店,東京都中央区銀座2,35.674980,139.765720"))
    assert looked.codes() == [(2, "outside_area")] and looked.at() == (35.67498, 139.76572)


def test_the_declared_coverage_counts_where_rows_name_nothing() -> None:
    text = sheet("名称,緯度,経度", "東,36.561230,136.656210", "西,35.674980,139.765720")
    assert Looked(text).codes() == []
    assert Looked(text, coverage="石川県・富山県の給水所").codes() == [(3, "outside_area")]


def test_a_typing_error_into_the_sea_is_not_drawn() -> None:
    rows = [f"校{i},越前市{i},35.90{i}222,136.16{i}167" for i in range(6)]
    looked = Looked(sheet(HEAD, *rows, "体育館,越前市瓜生町19,35.926693,169.183412"))
    assert looked.codes() == [(8, "position_abroad")]
    assert looked.at(6) is None and looked.said(6)["経度"] == "169.183412"


def test_a_file_about_another_country_is_taken_as_it_is() -> None:
    looked = Looked(sheet("name,lat,lon", "a,38.257220,-119.226515", "b,38.3001,-119.30012"))
    assert looked.at() == (38.25722, -119.226515)
    assert looked.codes() == [(2, "outside_japan"), (3, "outside_japan")]


def test_what_lies_far_from_all_others_is_doubted() -> None:
    rows = [f"校{i},{i}番地,35.90{i}222,136.16{i}167" for i in range(9)]
    looked = Looked(sheet(HEAD, *rows, "飛地,10番地,33.590355,130.401716"))
    assert looked.codes() == [(11, "far_from_the_rest")] and looked.at(9) is not None


def test_each_prefecture_holds_its_office() -> None:
    offices = {"01": (141.347899, 43.063968), "13": (139.691722, 35.689501),
               "17": (136.625573, 36.594682), "43": (130.741667, 32.789827),
               "47": (127.680932, 26.2124)}  # fmt: skip
    for code, at in offices.items():
        assert [c for c in offices if prefectures.holds(c, *at)] == [code]
    assert len(prefectures.TABLE) == 47


# --- datums and zones ------------------------------------------------------------------------
TOKYO = (32.786527, 130.743946)  # in the old datum; some 430 m from the same numbers in the new
KUMAMOTO = Transformer.from_crs(4301, 4326, always_xy=True).transform(TOKYO[1], TOKYO[0])


@pytest.mark.parametrize(
    ("head", "row", "crs"),
    [
        ("名称,緯度（日本測地系）,経度（日本測地系）", "東,{0},{1}", None),
        ("名称,緯度,経度,測地系", "東,{0},{1},日本測地系", None),
        ("名称,緯度,経度", "東,{0},{1}", 4301),
    ],
)
def test_the_old_datum_is_changed_where_it_is_named(head: str, row: str, crs: int | None) -> None:
    looked = Looked(sheet(head, row.format(*TOKYO)), crs=crs)
    lat, lon = looked.at() or (0, 0)
    assert (lon, lat) == pytest.approx(KUMAMOTO, abs=1e-5)
    plain = Looked(sheet("名称,緯度,経度", f"東,{TOKYO[0]},{TOKYO[1]}"))
    assert plain.at() == TOKYO


def test_of_two_datums_the_worlds_is_read() -> None:
    head = "名称,緯度(日本測地系),経度(日本測地系),緯度(世界測地系),経度(世界測地系)"
    looked = Looked(sheet(head, "東,32.786527,130.743946,32.789827,130.741667"))
    assert looked.at() == (32.789827, 130.741667) and looked.codes() == []


PLANE = Transformer.from_crs(6668, 6670, always_xy=True).transform(130.741667, 32.789827)


@pytest.mark.parametrize("northing", [True, False])
def test_a_plane_zone_is_proposed_from_the_municipality_and_held(northing: bool) -> None:
    x, y = (PLANE[1], PLANE[0]) if northing else PLANE
    rows = [f"校{i},熊本県熊本市{i},{x + i:.3f},{y + i:.3f}" for i in range(4)]
    # near the origin both ways fit, and the habit behind the names decides
    head = "座標値X,座標値Y" if northing else "x,y"
    looked = Looked(sheet(f"名称,住所,{head}", *rows))
    held = looked.examined.held
    assert held and held[0] == "crs_to_confirm"
    assert (held[1]["crs"], held[1]["zone"]) == ("EPSG:6670", 2)
    assert looked.at() == pytest.approx((32.789827, 130.741667), abs=2e-6)
    assert (None, "crs_to_confirm") in looked.codes()


def test_a_plane_zone_that_the_sender_names_is_not_asked_about() -> None:
    text = sheet("名称,X座標,Y座標", f"東,{PLANE[1]:.3f},{PLANE[0]:.3f}")
    assert refusal(text) == "crs_unknown"
    looked = Looked(text, crs=6670)
    assert looked.examined.held is None and looked.examined.crs == "EPSG:6670"
    assert looked.at() == pytest.approx((32.789827, 130.741667), abs=2e-6)
    assert (1, "plane_converted") in looked.codes()


@pytest.mark.parametrize(
    ("text", "code"),
    [("EPSG:6670", 6670), ("6670", 6670), ("urn:ogc:def:crs:EPSG::6670", 6670), ("EPSG:2230", None),
     ("EPSG:6670+proj=pipeline", None), ("", None), ("/etc/passwd", None)],
)  # fmt: skip
def test_only_known_codes_reach_proj(text: str, code: int | None) -> None:
    assert datums.parse(text) == code


def test_a_pair_that_is_none_is_told_so() -> None:
    for text in ("", "35.67", "1,2,3", "東小学校"):
        with pytest.raises(ValueError):
            coordinates.point(*coordinates.pair(text))
