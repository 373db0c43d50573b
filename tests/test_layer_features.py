"""Layers and features over HTTP: lists, filters, pages, rights, uploads."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from layers import actions
from layers.models import Layer
from tests import builders
from tests.layer_builders import TEN, make_layer, publish, published_layer, read_files, spot

# by name, so that the epoch row is there (tests/conftest.py)
pytestmark = pytest.mark.usefixtures("transactional_db")
API = "/api/v1/layers"


class Door:
    """The API with one token."""

    def __init__(self, token: str = "") -> None:
        self.client = Client(headers=builders.bearer(token) if token else {})

    def __call__(self, verb: str, path: str, body: Any = None, **more: Any) -> Any:
        content = body if isinstance(body, bytes) or body is None else json.dumps(body)
        call = getattr(self.client, verb)
        given = {} if verb == "get" else {"content_type": "application/json"}
        return call(f"{API}{path}", content or "", **given, **more)


def door_of(layer: Layer) -> Door:
    return Door(builders.api_token(layer.publisher, "publisher"))


PUBLIC = Door


def test_a_publisher_brings_a_layer_from_nothing_to_the_map() -> None:
    incident = builders.make_incident()
    city = builders.make_organisation(name="北九州市", name_en="Kitakyushu City")
    door = Door(builders.api_token(city, "publisher"))
    body = {"slug": "kyusui", "title": "給水所", "kind": "water", "incident": incident.slug,
            "audience": "public", "licence": "CC BY 4.0", "attribution": "北九州市",
            "reuse": True, "source_name": "熊本市", "source_url": "https://example.jp/",
            "coverage": "東区のみ"}  # fmt: skip
    made = door("post", "", body)
    assert made.status_code == 201, made.content
    assert PUBLIC()("get", "/kyusui").status_code == 404
    assert door("post", "", body).status_code == 409
    data = {"type": "FeatureCollection", "features": [spot("w1", state={"operation": "running"})]}
    sent = door(
        "put", "/kyusui/data?filename=w.geojson&source_as_of=2016-04-16T14:05:00+09:00", data
    )
    assert (sent.status_code, sent.json()) == (202, {"version": 1, "state": "reading"})
    read_files()
    (layer,) = PUBLIC().client.get(f"{API}?incident={incident.slug}").json()["items"]
    assert layer["publisher"] == {
        "slug": city.slug,
        "name": "北九州市",
        "name_en": "Kitakyushu City",
    }
    assert (layer["source_name"], layer["source_as_of"]) == ("熊本市", "2016-04-16T05:05:00+00:00")
    assert (layer["version"], layer["feature_count"]) == (1, 1)
    assert layer["extent"] == [130.75, 32.79, 130.75, 32.79]
    assert layer["counts"] == {"operation": {"running": 1}}
    answer = PUBLIC()("get", "/kyusui/features")
    assert answer["Content-Type"] == "application/geo+json"
    (feature,) = answer.json()["features"]
    assert feature["id"] == "w1" and feature["properties"]["publisher"] == "北九州市"


def test_states_are_set_over_http() -> None:
    layer, _ = published_layer(builders.make_incident())
    door = door_of(layer)
    answer = door("patch", f"/{layer.slug}/features/a", {"congestion": "full", "persons": 0})
    assert answer.status_code == 200, answer.content
    assert answer.json()["properties"]["state"]["persons"] == 0
    shown = PUBLIC()("get", f"/{layer.slug}/features/a").json()
    assert shown["properties"]["state"]["congestion"] == "full"
    for body, status, code in (
        ({"operation": "maybe"}, 422, "invalid"),
        ({"operation": 3}, 422, "invalid"),
        ({"operation": "open", "source_as_of": "2016-04-16T10:00:00"}, 422, "time_without_offset"),
        ({"surprise": 1}, 422, "invalid"),
    ):
        refused = door("patch", f"/{layer.slug}/features/a", body)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert door("patch", f"/{layer.slug}/features/nowhere", {}).status_code == 404
    assert PUBLIC()("patch", f"/{layer.slug}/features/a", {"persons": 1}).status_code in (401, 403)
    stranger = Door(builders.api_token(builders.make_organisation(), "publisher"))
    assert stranger("patch", f"/{layer.slug}/features/a", {"persons": 1}).status_code == 403


def test_a_key_may_hold_a_slash() -> None:
    layer, _ = published_layer(builders.make_incident(), [spot("東区/1 号"), spot("b")])
    path = f"/{layer.slug}/features/%E6%9D%B1%E5%8C%BA/1%20%E5%8F%B7"
    assert PUBLIC()("get", path).json()["id"] == "東区/1 号"
    assert door_of(layer)("patch", path, {"operation": "open"}).status_code == 200


def test_features_by_place_and_by_page() -> None:
    rows = [spot(f"f{i:02}", 130.0 + i / 10) for i in range(10)]
    layer, _ = published_layer(builders.make_incident(), [*rows, spot("x") | {"geometry": None}])
    door = PUBLIC()
    inside = door("get", f"/{layer.slug}/features?bbox=129.95,32,130.25,33").json()
    assert [f["id"] for f in inside["features"]] == ["f00", "f01", "f02"]
    pages, cursor = [], ""
    while True:
        page = door.client.get(
            f"{API}/{layer.slug}/features", {"limit": 4, **({"cursor": cursor} if cursor else {})}
        ).json()
        assert page["numberMatched"] == 11
        pages += [f["id"] for f in page["features"]]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert pages == [*(f"f{i:02}" for i in range(10)), "x"]
    for query, field in (("bbox=1,2,3", "bbox"), ("bbox=0,0,nan,1", "bbox"), ("limit=0", "limit")):
        refused = door("get", f"/{layer.slug}/features?{query}")
        assert (refused.status_code, refused.json()["field"]) == (422, field)


def test_a_file_that_cannot_be_read_is_kept_as_refused() -> None:
    layer, _ = published_layer(builders.make_incident())
    door = door_of(layer)
    sent = door("put", f"/{layer.slug}/data?filename=x.geojson", b'{"type":"Topology"}')
    assert (sent.status_code, sent.json()) == (202, {"version": 2, "state": "reading"})
    read_files()
    version = door("get", f"/{layer.slug}/versions/2").json()
    assert "TopoJSON" in version["reason"]
    # what others see is the version before
    assert PUBLIC()("get", f"/{layer.slug}").json()["version"] == 1
    assert PUBLIC()("get", f"/{layer.slug}/versions/2").status_code == 404
    assert PUBLIC()("get", f"/{layer.slug}/versions/1").json()["features"] == 2
    assert "findings" not in PUBLIC()("get", f"/{layer.slug}/versions/1").json()


def test_other_formats_are_told_what_is_read() -> None:
    layer, _ = published_layer(builders.make_incident())
    door = door_of(layer)
    for number, raw in ((2, b"%PDF-1.7"), (3, b"\x7fELF")):
        assert door("put", f"/{layer.slug}/data?filename=a.csv", raw).status_code == 202
        read_files()
        version = door("get", f"/{layer.slug}/versions/{number}").json()
        assert version["state"] == "refused" and "GeoJSON" in version["reason"]
    empty = door("put", f"/{layer.slug}/data?filename=a.csv", b"")
    assert (empty.status_code, empty.json()["field"]) == (422, "body")


def test_a_file_may_be_larger_than_a_form(settings) -> None:
    layer, _ = published_layer(builders.make_incident())
    rows = [spot(f"f{i}", note_of_publisher="あ" * 600) for i in range(1500)]
    raw = json.dumps({"type": "FeatureCollection", "features": rows}, ensure_ascii=False).encode()
    assert len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert door_of(layer)("put", f"/{layer.slug}/data", raw).status_code == 202
    settings.LIMIT_LAYER_BYTES = 1000
    assert door_of(layer)("put", f"/{layer.slug}/data", raw).status_code == 413


def test_rollback_withdraw_and_restore_over_http() -> None:
    layer, by = published_layer(builders.make_incident())
    publish(layer, by, [spot("z")], yes=True)
    door = door_of(layer)
    assert door("post", f"/{layer.slug}/rollback").json() == {"version": 1, "state": "published"}
    assert door("post", f"/{layer.slug}/rollback").status_code == 409
    assert PUBLIC()("post", f"/{layer.slug}/withdraw").status_code in (401, 403)
    assert door("post", f"/{layer.slug}/withdraw").json()["withdrawn"] is True
    assert PUBLIC()("get", f"/{layer.slug}").status_code == 404
    assert door("post", f"/{layer.slug}/restore").json()["withdrawn"] is False
    assert PUBLIC()("get", f"/{layer.slug}").status_code == 200


def test_who_sees_which_layer() -> None:
    incident, other = builders.make_incident(), builders.make_incident()
    made = {
        "public": published_layer(incident)[0].slug,
        "partner": published_layer(incident, audience="partner")[0].slug,
        "hq": published_layer(incident, audience="hq")[0].slug,
        "standing": published_layer(None, audience="hq")[0].slug,
        "draft": make_layer(incident)[0].slug,
        "elsewhere": published_layer(other, audience="hq")[0].slug,
    }
    prefecture = builders.make_organisation()
    builders.join(incident, prefecture, "partner")
    tokens = {
        "public": "",
        "partner": builders.api_token(prefecture, "partner"),
        "hq": builders.api_token(builders.headquarters(incident), "operator"),
        "field": builders.device(incident)[1],
        "volunteer": builders.device(incident, "volunteer")[1],
    }
    sees = {
        "public": {"public"},
        "partner": {"public", "partner"},
        "hq": {"public", "partner", "hq", "standing"},
        "field": {"public"},
        "volunteer": {"public"},
    }
    for who, token in tokens.items():
        door = Door(token)
        expected = {made[name] for name in sees[who]}
        assert {i["slug"] for i in door("get", "").json()["items"]} == expected, who
        for name, slug in made.items():
            status = 200 if name in sees[who] else 404
            for path in (f"/{slug}", f"/{slug}/features"):
                assert door("get", path).status_code == status, (who, name, path)


def test_a_broken_promise_of_freshness_shows() -> None:
    incident = builders.make_incident()
    layer, by = published_layer(incident, refresh_s=3600)
    plain, _ = published_layer(incident)
    stale = {i["slug"]: i["stale"] for i in PUBLIC()("get", "").json()["items"]}
    assert stale == {layer.slug: True, plain.slug: None}
    now = datetime.now(UTC) - timedelta(minutes=5)
    publish(layer, by, [spot("a")], now=now, yes=True)
    assert PUBLIC()("get", f"/{layer.slug}").json()["stale"] is False


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": "Bad Slug"}, "slug"),
        ({"slug": "ok\n"}, "slug"),
        ({"kind": "castle"}, "kind"),
        ({"title": ""}, "title"),
        ({"audience": "field"}, "audience"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"incident": "nowhere"}, "incident"),
        ({"title": "a\x00b"}, "title"),
    ],
)
def test_a_bad_description_names_the_field(change: dict, field: str) -> None:
    door = Door(builders.api_token(builders.make_organisation(), "publisher"))
    answer = door("post", "", {"slug": "ok", "title": "t", "kind": "water"} | change)
    assert answer.status_code in (404, 422) and answer.json()["field"] == field


def test_per_feature_sources_win_over_the_layers() -> None:
    layer, by = make_layer(builders.make_incident(), source_name="熊本市", licence="CC BY 4.0")
    own = spot("a", source_name="県", source_as_of="2016-04-16T14:05:00+09:00")
    publish(layer, by, [own, spot("b")])
    door = PUBLIC()
    first, second = (
        door("get", f"/{layer.slug}/features/{i}").json()["properties"] for i in ("a", "b")
    )
    assert (first["source_name"], first["licence"]) == ("県", "CC BY 4.0")
    assert first["source_as_of"] == "2016-04-16T05:05:00+00:00"
    assert (second["source_name"], second["source_as_of"]) == ("熊本市", TEN.isoformat())


def test_an_unpublished_change_of_audience_reaches_the_lists() -> None:
    layer, by = published_layer(builders.make_incident())
    assert PUBLIC()("get", f"/{layer.slug}").status_code == 200
    actions.layer_change(layer=layer, by=by, audience="hq")
    assert PUBLIC()("get", f"/{layer.slug}").status_code == 404
