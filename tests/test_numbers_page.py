"""The page of numbers: each figure opens exactly its reports, says what it counts, and prints."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.gis.geos import Point
from django.http import QueryDict
from django.test import Client
from django.utils import timezone, translation

from frontend import export_form
from frontend.crews import crews
from frontend.number_bars import chart
from frontend.number_figures import context, lasted
from gspace.models import Device, Incident, Municipality, Place
from reports.counts import counts
from reports.numbers import numbers
from tests import builders
from tests.test_numbers import some

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<a[^>]*href="([^"]*)"[^>]*data-figure="([^"]*)"[^>]*>([\d,]+)</a>')


@pytest.fixture
def incident() -> Incident:
    Municipality.objects.create(code="431001", name="熊本市", name_en="Kumamoto")
    incident = builders.make_incident("quake")
    some(incident, 200, seed=5)
    return incident


def client(incident: Incident) -> Client:
    found = Client()
    found.force_login(builders.make_user(builders.headquarters(incident)))
    return found


def opened(incident: Incident, href: str) -> int:
    """How many reports the desk shows at this address, as its list's filters say."""
    query = QueryDict(f"desk=1&{urlsplit(html.unescape(href)).query}")
    filters = export_form.asked(query, incident, []).filters
    return int(counts(incident, "hq", filters)["total"])


@pytest.mark.parametrize(
    "query", ["", "severity=critical,serious", "needs_place=1",
              "status=rejected,received&exclude_category=fire",
              "desk=1&hide_category=fire&hide_status=rejected,duplicate,withdrawn",
              "since=2016-04-15T00:20&until=2016-04-15T14:10", "municipality=431001",
              "area=43100", "municipality=431010,434434&area=431001,-", "due=soon&urgent=1",
              "outside=130,32,131,33&waiting=0"],
)  # fmt: skip
def test_each_figure_opens_its_reports(incident: Incident, query: str) -> None:
    page = client(incident).get(f"/hq/quake/numbers/?{query}").content.decode()
    figures = FIGURE.findall(page)
    names = {name.split("/")[0] for _, name, _ in figures}
    assert names >= {"received", "total", "open", "category", "severity", "status", "hours",
                     "municipality", "waiting"}  # fmt: skip
    assert not plain_numbers(page)
    wrong = {
        name: (shown, opened(incident, href))
        for href, name, shown in figures
        if int(shown) != opened(incident, href)
    }
    assert not wrong


def plain_numbers(page: str) -> list[str]:
    """Cells of the tables of reports (squares and phones come after them) that open nothing."""
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page.split('id="silence"')[0], re.S)
    assert len(cells) > 100
    return [c for c in cells if re.fullmatch(r"(<span[^>]*>)?[1-9][\d,]*(</span>)?", c.strip())]


def test_what_has_no_municipality_and_no_place_opens_too(incident: Incident) -> None:
    answer = client(incident).get("/hq/quake/numbers/", headers={"accept-language": "en"})
    placeless = r'href="([^"]*)" data-figure="placeless">(\d+) of them without a place</a>'
    ((href, shown),) = re.findall(placeless, answer.content.decode())
    assert int(shown) == opened(incident, href) > 0


@pytest.mark.parametrize(
    ("done", "unmeasured", "said"),
    [(0, 0, ""), (0, 3, "0 %"), (1, 999, "1 %"), (3, 1, "75 %"), (999, 1, "99 %"), (5, 0, "100 %")],
)
def test_of_how_many_the_time_is_known(done: int, unmeasured: int, said: str) -> None:
    stage = {"to": "verified", "done": done, "unmeasured": unmeasured, "waiting": 7,
             "median_s": None, "p90_s": None}  # fmt: skip
    told = numbers(builders.make_incident("still"), "hq", {}) | {"response": [stage]}
    assert context(told, lambda **_: "#")["stages"][0]["known"] == said


def test_bars_open_their_reports_too(incident: Incident) -> None:
    page = client(incident).get("/hq/quake/numbers/").content.decode()
    bars = re.findall(r'<a href="([^"]*)" tabindex="-1" aria-label="[^"]*: (\d+)">', page)
    assert len(bars) > 5
    assert all(opened(incident, href) == int(shown) for href, shown in bars)


def test_the_definitions_stand_beside_the_figures(incident: Incident) -> None:
    with translation.override("en"):
        page = client(incident).get("/hq/quake/numbers/", headers={"accept-language": "en"})
    words = html.unescape(page.content.decode())
    assert "Without reports merged into others" in words
    assert "not by the time of what they show" in words
    assert words.count('class="means"') >= 12


def test_the_part_that_is_read_again_is_the_numbers_alone(incident: Incident) -> None:
    part = client(incident).get("/hq/quake/numbers/?part=body").content.decode()
    assert "<html" not in part
    assert 'data-figure="total"' in part


def test_nothing_has_come_in_yet() -> None:
    empty = builders.make_incident("calm")
    page = client(empty).get("/hq/calm/numbers/")
    assert page.status_code == 200
    assert b"<svg viewBox" not in page.content.split(b'id="h-heat"')[0].split(b'id="h-hours"')[1]


def test_a_bad_filter_is_said(incident: Incident) -> None:
    assert client(incident).get("/hq/quake/numbers/?category=volcano").status_code == 422


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, ""), (0, "0 s"), (89, "89 s"), (90, "2 min"), (3_000, "50 min"),
     (11_100, "3 h 05 min"), (187_200, "2 d 4 h")],
)  # fmt: skip
def test_how_long_is_said_as_fine_as_it_is_useful(seconds: float | None, said: str) -> None:
    with translation.override("en"):
        assert lasted(seconds) == said


def test_a_bar_is_as_high_as_it_counts() -> None:
    items: list[dict[str, Any]] = [
        {"since": f"2016-04-14T{h:02}:00:00+00:00", "until": f"2016-04-14T{h + 1:02}:00:00+00:00",
         "total": n, "severity": {"critical": n, "minor": 0}}
        for h, n in ((12, 10), (13, 0), (14, 5))
    ]  # fmt: skip
    told = {"items": items, "step_s": 3600, "time_zone": "Asia/Tokyo"}
    made = chart(told, lambda **_: "#")
    assert made is not None
    heights = [sum(piece.height for piece in column.pieces) for column in made.columns]
    assert heights == [made.base - made.ceiling, 0, (made.base - made.ceiling) / 2]
    assert made.columns[0].said.endswith("21:00–22:00"), "in the incident's zone"
    assert made.busiest is made.columns[0]


NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def phone(incident: Incident, minutes: float | None, **more: Any) -> Device:
    seen = NOW - timedelta(minutes=minutes) if minutes is not None else None
    return Device.objects.create(
        organisation=builders.headquarters(incident), token_hash=str(next(builders.count)),
        label=f"crew {minutes}", **{"last_seen_at": seen, "unsent": None} | more,
    )  # fmt: skip


def test_crews_by_their_last_contact() -> None:
    incident = builders.make_incident()
    for minutes in (3, 15, 16, 60, 61, 1_500, None):
        phone(incident, minutes)
    phone(incident, 70, audience="volunteer")
    phone(incident, 70, revoked_at=NOW)
    found = crews({builders.headquarters(incident).id}, NOW)
    assert [(crew.row.device.label, crew.state) for crew in found] == [
        ("crew 61", "silent"), ("crew 60", "quiet"), ("crew 16", "quiet"), ("crew 15", "heard"),
        ("crew 3", "heard"), ("crew None", "away"), ("crew 1500", "away"),
    ]  # fmt: skip


def test_whose_towns_they_are_stands_beside_the_heading(incident: Incident) -> None:
    Municipality.objects.create(code="434434", name="益城町", name_en="Mashiki")
    desk = client(incident)

    def beside(query: str) -> str:
        page = desk.get(f"/hq/quake/numbers/{query}", headers={"accept-language": "en"})
        return re.findall(r'id="h-silence">[^<]*<span[^>]*>([^<]*)<', page.content.decode())[0]

    assert beside("") == "all known towns"
    headquarters = builders.headquarters(incident)
    headquarters.municipality_code = "431001"
    headquarters.save()
    assert beside("") == "Kumamoto", "even where the numbers are of the whole incident"
    assert beside("?area=434434") == beside("?municipality=434434") == "Mashiki"


def test_silent_towns_and_crews_stand_on_the_page(incident: Incident) -> None:
    ward = Municipality.objects.get(code="431001")
    Place.objects.create(name="静町", municipality=ward, location=Point(130.5, 32.5))
    Place.objects.create(name="告町", municipality=ward, location=Point(130.7, 32.8))
    Device.objects.create(
        organisation=builders.headquarters(incident), token_hash="x", label="東1班",
        last_seen_at=timezone.now() - timedelta(hours=2), unsent=4,
    )  # fmt: skip
    page = client(incident).get("/hq/quake/numbers/", headers={"accept-language": "ja"})
    words = page.content.decode()
    silent = re.findall(r'<details id="silent-431001".*?</details>', words, re.S)[0]
    assert "静町" in silent and "告町" not in silent
    assert "map=14/32.50417/130.50625" in silent and "coverage=1" in silent
    crew = re.findall(r'<tr class="is-silent">.*?</tr>', words, re.S)[0]
    assert "東1班" in crew and ">4" in crew
