"""What people say of columns counts, and is remembered for the next file of publisher and kind."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from layers.models import ColumnMapping
from tests import builders
from tests.layer_builders import make_layer, read_files
from tests.table_builders import Looked, sheet
from tests.test_layer_versions import Desk

pytestmark = pytest.mark.usefixtures("transactional_db")
HEAD = "場所のよび名,ところ,緯度,経度,ひと"
ROWS = [f"学校{n},熊本県熊本市東区{n},32.79{n},130.74{n},{n}0" for n in range(6)]
CHOSEN = {"場所のよび名": "name", "ところ": "address", "ひと": "persons"}
METRES = sheet("名称,住所,X座標,Y座標", "東,熊本県熊本市1,-23340.516,-24190.740")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def how(version: dict[str, Any]) -> dict[str, tuple[str | None, str]]:
    return {c["name"]: (c["field"], c["how"]) for c in version["columns"]}


# --- the doctor, alone -----------------------------------------------------------------------
def plan(text: str, **people: Any) -> dict[str, tuple[str | None, str]]:
    return how({"columns": Looked(text, **people).examined.columns})


def test_what_a_person_says_stands_before_the_names() -> None:
    text = sheet("名称,よび名,緯度,経度", "東小学校,ひがし,32.79,130.74")
    assert plan(text)["名称"] == ("name", "name")
    found = plan(text, chosen={"よび名": "name"})
    assert found["よび名"] == ("name", "chosen") and found["名称"] == (None, "")
    assert plan(text, chosen={"名称": None})["名称"] == (None, "chosen")


def test_a_persons_word_stands_before_the_latest_time_in_a_name() -> None:
    text = sheet("名称,緯度,経度,ひと,避難者数_令和6年1月9日", "東小学校,32.79,130.74,3,9")
    found = plan(text, chosen={"ひと": "persons"})
    assert (found["ひと"], found["避難者数_令和6年1月9日"]) == (("persons", "chosen"), (None, ""))


def test_this_files_choice_stands_before_what_is_remembered() -> None:
    text = sheet("a,b,緯度,経度", "東小学校,ひがし,32.79,130.74")
    found = plan(text, chosen={"a": "address"}, remembered={"a": "name", "b": "name"})
    assert (found["a"], found["b"]) == (("address", "chosen"), ("name", "remembered"))
    both = plan(text, chosen={"b": "name"}, remembered={"a": "name"})
    assert (both["a"], both["b"]) == ((None, "remembered"), ("name", "chosen"))


def test_flags_and_remarks_can_be_chosen_too() -> None:
    text = sheet("名称,緯度,経度,水,メモ", "東小学校,32.79,130.74,○,収容人数:310")
    found = Looked(text, kind="evacuation_site", chosen={"水": "hazard:flood", "メモ": "note"})
    assert (found.said()["hazards"], found.said()["capacity"]) == ({"flood": True}, 310)


def test_columns_of_a_file_without_names_can_be_chosen() -> None:
    text = sheet("1,東小学校,ひがし,32.794222,130.748408", "2,西公民館,にし,32.790111,130.688222")
    assert plan(text)["column 2"] == ("name", "content")
    found = plan(text, chosen={"column 3": "name"})
    assert (found["column 3"], found["column 2"]) == (("name", "chosen"), (None, ""))


def test_a_column_tells_what_stands_in_it() -> None:
    text = sheet("名称,緯度,経度,空", *[f"学校{n % 4},32.79,130.74{n}," for n in range(9)])
    columns = Looked(text).examined.columns
    assert columns[0]["samples"] == ["学校0", "学校1", "学校2"]
    assert columns[3] == {"name": "空", "field": None, "how": "", "samples": []}


# --- remembered ------------------------------------------------------------------------------
def test_a_choice_is_remembered_once_its_version_is_published(desk) -> None:
    desk.send(*ROWS, head=HEAD, query="&publish=false")
    desk.post("/versions/1/read", status=202, columns=CHOSEN)
    read_files()
    assert ColumnMapping.objects.count() == 0, "nobody has said yes"
    desk.post("/versions/2/publish")
    known = ColumnMapping.objects.get()
    assert (known.columns, known.kind) == (CHOSEN, "shelter")
    third = desk.send(*ROWS, head=HEAD)
    assert third["state"] == "published"
    assert how(third)["ひと"] == ("persons", "remembered")
    assert "学校3" in desk.names()


def test_other_names_are_read_as_ever(desk) -> None:
    desk.send(*ROWS, head=HEAD, query="&publish=false")
    desk.post("/versions/1/read", status=202, columns=CHOSEN, publish=True)
    read_files()
    found = desk.send(*ROWS, head="名称,住所,緯度,経度,ひと")
    assert how(found)["名称"] == ("name", "name")
    assert how(found)["ひと"] == ("persons", "remembered")


def test_later_choices_are_added_and_win(desk) -> None:
    desk.send(*ROWS, head=HEAD, query="&publish=false")
    for number, columns in enumerate((CHOSEN, {"ひと": None}), start=1):
        desk.post("/versions/1/read", status=202, columns=columns)
        read_files()
        desk.post(f"/versions/{number + 1}/publish")
    assert ColumnMapping.objects.get().columns == CHOSEN | {"ひと": None}


def test_another_kind_or_publisher_does_not_inherit(desk) -> None:
    desk.send(*ROWS, head=HEAD, query="&publish=false")
    desk.post("/versions/1/read", status=202, columns=CHOSEN, publish=True)
    read_files()
    other, _ = make_layer(desk.incident, slug="other")
    user = builders.make_user(other.publisher, "publisher")
    client = Client()
    client.force_login(user)
    client.put("/api/v1/layers/other/data", sheet(HEAD, *ROWS).encode(), "text/csv")
    read_files()
    found = client.get("/api/v1/layers/other/versions/1").json()
    assert "remembered" not in {how for _, how in how(found).values()}


def test_a_zone_that_a_person_confirmed_is_not_asked_for_again(desk) -> None:
    def send() -> dict[str, Any]:
        path = "/api/v1/layers/hinanjo/data?filename=a.csv"
        number = desk.client.put(path, METRES.encode(), "text/csv").json()["version"]
        read_files()
        return desk.get(f"/versions/{number}")

    first = send()
    assert [hold["code"] for hold in first["holds"]] == ["crs_to_confirm"]
    desk.post("/versions/1/publish")
    assert ColumnMapping.objects.get().crs == first["crs"] == "EPSG:6670"
    second = send()
    assert (second["state"], second["crs"], second["holds"]) == ("published", "EPSG:6670", [])
