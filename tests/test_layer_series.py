"""How a place has been: everything that file, hand and visitors said, each with its time."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from gspace import access
from gspace.problems import Problem
from layers import actions, series, situations
from layers.payload import SituationIn
from tests import builders
from tests.layer_builders import ELEVEN, NOON, TEN, publish, published_layer, spot

pytestmark = pytest.mark.django_db(transaction=True)
ONE = NOON + timedelta(hours=1)


class Desk:
    def __init__(self, **state) -> None:
        self.incident = builders.make_incident()
        rows = [spot("a", state=state or None), spot("b", 130.76)]
        self.layer, self.by = published_layer(self.incident, rows, source_name="熊本市")

    def hand(self, at, **values) -> None:
        actions.state_set(
            layer=self.layer, feature_id="a", values=values, source_as_of=at, by=self.by, now=at
        )

    def file(self, at, **state) -> None:
        rows = [spot("a", state=state), spot("b", 130.76)]
        publish(self.layer, self.by, rows, source_as_of=at, now=at)

    def visit(self, at, **said) -> None:
        where = {"incident": self.incident.slug, "layer": self.layer.slug, "feature": "a"}
        body = SituationIn.model_validate(where | {"captured_at": at.isoformat()} | said)
        by, _ = builders.device(self.incident)
        actions.situation_receive(situation_id=uuid.uuid4(), body=body, by=by, now=at)

    def read(self, limit=None) -> list[dict]:
        scope = situations.scope_of(self.layer, self.by)
        return series.of(self.layer, "a", scope, limit)["items"]


def short(items: list[dict], field: str = "persons") -> list[tuple]:
    return [(item["as_of"], item["from"], item[field]) for item in items]


def test_all_three_stand_in_the_order_of_their_times() -> None:
    desk = Desk(persons=10, operation="open")
    desk.hand(ELEVEN, persons=20)
    desk.visit(NOON, persons=30)
    desk.file(ONE, persons=40)
    assert short(desk.read()) == [
        (ONE, "file", 40), (NOON, "visit", 30), (ELEVEN, "hand", 20), (TEN, "file", 10)
    ]  # fmt: skip


def test_what_was_not_said_is_null_and_zero_is_zero() -> None:
    desk = Desk()
    desk.hand(ELEVEN, persons=0)
    desk.hand(NOON, congestion="full")
    newest, oldest = desk.read()
    assert (newest["persons"], newest["congestion"]) == (None, "full")
    assert (oldest["persons"], oldest["congestion"], oldest["operation"]) == (0, None, None)


def test_each_word_of_a_hand_stays_in_the_series_when_the_next_one_comes() -> None:
    desk = Desk()
    for hour, persons in enumerate((5, 50, 500)):
        desk.hand(TEN + timedelta(hours=hour), persons=persons)
    assert [item["persons"] for item in desk.read()] == [500, 50, 5]
    assert [item["persons"] for item in desk.read("2")] == [500, 50]


def test_words_of_one_moment_are_one_item_and_those_taken_back_none() -> None:
    desk = Desk()
    desk.hand(ELEVEN, persons=5, operation="open")
    (item,) = desk.read()
    assert (item["persons"], item["operation"]) == (5, "open")
    desk.hand(NOON, persons=None, operation=None)
    assert short(desk.read()) == [(ELEVEN, "hand", 5)]


def test_the_same_file_twice_is_one_word_and_a_draft_is_none() -> None:
    desk = Desk(persons=10)
    desk.file(TEN, persons=10)
    rows = [spot("a", state={"persons": 99}), spot("b", 130.76)]
    publish(desk.layer, desk.by, rows, publish=False, source_as_of=NOON, now=NOON)
    assert short(desk.read()) == [(TEN, "file", 10)]


def test_who_said_it_is_for_headquarters_only() -> None:
    desk = Desk(persons=10)
    desk.hand(ELEVEN, persons=20)
    desk.visit(NOON, persons=30)
    assert {item["by"] for item in desk.read()} >= {"熊本市", desk.by.name}
    path = f"/api/v1/layers/{desk.layer.slug}/features/a/series"
    shown = Client().get(path).json()["items"]
    assert [item["persons"] for item in shown] == [30, 20, 10]
    assert all("by" not in item for item in shown)
    assert shown[0]["as_of"].startswith("2016-04-16T12:00:00")


def test_a_place_that_never_was_has_no_series() -> None:
    desk = Desk(persons=10)
    rows = [spot("a"), spot("draft")]
    publish(desk.layer, desk.by, rows, publish=False)
    scope = situations.scope_of(desk.layer, access.NOBODY)
    for ident in ("nowhere", "draft"):
        with pytest.raises(Problem) as refused:
            series.of(desk.layer, ident, scope)
        assert refused.value.code == "feature_unknown"
    with pytest.raises(Problem) as refused:
        series.of(desk.layer, "a", scope, "0")
    assert refused.value.field == "limit"
