"""What a version changes is counted and listed: places, fields, and what hands had said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from layers import actions, diff
from layers.models import Layer
from tests import builders
from tests.layer_builders import ELEVEN, NOON, TEN, publish, published_layer, spot

pytestmark = pytest.mark.django_db(transaction=True)
ZERO = dict.fromkeys(
    ("added", "removed", "moved", "changed", "same", "states_kept", "states_overridden"), 0
)


class Desk:
    def __init__(self, *rows: dict) -> None:
        self.layer, self.by = published_layer(builders.make_incident(), list(rows))
        self.first = self.layer.published

    def file(self, *rows: dict, now=NOON, **more):
        given = {"now": now, "source_as_of": now, "publish": False} | more
        return publish(self.layer, self.by, list(rows), **given)

    def hand(self, ident: str, at=ELEVEN, **values) -> None:
        actions.state_set(
            layer=self.layer, feature_id=ident, values=values, source_as_of=at, by=self.by, now=at
        )

    def detail(self, version, limit: int = 100) -> dict:
        return diff.detail(Layer.objects.get(id=self.layer.id).published, version, limit)


def test_the_first_version_is_all_new() -> None:
    desk = Desk(spot("a"), spot("b"))
    assert desk.first.diff == ZERO | {"against": None, "added": 2}


def test_each_place_is_counted_as_what_became_of_it() -> None:
    desk = Desk(spot("same"), spot("gone"), spot("moved"), spot("renamed"), spot("both"))
    version = desk.file(
        spot("same"), spot("new"), spot("moved", 130.76), spot("renamed", name="x"),
        spot("both", 130.76, name="y"))  # fmt: skip
    assert version.diff == ZERO | {
        "against": 1, "added": 1, "removed": 1, "moved": 2, "changed": 2, "same": 1
    }  # fmt: skip
    found = desk.detail(version)
    assert found["counts"] == version.diff
    assert found["added"] == [{"id": "new", "name": "避難所 new", "row": 2}]
    assert found["removed"] == [{"id": "gone", "name": "避難所 gone"}]
    assert [m["id"] for m in found["moved"]] == ["moved", "both"]
    # a hundredth of a degree at 32.79 north
    assert found["moved"][0]["distance_m"] == pytest.approx(934.7, abs=1)
    assert [(c["id"], c["fields"]) for c in found["changed"]] == [
        ("renamed", {"name": ["避難所 renamed", "x"]}),
        ("both", {"name": ["避難所 both", "y"]}),
    ]


def test_fields_are_told_one_by_one_and_blank_is_not_nothing() -> None:
    desk = Desk(spot("a", 電話="096", 棟=None, state={"persons": 0}))
    version = desk.file(spot("a", 電話="097", address="熊本市", state={"persons": None}))
    (found,) = desk.detail(version)["changed"]
    assert found["fields"] == {
        "address": ["", "熊本市"],
        "attributes.電話": ["096", "097"],
        "state.persons": [0, None],
    }


def test_a_newer_clock_alone_is_no_change() -> None:
    desk = Desk(spot("a", state={"operation": "open", "source_as_of": TEN.isoformat()}))
    later = {"operation": "open", "source_as_of": NOON.isoformat()}
    assert desk.file(spot("a", state=later)).diff["same"] == 1


@pytest.mark.parametrize(
    ("lon", "moved"), [(130.750001, 0), (130.75001, 1)], ids=["a tenth of a metre", "a metre"]
)
def test_rounding_is_no_move(lon, moved) -> None:
    desk = Desk(spot("a"))
    assert desk.file(spot("a", lon)).diff["moved"] == moved


def test_a_place_found_and_a_place_lost_are_moves_without_a_distance() -> None:
    desk = Desk(spot("a") | {"geometry": None}, spot("b"))
    found = desk.detail(desk.file(spot("a"), spot("b") | {"geometry": None}))
    assert [(m["id"], m["distance_m"]) for m in found["moved"]] == [("a", None), ("b", None)]


def test_a_road_with_another_bend_has_moved() -> None:
    def line(*at):
        return spot("r") | {"geometry": {"type": "LineString", "coordinates": list(at)}}

    desk = Desk(line([130.7, 32.7], [130.8, 32.8]))
    version = desk.file(line([130.7, 32.7], [130.75, 32.74], [130.8, 32.8]))
    assert version.diff["moved"] == 1
    assert desk.detail(version)["moved"][0]["distance_m"] > 0


def test_lists_end_where_they_are_told_to_and_counts_do_not() -> None:
    desk = Desk(*[spot(f"p{i}", 130.7) for i in range(20)])
    found = desk.detail(desk.file(*[spot(f"n{i}", 130.7) for i in range(20)]), limit=3)
    assert (len(found["added"]), len(found["removed"])) == (3, 3)
    assert (found["counts"]["added"], found["counts"]["removed"]) == (20, 20)


# --- what hands had said ---------------------------------------------------------------------
def test_hand_set_states_are_kept_or_overridden_by_their_time() -> None:
    rows = [spot(i, state={"operation": "open"}) for i in "abcd"]
    desk = Desk(*rows)
    desk.hand("a", operation="closed")
    desk.hand("b", operation="closed", at=NOON + timedelta(hours=1))
    desk.hand("c", persons=12)
    desk.hand("d", operation="open")
    version = desk.file(*rows)
    assert (version.diff["states_kept"], version.diff["states_overridden"]) == (3, 1)
    states = desk.detail(version)["states"]
    assert states["overridden"] == [
        {"id": "a", "name": "避難所 a", "field": "operation", "hand": "closed", "file": "open"}
    ]
    assert [(k["id"], k["field"], k["file"]) for k in states["kept"]] == [
        ("b", "operation", "open"), ("c", "persons", None), ("d", "operation", "open")
    ]  # fmt: skip


def test_the_forecast_of_states_comes_true() -> None:
    from tests.test_layer_feed import read_features

    rows = [spot(i, state={"operation": "open"}) for i in "ab"]
    desk = Desk(*rows)
    desk.hand("a", operation="closed")
    desk.hand("b", operation="closed", at=NOON + timedelta(hours=1))
    version = desk.file(*rows)
    said = diff.detail(desk.first, version, 10)["states"]
    actions.version_publish(layer=desk.layer, number=2, by=desk.by, now=NOON)
    shown = read_features(desk.layer.slug, "public")
    for one in said["overridden"]:
        assert shown[f"{desk.layer.slug}/{one['id']}"]["state"]["operation"] == one["file"]
    for one in said["kept"]:
        assert shown[f"{desk.layer.slug}/{one['id']}"]["state"]["operation"] == one["hand"]
    version.refresh_from_db()
    assert diff.detail(desk.first, version, 10)["states"] == said, "afterwards it reads the same"


def test_what_hands_did_to_places_is_listed() -> None:
    desk = Desk(spot("a"), spot("b"), spot("c"), spot("d"))
    edit = {"layer": desk.layer, "by": desk.by, "now": ELEVEN}
    said = edit | {"state": {}, "source_as_of": None}
    added = actions.feature_add(values={"name": "新", "geometry": spot("x")["geometry"]}, **said)
    for ident in "abd":
        actions.feature_change(feature_id=ident, values={"address": "手で"}, **said)
    actions.feature_withdraw(feature_id="c", **edit)
    version = desk.file(spot("a"), spot("b", address="ファイルで"), spot("c"))
    told = {one["id"]: (one["what"], one["fields"]) for one in desk.detail(version)["by_hand"]}
    assert told == {
        added: ("added", []),
        "a": ("kept", []),
        "b": ("overwritten", ["address"]),
        "c": ("returned", []),
        "d": ("gone", []),
    }
