"""Vector tiles of reports: nothing is cut silently, rights and hidden places hold, caches are told
the truth."""

from __future__ import annotations

import json
import struct
import threading
import uuid
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connections
from django.test import Client
from django.utils import timezone

from gspace import grid
from gspace.access import BITS
from gspace.models import Incident
from gspace.short_cache import ShortCache
from gspace.tiles import MERCATOR_M, Place
from reports import actions, queries, tiles
from reports.counts import counts
from reports.models import Report
from reports.payload import HqEdit
from reports.tile_sql import report_tile
from tests import builders
from tests.layer_builders import read_tile

pytestmark = pytest.mark.django_db(transaction=True)
ZOOMS = (0, 6, 13, 14, 18)
PLACES = (
    "POINT(130.75 32.79)", "POINT(130.7502 32.7901)", "POINT(130.7501 32.79)", "POINT(130.9 32.6)",
    "LINESTRING(130.70 32.70, 130.72 32.74)", "POLYGON((131 33, 131.1 33, 131.1 33.1, 131 33))",
    "POINT(180 0)", "POINT(-180 10)", "POINT(10 90)", None,
)  # fmt: skip
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"category": "building,road_blocked", "exclude_severity": "minor"},
    {"q": "断水", "status": "received,verified"},
    {"bbox": "130.5,32.5,130.8,33", "waiting": "1"},
    {"needs_place": "0", "exclude_status": "rejected,withdrawn", "since": "2016-01-01T00:00:00Z"},
)


def crowd(incident: Incident, number: int = 120) -> None:
    """Of every category, severity, status and release, in clumps, at the world's edges, nowhere."""
    first = Report.objects.get(id=builders.make_report(incident, builders.device(incident)[0]))
    turns = zip(
        range(number),
        cycle(PLACES),
        cycle(["building", "road_blocked", "rescue", "water_cut"]),
        cycle(["critical", "serious", "minor", "unknown", "moderate", "serious", "minor"]),
        cycle(["received", "received", "verified", "rejected", "withdrawn", "resolved"]),
        cycle(["none", "public", "public"]),
        cycle(["", "", "rounded", "", "municipality"]),
    )
    Report.objects.bulk_create(
        Report(
            id=uuid.uuid4(), incident=incident, author_key="device:x", receipt=f"Z{turn:05}",
            body_sha256="0" * 64, category=category, severity=severity, status=status,
            release=release, public_place=roughly, received_at=first.received_at,
            comment=("断水", "通行止め")[turn % 2], public_text="断水",
            geometry=GEOSGeometry(place, 4326) if place else None,
            redacted_geometry=GEOSGeometry("POINT(130.6 32.5)", 4326) if turn % 7 == 0 else None,
        )
        for turn, place, category, severity, status, release, roughly in turns
    )  # fmt: skip


def shown(incident: Incident, audience: Any, filters: dict[str, str]) -> dict[str, tuple]:
    """id -> the place's pixel, of the reports that the list shows with a place."""
    listed = json.loads(queries.snapshot(incident, audience, "", filters))["features"]
    centres = {
        f["id"]: shapely.geometry.shape(f["geometry"]).centroid for f in listed if f["geometry"]
    }
    return {ident: grid.pixel(centre.x, centre.y) for ident, centre in centres.items()}


def tiles_of(pixels: dict[str, tuple], z: int) -> list[Place]:
    if z <= 2:
        return [Place(z, x, y) for x in range(1 << z) for y in range(1 << z)]
    shift = grid.ZOOM + 8 - z
    return [
        Place(z, x, y) for x, y in sorted({(x >> shift, y >> shift) for x, y in pixels.values()})
    ]


def decoded(incident: Incident, audience: Any, filters: dict[str, str], at: Place) -> dict:
    return read_tile(report_tile(incident, audience, filters, at), at.z, at.x, at.y)


def number(value: Any) -> int:
    return 0 if value is None or value != value else int(value)


@pytest.mark.parametrize("audience", list(BITS))
def test_counts_add_up_at_every_zoom_for_everybody_and_every_filter(audience: Any) -> None:
    incident = builders.make_incident()
    crowd(incident)
    for filters in FILTERS:
        pixels = shown(incident, audience, filters)
        told = counts(incident, audience, filters)
        assert told["placed"] == len(pixels) and told["total"] >= told["placed"]
        for z in ZOOMS:
            check(incident, audience, filters, pixels, z)


def check(
    incident: Incident, audience: Any, filters: dict[str, str], pixels: dict[str, tuple], z: int
) -> None:
    """Every report counts once, by each of its codes; features are those listed."""
    told = counts(incident, audience, {**filters, "needs_place": "0"})
    found = {"total": 0, "severity": {}, "status": {}}
    single = set()
    for at in tiles_of(pixels, z):
        content = decoded(incident, audience, filters, at)
        for row in content.get("features", []):
            single.add(row["id"])
            add(found, 1, {row["severity"]: 1}, {row["status"]: 1})
        for row in content.get("clusters", []):
            by_status = {n[4:]: number(v) for n, v in row.items() if n.startswith("n_s_")}
            named = {n[2:]: number(v) for n, v in row.items() if n.startswith("n_")}
            by_severity = {n: v for n, v in named.items() if not n.startswith("s_")}
            assert sum(by_severity.values()) == sum(by_status.values()) == row["count"] > 1
            worst = [code for code in tiles_worst() if by_severity.get(code)]
            assert row["worst"] == worst[0]
            add(found, row["count"], by_severity, by_status)
    assert found["total"] == told["total"] == len(pixels), (filters, z)
    for kind in ("severity", "status"):
        assert {c: n for c, n in found[kind].items() if n} == told[kind], (filters, z)
    assert single <= set(pixels)
    if z > 13:
        assert single == set(pixels), "close by each is itself"


def tiles_worst() -> tuple[str, ...]:
    return ("critical", "serious", "moderate", "minor", "unknown")


def add(found: dict[str, Any], total: int, severity: dict, status: dict) -> None:
    found["total"] += total
    for kind, numbers in (("severity", severity), ("status", status)):
        for code, count in numbers.items():
            found[kind][code] = found[kind].get(code, 0) + count


def test_a_crowded_tile_has_clusters_however_close(settings: Any) -> None:
    settings.LIMIT_TILE_FEATURES = 5
    incident = builders.make_incident()
    crowd(incident)
    pixels = shown(incident, "hq", {})
    for z in (14, 22):
        seen, clusters = 0, 0
        for at in tiles_of(pixels, z):
            content = decoded(incident, "hq", {}, at)
            clusters += len(content.get("clusters", []))
            seen += len(content.get("features", []))
            seen += sum(row["count"] for row in content.get("clusters", []))
        assert (seen, clusters > 0) == (len(pixels), True)


# --- over HTTP -----------------------------------------------------------------------------
class Town:
    def __init__(self, client: Client) -> None:
        self.client, self.incident = client, builders.make_incident()
        house = builders.headquarters(self.incident)
        self.crew, crew = builders.device(self.incident)
        volunteer = builders.device(self.incident, "volunteer")[1]
        self.tokens = {
            "hq": builders.api_token(house, "operator"),
            "partner": builders.api_token(house, "partner"),
            "field": crew,
            "volunteer": volunteer,
        }

    def make(self, **more: Any) -> str:
        return str(builders.make_report(self.incident, self.crew, **more))

    def get(self, who: str = "hq", z: int = 14, query: str = "", **headers: str) -> Any:
        x, y = grid.pixel(130.75, 32.79)
        shift = grid.ZOOM + 8 - z
        url = f"/tiles/reports/{self.incident.slug}/{z}/{x >> shift}/{y >> shift}.mvt{query}"
        if who in self.tokens:
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        return self.client.get(url, headers=headers)

    def rows(self, who: str, z: int = 14, query: str = "") -> list[dict[str, Any]]:
        x, y = grid.pixel(130.75, 32.79)
        shift = grid.ZOOM + 8 - z
        content = self.get(who, z, query).content
        return read_tile(content, z, x >> shift, y >> shift).get("features", [])

    def change(self, ident: str, **edit: Any) -> None:
        by = builders.operator(self.incident)
        seen = Report.objects.get(id=ident).version
        actions.report_change(report_id=ident, edit=HqEdit(**edit), seen=seen, by=by)


@pytest.fixture
def town(client: Client) -> Town:
    return Town(client)


def test_a_feature_says_what_a_mark_needs_and_where_it_is(town: Town) -> None:
    ident = town.make(severity="critical")
    received = Report.objects.get(id=ident).received_at
    (row,) = town.rows("hq")
    east, north = struct.unpack("<dd", row.pop("wkb")[-16:])
    told = {name: value for name, value in row.items() if name != "mvt_id" and value == value}
    assert told == {
        "id": ident, "category": "road_blocked", "severity": "critical", "status": "received",
        "received": int(received.timestamp()), "waiting": 1, "seq": told["seq"],
    }  # fmt: skip
    assert told["seq"] == json.loads(queries.feature(ident, "hq"))["properties"]["seq"] > 0
    limit = MERCATOR_M / (1 << 14) / 4096
    assert east == pytest.approx(130.75 / 360 * MERCATOR_M, abs=limit)
    lon, lat = grid.degrees(
        (east / MERCATOR_M + 0.5) * grid.SIDE, (0.5 - north / MERCATOR_M) * grid.SIDE
    )
    assert (lon, lat) == pytest.approx((130.75, 32.79), abs=1e-4)


def test_each_audience_has_its_own_reports(town: Town) -> None:
    road, home, rescue = (town.make(category=c) for c in ("road_blocked", "building", "rescue"))
    town.change(road, release="public")
    seen = {who: {r["id"] for r in town.rows(who, 18)} for who in (*town.tokens, "nobody")}
    assert seen == {
        "hq": {road, home, rescue}, "partner": {road, home, rescue}, "field": {road},
        "volunteer": {road}, "nobody": {road},
    }  # fmt: skip
    assert {r["id"] for r in town.rows("field", 18, "?mine=1")} == {road, home, rescue}
    assert town.rows("nobody", 18)[0].get("waiting") is None, "who accepted what is our own"
    assert town.get("nobody", query="?mine=1").status_code == 401


def test_the_public_gets_the_redacted_place_at_any_zoom(town: Town) -> None:
    home = town.make(category="building")
    town.change(home, release="public")
    pixels = shown(town.incident, "public", {})
    true = grid.pixel(130.75, 32.79)
    (pixel,) = pixels.values()
    assert max(abs(pixel[0] - true[0]), abs(pixel[1] - true[1])) > 1000, "a home is rounded"
    for z in (16, 20, 22):
        shift = grid.ZOOM + 8 - z
        assert town.rows("nobody", z) == [], "not where it is"
        at = Place(z, pixel[0] >> shift, pixel[1] >> shift)
        (row,) = decoded(town.incident, "public", {}, at)["features"]
        assert row["id"] == home
    town.change(home, redacted_geometry={"type": "Point", "coordinates": [130.1, 32.1]})
    (moved,) = shown(town.incident, "public", {}).values()
    assert moved == grid.pixel(130.1, 32.1)
    check(town.incident, "public", {}, shown(town.incident, "public", {}), 22)
    town.change(home, release="none")
    assert decoded(town.incident, "public", {}, Place(0, 0, 0)) == {}


def test_the_tag_follows_the_feed_the_filters_and_the_audience(town: Town) -> None:
    ident = town.make()
    first = town.get()
    assert first["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert first["Cache-Control"].startswith("private")
    assert {"Cookie", "Authorization"} <= {v.strip() for v in first["Vary"].split(",")}
    again = town.get(**{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    public = town.get("nobody")
    assert public["Cache-Control"] == "public, max-age=5"
    tags = {first["ETag"], public["ETag"], town.get("partner")["ETag"], town.get("field")["ETag"]}
    tags |= {town.get(query=q)["ETag"] for q in ("?v=1", "?category=fire", "?category=bridge")}
    assert len(tags) == 7
    town.change(ident, severity="critical")
    new = town.get(**{"If-None-Match": first["ETag"]})
    assert new.status_code == 200 and int(new["X-Feed-Seq"]) > int(first["X-Feed-Seq"])
    assert town.rows("hq")[0]["severity"] == "critical"


def test_what_changes_without_the_feed_is_not_kept(town: Town) -> None:
    ident = town.make()
    for query in ("?unseen=1", "?since_last_looked=1", "?due=overdue", "?recent=3"):
        answer = town.get(query=query)
        assert answer["Cache-Control"] == "private, no-store" and not answer.get("ETag"), query
    assert len(town.rows("hq", query="?unseen=1")) == 1
    by = builders.operator(town.incident)
    Report.objects.filter(id=ident).update(due_at=timezone.now() - timedelta(minutes=1))
    assert len(town.rows("hq", query="?due=overdue")) == 1
    assert by.key
    assert len(town.rows("hq", query="?recent=3")) == 1
    Report.objects.filter(id=ident).update(received_at=timezone.now() - timedelta(hours=4))
    assert town.rows("hq", query="?recent=3") == [], "however quiet it is"


@pytest.mark.parametrize("who", ["field", "volunteer"])
def test_ones_own_reports_are_kept_by_no_shared_cache(town: Town, who: str) -> None:
    """Of a volunteer, too, who otherwise reads what everybody reads."""
    url = f"/tiles/reports/{town.incident.slug}.json?mine=1"
    headers = {"Authorization": f"Bearer {town.tokens[who]}"}
    for answer in (town.get(who, query="?mine=1"), town.client.get(url, headers=headers)):
        assert answer["Cache-Control"] == "private, max-age=0, must-revalidate"
        assert {"Cookie", "Authorization"} <= {v.strip() for v in answer["Vary"].split(",")}
        seen = {**headers, "If-None-Match": answer["ETag"]}
        again = town.client.get(answer.wsgi_request.get_full_path(), headers=seen)
        assert again.status_code == 304 and again["Cache-Control"].startswith("private")


def test_an_older_tile_will_do_for_a_moment_if_it_holds_what_is_asked(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles, "cache", ShortCache(most=1 << 20, seconds=60))
    town.make()
    first = town.get()["X-Feed-Seq"]
    town.make()
    late, now = town.get(query=f"?v={first}"), town.get()
    assert late["X-Feed-Seq"] == first and len(read_rows(late)) == 1
    assert late["ETag"].startswith(f'"hq-{first}-')
    seq = now["X-Feed-Seq"]
    assert int(seq) > int(first) and len(read_rows(now)) == 2
    assert len(read_rows(town.get(query=f"?v={seq}"))) == 2
    monkeypatch.setattr(tiles.cache, "seconds", 0)
    town.make()
    assert len(read_rows(town.get(query=f"?v={first}"))) == 3


def read_rows(answer: Any) -> list[dict[str, Any]]:
    x, y = (value >> (grid.ZOOM + 8 - 14) for value in grid.pixel(130.75, 32.79))
    return read_tile(answer.content, 14, x, y)["features"]


def test_a_tile_is_made_once_for_all_who_ask_at_once() -> None:
    cache, made, go = ShortCache(most=100, seconds=60), [], threading.Event()

    def make() -> bytes:
        go.wait(5)
        made.append(1)
        return b"tile"

    asked = [
        threading.Thread(target=lambda: cache.get("k", head=1, least=1, make=make))
        for _ in range(8)
    ]
    for thread in asked:
        thread.start()
    go.set()
    for thread in asked:
        thread.join()
    connections.close_all()
    assert len(made) == 1
    assert cache.get("k", head=2, least=1, make=lambda: b"new").content == b"tile"
    assert cache.get("k", head=2, least=2, make=lambda: b"new").content == b"new"
    for name in "abc":
        cache.get(name, head=1, least=1, make=lambda: b"x" * 60)
    assert sum(len(kept.content) for kept in cache._made.values()) <= 100


def test_empty_tiles_do_not_pile_up() -> None:
    cache = ShortCache(most=20 * 1024, seconds=60)
    for name in range(500):
        cache.get(name, head=1, least=1, make=lambda: b"")
    assert 10 <= len(cache._made) <= 20 and not cache._making
    again = cache.get(499, head=1, least=1, make=lambda: b"new")
    assert again.content == b"", "the last ones are kept"


@pytest.mark.parametrize("place", ["23/0/0", "0/1/0", "3/0/8", "99999999999/0/0"])
def test_outside_the_world_is_not_found(town: Town, place: str) -> None:
    answer = town.client.get(f"/tiles/reports/{town.incident.slug}/{place}.mvt")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_bad_filter_is_named_and_an_unknown_incident_is_404(town: Town) -> None:
    answer = town.get(query="?category=volcano")
    assert (answer.status_code, answer.json()["field"]) == (422, "category")
    assert town.client.get("/tiles/reports/none/0/0/0.mvt").status_code == 404
    assert town.client.get("/tiles/reports/none.json").status_code == 404


def test_tilejson_tells_v_and_what_is_inside(town: Town) -> None:
    town.make()
    url = f"/tiles/reports/{town.incident.slug}.json"
    body = town.client.get(f"{url}?category=fire").json()
    name = f"/{town.incident.slug}/{{z}}/{{x}}/{{y}}.mvt?category=fire&v={body['v']}"
    assert body["tiles"][0].endswith(name)
    assert [part["id"] for part in body["vector_layers"]] == ["features", "clusters"]
    assert {"n_critical", "n_s_received", "worst"} <= set(body["vector_layers"][1]["fields"])
    town.make()
    assert town.client.get(url).json()["v"] > body["v"]
