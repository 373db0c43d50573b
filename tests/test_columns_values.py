"""The file doctor on everything but positions: names of columns, flags, codes, counts, times."""

from __future__ import annotations

from typing import Any

import pytest

from layers import area_codes, flags, headings, moments
from tests.table_builders import TOKYO, Looked, sheet

AT = "32.794222,130.698408"
# the names of both national generations, of GSI and of BODIK's files
GENERATIONS = {
    "2018": "NO,名称,名称_カナ,住所,方書,緯度,経度,標高,電話番号,内線番号,市区町村コード,"
    "都道府県名,市区町村名,災害種別_洪水,災害種別_崖崩れ、土石流及び地滑り,災害種別_高潮,災害種別_地震,災害種別_津波,"
    "災害種別_大規模な火事,災害種別_内水氾濫,災害種別_火山現象,指定避難所との重複,想定収容人数,"
    "対象となる町会・自治会,URL,備考",
    "2023": "全国地方公共団体コード,ID,地方公共団体名,名称,名称_カナ,名称_英字,"
    "所在地_全国地方公共団体コード,町字ID,所在地_連結表記,所在地_都道府県,所在地_市区町村,所在地_町字,"
    "所在地_番地以下,建物名等(方書),緯度,経度,標高,電話番号,内線番号,連絡先メールアドレス,連絡先FormURL,"
    "連絡先備考（その他、SNSなど）,郵便番号,災害種別_洪水,災害種別_崖崩れ、土石流及び地滑り,災害種別_高潮,"
    "災害種別_地震,災害種別_津波,災害種別_大規模な火事,災害種別_内水氾濫,災害種別_火山現象,指定避難所との重複,"
    "想定収容人数,対象となる町会・自治会,URL,画像,画像_ライセンス,備考",
    "GSI": "NO,共通ID,施設・場所名,住所,洪水,崖崩れ、土石流及び地滑り,高潮,地震,津波,大規模な火事,"
    "内水氾濫,火山現象,指定避難所との住所同一,緯度,経度,備考",
}
HAZARDS = {"flood", "landslide", "storm_surge", "earthquake", "tsunami", "fire", "inland_flood",
           "volcano"}  # fmt: skip


def one(head: str, row: str, **more: Any) -> dict[str, Any]:
    return Looked(sheet(f"名称,緯度,経度,{head}", f"東小学校,{AT},{row}"), **more).said()


@pytest.mark.parametrize("generation", sorted(GENERATIONS))
@pytest.mark.parametrize("turned", [False, True])
def test_standard_columns_are_known_by_name_in_any_order(generation: str, turned: bool) -> None:
    names = GENERATIONS[generation].split(",")
    # GSI's and the standards' names with a comma-like 、 are single names
    values = {"緯度": "32.794222", "経度": "130.698408", "ID": "431001001", "NO": "0000000001",
              "共通ID": "E4310100001111", "名称": "東小学校", "施設・場所名": "東小学校",
              "住所": "熊本県熊本市東区1", "所在地_連結表記": "熊本県熊本市東区1",
              "市区町村コード": "431001", "所在地_全国地方公共団体コード": "431001",
              "全国地方公共団体コード": "430005", "想定収容人数": "300"}  # fmt: skip
    row = {
        n: values.get(n, "1" if headings.field_of(n).startswith("hazard") else "") for n in names
    }
    order = list(reversed(names)) if turned else names
    looked = Looked(sheet(",".join(order), ",".join(row[n] for n in order)), kind="evacuation_site")
    said = looked.said()
    assert looked.at() == (32.794222, 130.698408) and said["name"] == "東小学校"
    assert said["address"] == "熊本県熊本市東区1"
    assert said["municipality_code"] == ("431010" if generation == "GSI" else "431001")
    assert said["hazards"] == dict.fromkeys(HAZARDS, True)
    assert looked.features[0]["id"] in ("431001001", "0000000001", "E4310100001111")
    assert said.get("capacity") == (None if generation == "GSI" else 300)
    assert looked.codes() == []


@pytest.mark.parametrize(
    ("name", "field"),
    [("避難所名称", "name"), ("施設の名称", "name"), ("観測所名", "name"),
     ("Facility Name", "name"),
     ("施設住所", "address"), ("Latitude", "lat"), ("LNG", "lon"), ("緯度（１０進）", "lat"),
     ("收容", ""), ("名称_カナ", ""), ("位置精度", ""), ("収容人数（人）", "capacity"),
     ("避難者数（1/2 現在）", ""), ("避難者数(令和6年1月2日14時現在)", "persons"),
     ("Hazard: flood", "hazard:flood"), ("想定収容\n人数", "capacity"), ("* 名称", "name"),
     ("名称※必須", "name"), ("1.名称", "name"), ("【必須】住所", "address")],
)  # fmt: skip
def test_free_forms_are_known_too(name: str, field: str) -> None:
    assert headings.field_of(name) == field


# --- flags -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "value"),
    [("1", True), ("1.0", True), ("１", True), ("○", True), ("◯", True), ("〇", True), ("有", True),
     ("あり", True), ("TRUE", True), ("可", True), ("✓", True), ("0", False), ("×", False),
     ("✕", False), ("無", False), ("なし", False), ("不可", False), ("△", "conditional"),
     ("不明", "unknown"), ("？", "unknown"), ("", None), ("-", None), ("―", None), ("－", None)],
)  # fmt: skip
def test_a_flag_is_yes_no_partly_unknown_or_nothing(text: str, value: object) -> None:
    assert flags.flag(text) is value or flags.flag(text) == value
    said = one("地震", text)
    if value is None:
        assert "hazards" not in said
    else:
        assert said["hazards"]["earthquake"] is value or said["hazards"]["earthquake"] == value


def test_a_sentence_in_a_column_of_flags_stays_a_sentence() -> None:
    looked = Looked(sheet("名称,緯度,経度,地震", f"東,{AT},2階以上のみ"))
    assert looked.codes() == [(2, "flag_unclear")]
    assert looked.said()["地震"] == "2階以上のみ" and "hazards" not in looked.said()


def test_of_two_floods_the_worse_counts() -> None:
    said = one("flood_L1,flood_L2", "○,△")
    assert said["hazards"] == {"flood": "conditional"}
    assert (said["flood_L1"], said["flood_L2"]) == ("○", "△")


# --- counts: 0, blank, ---, 不明 and not reported ----------------------------------------------
def test_five_ways_of_saying_nothing_stay_five() -> None:
    zero, blank, dash, unknown = (
        one("人数,想定収容人数", f"{t},{t}") for t in ("0", "", "---", "不明")
    )
    missing = one("担当", "防災課")
    assert zero["state"] == {"persons": 0} and zero["capacity"] == 0
    assert blank["state"] == {"persons": None} and blank["人数"] is None
    assert dash["state"] == {"persons": None} and dash["人数"] == "---"
    assert unknown["state"] == {"persons": None} and unknown["人数"] == "不明"
    assert "state" not in missing and "人数" not in missing
    assert len({str(one) for one in (zero, blank, dash, unknown, missing)}) == 5


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [("120", 120, ""), ("1,200", 1200, ""), ("１２０人", 120, "count_read"),
     ("約120人", 120, "count_read"), ("屋内480人／屋外3,350人", None, "count_unclear"),
     ("-5", None, "count_unclear")],
)  # fmt: skip
def test_a_count_is_read_or_kept_as_written(text: str, value: int | None, code: str) -> None:
    looked = Looked(sheet("名称,緯度,経度,避難者数", f'東,{AT},"{text}"'))
    assert looked.said()["state"]["persons"] == value
    assert looked.codes() == ([(2, code)] if code else [])
    if code:
        assert looked.said()["避難者数"] == text


def test_a_capacity_of_nothing_is_asked_about() -> None:
    looked = Looked(sheet("名称,緯度,経度,収容人数", f"東,{AT},0"))
    assert looked.codes() == [(2, "capacity_zero")] and looked.said()["capacity"] == 0


def test_values_inside_remarks_are_taken_out() -> None:
    looked = Looked(sheet("名称,緯度,経度,備考1,備考2",
                          f"東,{AT},収容人数:310,TEL:0768-84-1106",
                          f"西,{AT},収容人数：１２０人,"))  # fmt: skip
    assert (looked.said()["capacity"], looked.said(1)["capacity"]) == (310, 120)
    assert looked.said()["電話番号"] == "0768-84-1106"
    assert looked.said()["備考1"] == "収容人数:310"
    assert {code for _, code in looked.codes()} == {"value_in_remark"}
    # a column of its own is not overruled by a remark
    assert one("想定収容人数,備考", "50,収容人数:310")["capacity"] == 50


# --- states ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "head", "text", "state"),
    [
        ("shelter", "開設状況", "開設", {"operation": "open"}),
        ("shelter", "開設状況", "開設済み", {"operation": "open"}),
        ("shelter", "開設状況", "未開設", {"operation": "not_open"}),
        ("shelter", "開設状況", "閉鎖", {"operation": "closed"}),
        ("shelter", "開設状況", "○", {"operation": "open"}),
        ("shelter", "開設の有無", "有", {"operation": "open"}),
        ("water", "給水状況", "〇", {"operation": "running"}),
        ("shelter", "状況", "不明", {"operation": "unknown"}),
        ("shelter", "開設状況", "", {"operation": None}),
        ("shelter", "混雑状況", "満員", {"congestion": "full"}),
        ("shelter", "混雑状況", "やや混雑", {"congestion": "fairly_full"}),
        ("shelter", "status", "open", {"operation": "open"}),
        ("water", "給水状況", "給水中", {"operation": "running"}),
        ("water", "状況", "休止中", {"operation": "ended"}),
        ("water", "状況", "終了", {"operation": "ended"}),
        ("road_closure", "規制内容", "全面通行止め", {"traffic": "closed"}),
        ("road_closure", "規制内容", "通行止め解除", {"traffic": "reopened"}),
        ("road_closure", "規制内容", "片側交互通行", {"traffic": "alternate"}),
    ],
)
def test_words_of_state_become_codes(kind: str, head: str, text: str, state: dict) -> None:
    assert one(head, text, kind=kind)["state"] == state


def test_a_word_that_is_no_state_is_kept_and_told() -> None:
    looked = Looked(sheet("名称,緯度,経度,開設状況", f"東,{AT},たぶん開いている"))
    assert looked.codes() == [(2, "state_unclear")]
    assert looked.said()["開設状況"] == "たぶん開いている" and "state" not in looked.said()
    # a kind that has no state keeps the column as it is
    assert one("開設状況", "開設", kind="evacuation_site")["開設状況"] == "開設"


# --- codes and keys --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "code", "how"),
    [("431001", "431001", ""), ("43100", "431001", "code_completed"),
     ("92011", "092011", "code_zero_restored"),
     ("9201", "092011", "code_zero_restored"), ("４３１００１", "431001", ""),
     ("431001.0", "431001", ""), ("1.72014E+05", "172014", "")],
)  # fmt: skip
def test_municipality_codes_get_their_zero_back(text: str, code: str, how: str) -> None:
    assert area_codes.restore(text) == (code, how)
    looked = Looked(sheet("名称,緯度,経度,市区町村コード", f"東,{AT},{text}"))
    assert looked.said()["municipality_code"] == code
    assert [c for _, c in looked.codes() if c.startswith("code")] == ([how] if how else [])


def test_a_code_that_reads_two_ways_is_told_by_address_and_column() -> None:
    # 011011 is Sapporo's Chuo ward; 11011 alone could be five digits of Saitama
    assert area_codes.restore("11011") == ("110116", "code_completed")
    assert area_codes.restore("11011", prefecture="01") == ("011011", "code_zero_restored")
    assert area_codes.lost_zeros(["11011", "11029"]) and not area_codes.lost_zeros(["11011"])
    rows = ("東,43.061,141.3561,11011", "北,43.091,141.3401,11029")
    column = Looked(sheet("名称,緯度,経度,市区町村コード", *rows))
    assert [column.said(i)["municipality_code"] for i in (0, 1)] == ["011011", "011029"]
    head = "名称,住所,緯度,経度,市区町村コード"
    said = Looked(sheet(head, "東,北海道札幌市中央区1,43.061111,141.356111,11011")).said()
    assert said["municipality_code"] == "011011"


def test_a_code_with_a_wrong_check_digit_is_kept_as_written() -> None:
    looked = Looked(sheet("名称,緯度,経度,市区町村コード", f"東,{AT},431002"))
    assert looked.codes() == [(2, "municipality_unknown")]
    assert looked.said()["市区町村コード"] == "431002"
    assert "municipality_code" not in looked.said()


@pytest.mark.parametrize(
    ("head", "keys", "used"),
    [
        ("NO", ["1", "2", "3"], False),
        ("ID", ["1", "2", "3"], False),
        ("ID", ["1001", "1002", "2001"], True),
        ("ID", ["A-1", "A-2", "B-1"], True),
        ("NO", ["0000000001", "0000000002", "0000000003"], True),
        ("番号", ["1", "3", "4"], False),
        ("ＮＯ．", ["１", "２", "３"], False),
    ],
)
def test_a_key_is_used_and_a_row_number_is_none(head: str, keys: list[str], used: bool) -> None:
    rows = [f"{key},校{key},32.79{i}222,130.698408" for i, key in enumerate(keys)]
    looked = Looked(sheet(f"{head},名称,緯度,経度", *rows))
    assert [f.get("id") for f in looked.features] == (keys if used else [None] * 3)
    # the column itself is kept either way
    assert [s["properties"][head] for s in looked.features] == keys


def test_remarks_below_make_no_keys_of_row_numbers() -> None:
    rows = [f"{i},校{i},32.79{i}222,130.698408" for i in (1, 2, 3)]
    looked = Looked(sheet("No.,名称,緯度,経度", *rows, "計,3校,,", "※ 変わることがあります,,,"))
    assert [f.get("id") for f in looked.features] == [None] * 3
    assert [code for _, code in looked.codes()] == ["row_is_note", "row_is_note"]


def test_phone_numbers_get_their_zero_back() -> None:
    looked = Looked(sheet("名称,緯度,経度,電話番号", f"東,{AT},963282111"))
    assert looked.said()["電話番号"] == "0963282111"
    assert looked.codes() == [(2, "phone_zero_restored")]


# --- times -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("令和6年1月9日午後6時時点", "2024-01-09T18:00:00+09:00"),
        ("令和６年１月９日（火）１８時３０分現在", "2024-01-09T18:30:00+09:00"),
        ("R6.1.9 18:00", "2024-01-09T18:00:00+09:00"),
        ("2026/7/28/16:27", "2026-07-28T16:27:00+09:00"),
        ("1/9/2024 18:00", "2024-01-09T18:00:00+09:00"),
        ("13/9/2024", None),
        ("2024/1/9 6:05", "2024-01-09T06:05:00+09:00"),
        ("2024-01-09T18:00:00Z", "2024-01-09T18:00:00+00:00"),
        ("平成28年4月16日 午前0時", "2016-04-16T00:00:00+09:00"),
        ("令和元年5月1日正午", "2019-05-01T12:00:00+09:00"),
        ("20160416", "2016-04-16"),
        ("2016年4月16日24時", "2016-04-17T00:00:00+09:00"),
        ("4月16日 18時", None),
        ("令和6年2月30日", None),
        ("令和6年1月9日25時", None),
        ("未定", None),
    ],
)
def test_dates_are_read_as_offices_write_them(text: str, iso: str | None) -> None:
    assert moments.read(text, TOKYO) == iso


def test_the_time_in_a_columns_name_is_the_time_of_its_counts() -> None:
    old, new = "人数_令和6年1月8日午後6時時点", "人数_令和6年1月9日午後6時時点"
    looked = Looked(sheet(f"ID,名称,{new},{old},緯度,経度", f"A1,東,180,150,{AT}"))
    state = {"persons": 180, "source_as_of": "2024-01-09T18:00:00+09:00"}
    assert looked.said()["state"] == state
    # the older column is kept as the publisher called it
    assert looked.said()[old] == "150"
    assert (1, "as_of_in_name") in looked.codes()


def test_a_column_of_times_is_each_rows_time() -> None:
    looked = Looked(sheet("名称,人数,時点,緯度,経度", f"東,123,令和6年1月11日午後6時,{AT}",
                          f"西,3,さきほど,{AT}"))  # fmt: skip
    assert looked.said()["state"]["source_as_of"] == "2024-01-11T18:00:00+09:00"
    assert looked.codes() == [(3, "time_unreadable")] and looked.said(1)["時点"] == "さきほど"


# --- rows ------------------------------------------------------------------------------------
def test_empty_rows_remarks_and_sums_are_told_and_left_out() -> None:
    looked = Looked(sheet("名称,住所,緯度,経度,電話番号", f"東,本町1,{AT},", "", ",,,,―",
                          "合計,,,,", "※ 開設は変わることがあります,,,,",
                          "西,本町2,,,"))  # fmt: skip
    assert looked.rows == [2, 7]
    assert looked.codes() == [(4, "row_empty"), (5, "row_is_note"), (6, "row_is_note")]
    assert looked.examined.rows == 5


def test_a_repeated_row_is_told_and_kept() -> None:
    looked = Looked(sheet("名称,緯度,経度", f"東,{AT}", f"西,{AT}", f"東,{AT}"))
    assert len(looked.features) == 3 and looked.codes() == [(4, "row_repeats")]


def test_shifted_columns_are_told() -> None:
    rows = [f"校{i},32.79{i}222,130.698408,石川県,5.22001E+12" for i in range(5)]
    looked = Looked(sheet("名称,緯度,経度,連絡先メールアドレス,法人番号", *rows))
    assert looked.codes() == [(1, "digits_lost"), (1, "column_content_differs")]


def test_columns_that_are_called_like_ours_keep_their_words() -> None:
    said = one("state,estimated,hazards,capacity_note", "NC,yes,none,x")
    assert (said["state (column)"], said["estimated (column)"]) == ("NC", "yes")
    assert "state" not in said and said["hazards (column)"] == "none"
