"""What looks like a mistake waits for a person; the last good version stays public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from layers import actions, events
from layers.models import Layer
from tests import builders
from tests.layer_builders import ELEVEN, NOON, make_layer, publish, published_layer, spot

pytestmark = pytest.mark.django_db(transaction=True)
BEGAN = datetime(2016, 4, 14, 12, 26, tzinfo=UTC)


def places(number: int, lon: float = 130.70, **more) -> list[dict]:
    return [spot(f"p{i}", lon + i / 1000, **more) for i in range(number)]


def layer_of(*rows: dict, **more) -> tuple:
    incident = builders.make_incident()
    incident.started_at = BEGAN
    incident.save()
    return published_layer(incident, list(rows), **more)


def codes(version) -> list[str]:
    return [hold["code"] for hold in version.holds]


def table(version, **columns: str) -> None:
    """As if it had been read from a table: column name -> field."""
    version.columns = [
        {"name": n, "field": f, "how": "name", "samples": []} for n, f in columns.items()
    ]
    version.save()


def send(layer, by, rows, **more):
    return publish(layer, by, rows, **{"now": NOON, "source_as_of": NOON} | more)


@pytest.mark.parametrize(("kept", "held"), [(10, False), (5, False), (4, True)])
def test_more_than_half_gone_waits(kept, held) -> None:
    layer, by = layer_of(*places(10))
    version = send(layer, by, [*places(kept), *[spot(f"n{i}", 130.7) for i in range(10)]])
    assert (codes(version) == ["many_removed"]) is held
    layer.refresh_from_db()
    assert layer.published.number == (1 if held else 2)


def test_a_short_list_may_change_as_it_likes() -> None:
    layer, by = layer_of(*places(4))
    assert codes(send(layer, by, [spot("other", 130.7)])) == []


def test_a_held_version_waits_with_its_reason_and_a_person_lets_it_out() -> None:
    layer, by = layer_of(*places(10))
    version = send(layer, by, places(2))
    assert (version.state, version.published_at) == ("quarantined", None)
    assert "8 of the 10 places" in version.reason
    assert Layer.objects.get(id=layer.id).published.number == 1
    actions.version_publish(layer=layer, number=2, by=by, now=NOON)
    found = Layer.objects.get(id=layer.id).published
    assert (found.number, found.state, found.reason) == (2, "published", "")


def test_an_empty_file_waits() -> None:
    layer, by = layer_of(*places(6))
    assert codes(send(layer, by, [])) == ["empty"]


def test_places_carried_by_hand_are_not_an_answer() -> None:
    """Nor an obstacle: what hands added is neither gone nor new."""
    layer, by = layer_of(*places(10))
    actions.feature_add(
        layer=layer, values={"name": "x", "geometry": spot("x")["geometry"]}, state={},
        source_as_of=None, by=by, now=ELEVEN)  # fmt: skip
    assert codes(send(layer, by, places(10))) == []


# --- schema and letters ----------------------------------------------------------------------
def test_a_field_that_everybody_had_and_nobody_has_waits() -> None:
    layer, by = layer_of(*places(4, address="熊本市", state={"operation": "open"}))
    version = send(layer, by, places(4))
    assert version.holds[0]["given"] == {"columns": "address, operation"}


def test_a_blank_cell_more_is_no_change_of_schema() -> None:
    layer, by = layer_of(*places(4, address="熊本市"))
    assert codes(send(layer, by, [*places(1, address="熊本市"), *places(4)[1:]])) == []


def test_columns_that_gave_a_field_are_missed_by_their_names() -> None:
    layer, by = layer_of(*places(4))
    table(layer.published, 名称="name", 緯度="lat", 経度="lon", 開設状況="operation", 備考="note")
    columns = [{"name": "施設名", "field": "name", "how": "name", "samples": []},
               {"name": "位置", "field": "latlon", "how": "name", "samples": []}]  # fmt: skip
    version = send(layer, by, places(4), columns=columns)
    assert version.holds[0]["given"] == {"columns": "備考, 開設状況"}


@pytest.mark.parametrize(
    ("was", "now", "held"),
    [
        (("CSV", "cp932"), ("CSV", "utf-8"), True),
        (("CSV", "utf-8"), ("CSV", "utf-8-sig"), False),
        (("CSV", "cp932"), ("GeoJSON", "utf-8"), False),
        (("GeoJSON", "utf-8"), ("GeoJSON", "utf-8"), False),
    ],
)
def test_another_encoding_of_the_same_format_waits(was, now, held) -> None:
    layer, by = layer_of(*places(4))
    layer.published.format, layer.published.encoding = was
    layer.published.save()
    version = send(layer, by, places(4), format=now[0], encoding=now[1])
    assert codes(version) == (["encoding_changed"] if held else [])


# --- where -----------------------------------------------------------------------------------
def test_places_that_jump_wait() -> None:
    layer, by = layer_of(*places(10))
    jumped = [*places(6), *[spot(f"p{i}", 139.7, 35.6) for i in range(6, 10)]]
    version = send(layer, by, jumped)
    assert codes(version) == ["left_coverage"]
    assert version.holds[0]["given"] == {"outside": "4", "placed": "10"}


@pytest.mark.parametrize(
    "rows",
    [
        [*places(9), spot("p9", 139.7, 35.6)],
        [*places(10), *places(10, 130.75, name="new")[:0], spot("n", 130.80)],
        [f | {"geometry": None} for f in places(10)[:3]] + places(10)[3:],
    ],
)
def test_one_slip_growth_or_a_lost_place_do_not_wait(rows) -> None:
    layer, by = layer_of(*places(10))
    assert codes(send(layer, by, rows)) == []


def test_one_row_far_off_before_does_not_open_the_door() -> None:
    layer, by = layer_of(*places(60), spot("slip", 139.7, 35.6))
    jumped = [spot(f["id"], 138.0, 34.7) for f in places(60)]
    assert codes(send(layer, by, [*jumped, spot("slip", 139.7, 35.6)])) == ["left_coverage"]


def test_a_first_file_is_held_against_the_declared_coverage() -> None:
    layer, by = make_layer(builders.make_incident(), coverage="熊本県熊本市の避難所")
    version = send(layer, by, [spot(i, 139.7, 35.6) for i in "abc"])
    assert codes(version) == ["outside_declared"] and "熊本県" in version.reason
    inside, by = make_layer(builders.make_incident(), coverage="熊本県熊本市の避難所")
    assert codes(send(inside, by, places(3))) == []


# --- another event ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("令和6年能登半島地震_避難所.csv", 2024),
        ("令和２年７月豪雨", 2020),
        ("平成28年熊本地震", 2016),
        ("東日本大震災", 2011),
        ("2018年西日本豪雨", 2018),
        ("令和元年東日本台風", 2019),
        ("地震のときの避難所 令和6年版", None),
        ("避難所一覧_令和6年4月1日", None),
    ],
)
def test_events_are_known_by_year_or_name(text, found) -> None:
    years = set(events.events_in(text).values())
    assert years == ({found} if found else set())


def test_a_file_of_another_event_waits() -> None:
    layer, by = layer_of(*places(4))
    version = send(layer, by, places(4), filename="令和6年能登半島地震_避難所.csv")
    assert codes(version) == ["event_named"] and "能登半島地震" in version.reason


def test_a_file_of_this_event_does_not() -> None:
    layer, by = layer_of(*places(4))
    named = "平成28年熊本地震(東日本大震災の様式).csv"
    assert codes(send(layer, by, places(4), filename=named)) == []


def test_one_row_may_remember_another_event_most_may_not() -> None:
    layer, by = layer_of(*places(4))
    once = [*places(3), spot("p3", 130.703, 備考="東日本大震災でも使用")]
    assert codes(send(layer, by, once)) == []
    assert codes(send(layer, by, places(4, 災害名="令和6年能登半島地震"))) == ["event_named"]


def test_a_state_as_of_long_before_the_incident_waits_a_list_does_not() -> None:
    old = BEGAN - timedelta(days=400)
    layer, by = layer_of(*places(4))
    assert codes(send(layer, by, places(4), source_as_of=old)) == []
    held = send(layer, by, places(4, state={"operation": "open"}), source_as_of=old)
    assert codes(held) == ["dates_before"]
    assert held.holds[0]["given"]["as_of"] == "2015-03-11"
    assert codes(send(layer, by, places(4, state={"operation": "open"}))) == []


def test_a_standing_layer_is_of_no_event() -> None:
    layer, by = published_layer(None, places(4))
    named = "令和6年能登半島地震.csv"
    assert codes(send(layer, by, places(4), filename=named)) == []
