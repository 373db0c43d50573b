"""`/hq/<incident>/facilities/`: a sheet for each facility, whose QR code opens its form."""

from __future__ import annotations

import re
from typing import Any

import pytest
import segno
from django.test import Client

from gspace.models import Incident
from tests import builders
from tests.layer_builders import published_layer, spot

pytestmark = pytest.mark.django_db
PAGE = "/hq/quake/facilities/"


@pytest.fixture
def incident() -> Incident:
    """Shelters, a standing water layer, roads nobody visits, and another incident's shelters."""
    found = builders.make_incident("quake")
    shelters = [
        spot("a", name="東小学校", name_en="Higashi School"),
        spot("b/3 号", name="西体育館"),
    ]
    published_layer(found, [spot("w", name="給水車")], kind="water", slug="water")
    published_layer(None, [spot("s", name="常設")], kind="medical", slug="standing")
    published_layer(found, shelters, slug="shelters")
    published_layer(found, [spot("r", name="国道")], kind="road_closure", slug="roads")
    published_layer(builders.make_incident(), [spot("x", name="よその学校")], slug="theirs")
    return found


def desk(incident: Incident, role: str = "operator", language: str = "en", **more: Any) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE=language, **more)
    client.force_login(builders.make_user(builders.headquarters(incident), role))
    return client


def names(page: str) -> list[str]:
    return re.findall(r'name="place" value="([^"]+)"', page)


def sheets(client: Client, **form: Any) -> str:
    answer = client.post(PAGE, form)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_the_list_has_what_people_visit_shelters_first(incident: Incident) -> None:
    page = desk(incident).get(PAGE).content.decode()
    assert names(page) == ["shelters/a", "shelters/b/3 号", "water/w", "standing/s"]
    assert "Higashi School" in page and "国道" not in page and "よその学校" not in page


def test_the_list_can_be_narrowed(incident: Incident) -> None:
    client = desk(incident)
    found = {
        "?kind=water": ["water/w"],
        "?kind=road_closure": ["shelters/a", "shelters/b/3 号", "water/w", "standing/s"],
        "?q=higashi": ["shelters/a"],
        "?q=%25": [],
        "?q=体育館&kind=water": [],
    }
    assert {q: names(client.get(PAGE + q).content.decode()) for q in found} == found


def test_a_sheet_for_each_ticked_one(incident: Incident) -> None:
    page = sheets(desk(incident), place=["shelters/a", "shelters/b/3 号", "theirs/x", "none"])
    assert page.count("<article") == 2 and "style=" not in page
    link = "http://testserver/m/shelter/shelters/b%2F3%20%E5%8F%B7"
    drawn = segno.make(link, error="m", micro=False).svg_inline(border=4, light="#fff")
    assert drawn.split('d="')[-1].removesuffix('"/></svg>') in page
    assert link in page and "http://testserver/m/shelter/shelters/a" in page
    for words in (
        "東小学校",
        "Higashi School",
        "西体育館",
        "施設の状況を知らせる",
        "Tell how this",
    ):
        assert words in page


def test_the_link_on_a_sheet_opens_the_phones_form(incident: Incident) -> None:
    page = sheets(desk(incident), place=["shelters/b/3 号"])
    path = re.search(r"http://testserver(/m/shelter/[^<]+)<", page)
    assert path and Client().get(path[1]).status_code == 200


def test_all_that_are_shown_and_no_others(incident: Incident) -> None:
    client = desk(incident)
    assert sheets(client, all="1", kind="shelter").count("<article") == 2
    assert sheets(client, all="1", q="給水").count("<article") == 1


def test_nothing_ticked_is_told(incident: Incident) -> None:
    answer = desk(incident).post(PAGE, {"kind": "water"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Tick at least one" in page and names(page) == ["water/w"]


def test_long_lists_page(incident: Incident, settings: Any) -> None:
    settings.LIMIT_FACILITY_SHEETS = 3
    client = desk(incident)
    first = client.get(PAGE).content.decode()
    assert len(names(first)) == 3 and "3 / 4" in first and "page=2" in first
    second = client.get(f"{PAGE}?page=2").content.decode()
    assert names(second) == ["standing/s"] and "page=1" in second and "page=3" not in second
    assert sheets(client, all="1", page="2").count("<article") == 1
    every = names(first) + names(second)
    assert sheets(client, place=every).count("<article") == 3
    for odd in ("0", "-1", "x", "9" * 400, "٣"):
        assert client.get(PAGE, {"page": odd}).status_code == 200


def test_the_address_of_the_site_and_a_warning_without_one(
    incident: Incident, settings: Any
) -> None:
    assert "open on this computer only" not in sheets(desk(incident), place="water/w")
    settings.SITE_URL = "https://g.example.jp"
    assert "https://g.example.jp/m/shelter/water/w" in sheets(desk(incident), place="water/w")
    settings.SITE_URL = "http://127.0.0.1:8000"
    local = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_LANGUAGE="en")
    local.force_login(builders.make_user(builders.headquarters(incident)))
    assert "open on this computer only" in sheets(local, place="water/w")


def test_headquarters_only(incident: Incident) -> None:
    assert Client().get(PAGE).status_code == 302
    assert desk(incident, "partner").get(PAGE).status_code == 403
    assert desk(incident, "publisher").post(PAGE, {"all": "1"}).status_code == 403
    assert PAGE in desk(incident).get("/hq/quake/").content.decode()
    assert PAGE not in desk(incident, "partner").get("/hq/quake/").content.decode()
    assert desk(incident, enforce_csrf_checks=True).post(PAGE, {"all": "1"}).status_code == 403


def test_an_empty_incident_says_what_to_do(db: None) -> None:
    incident = builders.make_incident("quake")
    page = desk(incident).get(PAGE).content.decode()
    assert "No facility is published" in page and "<table" not in page
