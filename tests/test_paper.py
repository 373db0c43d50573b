"""The printed list: by district, only what is open and may be passed on, with age and number."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from frontend import paper
from gspace.models import Municipality
from layers import actions
from tests import builders
from tests.layer_builders import published_layer, spot

pytestmark = pytest.mark.django_db
NOW = datetime(2016, 4, 16, 12, 34, 56, tzinfo=UTC)
MASHIKI, KUMAMOTO, CHUO = "434434", "431001", "431010"
OPEN = {"operation": "open"}


@pytest.fixture
def incident():
    at = "SRID=4326;POINT(130.82 32.79)"
    for code, name, english in (
        (MASHIKI, "益城町", "Mashiki"),
        (KUMAMOTO, "熊本市", "Kumamoto"),
        (CHUO, "中央区", "Chuo"),
    ):
        Municipality.objects.create(code=code, name=name, name_en=english, location=at)
    return builders.make_incident("quake")


def place(name: str, code: str = MASHIKI, **more: Any) -> dict[str, Any]:
    return spot(name, name=name, municipality_code=code, **({"state": OPEN} | more))


def page(query: str = "", language: str = "en") -> str:
    answer = Client().get(f"/i/quake/paper/{query}", HTTP_ACCEPT_LANGUAGE=language)
    assert answer.status_code == 200
    text = re.sub(r"(?s)<(script|svg).*?</\1>", "", answer.content.decode())
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def one(incident, code: str = MASHIKI, kinds: Any = paper.KINDS, now: datetime = NOW) -> Any:
    return paper.sheets(incident, [code], kinds, now)[0]


def names(sheet: Any) -> list[str]:
    return [row["name"] for _, rows in sheet.groups for row in rows]


def test_only_what_is_known_to_be_open_is_printed(incident) -> None:
    states = {
        "Open": OPEN, "Full": OPEN | {"congestion": "full"}, "Shut": {"operation": "closed"},
        "Ordered": {"operation": "ordered"}, "Unsure": {"operation": "unknown"}, "Silent": {},
    }  # fmt: skip
    published_layer(incident, [place(n, state=s) for n, s in states.items()], reuse=True)
    assert names(one(incident)) == ["Full", "Open"]
    assert "Full" in page(f"?municipality={MASHIKI}")


def test_only_what_may_be_passed_on_is_printed_and_the_rest_is_counted(incident) -> None:
    for number, reuse in enumerate((True, False, None)):
        published_layer(incident, [place(f"P{number}")], reuse=reuse)
    sheet = one(incident)
    assert names(sheet) == ["P0"] and sheet.left_out == 2
    assert "2 more open places are left out" in page(f"?municipality={MASHIKI}")


def test_sources_at_odds_and_words_that_have_ended_are_no_knowledge(incident) -> None:
    layer, by = published_layer(
        incident, [place("A"), place("B"), place("C")], reuse=True, kind="water"
    )
    for ident, values in (
        ("A", {"operation": "running"}),
        ("B", {"operation": "running", "valid_until": NOW - timedelta(hours=1)}),
    ):
        actions.state_set(layer=layer, feature_id=ident, values=values, source_as_of=NOW, by=by)
    assert names(one(incident)) == ["A"]


def test_a_district_has_its_own_and_a_city_its_wards(incident) -> None:
    spots = [place("M"), place("K", KUMAMOTO), place("W", CHUO), place("?", "")]
    published_layer(incident, spots, reuse=True)
    assert names(one(incident)) == ["M"]
    assert names(one(incident, KUMAMOTO)) == ["K", "W"] == names(one(incident, CHUO))
    assert names(one(incident, paper.NOWHERE)) == ["?"]
    assert one(incident).unplaced == 1
    assert {d.code: len(d.rows) for d in paper.districts(incident, NOW)} == {
        MASHIKI: 1, KUMAMOTO: 2, paper.NOWHERE: 1,
    }  # fmt: skip


def test_kinds_are_chosen(incident) -> None:
    published_layer(incident, [place("Water", state={"operation": "running"})], kind="water",
                    reuse=True)  # fmt: skip
    published_layer(incident, [place("Shelter")], reuse=True)
    assert names(one(incident, kinds=["water"])) == ["Water"]
    text = page(f"?municipality={MASHIKI}&kinds=shelter,dragons")
    assert "Shelter" in text and "Water" not in text.replace("Water supply", "")


def test_it_says_as_of_when_and_until_when(incident) -> None:
    published_layer(incident, [place("A")], reuse=True)
    sheet = one(incident)
    assert sheet.as_of == NOW.replace(second=0)
    assert sheet.expires_at - sheet.as_of == timedelta(hours=24)
    text = page(f"?municipality={MASHIKI}")
    assert "As of" in text and "Do not use after" in text


def test_the_number_is_of_this_content_at_this_minute(incident) -> None:
    layer, by = published_layer(incident, [place("A"), place("B")], reuse=True)
    first = one(incident)
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", first.serial)
    assert one(incident, now=NOW.replace(second=1)).serial == first.serial
    others = {
        one(incident, now=NOW + timedelta(minutes=1)).serial,
        one(incident, kinds=["shelter"]).serial,
        one(incident, KUMAMOTO).serial,
    }
    actions.state_set(
        layer=layer, feature_id="A", values={"operation": "closed"}, source_as_of=NOW, by=by
    )
    others.add(one(incident).serial)
    assert first.serial not in others and len(others) == 4


def test_every_source_has_its_own_line(incident) -> None:
    published_layer(incident, [place("A")], reuse=True, source_name="県", licence="CC BY 4.0",
                    attribution="© 県")  # fmt: skip
    published_layer(incident, [place("B"), place("C")], reuse=True, source_name="町")
    sheet = one(incident)
    assert len(sheet.sources) == 2 and {row["mark"] for row in sheet.district.rows} == {1, 2}
    text = page(f"?municipality={MASHIKI}")
    for words in ("県", "© 県", "CC BY 4.0", "町", "licence not given"):
        assert words in text


def test_a_code_leads_to_the_list_as_it_is_now(incident) -> None:
    published_layer(incident, [place("A")], reuse=True)
    answer = Client().get(f"/i/quake/paper/?municipality={MASHIKI}&lang=ja-simple").content.decode()
    assert 'class="qr"' in answer
    assert f"http://testserver/i/quake/?town={MASHIKI}&amp;lang=ja-simple" in answer
    live = Client().get(f"/i/quake/?town={MASHIKI}", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Distances from Mashiki." in live


def test_nothing_open_is_a_sheet_that_says_so(incident) -> None:
    published_layer(incident, [place("Shut", state={"operation": "closed"})], reuse=True)
    text = page(f"?municipality={MASHIKI}")
    assert "Nothing here is known to be open now." in text and "Shut" not in text
    assert "Nothing can be printed now" in page()


def test_districts_are_picked_by_name(incident) -> None:
    published_layer(incident, [place("A"), place("B", KUMAMOTO)], reuse=True)
    text = page()
    assert "Mashiki 1" in text and "Kumamoto 1" in text
    both = page(f"?municipality={MASHIKI}&municipality={KUMAMOTO}")
    assert "Open now in Mashiki" in both and "Open now in Kumamoto" in both


@pytest.mark.parametrize("query", ["?municipality=x", "?municipality=999999,;--", "?kinds=%00"])
def test_nonsense_is_no_error(incident, query: str) -> None:
    page(query)


def test_what_is_not_public_is_not_printed(incident) -> None:
    published_layer(incident, [place("Inner")], reuse=True, audience="partner")
    assert names(one(incident)) == []


def test_a_demo_says_so_on_paper() -> None:
    builders.make_incident("quake", demo=True)
    assert "Demo (re-enactment of 2016) - not current" in page(f"?municipality={MASHIKI}")
