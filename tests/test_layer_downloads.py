"""A layer as a file: whole, safe in a spreadsheet, readable by QGIS, with its source and rights."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from gspace import geopackage, spreadsheet
from layers import downloads
from tests import builders
from tests.layer_builders import make_layer, publish, published_layer, spot

pytestmark = pytest.mark.django_db
RIGHTS = {
    "licence": "CC BY 4.0",
    "attribution": "熊本市",
    "source_name": "熊本市危機管理課",
    "source_url": "https://example.jp/shelters",
    "reuse": True,
}


@pytest.fixture
def incident():
    return builders.make_incident("quake", hazard="earthquake")


def download(slug: str, ending: str, **headers: Any) -> Any:
    return Client().get(f"/api/v1/layers/{slug}/download.{ending}", **headers)


def body(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content

    async def read() -> bytes:
        return b"".join([part async for part in answer.streaming_content])

    return async_to_sync(read)()


def table(slug: str) -> list[dict[str, str]]:
    text = body(download(slug, "csv")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def package(slug: str, tmp_path: Path) -> Path:
    path = tmp_path / "layer.gpkg"
    path.write_bytes(body(download(slug, "gpkg")))
    return path


def features(path: Path, **asked: Any) -> list[dict[str, Any]]:
    """Rows as GDAL reads them."""
    meta, _, shapes, columns = pyogrio.raw.read(path, layer="places", **asked)
    rows = zip(*columns, strict=True)
    return [
        dict(zip(meta["fields"], row, strict=True)) | {"wkb": shape}
        for row, shape in zip(rows, shapes, strict=True)
    ]


# --- CSV -----------------------------------------------------------------------------------
def test_a_spreadsheet_opens_the_csv_as_it_is(incident) -> None:
    layer, _ = published_layer(incident, [spot("a", name="第一小学校")], **RIGHTS)
    raw = body(download(layer.slug, "csv"))
    assert raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in raw
    row = table(layer.slug)[0]
    assert row["id"] == "a" and row["name"] == "第一小学校"
    assert float(row["longitude"]) == 130.75 and float(row["latitude"]) == 32.79


@pytest.mark.parametrize(
    "text",
    ["=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝１", "-", "+81 96"],
)
def test_no_cell_is_a_formula(incident, text: str) -> None:
    layer, _ = published_layer(incident, [spot("a", name="x" + text, remark=text)])
    row = table(layer.slug)[0]
    assert row["remark"] == "'" + text
    assert row["name"] == "x" + text


def test_no_heading_is_a_formula(incident) -> None:
    layer, _ = published_layer(incident, [spot("a", **{"=cmd|x": "y"})])
    assert table(layer.slug)[0]["'=cmd|x"] == "y"


def test_numbers_stay_numbers(incident) -> None:
    layer, _ = published_layer(incident, [spot("a", height=-1.5, depth="-3", many=-7)])
    row = table(layer.slug)[0]
    assert (row["height"], row["depth"], row["many"]) == ("-1.5", "-3", "-7")


def test_nothing_reported_is_blank_and_zero_is_zero(incident) -> None:
    spots = [spot("a", state={"persons": 0, "operation": "open"}), spot("b")]
    layer, _ = published_layer(incident, spots)
    one, other = table(layer.slug)
    assert (one["persons"], other["persons"]) == ("0", "")
    assert (one["operation"], other["operation"]) == ("open", "")


def test_source_rights_and_clocks_are_in_every_row(incident) -> None:
    state = {"operation": "open", "checked_at": "2016-04-16T21:05:00+09:00"}
    layer, _ = published_layer(incident, [spot("a", state=state), spot("b")], **RIGHTS)
    for row in table(layer.slug):
        assert {k: row[k] for k in RIGHTS if k != "reuse"} == {
            k: v for k, v in RIGHTS.items() if k != "reuse"
        }
        assert row["reuse"] == "true" and row["publisher"]
        assert row["source_as_of"] == row["published_at"] == "2016-04-16T19:00:00+09:00"
        assert row["received_at"]
    assert table(layer.slug)[0]["checked_at"] == "2016-04-16T21:05:00+09:00"
    assert table(layer.slug)[0]["operation_as_of"] == "2016-04-16T19:00:00+09:00"


def test_attributes_are_columns_and_never_hide_ours(incident) -> None:
    spots = [
        spot("a", capacity=310, hazards={"flood": True, "fire": False}, ID="theirs"),
        spot("b", tags=["x", "y"]),
    ]
    layer, _ = published_layer(incident, spots, kind="evacuation_site")
    one, other = table(layer.slug)
    assert (one["capacity"], one["hazards_flood"], one["hazards_fire"]) == ("310", "true", "false")
    assert one["id"] == "a" and one["ID_2"] == "theirs"
    assert json.loads(other["tags"]) == ["x", "y"] and other["capacity"] == ""


def test_a_very_wide_table_loses_nothing(incident, monkeypatch) -> None:
    monkeypatch.setattr(downloads, "MOST_COLUMNS", 3)
    layer, _ = published_layer(incident, [spot("a", **{f"k{n}": n for n in range(9)})])
    row = table(layer.slug)[0]
    rest = json.loads(row["other_attributes"])
    assert [row[f"k{n}"] for n in range(3)] == ["0", "1", "2"]
    assert rest == {f"k{n}": n for n in range(3, 9)}


def test_lines_keep_their_shape(incident) -> None:
    road = spot("r", state={"traffic": "closed"})
    road["geometry"] = {"type": "LineString", "coordinates": [[130.7, 32.7], [130.8, 32.8]]}
    layer, _ = published_layer(incident, [road], kind="road_closure")
    row = table(layer.slug)[0]
    assert row["geometry"] == "LINESTRING(130.7 32.7,130.8 32.8)" and row["traffic"] == "closed"


def test_hours_are_words_in_a_cell(incident) -> None:
    spans = [
        {"date": "2016-04-18", "open": "12:00", "close": "18:00"},
        {"date": "2016-04-17", "open": "10:00", "close": "20:00"},
    ]
    layer, _ = published_layer(incident, [spot("a", state={"hours": spans})], kind="bath")
    assert table(layer.slug)[0]["hours"] == "2016-04-17 10:00-20:00; 2016-04-18 12:00-18:00"


def test_a_list_of_a_drill_says_so() -> None:
    drill = builders.make_incident("practice", state="drill")
    layer, _ = published_layer(drill)
    assert {row["not_real"] for row in table(layer.slug)} == {"true"}
    assert json.loads(body(download(layer.slug, "geojson")))["not_real"] is True


# --- GeoJSON -------------------------------------------------------------------------------
def test_the_geojson_has_every_feature_and_the_layer_about_it(incident, monkeypatch) -> None:
    monkeypatch.setattr(downloads, "ROWS_AT_ONCE", 4)
    layer, _ = published_layer(incident, [spot(f"p{n:02d}") for n in range(11)], **RIGHTS)
    found = json.loads(body(download(layer.slug, "geojson")))
    assert [f["id"] for f in found["features"]] == [f"p{n:02d}" for n in range(11)]
    assert {k: found[k] for k in RIGHTS} == RIGHTS
    one = Client().get(f"/api/v1/layers/{layer.slug}/features/p03").json()
    assert found["features"][3] == one


# --- GeoPackage ----------------------------------------------------------------------------
def test_the_geopackage_is_read_by_gdal(incident, tmp_path) -> None:
    lost = spot("c", name="位置なし")
    lost["geometry"] = None
    spots = [spot("a", capacity=310, lift=True), spot("b", 131.5, 33.1), lost]
    layer, _ = published_layer(incident, spots, **RIGHTS)
    path = package(layer.slug, tmp_path)
    info = pyogrio.read_info(path, layer="places")
    assert info["features"] == 3 and "4326" in info["crs"]
    assert info["total_bounds"] == pytest.approx((130.75, 32.79, 131.5, 33.1))
    rows = {row["id"]: row for row in features(path)}
    assert rows["a"]["capacity"] == 310 and rows["a"]["lift"] == 1
    assert rows["c"]["wkb"] is None and rows["b"]["wkb"] is not None
    assert str(rows["a"]["source_as_of"]).startswith("2016-04-16T10:00:00")
    assert rows["a"]["licence"] == "CC BY 4.0" and rows["a"]["attribution"] == "熊本市"


def test_the_geopackage_finds_by_place_with_its_own_index(incident, tmp_path) -> None:
    layer, _ = published_layer(incident, [spot("a"), spot("b", 131.5, 33.1)])
    path = package(layer.slug, tmp_path)
    assert pyogrio.read_info(path, layer="places")["capabilities"]["fast_spatial_filter"]
    assert [row["id"] for row in features(path, bbox=(131, 33, 132, 34))] == ["b"]


def test_the_geopackage_holds_every_shape(incident, tmp_path) -> None:
    ring = [[130.7, 32.7], [130.8, 32.7], [130.8, 32.8], [130.7, 32.7]]
    shapes = {
        "l": {"type": "LineString", "coordinates": ring[:2]},
        "m": {"type": "MultiPolygon", "coordinates": [[ring]]},
        "p": {"type": "Polygon", "coordinates": [ring]},
    }
    found = [spot(name) | {"geometry": shape} for name, shape in shapes.items()]
    layer, _ = published_layer(incident, found, kind="hazard")
    kinds = {row["id"]: row["wkb"][1] for row in features(package(layer.slug, tmp_path))}
    assert kinds == {"l": 2, "m": 6, "p": 3}


def test_the_geopackage_keeps_the_standards_rules(incident, tmp_path) -> None:
    layer, _ = published_layer(incident, **RIGHTS)
    with sqlite3.connect(package(layer.slug, tmp_path)) as file:
        ask = lambda sql: file.execute(sql).fetchall()  # noqa: E731
        assert ask("PRAGMA application_id") == [(0x47504B47,)]
        assert ask("PRAGMA user_version") == [(10400,)]
        assert ask("PRAGMA integrity_check") == [("ok",)]
        assert ask("PRAGMA foreign_key_check") == []
        assert {-1, 0, 4326} <= {n for (n,) in ask("SELECT srs_id FROM gpkg_spatial_ref_sys")}
        extensions = {n for (n,) in ask("SELECT extension_name FROM gpkg_extensions")}
        assert extensions == {"gpkg_metadata", "gpkg_rtree_index"}
        about = json.loads(ask("SELECT metadata FROM gpkg_metadata")[0][0])
        assert {k: about[k] for k in RIGHTS} == RIGHTS
        assert "CC BY 4.0" in ask("SELECT description FROM gpkg_contents")[0][0]


def test_a_file_that_another_program_edits_keeps_its_index(incident, tmp_path) -> None:
    layer, _ = published_layer(incident)
    path = package(layer.slug, tmp_path)
    meta, _, shapes, columns = pyogrio.raw.read(path, layer="places", max_features=1)
    # GDAL appends: the triggers of the standard run in its SQLite
    pyogrio.raw.write(
        path, shapes, columns, meta["fields"], layer="places", driver="GPKG", append=True,
        geometry_type="Unknown", crs="EPSG:4326",
    )  # fmt: skip
    assert len(features(path, bbox=(130.7, 32.7, 130.755, 32.8))) == 2


def test_numbers_longer_than_any_column_do_not_break_the_file(incident, tmp_path) -> None:
    rows = [spot("a", 番号=2**70), spot("b", 番号=-(10**400)), spot("c", 番号=5)]
    layer, _ = published_layer(incident, rows)
    with sqlite3.connect(package(layer.slug, tmp_path)) as file:
        found = [n for (n,) in file.execute('SELECT "番号" FROM places ORDER BY fid')]
    assert found == [float(2**70), None, 5]


def test_hostile_column_names_stay_names(incident, tmp_path) -> None:
    name = 'x"); DROP TABLE gpkg_contents; --'
    layer, _ = published_layer(incident, [spot("a", **{name: "v", "FID": 3, "geom": "g"})])
    row = features(package(layer.slug, tmp_path))[0]
    assert row[name] == "v" and row["FID_2"] == 3 and row["geom_2"] == "g"


# --- who gets it, and when it is new -------------------------------------------------------
@pytest.mark.parametrize("ending", ["csv", "geojson", "gpkg"])
def test_what_is_not_public_is_not_there(incident, ending: str) -> None:
    layer, _ = published_layer(incident, audience="hq")
    assert download(layer.slug, ending).status_code == 404
    assert download("nowhere", ending).status_code == 404


def test_a_layer_without_data_is_not_there(incident) -> None:
    layer, _ = make_layer(incident)
    assert download(layer.slug, "csv").status_code == 404


def test_a_file_is_fetched_again_only_when_something_changed(incident) -> None:
    layer, by = published_layer(incident)
    first = download(layer.slug, "csv")
    again = download(layer.slug, "csv", HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304 and first["Cache-Control"] == "public, max-age=5"
    publish(layer, by, [spot("z", state={"operation": "open"})])
    changed = download(layer.slug, "csv", HTTP_IF_NONE_MATCH=first["ETag"])
    assert changed.status_code == 200 and "z" in body(changed).decode()
    assert "attachment" in changed["Content-Disposition"]


# --- the general writers -------------------------------------------------------------------
def test_an_empty_table_is_a_header() -> None:
    assert b"".join(spreadsheet.csv_parts(["a", "b"], [])) == "\ufeffa,b\r\n".encode()


def test_names_that_sqlite_takes_for_one_are_told_apart() -> None:
    assert geopackage.unique(["Name", "name", "", "FID"]) == ["Name", "name_2", "column", "FID_2"]
