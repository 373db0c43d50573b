"""One place corrected, moved, added and withdrawn by hand on its publisher's pages."""

from __future__ import annotations

import re

import pytest
from django.contrib.gis.geos import Point

from gspace.models import Municipality, Place
from tests.layer_builders import spot
from tests.publish_desk import Desk, four_shelters, listed, pressed

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return four_shelters()


def edit_ids(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'action="/publish/shelters/edits/(\d+)/undo/"', page)]


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\d*)"', page)
    assert found
    return found[1]


def test_name_address_and_values_are_corrected_and_taken_back() -> None:
    desk = Desk(spots=[spot("a", name="東小", 収容人数=310, 冷房=True, 備考="x")])
    page = desk.page("places/a/")
    form = {
        "name": "東小学校", "name_en": "", "address": "熊本市東区1-1", "seen": seen(page),
        "attribute": ["収容人数", "冷房", "備考", "電話"], "value": ["１２０", "false", "", "096"],
    }  # fmt: skip
    page = desk.say(act="edit", **form)
    shown = desk.now()["properties"]
    assert (shown["name"], shown["address"]) == ("東小学校", "熊本市東区1-1")
    assert shown["attributes"] == {"収容人数": 120, "冷房": False, "電話": "096"}
    assert "Changed" in page and "<del>東小</del>" in page
    page = desk.post(f"edits/{edit_ids(page)[0]}/undo/")
    shown = desk.now()["properties"]
    assert shown["name"] == "東小" and shown["attributes"]["備考"] == "x"
    assert "It is taken back" in page


def test_nothing_is_written_where_nothing_was_changed(desk: Desk) -> None:
    page = desk.say(act="edit", name="東小学校", name_en="", address="熊本市東区1")
    assert "Nothing was changed" in page and not desk.layer.edits.exists()


def test_somebody_else_s_correction_is_not_wiped_out(desk: Desk) -> None:
    before = seen(desk.page("places/a/"))
    desk.say(act="edit", name="東小学校（体育館）", name_en="", address="熊本市東区1", seen=before)
    late = {"name": "東小", "name_en": "", "address": "熊本市東区1", "seen": before}
    page = desk.say(act="edit", **late, status=422)
    assert "Somebody has changed this place since" in page and 'value="東小"' in page
    assert desk.now()["properties"]["name"] == "東小学校（体育館）"


def test_a_place_is_moved_and_a_guess_stays_a_guess(desk: Desk) -> None:
    point = {"lon_was": "130.7500000", "lat_was": "32.7900000"}
    desk.say(act="move", lon="130.8", lat="３２．８", **point)
    assert desk.now()["geometry"]["coordinates"] == [130.8, 32.8]
    desk.say("d", act="move", lon="", lat="", lon_was="", lat_was="", at="130.71,32.81")
    found = desk.now("d")
    assert found["geometry"]["coordinates"] == [130.71, 32.81] and found["properties"]["estimated"]
    desk.say("d", act="move", lon="130.72", lat="32.81", lon_was="", lat_was="")
    assert desk.now("d")["properties"]["estimated"] is False
    for wrong in ({"lon": "x", "lat": "32"}, {"lon": "200", "lat": "32"}, {"lon": "", "lat": ""}):
        desk.say("d", act="move", **wrong, lon_was="", lat_was="", status=422)


def test_a_road_is_not_made_a_point() -> None:
    line = {"type": "LineString", "coordinates": [[130.7, 32.8], [130.8, 32.9]]}
    road = {"type": "Feature", "id": "a", "geometry": line, "properties": {"name": "国道"}}
    page = Desk("road_closure", [road]).page("places/a/")
    assert "moved with a new file" in page and 'value="move"' not in page


def test_withdrawn_and_put_back(desk: Desk) -> None:
    desk.say(operation="closed")
    page = desk.say(act="withdraw")
    assert listed(page) == ["West Gym", "北公民館", "住所だけ"] and "Withdrawn by hand" in page
    assert desk.client.get("/publish/shelters/places/a/").status_code == 404
    desk.post(f"edits/{edit_ids(page)[0]}/undo/")
    assert desk.now()["properties"]["state"]["operation"] == "closed", "the state comes back, too"
    assert "Withdrawn by hand" not in desk.page()


def test_what_was_overtaken_is_not_undone(desk: Desk) -> None:
    same = {"name_en": "", "address": "熊本市東区1"}
    page = desk.say(act="edit", name="一", **same)
    first = edit_ids(page)[0]
    desk.say(act="edit", name="二", **same)
    page = desk.post(f"edits/{first}/undo/")
    assert "changed again since" in page and desk.now()["properties"]["name"] == "二"
    assert desk.client.post("/publish/shelters/edits/999999/undo/").status_code == 404


def test_a_place_is_added_with_its_state(desk: Desk) -> None:
    form = {
        "name": "公園テント",
        "lon": "130.74",
        "lat": "32.8",
        "operation": "open",
        "note": "雨可",
    }
    page = desk.post("add/", **form)
    assert "Added. It is on every map now" in page and pressed(page, "operation") == ["open"]
    desk.post("add/", **form)
    assert listed(desk.page(only="by_hand")) == ["公園テント"], "pressed twice, added once"
    assert listed(desk.page(q="公園")) == ["公園テント"]


def test_the_first_place_publishes_a_layer_without_a_file() -> None:
    empty = Desk("water")
    assert "the layer is published with it" in empty.page("add/")
    empty.post("add/", name="給水車", lon="130.74", lat="32.8", operation="running")
    assert listed(empty.page()) == ["給水車"]


def test_a_road_is_drawn_as_a_line() -> None:
    roads = Desk("road_closure")
    line = "130.7,32.8 130.71,32.81"
    page = roads.post("add/", name="国道57号", traffic="closed", lon="130.7", lat="32.8", line=line)
    ident = re.search(r'action="/publish/shelters/places/([^/]+)/"', page)
    assert ident
    assert roads.now(ident[1])["geometry"]["type"] == "LineString"


def test_what_cannot_be_added_says_why_and_keeps_what_was_typed(desk: Desk) -> None:
    page = desk.post("add/", status=422, name="公園", lon="east", lat="32.8", note="雨可")
    assert "Nothing was added" in page and 'value="公園"' in page and "雨可" in page
    assert "Give it a name" in desk.post("add/", status=422, lon="130.7", lat="32.8")
    assert desk.layer.edits.count() == 0


def test_an_address_is_looked_up(desk: Desk) -> None:
    municipality = Municipality.objects.create(
        code="431001", name="熊本市", prefecture="熊本県", location=Point(130.70, 32.80)
    )
    Place.objects.create(
        name="健軍三丁目", kind="town", municipality=municipality, location=Point(130.76, 32.78)
    )
    page = desk.page("add/", find="熊本市健軍3-1-1", name="公園")
    assert 'value="130.7600000,32.7800000"' in page and 'value="公園"' in page
    assert "健軍三丁目" in desk.page("places/d/", find="健軍")
    assert "was not found" in desk.page("places/d/", find="どこでもない")
