"""Situations of facilities: a series that only grows, each visit once, the latest is the state."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.utils import InternalError
from django.test import Client

from gspace.models import FeedEntry, Incident, Organisation
from layers import actions
from layers.models import LiveState, Situation
from tests import builders, layer_builders
from tests.layer_builders import spot
from tests.situation_builders import NINE, TEN, Shelter

pytestmark = pytest.mark.django_db(transaction=True)


# --- once, and as it came ------------------------------------------------------------------
def test_it_is_stored_and_comes_back_whole() -> None:
    world = Shelter()
    said = {
        "operation": "open", "congestion": "crowded", "persons": 120, "households": 40,
        "car_stayers": 8, "power": "out", "water": "limited", "toilets": "works",
        "needs": "毛布 50枚", "note": "体育館の奥は雨漏り",
    }  # fmt: skip
    ident = uuid.uuid4()
    answer = world.put(ident, sent_at="2016-04-16T19:05:00+09:00", **said)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["id"], told["layer"], told["feature"]) == (str(ident), world.layer.slug, "a")
    assert told["captured_at"] == "2016-04-16T10:00:00+00:00" and told["received_at"]
    assert {name: told[name] for name in said} == said
    (row,) = world.series(world.hq)
    assert {name: row[name] for name in said} == said
    assert (row["id"], row["by"]) == (str(ident), world.by.name)


def test_the_same_again_is_one_situation_and_one_change() -> None:
    world = Shelter()
    ident = uuid.uuid4()
    first = world.put(ident, persons=3, sent_at=TEN)
    seq = FeedEntry.objects.get(kind="feature").seq
    again = world.put(ident, persons=3, sent_at="2016-04-16T20:00:00+09:00", power="")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Situation.objects.count() == 1
    assert FeedEntry.objects.get(kind="feature").seq == seq


def test_other_content_is_409_and_changes_nothing() -> None:
    world = Shelter()
    ident = uuid.uuid4()
    world.put(ident, persons=3)
    for other in ({"persons": 4}, {"persons": 3, "note": "x"}, {"persons": 3, "captured_at": NINE}):
        answer = world.put(ident, **other)
        assert (answer.status_code, answer.json()["code"]) == (409, "situation_differs")
    assert Situation.objects.get().persons == 3


def test_somebody_elses_id_is_as_if_there_were_none() -> None:
    world = Shelter()
    ident = uuid.uuid4()
    world.put(ident, persons=3)
    answer = world.put(ident, world.hq, persons=3)
    assert (answer.status_code, answer.json()["code"]) == (404, "situation_unknown")


def test_a_retry_is_acknowledged_although_incident_and_layer_are_closed_meanwhile() -> None:
    world = Shelter()
    ident = uuid.uuid4()
    world.put(ident, persons=3)
    actions.layer_withdraw(layer=world.layer, by=world.publisher)
    world.incident.state = "closed"
    world.incident.save()
    assert world.put(ident, persons=3).status_code == 200


def test_no_row_is_ever_overwritten() -> None:
    world = Shelter()
    world.said(persons=3)
    with pytest.raises(InternalError, match="Cannot update"):
        Situation.objects.update(persons=4)


# --- what was said -------------------------------------------------------------------------
def test_zero_is_said_and_null_is_not() -> None:
    world = Shelter()
    world.said(captured_at=NINE, persons=12, operation="open")
    world.said(captured_at=TEN, persons=None, households=0)
    later, earlier = world.series()
    assert (later["persons"], later["households"], later["car_stayers"]) == (None, 0, None)
    assert (earlier["persons"], earlier["households"]) == (12, None)
    # what the later visit did not say stays as it was
    assert world.shown()["state"]["persons"] == 12
    world.said(captured_at="2016-04-16T20:00:00+09:00", persons=0)
    assert world.shown()["state"]["persons"] == 0


def test_an_older_look_that_arrives_later_does_not_overwrite() -> None:
    world = Shelter()
    world.said(captured_at=TEN, operation="closed", persons=0)
    world.said(captured_at=NINE, operation="open", persons=80, congestion="full")
    shown = world.shown()
    assert (shown["state"]["operation"], shown["state"]["persons"]) == ("closed", 0)
    # nobody has said since how full it is
    assert shown["state"]["congestion"] == "full"
    assert shown["situation"]["operation"] == "closed"
    assert [row["persons"] for row in world.series()] == [0, 80]


def test_a_phone_whose_clock_is_ahead_does_not_silence_the_others() -> None:
    world = Shelter()
    ahead = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    told = world.said(captured_at=ahead, operation="open")
    assert told["as_of"] == told["received_at"] < told["captured_at"]
    world.said(captured_at=(datetime.now(UTC) + timedelta(days=1)).isoformat(), operation="closed")
    assert world.shown()["state"]["operation"] == "closed"
    assert world.shown()["situation"]["operation"] == "closed"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"operation": "running"}, "operation"),
        ({"congestion": "packed"}, "congestion"),
        ({"persons": -1}, "persons"),
        ({"persons": "12"}, "persons"),
        ({"persons": True}, "persons"),
        ({"car_stayers": 1_000_001}, "car_stayers"),
        ({"power": "off"}, "power"),
        ({"needs": "a\x00b"}, "needs"),
        ({"captured_at": "2016-04-16T10:00:00", "persons": 1}, "captured_at"),
        ({"captured_at": None, "persons": 1}, "captured_at"),
        ({}, "body"),
        ({"needs": " ", "persons": None}, "body"),
    ],
)
def test_what_cannot_be_is_refused_by_name(said: dict[str, Any], field: str) -> None:
    world = Shelter()
    answer = world.put(**said)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not Situation.objects.exists() and not LiveState.objects.exists()


@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [
        ("water", {"operation": "running", "water": "works"}, 201),
        ("water", {"congestion": "full"}, 422),
        ("evacuation_site", {"persons": 30, "car_stayers": 10}, 201),
        ("evacuation_site", {"operation": "open"}, 422),
        ("road_closure", {"note": "x"}, 422),
        ("hazard", {"persons": 1}, 422),
    ],
)
def test_only_places_that_people_visit_have_situations(kind, said, code) -> None:
    assert Shelter(kind).put(**said).status_code == code


def test_a_facility_that_left_the_layer_was_still_visited() -> None:
    world = Shelter()
    layer_builders.publish(world.layer, world.publisher, [spot("b")], source_as_of=None)
    world.said(persons=5)
    assert world.put(feature="never-there", persons=5).json()["code"] == "feature_unknown"
    assert [row["persons"] for row in world.series()] == [5]


# --- who -----------------------------------------------------------------------------------
def test_who_may_say_it() -> None:
    world = Shelter()
    partner = builders.make_organisation("prefecture")
    builders.join(world.incident, partner, "partner")
    own = world.publisher.roles[0][0]
    publisher = builders.api_token(Organisation.objects.get(id=own), "publisher")
    allowed = [world.token, world.hq, builders.api_token(partner, "operator"), publisher]
    assert [world.put(token=t, persons=1).status_code for t in allowed] == [201] * 4
    stranger = builders.make_incident()
    refused = [
        builders.device(world.incident, "volunteer")[1],
        builders.api_token(partner, "partner"),
        builders.device(stranger)[1],
        builders.api_token(builders.headquarters(stranger), "operator"),
    ]
    assert [world.put(token=t, persons=1).status_code for t in refused] == [403] * 4
    nobody = Client().put(f"/api/v1/situations/{uuid.uuid4()}", {}, content_type="application/json")
    assert nobody.status_code == 401


def test_where_it_may_be_said() -> None:
    world, other = Shelter(), Shelter()
    answer = world.put(layer=other.layer.slug, persons=1)
    assert (answer.status_code, answer.json()["code"]) == (404, "layer_unknown")
    assert world.put(incident="none", persons=1).json()["code"] == "incident_unknown"
    Incident.objects.filter(id=world.incident.id).update(state="closed")
    assert world.put(persons=1).json()["code"] == "incident_closed"


def test_the_public_is_told_numbers_and_states_only() -> None:
    world = Shelter()
    world.said(persons=12, power="out", needs="ミルク", note="山田さんが熱")
    partner = builders.make_organisation("prefecture")
    builders.join(world.incident, partner, "partner")
    staff = {
        world.token: False,
        world.hq: True,
        builders.api_token(partner, "partner"): True,
    }
    for token, named in staff.items():
        for row in (*world.series(token), world.shown(token)["situation"]):
            assert (row["needs"], row["note"]) == ("ミルク", "山田さんが熱")
            assert ("by" in row) == named
    volunteer = builders.device(world.incident, "volunteer")[1]
    for token in ("", volunteer):
        for row in (*world.series(token), world.shown(token)["situation"]):
            assert (row["persons"], row["power"]) == (12, "out")
            assert not {"needs", "note", "by"} & set(row)


def test_of_a_standing_layer_words_stay_in_their_incident() -> None:
    world = Shelter(standing=True)
    elsewhere = builders.make_incident()
    stranger = builders.api_token(builders.headquarters(elsewhere), "operator")
    world.said(persons=12, needs="ミルク")
    here, there = {"incident": world.incident.slug}, {"incident": elsewhere.slug}
    assert world.shown(world.hq, **here)["situation"]["needs"] == "ミルク"
    assert world.shown(stranger, **there)["situation"] is None
    assert world.series(stranger, **there) == []
    for query in ({}, here):
        assert "needs" not in world.shown(stranger, **query)["situation"]
        assert "needs" not in world.series(stranger, **query)[0]


def test_a_drill_opens_no_standing_shelter() -> None:
    world = Shelter(standing=True, state="drill")
    world.said(operation="open", persons=5)
    assert not LiveState.objects.exists()
    assert world.shown()["situation"] is None
    here = world.shown(world.hq, incident=world.incident.slug)
    assert (here["situation"]["operation"], here["state"]["operation"]) == ("open", None)
    own = Shelter(state="drill")
    own.said(operation="open")
    assert own.shown()["state"]["operation"] == "open"


# --- the series ----------------------------------------------------------------------------
def test_the_series_pages() -> None:
    world = Shelter()
    start = datetime(2016, 4, 16, tzinfo=UTC)
    for n in range(5):
        world.said(captured_at=(start + timedelta(hours=n // 2)).isoformat(), persons=n)
    found, cursor = [], None
    for _ in range(3):
        answer = world.get(limit=2, **({"cursor": cursor} if cursor else {})).json()
        found += [row["persons"] for row in answer["items"]]
        cursor = answer["cursor"]
    assert cursor is None and sorted(found, reverse=True) == [4, 3, 2, 1, 0]
    assert found == [row["persons"] for row in world.series()]
    for wrong in ({"limit": "0"}, {"limit": "9" * 5000}, {"cursor": "x"}):
        assert world.get(**wrong).status_code in (200, 422)
    assert world.get(cursor="x").json()["field"] == "cursor"


def test_an_id_with_a_slash_has_its_series_too() -> None:
    world = Shelter()
    layer_builders.publish(world.layer, world.publisher, [spot("kumamoto/3 号"), spot("a")])
    world.said(feature="kumamoto/3 号", persons=4)
    url = f"/api/v1/layers/{world.layer.slug}/features/kumamoto%2F3%20%E5%8F%B7/situations"
    assert [row["persons"] for row in Client().get(url).json()["items"]] == [4]
    assert Client().get(url.replace("%2F3", "%2F4")).status_code == 404
