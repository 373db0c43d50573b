"""`/publish/<layer>/`: the places of a layer, their states by large buttons, and edits by hand."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from layers import actions
from layers.models import LiveState
from tests import builders
from tests.layer_builders import ELEVEN, NOON, TEN, make_layer, publish, publisher, spot
from tests.publish_desk import ODD, Desk, four_shelters, listed, pressed, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return four_shelters()


# --- the list -------------------------------------------------------------------------------
def test_the_list_has_every_place_with_its_state(desk: Desk) -> None:
    page = desk.page()
    assert listed(page) == ["東小学校", "West Gym", "北公民館", "住所だけ"]
    assert "state not reported" in page and "0 people" in page and "1 place is in the list" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "gym"}, ["West Gym"]),
        ({"q": "東区"}, ["東小学校"]),
        ({"q": "%"}, []),
        ({"state": "operation:closed"}, ["北公民館"]),
        ({"state": "operation:not_reported"}, ["West Gym", "住所だけ"]),
        ({"only": "placeless"}, ["住所だけ"]),
        ({"only": "estimated"}, ["北公民館"]),
        ({"only": "conflict"}, []),
        ({"state": "nonsense:x", "only": "x", "page": "9" * 400}, 4),
    ],
)
def test_the_list_can_be_narrowed(desk: Desk, query: dict, found: Any) -> None:
    names = listed(desk.page(**query))
    assert len(names) == found if isinstance(found, int) else names == found


def test_long_lists_page(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    monkeypatch.setattr("frontend.views.publish.places.PER_PAGE", 3)
    first = desk.page()
    assert len(listed(first)) == 3 and "?page=2" in first
    assert listed(desk.page(page=2)) == ["住所だけ"]


def test_a_layer_without_data_says_what_to_do() -> None:
    page = Desk().page()
    assert "Drop a file, or add one by hand" in page and "/publish/shelters/add/" in page


# --- states ---------------------------------------------------------------------------------
def test_full_in_one_press_and_it_is_known_everywhere(desk: Desk) -> None:
    page = desk.say(congestion="full")
    assert "東小学校: Full" in page and pressed(page, "congestion") == ["full"]
    assert pressed(page, "operation") == ["open"]
    shown = desk.now()["properties"]
    assert shown["state"]["congestion"] == "full"
    assert shown["state_sources"]["congestion"]["from"] == "hand"


def test_an_identifier_may_be_anything(desk: Desk) -> None:
    page = desk.page("states/")
    link = re.search(r'action="(/publish/shelters/places/kumamoto[^"]+)"', page)
    assert link
    answer = desk.client.post(link[1], {"operation": "open"}, follow=True)
    assert answer.status_code == 200 and desk.now(ODD)["properties"]["state"]["operation"] == "open"


def test_zero_is_counted_and_nothing_is_not(desk: Desk) -> None:
    assert "Not counted. 0 would mean" in desk.page("places/a/")
    desk.say(act="persons", persons="０", persons_was="")
    assert desk.now()["properties"]["state"]["persons"] == 0
    page = desk.page("places/a/")
    assert 'value="0"' in page and "Not counted. 0 would mean" not in page
    desk.say(act="uncounted", persons="0", persons_was="0")
    assert desk.now()["properties"]["state"]["persons"] is None


def test_an_empty_number_is_not_taken_for_zero(desk: Desk) -> None:
    page = desk.say(act="persons", persons="", persons_was="", status=422)
    assert "If nobody has counted" in page and not LiveState.objects.exists()


@pytest.mark.parametrize("text", ["-1", "many", "1.5", "9999999", "٣"])
def test_what_is_no_number_is_refused(desk: Desk, text: str) -> None:
    page = desk.say(act="persons", persons=text, persons_was="", status=422)
    assert "Enter a whole number" in page and f'value="{text}"' in page
    assert not LiveState.objects.exists()


def test_a_typed_number_goes_with_any_button(desk: Desk) -> None:
    desk.say(congestion="crowded", persons="1,200人", persons_was="")
    state = desk.now()["properties"]["state"]
    assert (state["congestion"], state["persons"]) == ("crowded", 1200)
    desk.say(congestion="full", persons="1200", persons_was="1200")
    clocks = LiveState.objects.get().clocks
    assert clocks["persons"]["set_at"] < clocks["congestion"]["set_at"], "not said again"


def test_the_hand_s_word_can_be_taken_back(desk: Desk) -> None:
    desk.say(operation="closed")
    page = desk.page("places/a/")
    assert "the file says Open" in page and "Take my word back" in page
    page = desk.say(operation="")
    assert pressed(page, "operation") == ["open"] and "The file&#x27;s word is shown" in page


def test_two_words_for_one_time_are_shown_until_one_is_chosen(desk: Desk) -> None:
    actions.state_set(
        layer=desk.layer,
        feature_id="a",
        values={"operation": "closed"},
        source_as_of=TEN,
        by=desk.by,
        now=ELEVEN,
    )
    page = desk.page("places/a/")
    assert "Two words for one time" in page and "the file says Open" in page
    assert listed(desk.page(only="conflict")) == ["東小学校"]
    page = desk.say(operation="closed")
    assert "Two words for one time" not in page and pressed(page, "operation") == ["closed"]


def test_an_older_word_does_not_beat_a_later_one(desk: Desk) -> None:
    desk.say(operation="closed")
    earlier = f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%dT%H:%M}"
    page = desk.say(operation="open", as_of=earlier)
    assert "A later word is known already" in page and pressed(page, "operation") == ["closed"]


def test_the_time_is_that_of_the_wall_clock(desk: Desk) -> None:
    desk.say("c", operation="open", as_of="2016-04-16T21:00")
    clock = LiveState.objects.get().clocks["operation"]["source_as_of"]
    assert datetime.fromisoformat(clock) == NOON
    page = desk.say("c", operation="open", as_of="2096-04-16T21:00", status=422)
    assert "still to come" in page
    page = desk.say("c", operation="open", as_of="yesterday", status=422)
    assert "Enter day and time" in page


def test_checked_now_moves_only_that_clock(desk: Desk) -> None:
    page = desk.say(act="checked", persons="", persons_was="")
    assert "Checked: it is still so" in page and "Not checked yet" not in page
    state = LiveState.objects.get()
    assert state.checked_at and list(state.clocks) == ["checked_at"]


def test_note_and_hours(desk: Desk) -> None:
    hours = {"valid_from": "2016-04-16T09:00", "valid_until": "2016-04-16T18:00"}
    was = {"note_was": "", "valid_from_was": "", "valid_until_was": ""}
    page = desk.say(act="words", note="土足禁止\r\n裏口から", **hours, **was)
    state = LiveState.objects.get()
    assert state.note == "土足禁止\n裏口から" and state.valid_from < state.valid_until
    assert 'value="2016-04-16T18:00"' in page
    wrong = {"valid_from": "2016-04-16T09:00", "valid_until": "2016-04-16T08:00"}
    said = {"note": state.note, "note_was": state.note, "valid_from_was": "2016-04-16T09:00"}
    page = desk.say(act="words", **said, **wrong, valid_until_was="x", status=422)
    assert "The end is before the beginning" in page
    desk.say(act="words", note="", **(was | {"note_was": state.note}))
    assert LiveState.objects.get().note is None


def test_a_part_of_the_page_where_the_script_asks(desk: Desk) -> None:
    answer = desk.client.post(
        "/publish/shelters/places/a/", {"congestion": "full", "part": "row", "number": "7"}
    )
    page = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in page and 'id="state7"' in page
    assert pressed(page, "congestion") == ["full"]
    wrong = {"act": "persons", "persons": "x", "part": "row", "number": '"><b>'}
    answer = desk.client.post("/publish/shelters/places/a/", wrong)
    assert answer.status_code == 422 and "<b>" not in answer.content.decode()


def test_a_code_of_another_kind_is_refused(desk: Desk) -> None:
    assert desk.client.post("/publish/shelters/places/a/", {"traffic": "closed"}).status_code == 422
    assert desk.client.post("/publish/shelters/places/a/", {"operation": "x"}).status_code == 422
    assert not LiveState.objects.exists()


def test_one_after_another_comes_back_to_the_row(desk: Desk) -> None:
    page = desk.page("states/", order="silent")
    assert page.count('data-live="row"') == 4
    link = re.search(r'name="next" value="([^"]+#at2)"', page)
    assert link
    there = link[1].replace("&amp;", "&")
    answer = desk.client.post("/publish/shelters/places/a/", {"operation": "open", "next": there})
    assert answer["Location"] == there
    evil = {"operation": "open", "next": "https://evil.example/"}
    answer = desk.client.post("/publish/shelters/places/a/", evil)
    assert answer["Location"] == "/publish/shelters/places/a/"


def test_kinds_without_a_state_have_none(desk: Desk) -> None:
    sites = Desk.__new__(Desk)
    sites.layer, sites.by = make_layer(desk.incident, kind="hazard", slug="hazard")
    publish(sites.layer, sites.by, [spot("h")])
    page = signed_in(sites.layer).get("/publish/hazard/places/h/").content.decode()
    assert "aria-pressed" not in page and "Checked now" in page and "not counted" not in page


# --- rights ---------------------------------------------------------------------------------
def test_only_the_publisher_s_own_people(desk: Desk) -> None:
    pages = ["", "states/", "add/", "places/a/"]
    _, other = publisher()
    stranger = Client()
    stranger.force_login(builders.make_user(other, "publisher"))
    hq = Client()
    hq.force_login(builders.make_user(builders.headquarters(desk.incident)))
    for path in pages:
        assert Client().get(f"/publish/shelters/{path}").status_code == 302
        assert stranger.get(f"/publish/shelters/{path}").status_code == 403
        assert hq.get(f"/publish/shelters/{path}").status_code == 403
    for client in (stranger, hq):
        for form in ({"operation": "open"}, {"act": "withdraw"}, {"act": "edit", "name": "x"}):
            answer = client.post("/publish/shelters/places/a/", form)
            assert answer.status_code == 403
    assert not LiveState.objects.exists() and desk.now()["properties"]["name"] == "東小学校"


def test_without_a_csrf_token_nothing_is_set(desk: Desk) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(builders.make_user(desk.layer.publisher, "publisher"))
    answer = client.post("/publish/shelters/places/a/", {"operation": "closed"})
    assert answer.status_code == 403 and not LiveState.objects.exists()


def test_a_place_that_is_not_there(desk: Desk) -> None:
    for path in ("places/zz/", "places/a%00/"):
        assert desk.client.get(f"/publish/shelters/{path}").status_code == 404
