"""State before + changes == fresh state, for every action on layers, each audience (Zulip's rule).

The client's rule (layers.queries): a layer's item, or its gone, replaces all that was known of it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime

import pytest

from gspace import feed
from gspace.access import BITS, Audience
from gspace.models import FeedEntry, Incident
from layers import actions, features, queries
from layers.models import FeatureEdit, Layer
from layers.payload import SituationIn
from tests import builders
from tests.layer_builders import (
    ELEVEN,
    NOON,
    TEN,
    make_layer,
    publish,
    published_layer,
    read_files,
    send,
    spot,
)

pytestmark = pytest.mark.django_db(transaction=True)

State = dict[str, dict]


def read_features(slug: str, audience: Audience) -> State:
    layer = Layer.objects.get(slug=slug)
    found = json.loads(features.collection(layer, audience, "e", {}))["features"]
    return {f"{slug}/{f['id']}": f["properties"] | {"geometry": f["geometry"]} for f in found}


# what the clock changes, or one feature; a reader counts the features it has
COUNTED = ("counts", "conflicts", "stale", "seq", "feature_count", "without_place", "extent")


def fresh(incident: Incident, audience: Audience) -> State:
    """Layer objects by slug, features by whole id."""
    state: State = {}
    for summary in queries.summaries(incident, audience):
        slug = summary["slug"]
        state |= {slug: uncounted(summary)} | read_features(slug, audience)
    return state


def uncounted(summary: dict) -> dict:
    return {name: value for name, value in summary.items() if name not in COUNTED}


def forget(state: State, slug: str) -> State:
    return {k: v for k, v in state.items() if k != slug and not k.startswith(f"{slug}/")}


def apply(state: State, frame: dict, audience: Audience) -> State:
    for item in sorted([*frame["items"], *frame["gone"]], key=lambda one: one["seq"]):
        ident, feature = item["id"], item.get("feature")
        if item["kind"] == "layer":
            state = forget(state, ident)
            if feature:
                state |= {ident: uncounted(feature)} | read_features(ident, audience)
        elif item["kind"] == "feature" and feature:
            assert feature["id"] == ident
            state = state | {ident: feature["properties"] | {"geometry": feature["geometry"]}}
        elif item["kind"] == "feature":
            state = {k: v for k, v in state.items() if k != ident}
    return state


class World:
    """An incident with a layer of two versions, a hand-set state, and a standing layer."""

    def __init__(self) -> None:
        self.incident = builders.make_incident()
        self.layer, self.by = published_layer(self.incident)
        again = [spot("a", 130.7), spot("b")]
        publish(self.layer, self.by, again, source_as_of=ELEVEN, yes=True)
        self.hand(operation="open")
        self.standing, self.by_standing = published_layer(None, kind="water")
        self.draft, self.by_draft = make_layer(self.incident)

    def hand(self, **values) -> None:
        actions.state_set(
            layer=self.layer, feature_id="a", values=values, source_as_of=NOON, by=self.by, now=NOON
        )

    def edit(self, act: Callable, **more) -> object:
        return act(layer=self.layer, by=self.by, now=NOON, **more)

    def say(self, act: Callable, values: dict, **more) -> object:
        return self.edit(act, values=values, state={}, source_as_of=None, **more)

    def change(self, **describing) -> None:
        actions.layer_change(layer=self.layer, by=self.by, **describing)


def look(world: World, layer: Layer, said: dict, at: datetime = NOON) -> None:
    """A crew looked at facility a."""
    where = {"incident": world.incident.slug, "layer": layer.slug, "feature": "a"}
    body = SituationIn.model_validate(where | {"captured_at": at.isoformat()} | said)
    by, _ = builders.device(world.incident)
    actions.situation_receive(situation_id=uuid.uuid4(), body=body, by=by)


NEW = {"name": "公民館", "geometry": {"type": "Point", "coordinates": [130.71, 32.81]}}
ACTIONS: dict[str, Callable[[World], object]] = {
    "layer_create": lambda w: make_layer(w.incident),
    "version_load": lambda w: publish(w.layer, w.by, [spot("a"), spot("c")], source_as_of=NOON),
    "version_load_vanished": lambda w: publish(w.layer, w.by, [spot("c")]),
    "version_load_unpublished": lambda w: publish(w.layer, w.by, [spot("c")], publish=False),
    "version_load_first": lambda w: publish(w.draft, w.by_draft, [spot("c")]),
    "version_publish": lambda w: (
        publish(w.layer, w.by, [spot("c")], publish=False),
        actions.version_publish(layer=w.layer, number=3, by=w.by),
    ),
    "version_receive": lambda w: send(w.layer, w.by, b"x"),
    "version_fill": lambda w: (
        send(w.layer, w.by, "名称,緯度,経度\n東,32.79,130.74\n".encode()), read_files()),
    "version_refuse": lambda w: (send(w.layer, w.by, b"%PDF"), read_files()),
    "layer_rollback": lambda w: actions.layer_rollback(layer=w.layer, by=w.by),
    "layer_rollback_to": lambda w: actions.layer_rollback(layer=w.layer, by=w.by, to=1),
    "feature_add": lambda w: w.say(actions.feature_add, NEW),
    "feature_add_first": lambda w: actions.feature_add(
        layer=w.draft, by=w.by_draft, values=NEW, state={}, source_as_of=None),
    "feature_change": lambda w: w.say(actions.feature_change, {"name": "x"}, feature_id="a"),
    "feature_withdraw": lambda w: w.edit(actions.feature_withdraw, feature_id="a"),
    "edit_undo": lambda w: (
        w.edit(actions.feature_withdraw, feature_id="a"),
        w.edit(actions.edit_undo, edit_id=FeatureEdit.objects.latest("id").id),
    ),
    "layer_withdraw": lambda w: actions.layer_withdraw(layer=w.layer, by=w.by),
    "layer_restore": lambda w: (
        actions.layer_withdraw(layer=w.layer, by=w.by),
        actions.layer_restore(layer=w.layer, by=w.by),
    ),
    "to_partner": lambda w: w.change(audience="partner"),
    "to_hq": lambda w: w.change(audience="hq"),
    "describe": lambda w: w.change(title="新しい題"),
    "state_set": lambda w: w.hand(persons=12),
    "state_set_back": lambda w: w.hand(operation=None),
    "situation_receive": lambda w: look(w, w.layer, {"operation": "closed", "needs": "水"}),
    "situation_without_state": lambda w: look(w, w.layer, {"households": 3}),
    "situation_older": lambda w: look(w, w.layer, {"operation": "closed"}, TEN),
    "state_set_standing": lambda w: actions.state_set(
        layer=w.standing, feature_id="b", values={"operation": "running"}, source_as_of=None,
        by=w.by_standing),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_before_plus_changes_is_fresh(name: str) -> None:
    world = World()
    before = {a: fresh(world.incident, a) for a in BITS}
    start = feed.head(world.incident.id)
    ACTIONS[name](world)
    for audience in BITS:
        frame = json.loads(feed.read(world.incident.id, audience, start, 200).text)
        assert apply(before[audience], frame, audience) == fresh(world.incident, audience), audience


def test_a_mirror_from_zero_is_fresh() -> None:
    world = World()
    for audience in BITS:
        frame = json.loads(feed.read(world.incident.id, audience, 0, 200).text)
        assert apply({}, frame, audience) == fresh(world.incident, audience)


def test_a_version_is_one_change_however_many_features_it_has() -> None:
    world = World()
    start = feed.head(world.incident.id)
    publish(world.layer, world.by, [spot(f"n{i}", 130 + i / 1000) for i in range(500)], yes=True)
    rows = FeedEntry.objects.filter(seq__gt=start)
    assert [(row.kind, row.oid) for row in rows] == [("layer", world.layer.slug)]


def test_a_state_is_one_change_of_its_feature() -> None:
    world = World()
    start = feed.head(world.incident.id)
    world.hand(persons=7)
    rows = FeedEntry.objects.filter(seq__gt=start)
    assert [(row.kind, row.oid) for row in rows] == [("feature", f"{world.layer.slug}/a")]


def test_an_edit_is_one_change_of_its_feature() -> None:
    world = World()
    for act in (
        lambda: world.say(actions.feature_change, {"name": "x"}, feature_id="a"),
        lambda: world.edit(actions.feature_withdraw, feature_id="a"),
        lambda: world.edit(actions.edit_undo, edit_id=FeatureEdit.objects.latest("id").id),
    ):
        start = feed.head(world.incident.id)
        act()
        rows = FeedEntry.objects.filter(incident_id=world.incident.id, seq__gt=start)
        assert [(row.kind, row.oid) for row in rows] == [("feature", f"{world.layer.slug}/a")]


def test_an_unpublished_layer_is_told_to_nobody() -> None:
    incident = builders.make_incident()
    make_layer(incident)
    for audience in BITS:
        frame = json.loads(feed.read(incident.id, audience, 1, 200).text)
        assert [i for i in frame["items"] + frame["gone"] if i["kind"] == "layer"] == []


def test_a_standing_layer_is_told_in_every_open_incident() -> None:
    first, second = builders.make_incident(), builders.make_incident()
    closed = builders.make_incident(state="closed")
    layer, _ = published_layer(None)
    later = builders.make_incident()
    told = FeedEntry.objects.filter(kind="layer", oid=layer.slug)
    assert {row.incident_id for row in told} == {first.id, second.id, later.id}
    assert closed.id not in {row.incident_id for row in told}
    frame = json.loads(feed.read(later.id, "public", 0, 200).text)
    assert layer.slug in {item["id"] for item in frame["items"]}
