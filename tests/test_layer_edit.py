"""A place is added, corrected, withdrawn by hand; it can be taken back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from gspace import access, feed
from gspace.models import FeedEntry, Municipality, Place
from gspace.problems import Problem
from layers import actions, edits, features
from layers.models import Feature, FeatureEdit
from tests import builders
from tests.layer_builders import NOON, make_layer, spot
from tests.layer_desk import API, AT, ONE, Desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk() -> Desk:
    return Desk()


# --- adding ----------------------------------------------------------------------------------
def test_a_place_is_added_and_counted(desk) -> None:
    ident = desk.add(name_en="Hall", attributes={"部屋": 3})
    found = desk.seen()[ident]
    assert (found["name"], found["name_en"], found["attributes"]) == ("公民館", "Hall", {"部屋": 3})
    assert (found["geometry"], found["estimated"]) == (AT, False)
    assert desk.counts() == (3, 0, [130.7101, 32.79, 130.76, 32.8031])


def test_a_layer_without_data_is_made_by_hand() -> None:
    incident = builders.make_incident()
    layer, by = make_layer(incident, kind="water")
    given = {"name": "給水車", "geometry": AT}
    actions.feature_add(
        layer=layer,
        values=given,
        state={"operation": "running"},
        source_as_of=NOON,
        by=by,
        now=NOON,
    )
    layer.refresh_from_db()
    version = layer.published
    assert (version.number, version.state, version.format) == (1, "published", "by hand")
    assert (version.feature_count, version.extent) == (1, [130.7101, 32.8031] * 2)
    (found,) = json.loads(features.collection(layer, "public", "e", {}))["features"]
    assert found["properties"]["state"]["operation"] == "running"


def test_an_address_alone_is_placed_as_well_as_it_is_known(desk) -> None:
    town = Municipality.objects.create(code="431028", name="熊本市東区", prefecture="熊本県")
    Place.objects.create(
        kind="town", name="健軍本町", municipality=town, location=Point(130.75, 32.78)
    )
    ident = desk.add(geometry=None, address="熊本市東区健軍本町1-2")
    found = desk.seen()[ident]
    assert (found["geometry"]["coordinates"], found["estimated"]) == ([130.75, 32.78], True)
    assert found["municipality"] == "431028"
    desk.change(ident, geometry=AT)
    desk.change(ident, address="熊本市東区健軍本町3")
    assert desk.seen()[ident]["geometry"] == AT, "a position given by hand is not guessed anew"
    desk.change(ident, place_by_address=True)
    assert desk.seen()[ident]["estimated"] is True


def test_what_no_gazetteer_knows_is_kept_without_a_place(desk) -> None:
    ident = desk.add(geometry=None, address="どこか")
    assert desk.seen()[ident]["geometry"] is None
    assert desk.counts()[:2] == (3, 1)


def test_a_place_needs_a_position_or_an_address(desk) -> None:
    with pytest.raises(Problem) as refused:
        desk.add(geometry=None)
    assert (refused.value.code, refused.value.field) == ("invalid", "geometry")


# --- correcting ------------------------------------------------------------------------------
def test_a_correction_changes_only_what_it_says(desk) -> None:
    desk.change(name="新しい名", attributes={"電話": "097", "棟": "A"})
    found = desk.seen()["a"]
    assert (found["name"], found["attributes"]) == ("新しい名", {"電話": "097", "棟": "A"})
    assert found["geometry"]["coordinates"] == [130.75, 32.79]
    desk.change(attributes={"電話": None})
    assert desk.seen()["a"]["attributes"] == {"棟": "A"}


def test_a_moved_place_is_on_the_grid_and_no_longer_estimated(desk) -> None:
    Feature.objects.filter(feature_id="a").update(estimated=True)
    before = Feature.objects.get(feature_id="a")
    desk.change(geometry=AT)
    after = Feature.objects.get(feature_id="a")
    assert (after.geometry.coords, after.estimated) == ((130.7101, 32.8031), False)
    assert after.grid_x != before.grid_x and desk.counts()[2][0] == 130.7101


def test_state_and_name_in_one_request_are_one_change(desk) -> None:
    start = feed.head(desk.incident.id)
    desk.change(name="x", state={"operation": "closed"})
    rows = FeedEntry.objects.filter(incident_id=desk.incident.id, seq__gt=start)
    assert [(r.kind, r.oid, r.deleted) for r in rows] == [
        ("feature", f"{desk.layer.slug}/a", False)
    ]
    assert desk.seen()["a"]["state"]["operation"] == "closed"


def test_saying_what_is_so_already_is_no_edit(desk) -> None:
    desk.change(name=desk.seen()["a"]["name"])
    assert FeatureEdit.objects.count() == 0


# --- withdrawing and undoing -----------------------------------------------------------------
def test_a_withdrawn_place_is_gone_for_everybody(desk) -> None:
    start = feed.head(desk.incident.id)
    desk.withdraw()
    assert list(desk.seen()) == ["b"] and desk.counts()[0] == 1
    frame = json.loads(feed.read(desk.incident.id, "public", start, 200).text)
    assert [g["id"] for g in frame["gone"]] == [f"{desk.layer.slug}/a"]
    assert frame["items"] == []


@pytest.mark.parametrize("what", ["add", "change", "move", "withdraw", "attribute"])
def test_every_edit_can_be_taken_back_and_that_too(desk, what) -> None:
    before, counts = desk.seen(), desk.counts()
    {
        "add": desk.add,
        "change": lambda: desk.change(name="x", address="y"),
        "move": lambda: desk.change(geometry=AT),
        "withdraw": desk.withdraw,
        "attribute": lambda: desk.change(attributes={"電話": None, "新": 1}),
    }[what]()
    after = desk.seen()
    assert after != before
    undone = desk.undo()
    assert (desk.seen(), desk.counts()) == (before, counts)
    desk.undo(undone)
    assert desk.seen() == after


def test_what_was_changed_again_is_not_taken_back_over_it(desk) -> None:
    desk.change(name="x")
    first = FeatureEdit.objects.latest("id")
    desk.change(address="elsewhere")
    desk.undo(first)
    assert desk.seen()["a"]["address"] == "elsewhere"
    desk.change(name="y")
    second = FeatureEdit.objects.latest("id")
    desk.change(name="z")
    for edit in (first, second):
        with pytest.raises(Problem) as refused:
            desk.undo(edit)
        assert (refused.value.code, refused.value.status) == ("edit_overtaken", 409)
    assert desk.seen()["a"]["name"] == "z"


def overtaken(desk, edit: FeatureEdit) -> bool:
    before = desk.seen()
    with pytest.raises(Problem) as refused:
        desk.undo(edit)
    assert desk.seen() == before
    return (refused.value.code, refused.value.status) == ("edit_overtaken", 409)


def test_an_added_place_that_was_corrected_is_not_taken_away_with_the_adding(desk) -> None:
    ident = desk.add()
    first = FeatureEdit.objects.latest("id")
    desk.change(ident, name="別の名")
    assert overtaken(desk, first)
    desk.undo()
    desk.undo(first)
    assert ident not in desk.seen()


def test_an_added_place_that_a_file_has_taken_over_is_the_files(desk) -> None:
    ident = desk.add()
    first = FeatureEdit.objects.latest("id")
    desk.file(spot("a"), spot("b"), now=ONE)
    desk.file(
        spot("a"), spot("b"), spot(None, *AT["coordinates"], name="公民館"),
        now=ONE + timedelta(hours=1),
    )  # fmt: skip
    assert ident in desk.seen() and overtaken(desk, first)


def test_a_place_put_back_after_a_new_file_is_a_hands(desk) -> None:
    desk.withdraw()
    edit = FeatureEdit.objects.latest("id")
    desk.file(spot("b", 130.76))
    desk.undo(edit)
    found = Feature.objects.get(version__number=2, feature_id="a")
    assert (found.by_hand, found.row) == (True, None)
    desk.file(spot("b", 130.76), now=ONE + timedelta(hours=1))
    assert "a" in desk.seen(), "as long as no file has it"


def test_what_is_taken_back_leaves_another_correction_a_hands(desk) -> None:
    desk.change(name="x")
    first = FeatureEdit.objects.latest("id")
    desk.change(address="elsewhere")
    desk.undo(first)
    desk.file(spot("a", 電話="096"), spot("b", 130.76))
    assert desk.seen()["a"]["address"] == "elsewhere"


def test_edits_are_only_appended(desk) -> None:
    from django.db.utils import InternalError

    desk.change(name="x")
    with pytest.raises(InternalError):
        FeatureEdit.objects.update(by_name="nobody")


# --- over HTTP -------------------------------------------------------------------------------
def test_the_whole_way_over_http(desk) -> None:
    made = desk.send("post", "/features", {"name": "公園", "geometry": AT, "operation": "open"})
    assert made.status_code == 201
    ident = made.json()["id"]
    assert made.json()["properties"]["state"]["operation"] == "open"
    changed = desk.send("patch", f"/features/{ident}", {"name_en": "Park", "persons": 0})
    assert changed.json()["properties"]["name_en"] == "Park"
    assert changed.json()["properties"]["state"]["persons"] == 0
    assert desk.send("delete", f"/features/{ident}").status_code == 204
    assert desk.send("get", f"/features/{ident}").status_code == 404
    listed = desk.send("get", f"/edits?feature={ident}").json()["items"]
    assert [e["what"] for e in listed] == ["withdrawn", "changed", "added"]
    assert (listed[1]["fields"], listed[0]["by"]) == (["name_en"], desk.by_name)
    undone = desk.send("post", f"/edits/{listed[0]['id']}/undo")
    assert undone.json()["what"] == "restored"
    assert desk.send("get", f"/features/{ident}").json()["properties"]["name_en"] == "Park"


def test_edits_are_paged(desk) -> None:
    for name in "xyz":
        desk.change(name=name)
    first = desk.send("get", "/edits?limit=2").json()
    rest = desk.send("get", f"/edits?limit=2&cursor={first['cursor']}").json()
    names = [e["after"]["name"] for e in first["items"] + rest["items"]]
    assert (names, rest["cursor"]) == (["z", "y", "x"], None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"geometry": {"type": "Point", "coordinates": [200, 0]}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": []}}, "geometry"),
        ({"name": ""}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"attributes": {"a": {"b": 1}}}, "attributes"),
        ({"attributes": {"": 1}}, "attributes"),
        ({"attributes": {"a": 1e999}}, "attributes"),
        ({"congestion": "very"}, "congestion"),
        ({"by_hand": True}, "by_hand"),
    ],
)
def test_bad_input_names_its_field_and_changes_nothing(desk, body, field) -> None:
    answer = desk.send("post", "/features", {"name": "x", "geometry": AT} | body)
    assert answer.status_code == 422
    assert answer.json()["field"].split(".")[0] == field
    assert len(desk.seen()) == 2 and FeatureEdit.objects.count() == 0


def test_a_place_that_is_not_there_is_not_edited(desk) -> None:
    for method in ("patch", "delete"):
        assert desk.send(method, "/features/nowhere", {"name": "x"}).status_code == 404
    assert desk.send("post", "/edits/999999/undo").json()["code"] == "edit_unknown"


def test_strangers_do_not_edit(desk) -> None:
    for write in (
        lambda: actions.feature_withdraw(layer=desk.layer, feature_id="a", by=access.NOBODY),
        lambda: actions.feature_change(
            layer=desk.layer, feature_id="a", values={"name": "x"}, state={}, source_as_of=None,
            by=access.NOBODY),
        lambda: actions.edit_undo(layer=desk.layer, edit_id=1, by=access.NOBODY),
    ):  # fmt: skip
        with pytest.raises(Problem) as refused:
            write()
        assert refused.value.code == "not_allowed"


def test_the_edits_are_the_publishers_own_business(desk) -> None:
    desk.change(name="x")
    assert Client().get(f"{API}/{desk.layer.slug}/edits").status_code == 401
    assert edits.listed(desk.layer, {})["items"][0]["before"]["name"] == "避難所 a"
