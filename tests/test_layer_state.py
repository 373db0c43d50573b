"""Live state: file and hand merge per field by their time; unknown, blank and zero stay apart."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gspace.problems import Problem
from layers import actions, features, nearest, queries
from layers.models import LiveState, LiveStateEvent  # type: ignore[attr-defined]
from tests import builders
from tests.layer_builders import ELEVEN, NOON, TEN, make_layer, publish, published_layer, spot

pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    """One shelter, what its publisher's file and its hand say of it."""

    def __init__(self, kind: str = "shelter") -> None:
        self.incident = builders.make_incident()
        self.layer, self.by = make_layer(self.incident, kind=kind)

    def file(self, at: datetime = TEN, **state: Any) -> None:
        rows = [spot("a", state=state)]
        publish(self.layer, self.by, rows, source_as_of=at, now=at, yes=True)
        self.layer.refresh_from_db()

    def hand(self, at: datetime | None = None, **values: Any) -> LiveState:
        return actions.state_set(
            layer=self.layer, feature_id="a", values=values, source_as_of=at, by=self.by, now=NOON
        )

    def shown(self, audience: str = "hq") -> dict[str, Any]:
        return json.loads(features.feature(self.layer, "a", audience))["properties"]

    def state(self) -> dict[str, Any]:
        return self.shown()["state"]


@pytest.mark.parametrize(
    ("file_at", "hand_at", "wins"),
    [(TEN, ELEVEN, "full"), (ELEVEN, TEN, "crowded")],
    ids=["hand later", "file later"],
)
def test_the_later_word_wins_whatever_came_first(file_at, hand_at, wins) -> None:
    for order in (1, -1):
        desk = Desk()
        desk.file(at=TEN - timedelta(days=1))
        steps = [
            lambda d=desk: d.file(at=file_at, congestion="crowded"),
            lambda d=desk: d.hand(at=hand_at, congestion="full"),
        ]
        for step in steps[::order]:
            step()
        assert desk.state()["congestion"] == wins
        assert desk.shown()["conflict"] == []


def test_fields_merge_one_by_one() -> None:
    desk = Desk()
    desk.file(at=TEN, operation="open", persons=40)
    desk.hand(at=ELEVEN, persons=55)
    shown = desk.shown()
    assert (shown["state"]["operation"], shown["state"]["persons"]) == ("open", 55)
    assert shown["state_sources"]["operation"]["from"] == "file"
    assert shown["state_sources"]["persons"]["from"] == "hand"
    assert shown["state_sources"]["persons"]["by"] == desk.by.name


def test_the_public_is_not_told_who_set_a_state() -> None:
    desk = Desk()
    desk.file(operation="open")
    desk.hand(persons=5)
    for audience, told in (("hq", True), ("partner", True), ("field", False), ("public", False)):
        assert ("by" in desk.shown(audience)["state_sources"]["persons"]) == told


def test_equal_time_and_another_value_is_a_conflict() -> None:
    desk = Desk()
    desk.file(at=TEN, operation="open", congestion="space")
    desk.hand(at=TEN, operation="closed", congestion="space")
    assert desk.shown()["conflict"] == [
        {"field": "operation", "file": "open", "hand": "closed",
         "source_as_of": "2016-04-16T10:00:00+00:00"}
    ]  # fmt: skip
    assert queries.summary(desk.layer)["conflicts"] == 1
    assert nearest.nearest(desk.incident, "hq", "shelter", 130.75, 32.79) == []


def test_zero_blank_and_not_reported_are_three_things() -> None:
    desk = Desk()
    desk.file(operation="open")
    assert desk.state()["persons"] is None
    desk.file(at=ELEVEN, persons=0)
    assert (desk.state()["persons"], desk.state()["operation"]) == (0, "open")
    desk.file(at=NOON, persons=None, operation="unknown")
    assert (desk.state()["persons"], desk.state()["operation"]) == (None, "unknown")


def test_a_blank_in_the_file_does_not_wipe_the_hand() -> None:
    desk = Desk()
    desk.file(at=TEN)
    desk.hand(at=TEN, operation="open")
    desk.file(at=NOON, operation=None)
    assert desk.state()["operation"] == "open"


def test_null_takes_the_hands_word_back() -> None:
    desk = Desk()
    desk.file(operation="open")
    desk.hand(at=ELEVEN, operation="closed")
    desk.hand(at=NOON, operation=None)
    assert desk.state()["operation"] == "open"


def test_older_news_by_hand_is_not_taken() -> None:
    desk = Desk()
    desk.file()
    desk.hand(at=ELEVEN, operation="closed")
    version = desk.hand(at=TEN, operation="open").version
    assert (desk.state()["operation"], version) == ("closed", 1)


def test_a_file_without_a_time_is_dated_by_its_publication() -> None:
    desk = Desk()
    rows = [spot("a", state={"operation": "open"})]
    publish(desk.layer, desk.by, rows, source_as_of=None, now=ELEVEN)
    desk.layer.refresh_from_db()
    desk.hand(at=TEN, operation="closed")
    assert desk.state()["operation"] == "open"
    desk.hand(at=NOON, operation="closed")
    assert desk.state()["operation"] == "closed"


def test_a_row_may_be_older_than_its_file() -> None:
    desk = Desk()
    desk.file(at=NOON, operation="open", source_as_of=TEN.isoformat())
    desk.hand(at=ELEVEN, operation="closed")
    assert desk.state()["operation"] == "closed"


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("shelter", {"operation": "running"}, "operation"),
        ("water", {"operation": "open"}, "operation"),
        ("evacuation_site", {"operation": "open"}, "operation"),
        ("road_closure", {"traffic": "jam"}, "traffic"),
        ("shelter", {"traffic": "closed"}, "traffic"),
        ("shelter", {"persons": -1}, "persons"),
        ("shelter", {"persons": True}, "persons"),
        ("shelter", {"conflict": True}, "conflict"),
        ("shelter", {"valid_from": NOON, "valid_until": TEN}, "valid_until"),
    ],
)
def test_codes_are_those_of_the_layers_kind(kind, values, field) -> None:
    desk = Desk(kind)
    desk.file()
    with pytest.raises(Problem) as refused:
        desk.hand(**values)
    assert (refused.value.code, refused.value.field) == ("invalid", field)
    assert not LiveState.objects.exists()


def test_times_need_an_offset_and_are_not_ahead() -> None:
    desk = Desk()
    desk.file()
    with pytest.raises(Problem) as refused:
        desk.hand(at=datetime(2016, 4, 16, 12), operation="open")
    assert refused.value.code == "time_without_offset"
    with pytest.raises(Problem) as refused:
        desk.hand(at=NOON + timedelta(hours=1), operation="open")
    assert refused.value.field == "source_as_of"


def test_only_features_of_the_published_version_have_a_state() -> None:
    desk = Desk()
    desk.file()
    with pytest.raises(Problem) as refused:
        actions.state_set(
            layer=desk.layer, feature_id="z", values={}, source_as_of=None, by=desk.by
        )
    assert refused.value.code == "feature_unknown"


def test_the_history_keeps_who_and_what_was_before() -> None:
    desk = Desk()
    desk.file()
    desk.hand(at=TEN, operation="open")
    desk.hand(at=ELEVEN, operation="closed")
    (event,) = LiveStateEvent.objects.all()
    assert (event.operation, event.pgh_context.metadata["key"]) == ("open", desk.by.key)


# --- the nearest one -----------------------------------------------------------------------
def test_nearest_offers_only_what_is_known_to_be_open() -> None:
    incident = builders.make_incident()
    rows = [
        spot("near", 130.7501, state={"operation": "closed"}),
        spot("said-nothing", 130.7502),
        spot("full", 130.76, state={"operation": "open", "congestion": "full"}),
        spot("far", 130.78, state={"operation": "open"}),
    ]
    published_layer(incident, rows)
    found = nearest.nearest(incident, "public", "shelter", 130.75, 32.79)
    assert [one["feature_id"] for one in found] == ["full", "far"]
    # 0.01 degrees of longitude at 32.79 N on the ellipsoid (geod: 936.9 m)
    assert found[0]["distance_m"] == pytest.approx(936.9, abs=0.2)
    everything = nearest.nearest(incident, "public", "shelter", 130.75, 32.79, n=9, open_only=False)
    assert len(everything) == 4


def test_a_place_whose_hours_have_passed_is_not_offered() -> None:
    incident = builders.make_incident()
    layer, by = published_layer(incident, [spot("a"), spot("b", 130.76), spot("c", 130.77)])
    now = timezone.now()
    for ident, ends in (("a", now - timedelta(minutes=1)), ("b", now + timedelta(hours=1))):
        actions.state_set(
            layer=layer, feature_id=ident, values={"operation": "open", "valid_until": ends},
            source_as_of=now - timedelta(hours=1), by=by,
        )  # fmt: skip
    offered = [f["feature_id"] for f in nearest.nearest(incident, "public", "shelter", 130.7, 32.8)]
    assert offered == ["b"]
    later = spot("a", state={"operation": "open"})
    publish(layer, by, [later, spot("b", 130.76), spot("c", 130.77)], source_as_of=now)
    offered = [f["feature_id"] for f in nearest.nearest(incident, "public", "shelter", 130.7, 32.8)]
    assert offered == ["a", "b"], "a later file speaks for itself"


def test_nearest_never_offers_what_is_not_meant_for_it() -> None:
    incident = builders.make_incident(hazard="earthquake")
    sites = [
        spot("flood-only", hazards={"earthquake": False, "flood": True}),
        spot("unknown"),
        spot("quake", 130.8, hazards={"earthquake": True}),
    ]
    published_layer(incident, sites, kind="evacuation_site")
    welfare = [
        spot("not-allowed", state={"operation": "open"}),
        spot("allowed", 130.8, state={"operation": "open"}, may_be_offered=True),
    ]
    published_layer(incident, welfare, kind="welfare_shelter")

    def ids(kind: str, **more: Any) -> list[str]:
        found = nearest.nearest(incident, "public", kind, 130.75, 32.79, n=9, **more)
        return [one["feature_id"] for one in found]

    assert ids("evacuation_site", open_only=False) == ["quake"]
    assert ids("welfare_shelter") == ["allowed"]
    assert ids("welfare_shelter", open_only=False) == ["allowed"]


def test_nearest_keeps_to_the_audience() -> None:
    incident = builders.make_incident()
    published_layer(incident, [spot("a", state={"operation": "open"})], audience="partner")
    assert nearest.nearest(incident, "public", "shelter", 130.75, 32.79) == []
    assert len(nearest.nearest(incident, "partner", "shelter", 130.75, 32.79)) == 1
