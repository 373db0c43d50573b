"""One place corrected, moved, added and withdrawn by hand on its publisher's pages."""

from __future__ import annotations

import re

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from frontend import own_places
from gspace.models import Municipality, Place
from gspace.problems import Problem
from layers import actions, edits
from tests.layer_builders import publish, spot
from tests.publish_desk import Desk, four_shelters, listed, pressed

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return four_shelters()


def edit_ids(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'action="/publish/shelters/edits/(\d+)/undo/"', page)]


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([\d-]*)"', page)
    assert found
    return found[1]


def ident(page: str) -> str:
    found = re.search(r'name="id" value="([0-9a-f-]{36})"', page)
    assert found
    return found[1]


def value(page: str, field: str) -> str:
    found = re.search(rf'name="{field}"[^>]* value="([^"]*)"', page)
    assert found, field
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


@pytest.mark.parametrize("act", ["edit", "move"])
def test_a_file_that_came_meanwhile_is_not_wiped_out(desk: Desk, act: str) -> None:
    stood_open = {"act": act, "seen": seen(desk.page("places/a/")), "name": "東小", "name_en": ""}
    stood_open |= {"address": "古い", "lon": "130.1", "lat": "32.1"}
    moved = spot("a", 130.9, 32.9, name="東小学校", address="新しい")
    publish(desk.layer, desk.by, [moved, spot("c", name="北公民館")], yes=True)
    page = desk.say(**stood_open, status=422)
    assert "Somebody has changed this place since" in page
    found = desk.now()
    assert (
        found["properties"]["address"] == "新しい" and found["geometry"]["coordinates"][0] > 130.8
    )
    desk.say(**(stood_open | {"seen": seen(page)}))
    assert desk.layer.edits.count() == 1, "who has looked may save"


def test_what_changed_is_noticed_under_the_lock_too(desk: Desk) -> None:
    looked = edits.standing(desk.layer, "a")
    said = {
        "layer": desk.layer,
        "feature_id": "a",
        "state": {},
        "source_as_of": None,
        "by": desk.by,
    }
    actions.feature_change(values={"name": "一"}, expected=looked, **said)
    with pytest.raises(Problem) as refused:
        actions.feature_change(values={"address": "二"}, expected=looked, **said)
    assert refused.value.code == "edit_overtaken"
    assert desk.now()["properties"]["address"] == "熊本市東区1"


def test_a_refused_form_keeps_what_was_typed() -> None:
    desk = Desk(spots=[spot("a", name="東小", 収容人数=310, 冷房=True)])
    form = {"name": "東小学校", "name_en": "", "address": ""}
    form |= {"attribute": ["冷房", "収容人数", "電話"], "value": ["false", "120", "096"]}
    page = desk.say(act="edit", seen="of long ago", status=422, **form)
    assert 'value="120"' in page and "Stored now: 310" in page
    assert '<option value="false" selected>' in page
    assert 'id="new-name"' in page and 'value="電話"' in page and 'value="096"' in page
    page = desk.say(act="move", seen="of long ago", status=422, lon="130.8", lat="x")
    assert value(page, "lon") == "130.8" and value(page, "lon_was") == "130.7500000"


@pytest.mark.parametrize("text", ["[1]", '{"a": 1}', "null", "1e999", "NaN", "true", "007", "--1"])
def test_what_is_no_plain_number_stays_a_text(text: str) -> None:
    desk = Desk(spots=[spot("a", name="東小", 収容人数=310)])
    form = {"name": "東小", "name_en": "", "address": "", "attribute": "収容人数", "value": text}
    desk.say(act="edit", **form)
    assert desk.now()["properties"]["attributes"] == {"収容人数": text}


def test_a_number_beyond_counting_is_refused() -> None:
    desk = Desk(spots=[spot("a", name="東小", 収容人数=310)])
    form = {
        "name": "東小",
        "name_en": "",
        "address": "",
        "attribute": "収容人数",
        "value": "9" * 400,
    }
    assert "This value cannot be kept" in desk.say(act="edit", status=422, **form)


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


def test_a_place_withdrawn_twice_is_listed_once_and_all_are_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [spot("a", name="東小学校"), spot("c", name="北公民館"), spot("e", name="南")]
    for ident in ("c", "e", "a"):
        publish(desk.layer, desk.by, rows, yes=True, now=timezone.now())
        desk.say(ident, act="withdraw")
    monkeypatch.setattr(own_places, "EDITS", 1)
    desk.layer.refresh_from_db()
    found = own_places.withdrawn(desk.layer)
    assert [edit.feature_id for edit in found.edits] == ["a"] and found.total == 1
    desk.say("c", act="withdraw")
    page = desk.page()
    assert 'Withdrawn by hand <span class="soft">2</span>' in page
    assert "The newest 1 are listed" in page
    desk.layer.refresh_from_db()
    monkeypatch.setattr(own_places, "EDITS", 30)
    assert [edit.feature_id for edit in own_places.withdrawn(desk.layer).edits] == ["c", "a"]


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
    form["id"] = ident(desk.page("add/"))
    page = desk.post("add/", **form)
    assert "Added. It is on every map now" in page and pressed(page, "operation") == ["open"]
    assert "Added. It is on every map now" in desk.post("add/", **form)
    assert listed(desk.page(only="by_hand")) == ["公園テント"], "pressed twice, added once"
    assert listed(desk.page(q="公園")) == ["公園テント"]
    assert desk.layer.edits.count() == 1


def test_another_place_of_the_same_name_is_another_place(desk: Desk) -> None:
    form = {"name": "給水車", "lon": "130.74", "lat": "32.8"}
    desk.post("add/", id=ident(desk.page("add/")), **form)
    desk.post("add/", id=ident(desk.page("add/")), **(form | {"lon": "130.99"}))
    assert listed(desk.page(only="by_hand")) == ["給水車", "給水車"]


@pytest.mark.parametrize("other", [{"lon": "130.99"}, {"operation": "closed"}])
def test_another_place_from_the_same_form_is_asked_about(desk: Desk, other: dict) -> None:
    form = {"name": "公園", "lon": "130.74", "lat": "32.8", "operation": "open"}
    form["id"] = ident(desk.page("add/"))
    desk.post("add/", **form)
    page = desk.post("add/", status=422, **(form | other))
    assert "Something else was added from this form" in page and ident(page) != form["id"]
    desk.post("add/", **(form | other | {"id": ident(page)}))
    assert listed(desk.page(only="by_hand")) == ["公園", "公園"]


def test_an_id_that_a_file_uses_is_not_taken(desk: Desk) -> None:
    taken = "0b9fdc6e-6b0c-4a3e-9a3a-111111111111"
    publish(desk.layer, desk.by, [spot(taken, name="東小学校")], yes=True)
    form = {"id": taken, "name": "公園", "lon": "130.74", "lat": "32.8"}
    assert "Something else was added" in desk.post("add/", status=422, **form)
    assert desk.now(taken)["properties"]["name"] == "東小学校"


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
    assert (value(page, "lon"), value(page, "lon_was")) == ("east", "")
    assert "Give it a name" in desk.post("add/", status=422, lon="130.7", lat="32.8")
    assert desk.layer.edits.count() == 0
    page = desk.post("add/", status=422, name="", lon="130.7", lat="32.8", id=ident(page))
    again = {name: value(page, name) for name in ("lon", "lat", "lon_was", "lat_was", "id")}
    desk.post("add/", name="公園", address="どこか", **again)
    row = desk.layer.edits.get().after
    assert row["geometry"]["coordinates"] == [130.7, 32.8], "the point is not dropped"


def test_an_address_is_looked_up(desk: Desk) -> None:
    municipality = Municipality.objects.create(
        code="431001", name="熊本市", prefecture="熊本県", location=Point(130.70, 32.80)
    )
    Place.objects.create(
        name="健軍三丁目", kind="town", municipality=municipality, location=Point(130.76, 32.78)
    )
    page = desk.page("add/", find="熊本市健軍3-1-1", name="公園")
    assert 'value="130.7600000,32.7800000"' in page and 'value="公園"' in page
    typed = {"name": "公園", "note": "雨可", "operation": "open", "lon": "130.1", "lat": "32.1"}
    page = desk.post("add/", look="1", find="健軍", **typed)
    assert 'value="130.7600000,32.7800000"' in page and 'value="公園"' in page and "雨可" in page
    assert 'value="open" checked' in page and value(page, "lon") == ""
    assert value(desk.post("add/", look="1", find="どこでもない", **typed), "lon") == "130.1"
    assert not desk.layer.edits.exists(), "who looks has not added yet"
    late = desk.say("d", act="move", seen="x", status=422, find="健軍", at="130.7600000,32.7800000")
    assert (
        'value="130.7600000,32.7800000" data-lon="130.7600000" data-lat="32.7800000" checked'
        in late
    )
    assert "健軍三丁目" in desk.page("places/d/", find="健軍")
    assert "was not found" in desk.page("places/d/", find="どこでもない")
