"""`/` and `/i/<incident>/`: only what was released, nearest and open first, without scripts."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from gspace.models import Municipality, Place
from reports.actions import report_change
from reports.payload import HqEdit
from tests import builders
from tests.layer_builders import published_layer, spot

pytestmark = pytest.mark.django_db
DEMO = {
    "ja": "デモ（2016年の再現）— 現在の情報ではありません",
    "en": "Demo (re-enactment of 2016) - not current",
}


@pytest.fixture
def incident():
    return builders.make_incident("quake", hazard="earthquake")


def text_of(url: str, language: str = "en", client: Client | None = None) -> str:
    """Readable text of a page: no tags, no scripts."""
    answer = (client or Client()).get(url, HTTP_ACCEPT_LANGUAGE=language)
    assert answer.status_code == 200
    page = re.sub(r"<script.*?</script>", "", answer.content.decode(), flags=re.S)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def release(incident, ident, **more) -> None:
    edit = HqEdit(status="verified", release="public", **more)
    report_change(report_id=ident, seen=1, by=builders.operator(incident), edit=edit)


# --- reports -------------------------------------------------------------------------------
def test_nothing_is_public_before_headquarters_released_it(incident) -> None:
    builders.make_report(incident, comment="秘密の言葉")
    page = text_of("/i/quake/")
    assert "No report has been released yet" in page
    assert "秘密の言葉" not in page and "Road (impassable)" not in page


def test_a_released_report_shows_headquarters_words_only(incident) -> None:
    ident = builders.make_report(incident, comment="山田さん宅の前")
    release(incident, ident, public_text="The road is blocked.")
    page = text_of("/i/quake/")
    assert "The road is blocked." in page and "Road (impassable)" in page
    assert "山田" not in page


def test_staff_see_no_more_here_than_the_public(incident) -> None:
    builders.make_report(incident, comment="内部")
    client = Client()
    client.force_login(builders.make_user(builders.headquarters(incident)))
    assert "No report has been released yet" in text_of("/i/quake/", client=client)


def test_all_reports_can_be_paged_through(incident) -> None:
    by = builders.device(incident)[0]
    for n in range(53):
        release(incident, builders.make_report(incident, by), public_text=f"number {n} end")
    first = Client().get("/i/quake/?list=reports", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    further = re.search(r'href="(\?list=reports[^"]*cursor=[^"]+)"', first)
    assert further
    second = text_of("/i/quake/" + html.unescape(further[1]))
    shown = re.findall(r"number \d+ end", first + second)
    assert len(shown) == len(set(shown)) == 53


# --- places --------------------------------------------------------------------------------
def order_of(page: str, *names: str) -> list[str]:
    return sorted(names, key=page.index)


def test_open_places_come_first_then_the_nearer(incident) -> None:
    published_layer(
        incident,
        [
            spot("shut", 130.70, name="Shut", state={"operation": "closed"}),
            spot("far", 130.80, name="Far", state={"operation": "open"}),
            spot("near", 130.71, name="Near", state={"operation": "open"}),
            spot("silent", 130.70, name="Silent"),
        ],
    )
    page = text_of("/i/quake/?near=130.70,32.79")
    assert order_of(page, "Shut", "Far", "Near", "Silent") == ["Near", "Far", "Silent", "Shut"]
    assert "state not reported" in page and "940 m" in page


def test_every_place_says_who_said_it_and_when(incident) -> None:
    state = {"operation": "open", "checked_at": "2016-04-16T14:05:00+09:00"}
    published_layer(incident, [spot("a", state=state)], source_name="Town office")
    page = text_of("/i/quake/")
    assert "Checked Sat 16 Apr 2016, 14:05" in page and "Town office" in page


def test_an_evacuation_site_not_meant_for_this_hazard_is_not_offered(incident) -> None:
    flags = [("Fit", True), ("Unfit", False), ("Unknown", None)]
    spots = [spot(n, name=n, hazards={"earthquake": on, "flood": True}) for n, on in flags]
    published_layer(incident, spots, kind="evacuation_site")
    page = text_of("/i/quake/")
    assert "Fit" in page and "Unfit" not in page and "Unknown" not in page


def test_layers_of_staff_and_of_other_incidents_stay_out(incident) -> None:
    published_layer(incident, [spot("x", name="Inner place")], audience="hq")
    published_layer(builders.make_incident("other"), [spot("y", name="Other place")])
    page = text_of("/i/quake/")
    assert "Inner place" not in page and "Other place" not in page


def test_nothing_is_cut_silently(incident) -> None:
    published_layer(incident, [spot(n, name=f"Place {n:02d}") for n in range(45)])
    assert "All 45" in text_of("/i/quake/")
    pages = [text_of(f"/i/quake/?kind=shelter&page={n}") for n in (1, 2)]
    assert len(set(re.findall(r"Place \d\d", " ".join(pages)))) == 45


def test_a_typed_place_sorts_the_list_and_a_wrong_one_is_told(incident) -> None:
    Place.objects.create(name="立野", name_en="Tateno", location="SRID=4326;POINT(130.97 32.88)")
    published_layer(incident, [spot("a", 130.70, name="West"), spot("b", 130.97, name="East")])
    page = text_of("/i/quake/?place=tateno")
    assert order_of(page, "West", "East") == ["East", "West"]
    assert "Distances from Tateno." in page
    assert "“nowhere” was not found" in text_of("/i/quake/?place=nowhere")


def test_a_municipality_is_found_by_its_name(incident) -> None:
    at = "SRID=4326;POINT(130.97 32.88)"
    Municipality.objects.create(code="434434", name="益城町", name_en="Mashiki", location=at)
    published_layer(incident, [spot("a", 130.70, name="West"), spot("b", 130.97, name="East")])
    page = text_of("/i/quake/?place=益城")
    assert order_of(page, "West", "East") == ["East", "West"]
    assert "Distances from Mashiki." in page


@pytest.mark.parametrize("query", ["near=a,b", "near=999,1", "near=NaN,1", "page=0", "page=x"])
def test_nonsense_in_the_address_is_no_error(incident, query: str) -> None:
    text_of(f"/i/quake/?{query}")


def test_the_page_without_its_map_is_small(incident) -> None:
    kinds = ["shelter", "water", "bath", "wifi", "charging", "fuel", "food", "toilet"]
    for kind in kinds:
        spots = [spot(n, name="とても長い名前の施設" * 2, address="住所" * 12) for n in range(9)]
        published_layer(incident, spots, kind=kind)
    by = builders.device(incident)[0]
    for _ in range(20):
        release(incident, builders.make_report(incident, by), public_text="道路の説明" * 8)
    assert len(Client().get("/i/quake/").content) < 50_000


# --- notices, front page, refusals ---------------------------------------------------------
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_of_a_demo_says_so(language: str) -> None:
    incident = builders.make_incident("demo", demo=True)
    client = Client()
    client.force_login(builders.make_user(builders.headquarters(incident)))
    for url in ("/", "/i/demo/", "/i/demo/?kind=water", "/i/demo/?list=reports", "/m/form/"):
        assert DEMO[language] in text_of(url, language, client), url


def test_a_drill_says_so() -> None:
    builders.make_incident("practice", state="drill")
    assert "Drill - this is not a real emergency" in text_of("/i/practice/")


def test_the_front_page_lists_incidents_and_counts_what_is_released(incident) -> None:
    release(incident, builders.make_report(incident))
    builders.make_report(incident)
    builders.make_incident("old", state="closed")
    page = text_of("/")
    assert "1 released report " in page and "0 released reports" in page
    assert order_of(page, "quake", "old") == ["quake", "old"]
    assert "Headquarters desk" not in page


def test_the_desk_is_offered_to_staff_only(incident) -> None:
    client = Client()
    client.force_login(builders.make_user(builders.headquarters(incident)))
    assert "Headquarters desk" in text_of("/", client=client)


def test_unknown_things_are_a_page_and_not_a_traceback(incident) -> None:
    for url in ("/i/nowhere/", "/i/quake/?kind=dragons", "/nothing/"):
        answer = Client().get(url, HTTP_ACCEPT_LANGUAGE="en")
        assert answer.status_code == 404
        assert b"To the incidents" in answer.content


def test_the_language_can_be_switched(incident) -> None:
    client = Client()
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/i/quake/"})
    assert answer["Location"] == "/i/quake/"
    assert '<html lang="en">' in client.get("/i/quake/").content.decode()
