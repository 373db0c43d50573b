"""The demo incident: sourced facts, plausible reports, and loading through the real intake."""

from __future__ import annotations

import json
import math
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Max

from fixtures.kumamoto_2016 import story
from fixtures.kumamoto_2016.loader import cast, maps, telling
from gspace import municipality_codes, vocabulary
from gspace.models import FeedEntry, Incident
from layers.models import Feature, Layer, LiveState
from reports.models import Note, Photo, Report

LAYERS = {file.stem: collection for file, collection in story.layers()}
AT_LEAST = {"shelter": 40, "water": 20, "road_closure": 15, "bath": 10, "wifi": 10, "charging": 10}
REPORTS = story.reports()
MAIN = [r for r in REPORTS if r["incident"] == story.INCIDENT]


def features(kind: str = "") -> list[dict[str, Any]]:
    return [
        f["properties"] | {"geometry": f["geometry"]}
        for c in LAYERS.values()
        for f in c["features"]
        if kind in ("", c["layer"]["kind"])
    ]


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    east = (a[0] - b[0]) * 111_320 * math.cos(math.radians(a[1]))
    return math.hypot(east, (a[1] - b[1]) * 110_950)


# --- facts
@pytest.mark.parametrize(("kind", "least"), AT_LEAST.items())
def test_there_are_enough_places(kind: str, least: int) -> None:
    assert len(features(kind)) >= least


def test_every_place_names_its_source_and_licence() -> None:
    for one in features():
        assert one["source_name"] and one["licence"] and one["source_url"], one["id"]
        assert isinstance(one["estimated"], bool)
        if one["municipality_code"]:
            assert municipality_codes.complete(one["municipality_code"]) == one["municipality_code"]


def test_invented_states_are_labelled() -> None:
    for one in features():
        if one["state"]:
            assert one["demo_value"] and one["state"]["demo_value"], one["id"]
            assert one["state"]["note"].startswith("デモ値"), one["id"]


def test_services_at_places_without_a_source_for_them_are_estimated() -> None:
    for kind in ("wifi", "charging", "goods_reception", "landslide", "welfare_shelter"):
        assert all(one["estimated"] for one in features(kind))


def test_openstreetmap_is_kept_apart_with_its_notice() -> None:
    for name, collection in LAYERS.items():
        licences = {"ODbL" in f["properties"]["licence"] for f in collection["features"]}
        assert len(licences) == 1, name
        assert licences == {"ODbL" in collection["layer"].get("notice", "")}, name


def test_places_are_where_the_sources_say(shared_data: Path) -> None:
    """No coordinate from memory: each is found in the named file."""
    known = set()
    for file in ("kumamoto_pref_designated_shelters.geojson",
                 "gsi_emergency_431001_kumamoto_city.json",
                 "gsi_emergency_434434_mashiki_town.json"):  # fmt: skip
        for f in json.loads((shared_data / "municipal_opendata" / file).read_text())["features"]:
            known.add(tuple(f["geometry"]["coordinates"]))
    for file in ("core", "kumamoto-city"):
        path = shared_data / "support_layers" / f"kumamoto_spots_osm_{file}.json"
        known |= {(s["lng"], s["lat"]) for s in json.loads(path.read_text())["spots"]}
    quakes = shared_data / "support_layers" / "kumamoto2016_usgs_quakes.geojson"
    for f in json.loads(quakes.read_text())["features"]:
        known.add(tuple(f["geometry"]["coordinates"][:2]))
    known |= set(towns(shared_data).values())
    points = [f for f in features() if f["geometry"]["type"] == "Point"]
    assert len(points) > 400
    assert not [f["id"] for f in points if tuple(f["geometry"]["coordinates"]) not in known]


def towns(shared_data: Path) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for file in (shared_data / "text_gazetteer" / "addresses_kumamoto").glob("*.json"):
        for town in json.loads(file.read_text()):
            if town["lat"]:
                found.setdefault(file.stem + town["town"], (town["lng"], town["lat"]))
    return found


def test_reports_lie_at_the_stated_distance_from_their_town(shared_data: Path) -> None:
    known = towns(shared_data)
    for report in REPORTS:
        photo = report.get("photo", {})
        if "lon" in photo and "town" in report and metres(
            (photo["lon"], photo["lat"]), known[report["town"]]
        ) > 250:  # fmt: skip
            # the one whose camera disagrees with the phone by kilometres
            fix = report["device_fix"]
            assert metres((photo["lon"], photo["lat"]), (fix["lon"], fix["lat"])) > 4000


# --- the three days
def test_the_three_days_show_all_kinds_of_reports() -> None:
    assert 140 <= len(MAIN) <= 170
    assert {r["category"] for r in MAIN} == set(vocabulary.codes("category"))
    times = [datetime.fromisoformat(r["captured_at"]) for r in MAIN]
    assert min(times).isoformat() >= "2016-04-14T21:26:00+09:00"
    assert max(times).isoformat() < "2016-04-18"
    assert all(len(r["comment"]) <= 60 for r in REPORTS)
    without_fix = [r for r in MAIN if "device_fix" not in r]
    assert any("lon" in r.get("photo", {}) for r in without_fix)
    assert any("town" not in r for r in without_fix)
    assert any("pin" in r for r in MAIN) and any("follows" in r for r in MAIN)
    assert sum(s["do"] == "merge" for r in MAIN for s in r.get("steps", [])) >= 3


def test_what_reports_refer_to_is_there_before_them() -> None:
    seen: set[str] = set()
    for report in REPORTS:
        assert report.get("follows", report["id"]) in {*seen, report["id"]}
        seen.add(report["id"])
        assert report["id"] not in {s.get("into") for s in report.get("steps", [])}
    assert len(seen) == len(REPORTS)


# --- loading
def some_reports() -> list[dict[str, Any]]:
    """Two that are merged, one followed up, one answered, one without a place, one closed."""
    merged = next(r for r in MAIN if any(s["do"] == "merge" for s in r.get("steps", [])))
    into = next(s["into"] for s in merged["steps"] if s["do"] == "merge")
    answered = next(r for r in MAIN if any(s.get("kind") == "answer" for s in r.get("steps", [])))
    placeless = next(r for r in MAIN if "town" not in r)
    closed = next(r for r in REPORTS if r["incident"] == "kyushu-rain-2012")
    wanted = {merged["id"], into, answered["id"], placeless["id"], closed["id"]}
    return [r for r in REPORTS if r["id"] in wanted]


@pytest.fixture
def loaded(transactional_db: None, settings, tmp_path: Path) -> list[dict[str, Any]]:
    settings.GSPACE_HOME = tmp_path
    reports = some_reports()
    load(reports)
    return reports


def load(reports: list[dict[str, Any]]) -> None:
    """As loader.load, with fewer reports: a picture takes a third of a second to draw."""
    setup = story.setup()
    people = cast.enter(setup)
    maps.publish(setup, people)
    telling.tell(reports, people, lambda line: None)
    cast.close(setup)


def test_reports_come_in_at_their_hour_with_photo_and_work(loaded) -> None:
    assert Report.objects.count() == len(loaded)
    for told in loaded:
        report = Report.objects.get(id=told["id"])
        assert report.received_at == datetime.fromisoformat(told["received_at"])
        photo = Photo.objects.get(id=told["photo"]["id"])
        assert photo.stored_at and photo.has_preview and photo.exif["taken_at"]
        edits = [s for s in told.get("steps", []) if s["do"] != "note"]
        assert report.version == 1 + len(edits)
    assert Report.objects.filter(status="duplicate", merged_into__isnull=False).count() == 1
    assert set(Note.objects.values_list("kind", flat=True)) == {"question", "answer"}
    assert Report.objects.filter(geometry=None, positions__chosen="none").count() == 1

    the_layers_are_published_whole()
    states = dict(Incident.objects.filter(demo=True).values_list("slug", "state"))
    assert states == {"kumamoto-2016": "active", "kumamoto-drill": "drill",
                      "kyushu-rain-2012": "closed"}  # fmt: skip


def the_layers_are_published_whole() -> None:
    assert set(Layer.objects.values_list("slug", flat=True)) == set(LAYERS)
    assert not Layer.objects.filter(published=None).exists()
    assert Feature.objects.count() == len(features())
    assert LiveState.objects.count() == len(story.setup()["hand_states"])


def test_loading_again_changes_nothing(loaded, settings) -> None:
    def picture() -> tuple[Any, ...]:
        logins = (settings.GSPACE_HOME / cast.LOGINS).read_text()
        head = FeedEntry.objects.aggregate(head=Max("seq"))["head"]
        rows = Report.objects.order_by("id").values_list("id", "version", "updated_at")
        return logins, head, list(rows), Note.objects.count()

    before = picture()
    load(loaded)
    assert picture() == before
    # and what was cut off is finished
    cut = Photo.objects.filter(id=loaded[0]["photo"]["id"])
    cut.update(stored_at=None, state="awaited")
    load(loaded)
    assert cut.get().stored_at is not None


def test_logins_are_for_the_owner_only_and_open_the_door(loaded, settings, client) -> None:
    file = settings.GSPACE_HOME / cast.LOGINS
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for login in json.loads(file.read_text()):
        assert set(login) == {"who", "username", "password", "url"}
        assert client.login(username=login["username"], password=login["password"])
