"""Vector tiles of layers: nothing is cut silently, rights hold, caches are told the truth."""

from __future__ import annotations

import math
from typing import Any

import pytest
from django.test import Client

from gspace import grid
from gspace.tiles import MERCATOR_M
from layers import actions, tiles
from layers.models import Layer
from tests import builders
from tests.layer_builders import NOON, publish, published_layer, read_tile, spot

pytestmark = pytest.mark.django_db(transaction=True)


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int]:
    x, y = grid.pixel(lon, lat)
    return x >> (grid.ZOOM + 8 - z), y >> (grid.ZOOM + 8 - z)


def decoded(layer: Layer, z: int, x: int, y: int) -> dict[str, list[dict[str, Any]]]:
    return read_tile(tiles.layer_tile(layer, z, x, y), z, x, y)


def url(layer: Layer, z: int = 10, lon: float = 130.75, lat: float = 32.79) -> str:
    x, y = tile_at(lon, lat, z)
    return f"/tiles/layers/{layer.slug}/{z}/{x}/{y}.mvt"


def crowd() -> list[dict]:
    """Points in clumps, also at tile edges, the poles and the date line; a road and an area."""
    rows = [
        spot(
            f"p{i}",
            130.7 + (i % 20) * 0.0004,
            32.7 + (i // 20) * 0.0004,
            state={"operation": ["open", "closed", "unknown"][i % 3]} if i % 4 else None,
        )
        for i in range(400)
    ]
    edges = [(0, 0), (180, 0), (-180, 10), (10, 90), (10, -90), (135, 32.7), (130.78125, 32.8)]
    rows += [spot(f"e{i}", lon, lat) for i, (lon, lat) in enumerate(edges)]
    rows.append(spot("none") | {"geometry": None})
    road = {"type": "LineString", "coordinates": [[130.5, 32.6], [130.9, 32.9], [131.2, 33.1]]}
    area = [[130.6, 32.6], [130.8, 32.6], [130.8, 32.8], [130.6, 32.8], [130.6, 32.6]]
    rows.append(spot("road") | {"geometry": road})
    rows.append(spot("area") | {"geometry": {"type": "Polygon", "coordinates": [area]}})
    return rows


def all_tiles(z: int) -> list[tuple[int, int]]:
    """Every tile of low zooms; at higher ones those that hold or touch something of the crowd."""
    if z <= 3:
        return [(x, y) for x in range(1 << z) for y in range(1 << z)]
    found = set()
    for row in crowd():
        coordinates = row["geometry"]["coordinates"] if row["geometry"] else []
        if row["geometry"] and row["geometry"]["type"] == "Point":
            found.add(tile_at(*coordinates, z))
    left, top = tile_at(130.5, 33.1, z)
    right, bottom = tile_at(131.2, 32.6, z)
    found |= {(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)}
    return sorted(found)


def test_counts_add_up_at_every_zoom() -> None:
    layer, _ = published_layer(builders.make_incident(), crowd())
    states = {"n_open": 0, "n_closed": 0, "n_unknown": 0, "n_not_reported": 0}
    for z in (0, 2, 3, 6, 9, 11):
        total, by_state, drawn = 0, dict(states), 0
        for x, y in all_tiles(z):
            content = decoded(layer, z, x, y)
            for row in content.get("features", []):
                total += row["count"]
                drawn += 1
                by_state[f"n_{row.get('operation') or 'not_reported'}"] += row["count"]
            for row in content.get("clusters", []):
                counted = {n: int(v) for n, v in row.items() if n in states and not _nan(v)}
                assert sum(counted.values()) == row["count"] > 1
                total += row["count"]
                drawn += 1
                for name, number in counted.items():
                    by_state[name] += number
        assert total == 409, f"zoom {z}"
        assert by_state["n_open"] == len([i for i in range(400) if i % 4 and i % 3 == 0])
        if z <= 6:
            assert drawn < 30


def _nan(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def test_close_by_every_feature_is_itself() -> None:
    rows = [spot("a"), spot("b"), spot("c", 130.7501)]
    layer, _ = published_layer(builders.make_incident(), rows)
    for z in (14, 18, 22):
        seen = []
        for x, y in {tile_at(130.75, 32.79, z), tile_at(130.7501, 32.79, z)}:
            content = decoded(layer, z, x, y)
            assert "clusters" not in content
            seen += [row["id"] for row in content.get("features", [])]
        assert sorted(seen) == ["a", "b", "c"]


def test_a_long_road_is_drawn_in_each_tile_and_counted_once() -> None:
    road = {"type": "LineString", "coordinates": [[130.5, 32.6], [131.2, 32.6]]}
    row = spot("r", state={"traffic": "closed"}) | {"geometry": road}
    layer, _ = published_layer(builders.make_incident(), [row], kind="road_closure")
    (left, y), (right, _) = tile_at(130.5, 32.6, 11), tile_at(131.2, 32.6, 11)
    found = [part for x in range(left, right + 1) for part in decoded(layer, 11, x, y)["features"]]
    assert len(found) == right - left + 1 >= 4
    assert sum(part["count"] for part in found) == 1
    assert {part["traffic"] for part in found} == {"closed"}


def test_a_point_is_where_it_belongs() -> None:
    import struct

    layer, _ = published_layer(builders.make_incident(), [spot("a", 130.752403, 32.784179)])
    for z in (10, 15, 18):
        (row,) = decoded(layer, z, *tile_at(130.752403, 32.784179, z))["features"]
        east, north = struct.unpack("<dd", row["wkb"][-16:])
        lon, lat = grid.degrees(
            (east / MERCATOR_M + 0.5) * grid.SIDE,
            (0.5 - north / MERCATOR_M) * grid.SIDE,
        )
        # half a unit of 4096 a tile
        limit = 360 / (1 << z) / 4096
        assert lon == pytest.approx(130.752403, abs=limit)
        assert lat == pytest.approx(32.784179, abs=limit)


def test_tiles_carry_the_merged_state_and_little_else() -> None:
    layer, by = published_layer(builders.make_incident(), [spot("a", state={"operation": "open"})])
    actions.state_set(
        layer=layer, feature_id="a", values={"operation": "closed"}, source_as_of=NOON, by=by
    )
    (row,) = decoded(layer, 10, *tile_at(130.75, 32.79, 10))["features"]
    known = {name: value for name, value in row.items() if name not in ("wkb", "mvt_id")}
    assert known == {
        "id": "a", "name": "避難所 a", "kind": "shelter", "operation": "closed", "count": 1
    }  # fmt: skip


# --- over HTTP -----------------------------------------------------------------------------
def test_the_tag_follows_the_feed(client: Client) -> None:
    layer, by = published_layer(builders.make_incident())
    first = client.get(url(layer))
    assert (first.status_code, first["Cache-Control"]) == (200, "public, max-age=5")
    assert first["Content-Type"] == "application/vnd.mapbox-vector-tile"
    again = client.get(url(layer), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"] and again["X-Feed-Seq"] == first["X-Feed-Seq"]
    steps = [
        lambda: actions.state_set(
            layer=layer, feature_id="a", values={"persons": 1}, source_as_of=None, by=by
        ),
        lambda: publish(layer, by, [spot("z")], yes=True),
        lambda: actions.layer_rollback(layer=layer, by=by),
    ]
    tag, seq = first["ETag"], int(first["X-Feed-Seq"])
    for step in steps:
        step()
        new = client.get(url(layer), headers={"If-None-Match": tag})
        assert new.status_code == 200 and int(new["X-Feed-Seq"]) > seq
        tag, seq = new["ETag"], int(new["X-Feed-Seq"])


def test_another_layer_does_not_touch_the_tag(client: Client) -> None:
    incident = builders.make_incident()
    layer, _ = published_layer(incident, slug="a")
    tag = client.get(url(layer))["ETag"]
    published_layer(incident, slug="a-b")
    published_layer(incident, slug="a0")
    assert client.get(url(layer))["ETag"] == tag


def test_a_standing_layer_without_an_open_incident_still_changes_its_tag(client: Client) -> None:
    builders.make_incident(state="closed")
    layer, by = published_layer(None)
    tag = client.get(url(layer))["ETag"]
    actions.state_set(layer=layer, feature_id="a", values={"persons": 1}, source_as_of=None, by=by)
    assert client.get(url(layer))["ETag"] != tag


def test_v_is_part_of_the_tag(client: Client) -> None:
    layer, _ = published_layer(builders.make_incident())
    one, two = (client.get(f"{url(layer)}?v={v}")["ETag"] for v in (1, '2"\n'))
    assert one != two and two.endswith('-v2"')


def test_each_audience_gets_its_own(client: Client) -> None:
    incident = builders.make_incident()
    partner, _ = published_layer(incident, audience="partner")
    public, _ = published_layer(incident)
    token = builders.api_token(builders.headquarters(incident), "operator")
    hq = {"Authorization": f"Bearer {token}"}
    assert client.get(url(partner)).status_code == 404
    assert client.get(f"/tiles/layers/{partner.slug}.json").status_code == 404
    shown = client.get(url(partner), headers=hq)
    assert shown.status_code == 200 and shown["Cache-Control"].startswith("private")
    assert {"Cookie", "Authorization"} <= {v.strip() for v in shown["Vary"].split(",")}
    assert client.get(url(public), headers=hq)["ETag"] != client.get(url(public))["ETag"]


@pytest.mark.parametrize("place", ["23/0/0", "0/1/0", "3/8/0", "3/0/8", "99999999999/0/0"])
def test_outside_the_world_is_not_found(client: Client, place: str) -> None:
    layer, _ = published_layer(builders.make_incident())
    answer = client.get(f"/tiles/layers/{layer.slug}/{place}.mvt")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_where_there_is_nothing_the_tile_is_empty(client: Client) -> None:
    layer, _ = published_layer(builders.make_incident())
    answer = client.get(url(layer, 12, -70, -30))
    assert (answer.status_code, answer.content) == (200, b"")


def test_tilejson_tells_v_and_what_is_inside(client: Client) -> None:
    layer, by = published_layer(builders.make_incident())
    body = client.get(f"/tiles/layers/{layer.slug}.json").json()
    assert body["tiles"][0].endswith(f"/{layer.slug}/{{z}}/{{x}}/{{y}}.mvt?v={body['v']}")
    assert body["bounds"] == [130.75, 32.79, 130.76, 32.79]
    assert [part["id"] for part in body["vector_layers"]] == ["features", "clusters"]
    assert "n_cannot_open" in body["vector_layers"][1]["fields"]
    publish(layer, by, [spot("z")], yes=True)
    assert client.get(f"/tiles/layers/{layer.slug}.json").json()["v"] > body["v"]
