"""The next file comes: what hands have done stays, gives way or goes, and all of it is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from layers import actions
from layers.models import Feature
from tests.layer_builders import ELEVEN, NOON, spot
from tests.layer_desk import AT, ONE, Desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk() -> Desk:
    return Desk()


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


def test_no_edit_is_lost_between_files_that_overlap(desk) -> None:
    """A file waits, another goes out before it: what was said to either version is said to it."""
    waits = desk.file(spot("a"), spot("b", 130.76), now=ELEVEN, publish=False)
    desk.change(name="一つ目に")
    added = desk.add()
    desk.file(spot("a"), spot("b", 130.76), now=NOON + timedelta(minutes=10))
    desk.change(address="二つ目に", now=NOON + timedelta(minutes=20))
    desk.withdraw("b", now=NOON + timedelta(minutes=20))
    actions.version_publish(layer=desk.layer, number=waits.number, by=desk.by, now=ONE)
    found = desk.seen()
    assert sorted(found) == sorted(["a", added])
    assert (found["a"]["name"], found["a"]["address"]) == ("一つ目に", "二つ目に")
    assert desk.counts()[0] == 2


def test_what_was_copied_already_is_said_once(desk) -> None:
    """Edits after the file came in and before it was stored are carried over and caught up."""
    added = desk.add()
    desk.change(added, name="公会堂")
    desk.change(name="正しい名")
    desk.undo()
    waits = desk.file(spot("a", 電話="097"), spot("b", 130.76), now=ELEVEN, publish=False)
    desk.withdraw()
    desk.undo()
    actions.version_publish(layer=desk.layer, number=waits.number, by=desk.by, now=ONE)
    found = desk.seen()
    assert sorted(found) == sorted(["a", "b", added])
    assert found[added]["name"] == "公会堂"
    assert found["a"]["attributes"] == {"電話": "097"}, "put back is what this file has"


def test_a_corrected_place_that_the_file_no_longer_has_is_told(desk) -> None:
    desk.change(name="正しい名")
    waits = desk.file(spot("b", 130.76), publish=False)
    (told,) = [f for f in waits.findings if f["code"] == "hand_dropped"]
    assert told["given"] == {"number": "1", "names": "正しい名"}
    assert "a" not in {f.feature_id for f in waits.features.all()}


def test_a_place_corrected_while_the_file_waits_is_told_as_it_goes_out(desk) -> None:
    waits = desk.file(spot("b", 130.76), publish=False)
    assert not waits.findings
    desk.change(name="正しい名", now=ONE + timedelta(minutes=1))
    actions.version_publish(layer=desk.layer, number=waits.number, by=desk.by, now=ONE)
    waits.refresh_from_db()
    assert [f["code"] for f in waits.findings] == ["hand_dropped"]


def test_a_rollback_shows_that_version_with_what_hands_did_to_it(desk) -> None:
    desk.change(name="手で")
    desk.file(spot("a", name="v2"), spot("b"))
    actions.layer_rollback(layer=desk.layer, by=desk.by)
    assert desk.seen()["a"]["name"] == "手で"
