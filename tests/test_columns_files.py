"""The file doctor on whole files: encodings, separators, title rows, what is refused and why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import encodings
from layers.findings import CATALOGUE, LEVELS, Findings
from layers.readers import xlsx
from layers.tables import Unreadable
from tests.table_builders import HEAD, Looked, refusal, sheet, workbook

ROWS = ("東小学校,熊本県熊本市東区健軍1-1,32.794222,130.698408",
        "西公民館,熊本県熊本市西区春日2-3,32.790000,130.688000")  # fmt: skip
TEXT = sheet(HEAD, *ROWS)


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("cp932"), "cp932"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("euc_jp"), "euc_jp"),
        (TEXT.encode("iso2022_jp"), "iso2022_jp"),
        (sheet("名称,緯度,経度", "①㈱髙島屋～,32.79,130.6984").encode("cp932"), "cp932"),
    ],
)
def test_the_encoding_is_found(raw: bytes, encoding: str) -> None:
    looked = Looked(raw)
    assert looked.encoding == encoding
    assert looked.said()["name"] in ("東小学校", "①㈱髙島屋～")
    assert looked.features[0]["geometry"]


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode("cp932").decode("latin-1").encode(),
        TEXT.encode("cp932").decode("cp1252", "replace").encode(),
        TEXT.encode().decode("latin-1").encode(),
        (TEXT * 2).encode().decode("cp932", "replace").encode(),
        (TEXT * 3).encode().decode("cp932", "ignore").encode("cp932", "ignore"),
        sheet(HEAD, "\ufffd\ufffd\ufffd\ufffd,\ufffd\ufffd\ufffd,32.79,130.69").encode(),
    ],
)
def test_what_was_garbled_before_is_refused_by_name(raw: bytes) -> None:
    assert refusal(raw) == "mojibake"


def test_words_of_other_languages_are_not_garbled() -> None:
    german = sheet("name,address,lat,lon", "Grüne Straße,Mühlweg 3,35.681236,139.767125")
    assert refusal(german) == "" and refusal(TEXT) == ""
    assert encodings.garbled("縺の山公園、笠縫小学校、譁木公民館") == ""


def test_a_few_broken_bytes_are_told_and_the_rest_is_read() -> None:
    raw = sheet(HEAD, *ROWS * 300).encode("cp932")
    cut = raw.index("健".encode("cp932"))
    looked = Looked(raw[:cut] + b"\xff" + raw[cut + 1 :])
    assert looked.encoding == "cp932" and len(looked.features) == 600
    assert (None, "bytes_unreadable") in looked.codes()


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_the_separator_is_found(separator: str) -> None:
    looked = Looked(TEXT.replace(",", separator))
    assert looked.at() == (32.794222, 130.698408)
    assert looked.format == ("TSV" if separator == "\t" else "CSV")


def test_a_comma_inside_words_is_no_separator() -> None:
    text = "名称\t住所\t緯度\t経度\n東,西,南\t本町1,2\t32.79422\t130.69840\n"
    assert Looked(text).said()["name"] == "東,西,南"


def test_title_rows_and_blank_lines_keep_the_numbers_of_the_file() -> None:
    text = sheet("開設避難所一覧,,,", "令和6年1月9日 午後6時現在,,,", "", HEAD, "", *ROWS)
    looked = Looked(text)
    assert looked.examined.header == 4 and looked.rows == [6, 7]
    assert looked.examined.source_as_of == "2024-01-09T18:00:00+09:00"
    assert (2, "as_of_above") in looked.codes()


def test_a_date_in_a_title_without_as_of_may_be_of_anything() -> None:
    text = sheet("令和6年1月1日 能登半島地震 避難所一覧,,,", HEAD, *ROWS)
    assert Looked(text).examined.source_as_of is None


def test_two_rows_of_names_under_merged_cells_are_one() -> None:
    text = sheet("名称,住所,位置,,災害種別,", ",,緯度,経度,洪水,地震",
                 "東小学校,本町1,32.794222,130.698408,○,×")  # fmt: skip
    looked = Looked(text)
    assert looked.at() == (32.794222, 130.698408) and looked.rows == [3]
    assert (looked.said()["name"], looked.said()["address"]) == ("東小学校", "本町1")
    assert looked.said()["hazards"] == {"flood": True, "earthquake": False}


def test_the_linkdata_form_is_read() -> None:
    text = sheet("#LINK,,,", "#lang,ja,,", "#license,http://example.jp/,,",
                 "#property,name,location,earthquake", "#object_type_xsd,string,string,string",
                 '1,東小学校,"32.794222,130.698408",○', '2,西公民館,"32.79,130.688",△')  # fmt: skip
    looked = Looked(text)
    assert looked.at() == (32.794222, 130.698408) and looked.rows == [6, 7]
    assert looked.said(1)["hazards"] == {"earthquake": "conditional"}
    assert "id" not in looked.features[0]


def test_a_line_may_be_inside_a_cell() -> None:
    text = sheet(HEAD, '"東\n小学校",本町1,32.794222,130.698408', ROWS[1])
    # rows as the spreadsheet counts them
    assert Looked(text).rows == [2, 3]


def test_without_names_positions_are_found_by_their_numbers() -> None:
    looked = Looked(sheet("東小学校,32.794222,130.698408", "西公民館,32.790001,130.688001"))
    assert looked.at() == (32.794222, 130.698408) and looked.said()["name"] == "東小学校"
    assert (1, "header_missing") in looked.codes()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "file_empty"),
        ("\r\n \r\n", "file_empty"),
        (sheet("月,件数", "1,20", "2,31"), "no_place_named"),
        (sheet('01101,"060  ","0600000","ﾎｯｶｲﾄﾞｳ",0,0', '01101,"064 ","0640941","ｱｻﾋ",0,1'),
         "no_place_named"),
        (sheet("名称,住所,緯度,経度", ",,,", "―,,-,"), "no_place_named"),
        ("\x01\x02\x03\x04\x05" * 20, "not_text"),
    ],
)  # fmt: skip
def test_what_holds_no_place_is_refused_for_that(text: str, code: str) -> None:
    assert refusal(text) == code


def test_a_cell_without_end_is_named() -> None:
    text = sheet(HEAD, '"東小学校,x,32.79,130.69', "y" * 200_000)
    assert refusal(text) == "cell_too_long"


def test_repeated_and_missing_names_lose_nothing() -> None:
    looked = Looked(sheet("名称,緯度,経度,担当,担当,", "東,32.794222,130.698408,a,b,c,d"))
    said = looked.said()
    assert (said["担当"], said["担当_2"], said["column 6"], said["column 7"]) == (
        "a",
        "b",
        "c",
        "d",
    )
    assert {"column_repeated", "cells_beyond_names"} <= {code for _, code in looked.codes()}


# --- Excel -----------------------------------------------------------------------------------
def test_a_workbook_is_read() -> None:
    raw = workbook({
        "表紙": {1: ["避難所の一覧です"]},
        "_下書き": {1: ["名称", "緯度", "経度"], 2: ["古い", 32.0, 130.0]},
        "一覧": {3: ["名称", "市区町村コード", "緯度", "経度", "更新日時"],
                 5: ["東小学校", (11011, 1), 32.794222, 130.698408, (45300.75, 2)]},
    })  # fmt: skip
    findings = Findings()
    table, name, _ = xlsx.read(raw, findings)
    assert (name, table.header, table.rows[0][0]) == ("XLSX", 3, 5)
    assert table.rows[0][1] == ["東小学校", "011011", "32.794222", "130.698408", "2024-01-09 18:00"]
    assert [f["code"] for f in findings.items] == ["sheets_left_out"]


def test_a_workbook_of_another_writer_is_read(tmp_path: Path) -> None:
    """GDAL writes shared strings and typed cells, as Excel does."""
    columns = [np.array(["東小学校", "西公民館"], object), np.array([32.794222, 32.79]),
               np.array([130.698408, 130.6881]), np.array([431001, 431001])]  # fmt: skip
    path = tmp_path / "a.xlsx"
    names = ["名称", "緯度", "経度", "市区町村コード"]
    pyogrio.raw.write(path, None, columns, names, driver="XLSX", layer="一覧", geometry_type=None)
    table, _, _ = xlsx.read(path.read_bytes(), Findings())
    assert table.names == names
    assert table.rows == [(2, ["東小学校", "32.794222", "130.698408", "431001"]),
                          (3, ["西公民館", "32.79", "130.6881", "431001"])]  # fmt: skip


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"xl__sharedStrings": b"<!DOCTYPE x [<!ENTITY a 'b'>]><sst>&a;</sst>"}, "xlsx_unreadable"),
        ({"xl__sharedStrings": b"<sst><si><t>x"}, "xlsx_unreadable"),
        ({"xl__sharedStrings": b"<sst>" + b" " * 2_000_000 + b"</sst>"}, "too_large_inside"),
    ],
)
def test_a_hostile_workbook_is_refused(
    extra: dict[str, bytes], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "LIMIT_UNPACKED_BYTES", 1_000_000)
    raw = workbook({"a": {1: ["名称", "緯度", "経度"]}}, **extra)
    with pytest.raises(Unreadable) as refused:
        xlsx.read(raw, Findings())
    assert refused.value.code == code


def test_another_zip_is_no_book() -> None:
    import io
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("doc.kml", "<kml/>")
    with pytest.raises(Unreadable) as refused:
        xlsx.read(stream.getvalue(), Findings())
    assert refused.value.code == "xlsx_unreadable"


# --- whatever the bytes ----------------------------------------------------------------------
def judged(raw: bytes) -> None:
    """A result whose findings are complete, or a refusal with a code of the catalogue."""
    try:
        looked = Looked(raw)
    except (encodings.Undecodable, Unreadable) as error:
        assert error.code in CATALOGUE
        return
    for finding in looked.findings:
        assert finding["code"] in CATALOGUE and finding["level"] in LEVELS
        assert "%(" not in finding["message"], finding


CELL = st.sampled_from(
    ["", "-", "東", "32.79", "130.69", "32,79", "3279422", "13069840", "35-40-30", "0", "不明", "○",
     "△", "43100", "1100", "R6.1.9", "令和6年13月41日", "-12000.5", "-30500.25", "\x00", "\ud7ff",
     "収容人数:1０", "＝1+1", "1e400", "nan", "136°60'1\"", "99999999999999999999999"]
) | st.text(max_size=8)  # fmt: skip
NAMES = st.sampled_from(
    ["名称", "住所", "緯度", "経度", "緯度経度", "X座標", "Y座標", "人数_令和6年1月9日", "ID", "NO",
     "洪水", "市区町村コード", "状況", "時点", "備考", "想定収容人数", "緯度(分)", "", "state"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=8), st.lists(st.lists(CELL, max_size=9), max_size=8))
def test_no_table_stops_the_doctor(names: list[str], rows: list[list[str]]) -> None:
    text = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in [names, *rows])
    judged(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_stop_the_doctor(raw: bytes) -> None:
    judged(raw)
    judged(TEXT.encode("cp932") + raw)
    try:
        xlsx.read(raw, Findings())
    except Unreadable as error:
        assert error.code in CATALOGUE


BOOK = workbook({"一覧": {1: ["名称", "緯度", "経度"], 2: ["東", 32.794222, 130.698408]}})


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(BOOK) - 1), st.integers(0, 255))
def test_no_damage_to_a_workbook_stops_the_reader(place: int, byte: int) -> None:
    try:
        xlsx.read(BOOK[:place] + bytes([byte]) + BOOK[place + 1 :], Findings())
    except Unreadable as error:
        assert error.code in CATALOGUE
