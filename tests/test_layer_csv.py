"""CSV, TSV and XLSX through the API: published, refused, held, placed by address; the sandbox."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.test import Client

from gspace.models import Municipality, Place
from layers import addresses, findings, sandbox
from layers.models import Feature, Layer, LayerVersion
from tests import builders
from tests.layer_builders import make_layer, read_files
from tests.table_builders import sheet, workbook

pytestmark = pytest.mark.usefixtures("transactional_db")
API = "/api/v1/layers"
HEAD = "名称,住所,緯度,経度,避難者数"
GOOD = ("東小学校,熊本県熊本市東区健軍1-1,32.794222,130.748408,120",
        "西公民館,熊本県熊本市西区春日2-3,32.790111,130.688222,",
        "南体育館,熊本県熊本市南区,32.750333,130.690444,0")  # fmt: skip


class Desk:
    """A publisher with one layer, at the API."""

    def __init__(self, kind: str = "shelter") -> None:
        self.layer, _ = make_layer(builders.make_incident(), kind=kind, slug="hinanjo")
        token = builders.api_token(self.layer.publisher, "publisher")
        self.client = Client(headers=builders.bearer(token))

    def send(self, body: str | bytes, query: str = "") -> dict[str, Any]:
        """The version that came of it."""
        raw = body.encode() if isinstance(body, str) else body
        answer = self.client.put(
            f"{API}/hinanjo/data?filename=a.csv{query}", raw, "application/octet-stream"
        )
        assert answer.status_code == 202, answer.content
        assert answer.json()["state"] == "reading"
        read_files()
        return self.version(answer.json()["version"])

    def version(self, number: int, language: str = "en") -> dict[str, Any]:
        path = f"{API}/hinanjo/versions/{number}"
        found: dict[str, Any] = self.client.get(path, headers={"Accept-Language": language}).json()
        return found

    def features(self) -> list[dict[str, Any]]:
        return self.client.get(f"{API}/hinanjo/features").json()["features"]


def codes(version: dict[str, Any]) -> list[tuple[int | None, str]]:
    return [(f["row"], f["code"]) for f in version["findings"]]


def test_an_offices_csv_is_published_as_it_is() -> None:
    desk = Desk()
    version = desk.send(sheet(HEAD, *GOOD).encode("cp932"))
    assert (version["state"], version["format"], version["encoding"]) == (
        "published",
        "CSV",
        "cp932",
    )
    assert (version["rows"], version["features"], version["without_place"]) == (3, 3, 0)
    assert version["crs"] == "EPSG:4326" and codes(version) == []
    by_name = {f["properties"]["name"]: f for f in desk.features()}
    east, west, south = (by_name[name] for name in ("東小学校", "西公民館", "南体育館"))
    assert east["geometry"]["coordinates"] == [130.748408, 32.794222]
    properties = east["properties"]
    assert (properties["name"], properties["address"]) == ("東小学校", "熊本県熊本市東区健軍1-1")
    # 120, not reported, and none at all
    people = [f["properties"]["state"]["persons"] for f in (east, west, south)]
    assert people == [120, None, 0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_tsv_is_read_too(encoding: str) -> None:
    version = Desk().send(sheet(HEAD, *GOOD).replace(",", "\t").encode(encoding))
    assert (version["format"], version["features"], version["state"]) == ("TSV", 3, "published")


def test_a_workbook_is_read_too() -> None:
    desk = Desk()
    rows: dict[int, list[Any]] = {1: ["避難所一覧（令和6年1月9日 18時現在）"], 3: HEAD.split(",")}
    rows |= {4: ["東小学校", "熊本市東区", 32.794222, 130.748408, 120]}
    version = desk.send(workbook({"一覧": rows, "メモ": {1: ["x"]}}))
    assert (version["format"], version["features"], version["state"]) == ("XLSX", 1, "published")
    assert version["source_as_of"] == "2024-01-09T09:00:00+00:00"
    assert codes(version) == [(None, "sheets_left_out"), (1, "as_of_above")]
    (found,) = desk.features()
    assert found["properties"]["state"]["persons"] == 120


def test_findings_name_the_row_of_the_file_the_field_and_what_to_do() -> None:
    desk = Desk()
    bad = ("北会館,熊本県熊本市北区,130.69,32.85,", "中学校,熊本県熊本市,不詳です,,約50人",
           "寺,熊本県熊本市1,,,")  # fmt: skip
    version = desk.send(sheet("開設避難所,,,,", HEAD, *GOOD, *bad))
    assert (version["rows"], version["features"], version["without_place"]) == (6, 6, 2)
    assert codes(version) == [
        (6, "position_swapped"), (7, "position_half"), (7, "count_read"), (8, "place_missing"),
    ]  # fmt: skip
    first = version["findings"][0]
    assert (first["field"], first["level"]) == ("position", "repaired")
    assert "130.69 / 32.85" in first["message"] and "given" not in first
    assert version["state"] == "published"


def test_what_all_rows_have_alike_is_one_finding_at_the_names() -> None:
    rows = [f"校{i},熊本県,130.7{i:02}41,32.79{i:02}2" for i in range(30)]
    version = Desk().send(sheet("一覧,,,", "名称,住所,緯度,経度", *rows))
    (found,) = version["findings"]
    assert (found["row"], found["code"]) == (2, "position_swapped")
    assert (found["rows"], found["first"]) == (30, 3)


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (sheet("月,件数", "1,20"), "no_place_named", "Nothing in this file names a place"),
        (sheet(HEAD, *GOOD).encode("cp932").decode("latin-1"), "mojibake", "garbled"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "old_excel", ".xlsx"),
        (b"PK\x03\x04" + b"\x00" * 100, "zip_unreadable", "cannot be read"),
        (sheet("名称,X座標,Y座標", "東,-23340.5,-24190.7"), "crs_unknown", "EPSG:6669"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_the_reason(
    body: str | bytes, code: str, words: str
) -> None:
    desk = Desk()
    desk.send(sheet(HEAD, *GOOD))
    version = desk.send(body)
    assert version["state"] == "refused" and words in version["reason"]
    assert [(f["row"], f["level"], f["code"]) for f in version["findings"]] == [
        (None, "refused", code)
    ]
    # the good version stays
    assert len(desk.features()) == 3


def test_messages_are_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    desk.send(sheet("月,件数", "1,20"))
    from django.utils.translation import trans_real

    known = trans_real.translation("ja")._catalog
    english = "Nothing in this file names a place"
    source = next(text for text in findings.CATALOGUE.values() if text.startswith(english))
    known._catalogs[0][source] = "場所を示すものがありません。"
    try:
        told = desk.version(1, "ja")
        assert told["reason"] == told["findings"][0]["message"] == "場所を示すものがありません。"
        assert desk.version(1)["reason"].startswith(english)
    finally:
        trans_real._translations.clear()


def test_an_empty_table_over_a_full_one_is_held() -> None:
    desk = Desk()
    desk.send(sheet(HEAD, *GOOD))
    assert desk.send(sheet(HEAD))["state"] == "quarantined"
    assert len(desk.features()) == 3


# --- metres ----------------------------------------------------------------------------------
METRES = sheet("名称,住所,X座標,Y座標", "東,熊本県熊本市1,-23340.516,-24190.740")


def test_metres_are_held_until_a_person_says_that_they_lie_right() -> None:
    desk = Desk()
    desk.send(sheet(HEAD, *GOOD))
    version = desk.send(METRES)
    assert (version["state"], version["crs"]) == ("quarantined", "EPSG:6670")
    assert "zone 2 (EPSG:6670)" in version["reason"] and "熊本県" in version["reason"]
    assert len(desk.features()) == 3
    done = desk.client.post(f"{API}/hinanjo/versions/2/publish")
    assert done.json() == {"version": 2, "state": "published"}
    (found,) = desk.features()
    lon, lat = found["geometry"]["coordinates"]
    assert (round(lon, 5), round(lat, 5)) == (130.74173, 32.78925)
    assert desk.version(2)["reason"] == ""


def test_a_zone_that_the_sender_names_is_taken() -> None:
    desk = Desk()
    assert desk.send(METRES, "&crs=EPSG:6670")["state"] == "published"
    for crs in ("EPSG:2230", "x", "EPSG:6670+proj=1"):
        answer = desk.client.put(f"{API}/hinanjo/data?crs={crs}", METRES.encode(), "text/csv")
        assert (answer.status_code, answer.json()["field"]) == (422, "crs")


# --- by address ------------------------------------------------------------------------------
@pytest.fixture
def gazetteer(transactional_db: None) -> None:
    box = MultiPolygon(Polygon.from_bbox((130.72, 32.75, 130.80, 32.83)))
    city = Municipality.objects.create(code="431001", name="熊本市", prefecture="熊本県")
    east = Municipality.objects.create(
        code="431028", name="熊本市東区", prefecture="熊本県", boundary=box
    )
    Municipality.objects.create(code="434434", name="益城町", prefecture="熊本県")
    for code, pref in (("132063", "東京都"), ("342084", "広島県")):
        Municipality.objects.create(code=code, name="府中市", prefecture=pref)
    for name, lon in (("健軍一丁目", 130.75), ("健軍二丁目", 130.76), ("画図町上無田", 130.73)):
        Place.objects.create(name=name, municipality=east, location=Point(lon, 32.79))
    Place.objects.create(
        name="東部公民館", kind="facility", municipality=east, location=Point(130.77, 32.80)
    )
    assert city


@pytest.mark.parametrize(
    ("name", "address", "lon"),
    [
        ("寺", "熊本県熊本市東区健軍二丁目3-4", 130.76),
        ("寺", "熊本市東区健軍２－３－４", 130.76),
        ("寺", "熊本県熊本市東区健軍", 130.755),
        ("寺", "熊本県熊本市東区画図町大字上無田１２", 130.73),
        ("東部公民館", "熊本県熊本市東区", 130.77),
    ],
)
@pytest.mark.usefixtures("gazetteer")
def test_an_address_without_position_is_placed_roughly(name: str, address: str, lon: float) -> None:
    desk = Desk()
    version = desk.send(sheet(HEAD, *GOOD[:1], f"{name},{address},,,"))
    assert codes(version) == [(3, "place_estimated")]
    by_name = {f["properties"]["name"]: f for f in desk.features()}
    assert by_name[name]["geometry"]["coordinates"][0] == pytest.approx(lon)
    assert by_name[name]["properties"]["estimated"] is True
    assert by_name["東小学校"]["properties"]["estimated"] is False


@pytest.mark.parametrize("address", ["熊本県熊本市", "府中市宮西町1", "益城町木山", "外国の町", ""])
@pytest.mark.usefixtures("gazetteer")
def test_an_address_that_names_no_town_needs_a_place(address: str) -> None:
    desk = Desk()
    version = desk.send(sheet(HEAD, f"寺,{address},,,"))
    assert codes(version) == [(2, "place_missing")]
    assert (version["features"], version["without_place"]) == (1, 1)
    (found,) = desk.features()
    assert found["geometry"] is None and found["properties"]["name"] == "寺"


@pytest.mark.usefixtures("gazetteer")
def test_a_point_over_the_edge_of_its_municipality_is_doubted_and_kept() -> None:
    desk = Desk()
    version = desk.send(sheet(HEAD, GOOD[0], "寺,熊本県熊本市東区健軍1,32.794222,130.90001,"))
    assert codes(version) == [(3, "outside_municipality")]
    assert [130.90001, 32.794222] in [f["geometry"]["coordinates"] for f in desk.features()]


@pytest.mark.usefixtures("gazetteer")
def test_the_declared_coverage_has_an_edge_too() -> None:
    desk = Desk()
    Layer.objects.update(coverage="熊本市東区の避難所")
    version = desk.send(sheet("名称,緯度,経度", "東,32.794222,130.748408", "西,32.79,130.90001"))
    assert codes(version) == [(3, "outside_municipality")]
    assert "熊本市東区" in version["findings"][0]["message"] and version["without_place"] == 0


def test_a_prefecture_tells_towns_of_one_name_apart() -> None:
    known = addresses.Municipalities(
        [addresses.Municipality("132063", "府中市", "東京都"),
         addresses.Municipality("342084", "府中市", "広島県")]
    )  # fmt: skip
    found, rest = known.find("広島県府中市府川町315")
    assert found and (found.code, rest) == ("342084", "府川町315")
    assert known.find("府中市府川町315")[0] is None
    assert known.find("府中市府川町315", "13")[0] is not None


# --- ids and states over versions ------------------------------------------------------------
def test_rows_keep_their_ids_when_a_row_is_put_above_them() -> None:
    desk = Desk()
    desk.send(sheet(f"NO,{HEAD}", *(f"{i},{row}" for i, row in enumerate(GOOD, start=1))))
    before = {f["properties"]["name"]: f["id"] for f in desk.features()}
    rows = ["新しい所,熊本県熊本市,32.80001,130.70001,", *GOOD]
    desk.send(sheet(f"NO,{HEAD}", *(f"{i},{row}" for i, row in enumerate(rows, start=1))))
    after = {f["properties"]["name"]: f["id"] for f in desk.features()}
    assert {name: after[name] for name in before} == before
    assert Feature.objects.filter(version__number=2).count() == 4


# --- the sandbox -----------------------------------------------------------------------------
CONTEXT = {"kind": "shelter", "zone": "Asia/Tokyo", "crs": None}


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("import os; os.abort()", "reader_died"),
        ("print('not json')", "reader_died"),
        ("print('[1, 2]')", "reader_died"),
        ('print(\'{"refused": ["no such code", {}]}\')', "reader_died"),
        ("print('{\"read\": {}}')", "reader_died"),
        ("import time; time.sleep(60)", "took_too_long"),
        ("import signal, os; os.kill(os.getpid(), signal.SIGXCPU)", "took_too_long"),
    ],
)
def test_whatever_the_child_does_costs_one_refusal(
    start: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_START", start)
    with pytest.raises(sandbox.Refused) as refused:
        sandbox.read(b"x", CONTEXT, wall_seconds=2)
    assert refused.value.code == code


def test_what_postgresql_cannot_hold_is_replaced() -> None:
    desk = Desk()
    version = desk.send(sheet(HEAD, *GOOD, '"寺\x00院",熊本県,32.79,130.69,'))
    assert (version["state"], version["features"]) == ("published", 4)
    assert (5, "text_not_storable") in codes(version)
    assert Layer.objects.get().published_id == LayerVersion.objects.get().id
