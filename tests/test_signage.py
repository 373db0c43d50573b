"""The screen in a hall as it leaves the server: what is open, large, without anything to press."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from tests import builders
from tests.layer_builders import published_layer, spot

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident():
    return builders.make_incident("quake")


def raw(query: str = "", path: str = "/i/quake/") -> str:
    answer = Client().get(f"{path}?signage=1{query}", HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 200
    return answer.content.decode()


def text(query: str = "") -> str:
    page = re.sub(r"(?s)<(script|svg).*?</\1>", "", raw(query))
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_it_shows_what_is_open_and_not_what_is_closed(incident) -> None:
    states = {"Yes": "open", "Soon": "ordered", "No": "closed", "Maybe": "unknown"}
    published_layer(
        incident, [spot(n, name=f"{n} school", state={"operation": s}) for n, s in states.items()]
    )
    page = text()
    assert "Yes school" in page and "Soon school" in page
    assert "No school" not in page and "Maybe school" not in page
    assert "1 open of 4" in page


def test_a_kind_of_which_nothing_is_open_says_so(incident) -> None:
    published_layer(incident, [spot("a", name="Shut school", state={"operation": "closed"})])
    page = text()
    assert "None of these is known to be open now." in page and "Shut school" not in page


def test_every_place_says_who_said_it(incident) -> None:
    published_layer(incident, [spot("a", state={"operation": "open"})], source_name="Town office")
    assert "Town office ／ published by" in text() and "As of Sat 16 Apr 2016, 19:00" in text()


def test_nothing_is_cut_silently(incident) -> None:
    spots = [spot(n, name=f"Place {n:02d}", state={"operation": "open"}) for n in range(41)]
    published_layer(incident, spots)
    page = text()
    assert len(set(re.findall(r"Place \d\d", page))) == 30
    assert "The first 30 of 41 open ones. All of them are on your phone." in page


def test_nobody_can_press_anything_and_it_lives_without_scripts(incident) -> None:
    published_layer(incident)
    page = raw()
    for element in ("<a ", "<button", "<form", "<input", "<select"):
        assert element not in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert 'class="qr"' in page and "http://testserver/i/quake/" in page


def test_one_kind_alone_and_roads_only_when_asked(incident) -> None:
    published_layer(incident, [spot("s", name="School", state={"operation": "open"})])
    published_layer(
        incident, [spot("w", name="Well", state={"operation": "running"})], kind="water"
    )
    road = spot("r", name="Road", state={"traffic": "closed"})
    published_layer(incident, [road], kind="road_closure")
    assert "Road" not in text() and "Well" in text()
    assert "Well" in text("&kind=water") and "School" not in text("&kind=water")
    assert "Road" in text("&kind=road_closure")


def test_the_list_alone_is_what_the_screen_reads_again(incident) -> None:
    published_layer(incident, [spot("a", name="School", state={"operation": "open"})])
    part = raw(path="/i/quake/list/")
    assert "School" in part and "<html" not in part


@pytest.mark.parametrize("lang", ["ja", "en", "ja-simple"])
def test_the_address_names_the_language(incident, lang: str) -> None:
    page = raw(f"&lang={lang}")
    assert f'<html lang="{lang}"' in page


def test_a_demo_says_so_on_the_screen() -> None:
    builders.make_incident("quake", demo=True)
    assert "Demo (re-enactment of 2016) - not current" in text()
