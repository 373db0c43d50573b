"""`/` and `/i/<incident>/`: only what was released, nearest and open first, without scripts."""

from __future__ import annotations

import html
import re
import time
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gspace import vocabulary
from gspace.models import Municipality, Place
from layers import actions
from layers.models import MapLink
from reports.actions import report_change
from reports.payload import HqEdit
from tests import builders
from tests.layer_builders import TEN, published_layer, spot

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
            spot("far", 130.80, name="Minami", state={"operation": "open"}),
            spot("near", 130.71, name="Kita", state={"operation": "open"}),
            spot("silent", 130.70, name="Silent"),
        ],
    )
    page = text_of("/i/quake/?near=130.70,32.79")
    assert order_of(page, "Shut", "Minami", "Kita", "Silent") == [
        "Kita",
        "Minami",
        "Silent",
        "Shut",
    ]
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


@pytest.mark.parametrize(
    "query", ["near=a,b", "near=999,1", "near=NaN,1", "page=0", "page=x", "page=" + "9" * 5000]
)
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


# --- the menu ------------------------------------------------------------------------------
def test_the_menu_has_every_kind_with_its_counts_and_its_newest_word(incident) -> None:
    checked = {"operation": "open", "checked_at": "2016-04-16T21:05:00+09:00"}
    states = [checked, {"operation": "open"}, {"operation": "closed"}, None]
    published_layer(incident, [spot(n, state=s) for n, s in enumerate(states)])
    published_layer(incident, [spot("w")], kind="wifi")
    published_layer(incident, [spot("r")], kind="road_closure")
    menu = text_of("/i/quake/").partition("Print a list")[0]
    assert "Shelter 2 open of 4 Sat 16 Apr 2016, 21:05" in menu
    assert "Wi-Fi 0 open of 1" in menu and "Road restriction 1 places" in menu


def test_a_public_layer_of_any_kind_shows_at_once(incident) -> None:
    for kind in vocabulary.codes("layer_kind"):
        flags = {"hazards": {"earthquake": True}, "may_be_offered": True}
        published_layer(incident, [spot("x", name=f"The {kind} place", **flags)], kind=kind)
    page = Client().get("/i/quake/").content.decode()
    for kind in vocabulary.codes("layer_kind"):
        assert f'href="?kind={kind}"' in page, kind
        assert f"The {kind} place" in text_of(f"/i/quake/?kind={kind}")


def test_the_list_follows_every_change_although_it_is_kept(incident) -> None:
    layer, by = published_layer(incident, [spot("a", name="School", state={"operation": "open"})])
    assert "1 open of 1" in text_of("/i/quake/")
    actions.state_set(layer=layer, feature_id="a", values={"operation": "closed"},
                      source_as_of=None, by=by)  # fmt: skip
    assert "0 open of 1" in text_of("/i/quake/")
    actions.layer_change(layer=layer, by=by, source_name="Another office")
    assert "Another office" in text_of("/i/quake/")
    actions.layer_withdraw(layer=layer, by=by)
    assert "School" not in text_of("/i/quake/")


@pytest.mark.django_db(transaction=True)
def test_hours_that_have_passed_are_no_open_place_and_the_kept_list_follows(incident) -> None:
    layer, by = published_layer(
        incident,
        [
            spot("near", 130.75, name="Kita", state={"operation": "closed"}),
            spot("far", 130.79, name="Minami", state={"operation": "open"}),
        ],
    )
    now = timezone.now()
    ends = now + timedelta(seconds=3)
    actions.state_set(
        layer=layer, feature_id="near", values={"operation": "open", "valid_until": ends},
        source_as_of=now, by=by,
    )  # fmt: skip
    url = "/i/quake/?near=130.74,32.79"
    names = ("Kita", "Minami")
    assert order_of(text_of(url), *names) == ["Kita", "Minami"]
    time.sleep(max(0.0, (ends - timezone.now()).total_seconds()) + 0.1)
    assert order_of(text_of(url), *names) == ["Minami", "Kita"]


def test_sources_at_odds_are_told(incident) -> None:
    layer, by = published_layer(incident, [spot("a", state={"operation": "open"})])
    actions.state_set(layer=layer, feature_id="a", values={"operation": "closed"},
                      source_as_of=TEN, by=by)  # fmt: skip
    assert "sources disagree" in text_of("/i/quake/")


def test_the_list_alone_is_what_the_page_reads_again(incident) -> None:
    published_layer(incident, [spot(n, name=f"Place {n}") for n in range(3)])
    part = Client().get("/i/quake/list/?kind=shelter", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Place 2" in part and "<html" not in part and "<form" not in part
    assert (
        part.strip()
        in Client().get("/i/quake/?kind=shelter", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    )


def test_hours_are_words_in_lists_files_and_feeds(incident) -> None:
    spans = [{"date": "2016-04-17", "open": "10:00", "close": "20:00"}]
    spots = [
        spot("a", state={"operation": "running", "hours": spans}),
        spot("b", state={"operation": "running", "hours": "朝から夕方まで"}),
    ]
    layer, _ = published_layer(incident, spots, kind="bath")
    for query in ("", "?signage=1", "?kind=bath"):
        page = text_of(f"/i/quake/{query}")
        assert "4/17 10:00–20:00" in page and "朝から夕方まで" in page
    feed = Client().get(f"/i/quake/layers/{layer.slug}.atom").content.decode()
    assert "2016-04-17 10:00-20:00" in feed and "朝から夕方まで" in feed


# --- maps of others, videos ----------------------------------------------------------------
def link(incident, **more) -> MapLink:
    organisation = builders.make_organisation()
    given = {"title": "停電マップ", "url": "https://power.example.jp/map", "kind": "other", **more}
    return MapLink.objects.create(
        id=uuid.uuid4(), publisher=organisation, incident=incident, **given
    )


def test_links_to_maps_of_others_are_tiles(incident) -> None:
    link(incident, title_en="Power cuts", note="九州電力送配電")
    link(None, title="全国の地図", url="https://all.example.jp/")
    link(builders.make_incident("other"), title="よその地図")
    link(incident, title="古い地図", withdrawn_at=builders.NOON)
    page = Client().get("/i/quake/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Power cuts" in page and "power.example.jp" in page and "九州電力送配電" in page
    assert 'href="https://all.example.jp/" rel="noopener noreferrer"' in page
    assert "よその地図" not in page and "古い地図" not in page


def test_a_tile_never_runs_a_script(incident) -> None:
    link(incident, url="javascript:alert(1)", title="Evil")
    assert "Evil" not in text_of("/i/quake/")


def test_many_tiles_are_behind_one(incident) -> None:
    for number in range(11):
        link(incident, title=f"Map {number:02d}")
    page = text_of("/i/quake/")
    assert len(re.findall(r"Map \d\d", page)) == 8 and "All 11" in page
    assert len(re.findall(r"Map \d\d", text_of("/i/quake/?list=links"))) == 11


def test_a_video_is_a_link_that_says_where_it_leads(incident) -> None:
    spots = [
        spot("a", name="River", url="https://video.example.jp/1?a=b&c=d"),
        spot("b", name="Evil", url="javascript://x/%0aalert(1)"),
    ]
    published_layer(incident, spots, kind="video")
    page = Client().get("/i/quake/?kind=video", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert 'href="https://video.example.jp/1?a=b&amp;c=d"' in page
    assert "(video.example.jp)" in page and "javascript:" not in page


# --- a town from a list --------------------------------------------------------------------
def test_a_town_is_picked_without_a_keyboard(incident) -> None:
    at = "SRID=4326;POINT(130.97 32.88)"
    code = "434434"
    mashiki = Municipality.objects.create(code=code, name="益城町", name_en="Mashiki", location=at)
    Place.objects.create(name="木山", name_en="Kiyama", municipality=mashiki, location=at)
    published_layer(incident, [spot("a", 130.70, name="West"), spot("b", 130.97, name="East")])
    follow = lambda path, words: re.search(  # noqa: E731
        rf'href="([^"]+)">{words}<', Client().get(path, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    )
    first = follow("/i/quake/towns/?kind=shelter", "Mashiki")
    assert first
    second = follow("/i/quake/towns/" + html.unescape(first[1]), "Kiyama")
    assert second
    page = text_of(html.unescape(second[1]))
    assert "Distances from Kiyama." in page and order_of(page, "West", "East") == ["East", "West"]
    assert "Back to everything" in page


# --- size ----------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["ja", "en", "ja-simple"])
def test_the_first_page_of_the_worst_incident_is_small(incident, language: str) -> None:
    """Every kind, every text as long as it may be, tiles, reports: under 50 kB uncompressed."""
    long = {"name": "長い名前" * 70, "name_en": "Long name " * 29, "address": "住所" * 140,
            "hazards": {"earthquake": True}, "may_be_offered": True,
            "url": "https://video.example.jp/" + "x" * 300}  # fmt: skip
    for kind in vocabulary.codes("layer_kind"):
        field = next(iter(vocabulary.STATES.get(kind, {})), "")
        codes = {"traffic": "closed", "operation": "running"}
        if vocabulary.STATES.get(kind, {}).get(field) == "shelter_operation":
            codes["operation"] = "open"
        state = {field: codes[field]} if field else {}
        state |= {"note": "備考" * 300, "hours": "時間" * 200}
        published_layer(
            incident, [spot(n, state=state, **long) for n in range(6)], kind=kind,
            source_name="出典" * 90,
        )  # fmt: skip
    for number in range(12):
        link(incident, title="地図" * 60, note="説明" * 100, url=f"https://{number}.example.jp/")
    by = builders.device(incident)[0]
    for _ in range(12):
        release(incident, builders.make_report(incident, by), public_text="道路の説明" * 100)
    page = Client().get("/i/quake/?near=130.7,32.7", HTTP_ACCEPT_LANGUAGE=language)
    assert len(page.content) < 50_000, len(page.content)
