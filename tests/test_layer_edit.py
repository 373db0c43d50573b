"""A place is added, corrected, withdrawn by hand; it can be taken back; the next file keeps it."""

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
from layers.models import Feature, FeatureEdit, Layer
from tests import builders
from tests.layer_builders import ELEVEN, NOON, make_layer, publish, published_layer, spot

pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1/layers"
AT = {"type": "Point", "coordinates": [130.7101, 32.8031]}
ONE = NOON + timedelta(hours=1)


class Desk:
    """A layer with two places, its publisher signed in, and a clock that is told."""

    def __init__(self, **more) -> None:
        self.incident = builders.make_incident()
        rows = [spot("a", 電話="096"), spot("b", 130.76)]
        self.layer, self.by = published_layer(self.incident, rows, **more)
        user = builders.make_user(self.layer.publisher, "publisher")
        self.client, self.by_name = Client(), access.caller_from_user(user.id).name
        self.client.force_login(user)

    def add(self, now=NOON, **values) -> str:
        given = {"name": "公民館", "geometry": AT} | values
        return actions.feature_add(
            layer=self.layer, values=given, state={}, source_as_of=None, by=self.by, now=now
        )

    def change(self, ident: str = "a", now=NOON, state=None, **values) -> None:
        actions.feature_change(
            layer=self.layer, feature_id=ident, values=values, state=state or {},
            source_as_of=None, by=self.by, now=now,
        )  # fmt: skip

    def withdraw(self, ident: str = "a", now=NOON) -> None:
        actions.feature_withdraw(layer=self.layer, feature_id=ident, by=self.by, now=now)

    def undo(self, edit: FeatureEdit | None = None) -> FeatureEdit:
        edit = edit or FeatureEdit.objects.latest("id")
        return actions.edit_undo(layer=self.layer, edit_id=edit.id, by=self.by, now=NOON)

    def file(self, *rows: dict, now=ONE, **more):
        return publish(self.layer, self.by, list(rows), now=now, source_as_of=now, **more)

    def seen(self) -> dict[str, dict]:
        layer = Layer.objects.get(id=self.layer.id)
        found = json.loads(features.collection(layer, "public", "e", {}))["features"]
        return {f["id"]: f["properties"] | {"geometry": f["geometry"]} for f in found}

    def counts(self) -> tuple:
        version = Layer.objects.get(id=self.layer.id).published
        return version.feature_count, version.without_place, version.extent

    def send(self, method: str, path: str, body: dict | None = None):
        call = getattr(self.client, method)
        return call(f"{API}/{self.layer.slug}{path}", body or {}, content_type="application/json")


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


def test_edits_are_only_appended(desk) -> None:
    from django.db.utils import InternalError

    desk.change(name="x")
    with pytest.raises(InternalError):
        FeatureEdit.objects.update(by_name="nobody")


# --- the next file ---------------------------------------------------------------------------
def test_an_added_place_outlives_the_next_files_and_is_told(desk) -> None:
    ident = desk.add()
    for hour in (1, 2):
        version = desk.file(spot("a"), spot("b"), now=NOON + timedelta(hours=hour))
        assert ident in desk.seen()
        assert (version.feature_count, version.rows) == (3, 2)
        assert [f["code"] for f in version.findings if f["row"] is None] == ["kept_by_hand"]
    desk.withdraw(ident, now=NOON + timedelta(hours=3))
    desk.file(spot("a"), now=NOON + timedelta(hours=4))
    assert ident not in desk.seen()


def test_a_file_that_brings_the_added_place_has_it_from_then_on(desk) -> None:
    ident = desk.add()
    brought = spot(None, 130.7102, 32.8031, name="公民館")
    desk.file(spot("a"), spot("b"), brought)
    assert len(desk.seen()) == 3 and ident in desk.seen()
    assert Feature.objects.get(version__number=2, feature_id=ident).by_hand is False


def test_a_correction_stays_while_the_file_repeats_itself(desk) -> None:
    desk.change(name="正しい名", attributes={"電話": "097"})
    old = spot("a", 電話="096")
    version = desk.file(old, spot("b", 130.76))
    assert (desk.seen()["a"]["name"], desk.seen()["a"]["attributes"]) == (
        "正しい名",
        {"電話": "097"},
    )
    assert {f["field"] for f in version.findings if f["code"] == "hand_kept"} == {
        "name", "attributes.電話"
    }  # fmt: skip
    desk.file(old, spot("b", 130.76), now=ONE + timedelta(hours=1))
    assert desk.seen()["a"]["name"] == "正しい名"


def test_the_file_counts_where_it_says_something_new(desk) -> None:
    desk.change(name="手で", attributes={"電話": "097"})
    version = desk.file(spot("a", name="ファイルで", 電話="096"), spot("b", 130.76))
    found = desk.seen()["a"]
    assert (found["name"], found["attributes"]) == ("ファイルで", {"電話": "097"})
    codes = {f["field"]: f["code"] for f in version.findings}
    assert codes == {"name": "hand_overwritten", "attributes.電話": "hand_kept"}


def test_a_position_set_by_hand_stays_until_the_file_has_one_of_its_own(desk) -> None:
    bare = spot("b", name="住所だけ") | {"geometry": None}
    desk.file(spot("a"), bare, now=ELEVEN, publish=True)
    desk.change("b", geometry=AT)
    desk.file(spot("a"), bare, now=ONE)
    assert desk.seen()["b"]["geometry"] == AT
    desk.file(spot("a"), spot("b", 130.9, name="住所だけ"), now=ONE + timedelta(hours=1))
    assert desk.seen()["b"]["geometry"]["coordinates"][0] == 130.9


def test_a_guess_by_address_is_no_position_of_the_files_own(desk) -> None:
    desk.file(spot("a"), spot("b", estimated=True), now=ELEVEN)
    desk.change("b", geometry=AT)
    desk.file(spot("a"), spot("b", 130.8, estimated=True, address="番地が違う"))
    found = desk.seen()["b"]
    assert (found["geometry"], found["estimated"], found["address"]) == (AT, False, "番地が違う")


def test_a_withdrawn_place_that_the_file_has_comes_back_and_is_told(desk) -> None:
    desk.withdraw()
    version = desk.file(spot("a"), spot("b"))
    assert "a" in desk.seen()
    assert [f["code"] for f in version.findings] == ["came_back"]


def test_hands_that_were_faster_than_publishing_are_not_lost(desk) -> None:
    version = desk.file(spot("a", name="c"), spot("b"), spot("d"), now=ELEVEN, publish=False)
    ident = desk.add()
    desk.change(name="あとで")
    desk.withdraw("b")
    actions.version_publish(layer=desk.layer, number=version.number, by=desk.by, now=ONE)
    found = desk.seen()
    assert sorted(found) == sorted(["a", "d", ident])
    assert found["a"]["name"] == "あとで" and desk.counts()[0] == 3


def test_a_rollback_shows_that_version_with_what_hands_did_to_it(desk) -> None:
    desk.change(name="手で")
    desk.file(spot("a", name="v2"), spot("b"))
    actions.layer_rollback(layer=desk.layer, by=desk.by)
    assert desk.seen()["a"]["name"] == "手で"


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
