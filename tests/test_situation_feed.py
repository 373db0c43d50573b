"""Every situation reaches those who follow, as one change; many at once stay what they are."""

from __future__ import annotations

import concurrent.futures
import json
import uuid
from typing import Any

import httpx
import pytest
from django.db import connections, transaction

from gspace import access, feed
from gspace.access import BITS
from gspace.models import FeedEntry
from gspace.problems import Problem
from layers import actions, features, situations
from layers.models import LiveState, Situation
from layers.payload import SituationIn
from tests import builders
from tests.layer_builders import published_layer
from tests.situation_builders import NINE, TEN, Shelter

pytestmark = pytest.mark.django_db(transaction=True)


# --- the feed ------------------------------------------------------------------------------
def item(world: Shelter, audience: str, since: int) -> dict[str, Any]:
    frame = json.loads(feed.read(world.incident.id, audience, since, 200).text)
    (found,) = [one for one in frame["items"] if one["kind"] == "feature"]
    assert found["id"] == f"{world.layer.slug}/a"
    return found["feature"]["properties"]


@pytest.mark.parametrize("standing", [False, True])
@pytest.mark.parametrize("said", [{"operation": "open"}, {"households": 4}, {"needs": "水"}])
def test_every_situation_reaches_the_desk_as_one_change(said, standing) -> None:
    world = Shelter(standing=standing)
    start = feed.head(world.incident.id)
    world.said(**said)
    rows = FeedEntry.objects.filter(seq__gt=start, incident_id=world.incident.id)
    assert [(row.kind, row.oid) for row in rows] == [("feature", f"{world.layer.slug}/a")]
    for audience in BITS:
        caller = {"hq": access.caller_from_token(world.hq), "field": world.by}.get(audience)
        told = item(world, audience, start)
        assert ("needs" in told["situation"]) == (audience != "public")
        if caller:
            scope = situations.scope_of(world.layer, caller, world.incident)
            fresh = json.loads(features.feature(world.layer, "a", audience, scope))
            assert told == fresh["properties"]


def test_another_incident_hears_of_a_standing_place_only_what_is_its_state() -> None:
    world = Shelter(standing=True)
    other = builders.make_incident()
    start = feed.head(other.id)
    world.said(needs="水")
    assert not FeedEntry.objects.filter(seq__gt=start, incident_id=other.id).exists()
    world.said(operation="open", needs="水")
    frame = json.loads(feed.read(other.id, "hq", start, 200).text)
    (told,) = [one["feature"]["properties"] for one in frame["items"]]
    assert (told["state"]["operation"], told["situation"]) == ("open", None)


def test_a_partners_layer_is_told_to_nobody_else() -> None:
    world = Shelter()
    actions.layer_change(layer=world.layer, by=world.publisher, audience="hq")
    start = feed.head(world.incident.id)
    assert world.put(persons=1).json()["code"] == "layer_unknown"
    assert world.put(token=world.hq, persons=1).status_code == 201
    frame = json.loads(feed.read(world.incident.id, "field", start, 200).text)
    assert frame["items"] == []


# --- at once -------------------------------------------------------------------------------
def put(server: str, world: Shelter, ident: uuid.UUID, **said: Any) -> httpx.Response:
    url, headers = f"{server}/api/v1/situations/{ident}", builders.bearer(world.token)
    return httpx.put(url, json=world.body(**said), headers=headers, timeout=60)


def test_ten_times_at_once_is_one_situation(server: str) -> None:
    world, ident = Shelter(), uuid.uuid4()
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: put(server, world, ident, persons=3), range(10)))
    assert sorted(a.status_code for a in answers) == [200] * 9 + [201]
    assert len({a.text for a in answers}) == 1
    assert (Situation.objects.count(), LiveState.objects.get().version) == (1, 1)


def test_two_visitors_at_once_both_stay_and_the_later_one_is_shown(server: str) -> None:
    for later_first in (True, False):
        world = Shelter()
        visits = [(NINE, 10), (TEN, 20)][:: -1 if later_first else 1]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            sent = [
                pool.submit(put, server, world, uuid.uuid4(), captured_at=at, persons=n)
                for at, n in visits
            ]
        assert [one.result().status_code for one in sent] == [201, 201]
        assert [row["persons"] for row in world.series()] == [20, 10]
        assert world.shown()["state"]["persons"] == 20


def test_the_same_id_in_two_transactions_waits_for_the_first() -> None:
    """Without the layer's lock to order them: two layers, one id."""
    world, ident = Shelter(), uuid.uuid4()
    second, _ = published_layer(world.incident)

    def other() -> str:
        body = SituationIn.model_validate(world.body(layer=second.slug, persons=1))
        try:
            actions.situation_receive(situation_id=ident, body=body, by=world.by)
        except Problem as problem:
            return problem.code
        finally:
            connections.close_all()
        return "taken"

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            body = SituationIn.model_validate(world.body(persons=1))
            actions.situation_receive(situation_id=ident, body=body, by=world.by)
            waiting = pool.submit(other)
            with pytest.raises(concurrent.futures.TimeoutError):
                waiting.result(0.5)
        assert waiting.result(30) == "situation_differs"
    assert Situation.objects.count() == 1
