"""Where nothing is said, by municipality: silent, all clear at a time, or reported."""

from __future__ import annotations

import gzip
import json
from typing import Any

import httpx
import pytest
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point, Polygon
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gspace import feed
from gspace.models import Incident, Municipality
from gspace.problems import Problem
from gspace.short_cache import ShortCache
from mobile_api import numbers
from reports import outlines as told_outlines
from reports.counts import counts
from reports.models import Report
from reports.outlines import drawn, reported
from tests import builders
from tests.test_report_list import Lists

pytestmark = pytest.mark.django_db
EAST_WARD, NORTH_WARD, CITY, TOWN = "431028", "431052", "431001", "434434"
VIEW = "130.70,32.70,130.86,32.86"


def outline(code: str, west: float, south: float, side: float = 0.1, **more: Any) -> None:
    box = Polygon.from_bbox((west, south, west + side, south + side))
    shape = MultiPolygon(box, srid=4326)
    Municipality.objects.create(code=code, name=code, boundary=shape, **more)


@pytest.fixture
def incident() -> Incident:
    outline(EAST_WARD, 130.7, 32.75)
    outline(NORTH_WARD, 130.7, 32.85)
    outline(CITY, 130.7, 32.75, 0.2)
    outline(TOWN, 130.8, 32.75)
    return builders.make_incident()


def report(incident: Incident, code: str, **more: Any) -> Report:
    made = builders.make_report(incident, device_fix=None, **more)
    Report.objects.filter(id=made).update(municipality_code=code)
    return Report.objects.get(id=made)


def outlines(incident: Incident, audience: Any, filters: dict[str, str]) -> dict[str, Any]:
    found = drawn(filters)
    return told_outlines.outlines(found, reported(incident, audience, filters))


def by_code(incident: Incident, audience: Any = "hq", **filters: str) -> dict[str, dict[str, Any]]:
    found = outlines(incident, audience, filters)
    return {one["code"]: one for one in found["municipalities"]}


def test_three_states_of_municipalities(incident: Incident) -> None:
    report(incident, EAST_WARD, category="all_clear", severity="unknown",
           captured_at="2016-04-16T02:11:00+09:00")  # fmt: skip
    report(incident, TOWN, severity="minor")
    report(incident, TOWN, category="all_clear")
    rejected = report(incident, NORTH_WARD)
    Report.objects.filter(id=rejected.id).update(status="rejected")
    found = by_code(incident)
    told = {code: (one["state"], one["reports"], one["all_clear"]) for code, one in found.items()}
    assert told == {EAST_WARD: ("all_clear", 1, 1), NORTH_WARD: ("none", 0, 0),
                    TOWN: ("reported", 2, 1)}  # fmt: skip
    assert found[EAST_WARD]["all_clear_at"] == "2016-04-15T17:11:00+00:00", "when it was seen"
    assert (found[EAST_WARD]["worst"], found[TOWN]["worst"]) == (None, "minor")


def test_each_opens_its_own_and_all_add_up(incident: Incident) -> None:
    for code in (EAST_WARD, EAST_WARD, TOWN, CITY, "432024", ""):
        report(incident, code)
    told = outlines(incident, "hq", {"bbox": VIEW})
    for one in told["municipalities"]:
        assert one["reports"] == counts(incident, "hq", {"municipality": one["code"]})["total"]
    # of the city as a whole is none of its wards'
    assert told["reports"] == {"in_municipalities": 3, "elsewhere": 2, "without_municipality": 1}


def test_in_view_it_counts_all_of_its_reports(incident: Incident) -> None:
    report(incident, EAST_WARD, pin={"lon": 130.71, "lat": 32.84})
    corner = by_code(incident, bbox="130.78,32.76,130.82,32.78")
    assert set(corner) == {EAST_WARD, TOWN}
    assert corner[EAST_WARD]["reports"] == 1
    # its label lies in what is seen of it
    lon, lat = corner[EAST_WARD]["at"]
    assert 130.78 < lon < 130.8 and 32.76 < lat < 32.78


def test_a_city_counts_its_wards_where_these_have_no_outline(incident: Incident) -> None:
    Municipality.objects.filter(code__in=[EAST_WARD, NORTH_WARD]).update(boundary=None)
    report(incident, EAST_WARD), report(incident, CITY)
    found = by_code(incident)
    assert set(found) == {CITY, TOWN}
    assert found[CITY]["reports"] == 2


def test_area_and_filters_choose(incident: Incident) -> None:
    report(incident, EAST_WARD, category="fire"), report(incident, TOWN, category="rescue")
    assert set(by_code(incident, area=f"{CITY},-")) == {EAST_WARD, NORTH_WARD}
    assert set(by_code(incident, municipality=TOWN)) == {TOWN}
    fires = by_code(incident, category="fire")
    assert (fires[EAST_WARD]["state"], fires[TOWN]["state"]) == ("reported", "none")
    # what a reader may not read is silence to them
    assert by_code(incident, "partner")[TOWN]["state"] == "reported"
    assert by_code(incident, "field")[TOWN]["state"] == "none"


def test_neighbours_stay_neighbours_and_are_as_fine_as_the_map(incident: Incident) -> None:
    """A common edge with many corners, at two scales."""
    zigzag = [(130.5 + (n % 2) / 3e4, 32 + n / 1e4) for n in range(1001)]
    for code, far in (("432024", 130.4), ("432032", 130.6)):
        ring = [*zigzag, (far, 32.1), (far, 32), zigzag[0]]
        shape = MultiPolygon(Polygon(ring), srid=4326)
        Municipality.objects.create(code=code, name=code, boundary=shape)

    def edges(bbox: str) -> list[set[tuple[float, float]]]:
        found = by_code(incident, bbox=bbox)
        rings = [found[code]["geometry"]["coordinates"][0][0] for code in ("432024", "432032")]
        return [{tuple(at) for at in ring if 130.45 < at[0] < 130.55} for ring in rings]

    near, far = edges("130.49,32.01,130.51,32.02"), edges("130,31.5,131,32.5")
    assert near[0] == near[1] and far[0] == far[1]
    assert len(near[0]) > 1000 and len(far[0]) < 120


def test_too_many_are_refused(incident: Incident, settings: Any) -> None:
    settings.LIMIT_COVERAGE_MUNICIPALITIES = 2
    with pytest.raises(Problem) as refused:
        outlines(incident, "hq", {})
    assert (refused.value.status, refused.value.field) == (422, "bbox")
    assert len(outlines(incident, "hq", {"municipality": CITY})["municipalities"]) == 2


@pytest.mark.parametrize(
    ("filters", "field"),
    [({"bbox": "1,2"}, "bbox"), ({"area": "99"}, "area"), ({"status": "gone"}, "status")],
)
def test_a_bad_filter_of_outlines_is_named(
    incident: Incident, filters: dict[str, str], field: str
) -> None:
    with pytest.raises(Problem) as refused:
        outlines(incident, "hq", filters)
    assert refused.value.field == field


def test_an_outline_that_is_smaller_than_a_pixel_is_still_listed(incident: Incident) -> None:
    outline("432024", 130.5001, 32.5001, 0.0003)
    found = by_code(incident)["432024"]
    assert (found["geometry"], found["state"]) == (None, "none")
    assert found["at"] == pytest.approx([130.50025, 32.50025], abs=1e-3)


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "ANEW_S", 1_000_000_000_000)


@pytest.mark.django_db(transaction=True)
def test_outlines_over_http(server: str, one_minute: None, monkeypatch: Any) -> None:
    lists = Lists(server)
    outline(TOWN, 130.7, 32.75)
    lists.make()

    def ask(audience: str = "hq", tag: str = "", **more: str) -> httpx.Response:
        headers = builders.bearer(lists.tokens[audience])
        headers |= {"If-None-Match": tag} if tag else {}
        url = f"{server}/api/v1/incidents/{lists.incident.slug}/coverage"
        return httpx.get(url, params={"by": "municipality", **more}, headers=headers)

    first = ask()
    assert (first.status_code, ask("field").status_code) == (200, 403)
    assert len(first.json()["municipalities"]) == 1
    wrong = ask(by="prefecture")
    assert (wrong.status_code, wrong.json()["field"]) == (422, "by")
    # nothing new: nothing is counted and nothing is sent
    tag = first.headers["ETag"]
    assert (ask(tag=tag).status_code, ask(tag=tag).content) == (304, b"")
    assert ask("partner", tag=tag).status_code == 200
    assert ask(tag=tag, severity="minor").status_code == 200
    outline(CITY, 130.5, 32.75)
    assert len(ask(tag=tag).json()["municipalities"]) == 2
    tag = ask().headers["ETag"]
    moved = MultiPolygon(Polygon.from_bbox((130.5, 32.7, 130.6, 32.8)), srid=4326)
    Municipality.objects.filter(code=CITY).update(boundary=moved)
    assert ask(tag=tag).status_code == 304
    # a minute later
    monkeypatch.setattr(numbers, "ANEW_S", 1_000_000_000)
    assert ask(tag=tag).json()["municipalities"] != first.json()["municipalities"]
    tag = ask().headers["ETag"]
    lists.make()
    assert ask(tag=tag).status_code == 200
    # what the clock changes has no tag
    assert "ETag" not in ask(recent="1").headers


@pytest.mark.django_db(transaction=True)
def test_desks_share_a_count_and_none_misses_what_it_knows_of(
    monkeypatch: pytest.MonkeyPatch, one_minute: None
) -> None:
    monkeypatch.setattr(numbers, "counted", ShortCache(most=1 << 20, seconds=60))
    outline(TOWN, 130.7, 32.75)
    incident = builders.make_incident()
    token = builders.api_token(builders.headquarters(incident), "operator")
    counted = 0

    def ask(**more: Any) -> Any:
        nonlocal counted
        url = f"/api/v1/incidents/{incident.slug}/coverage"
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get(
                url, {"by": "municipality", **more}, headers=builders.bearer(token)
            )
        sql = "SELECT r.municipality_code, count(*)"
        counted += sum(sql in query["sql"] for query in asked.captured_queries)
        return answer

    def total(answer: Any) -> int:
        return sum(answer.json()["reports"].values())

    builders.make_report(incident)
    known = feed.head(incident.id)
    first = ask(v=known, bbox=VIEW)
    assert (total(first), counted) == (1, 1)
    # another part of the map
    assert (total(ask(v=known, bbox="130.7,32.7,130.9,32.9")), counted) == (1, 1)
    builders.make_report(incident)
    late = ask(v=known, bbox=VIEW)
    assert (total(late), counted, late["ETag"]) == (1, 1, first["ETag"])
    fresh = ask(v=feed.head(incident.id), bbox=VIEW)
    assert (total(fresh), counted) == (2, 2) and fresh["ETag"] != first["ETag"]
    assert (total(ask(category="gas")), counted) == (0, 3)
    # of a person, or of the clock: each anew
    for _ in range(2):
        assert total(ask(unseen="1")) == total(ask(recent="1")) == 2
    assert counted == 7


def test_the_built_in_outlines_are_no_great_answer(db: None) -> None:
    call_command("load_places", verbosity=0)
    found = outlines(builders.make_incident(), "hq", {"bbox": "130.4,32.4,131.2,33.1"})
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    size = len(gzip.compress(text.encode()))
    print(len(found["municipalities"]), len(text), size)
    assert len(found["municipalities"]) > 20
    assert size < 32_000
    whole = [one for one in found["municipalities"] if one["geometry"]]
    assert all(GEOSGeometry(json.dumps(one["geometry"])).area > 0 for one in whole)
    assert {CITY} & {one["code"] for one in found["municipalities"]} == set()
    assert Municipality.objects.get(code=CITY).boundary.contains(Point(130.71, 32.8, srid=4326))
