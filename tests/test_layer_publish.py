"""Layers are made, loaded, published, rolled back and withdrawn; ids stay, nothing is half done."""

from __future__ import annotations

import json
import math

import pytest

from gspace import access
from gspace.access import Caller
from gspace.problems import Problem
from layers import actions, features, identity, sandbox
from layers.models import Feature, FileState, Layer, LayerVersion
from tests import builders
from tests.layer_builders import (
    ELEVEN,
    NOON,
    make_layer,
    publish,
    publisher,
    read_files,
    send,
    spot,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def incident():
    return builders.make_incident()


def ids(layer) -> list[str]:
    text = features.collection(layer, "hq", "e", {})
    return [feature["id"] for feature in json.loads(text)["features"]]


def test_a_version_is_stored_whole_and_becomes_public(incident) -> None:
    layer, by = make_layer(incident)
    rows = [spot("a"), spot("b", 130.9, 32.9), spot("c") | {"geometry": None}]
    version = publish(layer, by, rows, filename="避難所.geojson", raw=b"{}")
    assert (version.number, version.state, version.feature_count) == (1, "published", 3)
    assert (version.without_place, version.extent) == (1, [130.75, 32.79, 130.9, 32.9])
    assert (version.raw_size, len(version.raw_sha256)) == (2, 64)
    layer.refresh_from_db()
    assert layer.audiences == access.EVERYONE
    assert ids(layer) == ["a", "b", "c"]


def test_before_the_first_version_only_the_publisher_sees_a_layer(incident) -> None:
    from layers import queries

    layer, by = make_layer(incident)
    with pytest.raises(Problem) as refused:
        queries.layer_for(layer.slug, access.NOBODY)
    assert refused.value.code == "layer_unknown"
    assert queries.layer_for(layer.slug, by)[1] == "hq"
    assert [s["slug"] for s in queries.summaries_for(by, incident)] == [layer.slug]
    assert queries.summaries(incident, "hq") == []


def test_a_slug_is_given_once(incident) -> None:
    layer, _ = make_layer(incident)
    with pytest.raises(Problem) as refused:
        make_layer(None, slug=layer.slug)
    assert (refused.value.code, refused.value.status) == ("layer_exists", 409)


def test_only_the_publisher_writes(incident) -> None:
    layer, _ = make_layer(incident)
    stranger, _ = publisher()
    for write in (
        lambda: publish(layer, stranger, [spot("a")]),
        lambda: actions.layer_withdraw(layer=layer, by=stranger),
        lambda: actions.layer_rollback(layer=layer, by=access.NOBODY),
        lambda: actions.layer_change(layer=layer, by=stranger, title="x"),
    ):
        with pytest.raises(Problem) as refused:
            write()
        assert refused.value.code == "not_allowed"
    assert LayerVersion.objects.count() == 0


def test_a_failed_load_leaves_nothing(incident, monkeypatch) -> None:
    layer, by = make_layer(incident)
    publish(layer, by, [spot("a")])
    monkeypatch.setattr("layers.actions.version.HEAR_SQL", "SELECT 1/0")
    with pytest.raises(Exception, match="division"):
        publish(layer, by, [spot("b")])
    layer.refresh_from_db()
    assert (ids(layer), layer.versions.count(), Feature.objects.count()) == (["a"], 1, 1)


def test_rollback_brings_back_geometry_and_attributes_only(incident) -> None:
    layer, by = make_layer(incident)
    publish(layer, by, [spot("a", 130.75, state={"operation": "open"})])
    publish(
        layer, by, [spot("a", 130.9, state={"operation": "closed"})], source_as_of=NOON, now=NOON
    )
    actions.state_set(
        layer=layer, feature_id="a", values={"persons": 12}, source_as_of=ELEVEN, by=by, now=NOON
    )
    version = actions.layer_rollback(layer=layer, by=by)
    layer.refresh_from_db()
    found = json.loads(features.feature(layer, "a", "hq"))
    assert (version.number, layer.published.number) == (1, 1)
    assert found["geometry"]["coordinates"] == [130.75, 32.79]
    # what was known at noon is still known
    assert found["properties"]["state"]["operation"] == "closed"
    assert found["properties"]["state"]["persons"] == 12
    with pytest.raises(Problem) as refused:
        actions.layer_rollback(layer=layer, by=by)
    assert refused.value.code == "version_not_ready"


def test_two_people_do_not_step_back_twice(incident) -> None:
    layer, by = make_layer(incident)
    for ident in "abc":
        publish(layer, by, [spot(ident)])
    actions.layer_rollback(layer=layer, by=by, seen=3)
    with pytest.raises(Problem) as refused:
        actions.layer_rollback(layer=layer, by=by, seen=3)
    assert refused.value.code == "version_stale"


def test_a_vanished_feature_gets_its_state_back(incident) -> None:
    layer, by = make_layer(incident)
    publish(layer, by, [spot("a", state={"operation": "open"}), spot("b")])
    publish(layer, by, [spot("b")], yes=True)
    layer.refresh_from_db()
    assert ids(layer) == ["b"]
    publish(layer, by, [spot("a"), spot("b")])
    layer.refresh_from_db()
    state = json.loads(features.feature(layer, "a", "hq"))["properties"]["state"]
    assert state["operation"] == "open"


def test_an_empty_file_does_not_wipe_a_layer(incident) -> None:
    layer, by = make_layer(incident)
    publish(layer, by, [spot("a")])
    version = publish(layer, by, [])
    layer.refresh_from_db()
    assert (version.state, ids(layer)) == ("quarantined", ["a"])
    assert version.reason
    # a person has looked: the closures are really over
    actions.version_publish(layer=layer, number=2, by=by)
    layer.refresh_from_db()
    assert ids(layer) == []


def test_a_version_can_wait_for_publication(incident) -> None:
    layer, by = make_layer(incident)
    version = publish(layer, by, [spot("a", state={"operation": "open"})], publish=False)
    layer.refresh_from_db()
    assert (version.state, layer.audiences) == ("ready", 0)
    assert not FileState.objects.exists()
    actions.version_publish(layer=layer, number=1, by=by, now=NOON)
    actions.version_publish(layer=layer, number=1, by=by)  # twice is harmless
    layer.refresh_from_db()
    assert (layer.published.published_at, ids(layer)) == (NOON, ["a"])
    with pytest.raises(Problem) as refused:
        actions.version_publish(layer=layer, number=9, by=by)
    assert refused.value.code == "version_unknown"


def test_heights_are_left_behind(incident) -> None:
    layer, by = make_layer(incident)
    row = spot("a")
    row["geometry"]["coordinates"].append(55.5)
    publish(layer, by, [row])
    layer.refresh_from_db()
    found = json.loads(features.feature(layer, "a", "hq"))
    assert found["geometry"]["coordinates"] == [130.75, 32.79]


# --- findings ------------------------------------------------------------------------------
def test_what_cannot_be_used_is_told_and_the_row_is_kept(incident) -> None:
    layer, by = make_layer(incident)
    bad = spot("a", 32.79, 130.75, state={"operation": "running", "persons": -1})
    bad["properties"] |= {"municipality_code": "431001x", "source_url": "javascript:alert(1)"}
    version = publish(layer, by, [spot("ok"), bad])
    told = {(f["row"], f["field"], f["level"]) for f in version.findings}
    assert told == {
        (2, "geometry", "refused"),
        (2, "state.operation", "refused"),
        (2, "state.persons", "refused"),
        (2, "municipality_code", "refused"),
        (2, "source_url", "refused"),
    }
    layer.refresh_from_db()
    found = json.loads(features.feature(layer, "a", "hq"))
    assert found["geometry"] is None
    assert found["properties"]["state"]["operation"] is None
    assert found["properties"]["attributes"]["municipality_code"] == "431001x"


# --- feature ids ---------------------------------------------------------------------------
def test_a_key_used_twice_keeps_both_rows(incident) -> None:
    layer, by = make_layer(incident)
    version = publish(layer, by, [spot("a"), spot("a", 130.8)])
    layer.refresh_from_db()
    assert len(ids(layer)) == 2 and "a" in ids(layer)
    assert [f["code"] for f in version.findings] == ["id_repeated"]


def test_row_numbers_are_no_ids(incident) -> None:
    layer, by = make_layer(incident)
    east, west = spot(1, 130.8), spot(2, 130.7)
    east["properties"]["name"], west["properties"]["name"] = "東小学校", "西小学校"
    publish(layer, by, [east, west])
    before = {f.name: f.feature_id for f in Feature.objects.filter(version__layer=layer)}
    new = spot(1, 130.6)
    new["properties"]["name"] = "北小学校"
    version = publish(layer, by, [new, east | {"id": 2}, west | {"id": 3}])
    after = {f.name: f.feature_id for f in Feature.objects.filter(version=version)}
    assert set(before.values()).isdisjoint({"1", "2"})
    # the same places keep their ids although a row was inserted above them
    assert {name: after[name] for name in before} == before
    assert after["北小学校"] not in before.values()


def test_a_neighbour_is_matched_only_within_50_m() -> None:
    known = [identity.Known("k", "東 小学校", "", 130.75, 32.79)]
    near = identity.Register(known).give(None, "東小学校", "", (130.7504, 32.79))
    far = identity.Register(known).give(None, "東小学校", "", (130.7506, 32.79))
    other = identity.Register(known).give(None, "西小学校", "", (130.75, 32.79))
    assert near == "k" and far != "k" and other != "k"
    two = [*known, identity.Known("m", "東小学校", "", 130.7501, 32.79)]
    assert identity.Register(two).give(None, "東小学校", "", (130.75, 32.79)) not in ("k", "m")


def test_a_place_without_a_position_is_known_by_name_and_address() -> None:
    placed = [identity.Known("k", "北公民館", "健軍1-1", 130.75, 32.79)]
    bare = [identity.Known("k", "北公民館", "健軍1-1", None, None)]
    assert identity.Register(placed).give(None, "北公民館", "健軍１－１", None) == "k"
    assert identity.Register(bare).give(None, "北公民館", "健軍1-1", (130.9, 32.9)) == "k"
    assert identity.Register(placed).give(None, "北公民館", "健軍2-1", None) != "k"
    nowhere = [identity.Known("k", "北公民館", "", None, None)]
    assert identity.Register(nowhere).give(None, "北公民館", "", (130.9, 32.9)) != "k"
    twice = identity.Register([*placed, identity.Known("m", "北公民館", "健軍1-1", None, None)])
    assert twice.give(None, "北公民館", "健軍1-1", None) not in ("k", "m")


# --- the reader ----------------------------------------------------------------------------
CONTEXT = {"kind": "shelter", "zone": "Asia/Tokyo"}
NOT_OURS = (b'{"type":"FeatureCollection","features":[],"crs":{"type":"name",'
            b'"properties":{"name":"urn:ogc:def:crs:EPSG::2230"}}}')  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"type":"FeatureCollection","features":', "not_json"),
        (b'{"type":"Topology"}', "json_other"),
        (b'{"type":"FeatureCollection","features":{}}', "not_geojson"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not_json"),
        ('{"type":"避難所"}'.encode("cp932"), "json_without_places"),
        (NOT_OURS, "crs_not_read"),
    ],
)
def test_what_is_no_geojson_is_refused_with_the_reason(raw: bytes, code: str) -> None:
    with pytest.raises(sandbox.Refused) as refused:
        sandbox.read(raw, CONTEXT)
    assert refused.value.code == code


def test_what_postgresql_cannot_hold_is_replaced_and_told(incident) -> None:
    text = json.dumps(
        {"type": "Feature", "id": "a", "geometry": None,
         "properties": {"name": "N\x00\ud800", "x": math.inf, "deep": 1}}
    )  # fmt: skip
    deep = text.replace('"deep": 1', '"deep": ' + "[" * 500 + "]" * 500)
    codes = {"text_not_storable", "number_not_finite", "nested_too_deeply"}
    assert {code for _, code in sandbox.read(deep.encode(), CONTEXT).repaired} == codes
    layer, by = make_layer(incident)
    version = taken(layer, by, deep.encode())
    assert {f["code"] for f in version.findings} == codes | {"place_missing"}
    layer.refresh_from_db()
    assert json.loads(features.feature(layer, "a", "hq"))["properties"]["name"] == "N\ufffd\ufffd"


def taken(layer: Layer, by: Caller, raw: bytes) -> LayerVersion:
    version = send(layer, by, raw)
    read_files()
    version.refresh_from_db()
    return version


GOOD = {"road_closure": "roads_tracks/mlit_closures_202607310800.geojson",
        "shelter": "municipal_opendata/kumamoto_pref_designated_shelters.geojson",
        "hazard": "support_layers/kumamoto2016_usgs_quakes.geojson"}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_real_files_are_taken_whole(incident, shared_data, kind: str) -> None:
    raw = (shared_data / GOOD[kind]).read_bytes()
    version = taken(*make_layer(incident, kind=kind), raw)
    assert version.feature_count == len(json.loads(raw)["features"]) > 0
    assert Feature.objects.filter(version=version).count() == version.feature_count
