"""Places on the desk: what is here, copied, measured, moved; and reports taken down by phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import BrowserContext, Page, Route, expect

from gspace.models import Incident, Municipality, Place
from reports.models import Report
from tests import builders
from tests.e2e.patience import until
from tests.e2e.test_desk_accessible import faults, open_desk

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
# what the page asks is heard here a moment later
ASKED_S = 5
TOWNS = (
    ("健軍本町", 130.757, 32.786),
    ("健軍一丁目", 130.762, 32.787),
    ("若葉一丁目", 130.76, 32.78),
    ("東町一丁目", 130.75, 32.785),
)


@pytest.fixture
def incident(server: str) -> Incident:
    ward = Municipality.objects.create(
        code="431028", name="熊本市東区", prefecture="熊本県", location=Point(130.757, 32.786)
    )
    for name, lon, lat in TOWNS:
        Place.objects.create(name=name, municipality=ward, location=Point(lon, lat, srid=4326))
    return builders.make_incident(centre=Point(130.75, 32.79), zoom=15)


def middle(page: Page) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_what_is_here_is_copied_measured_and_put_right(incident: Incident, sign_in: SignIn) -> None:
    ident = builders.make_report(incident)
    context = sign_in(incident, "en")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, complaints = open_desk(context, incident)
    x, y = middle(page)
    # the device's fix is in the middle of the map: 130.75, 32.79
    page.mouse.click(x, y, button="right")
    here = page.locator("#here")
    expect(here.locator("h2")).to_contain_text("東町一丁目")
    expect(here).to_contain_text("52S FB 638")
    expect(here).to_contain_text("4930-16-40-3-3")
    expect(here.locator(".here-list").first).to_contain_text("Road (impassable)")
    assert faults(page) == []
    here.get_by_role("button", name="Copy: Grid square 1 km").click()
    assert page.evaluate("navigator.clipboard.readText()") == "4930-16-40"

    here.locator("#here-measure").click()
    page.mouse.click(x + 200, y)
    words = page.locator("#measure .measure-words")
    expect(words).to_have_text("804 m")
    page.mouse.click(x + 200, y + 150)
    expect(words).to_contain_text("encloses")
    page.keyboard.press("Backspace")
    expect(words).to_have_text("804 m")
    page.keyboard.press("Enter")
    expect(page.locator("path.told-shape")).to_have_count(1)
    page.locator("#measure-close").click()

    page.locator(f"#row-{ident}").click()
    page.locator("#move-place").click()
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    expect(page.locator("#move")).to_contain_text("m from the old place")
    expect(page.locator(".old-place")).to_be_visible()
    page.keyboard.press("Escape")
    assert Report.objects.get(id=ident).version == 1, "given up is not moved"
    page.locator("#move-place").click()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#detail")).to_contain_text("Set by headquarters")
    moved = Report.objects.get(id=ident)
    assert moved.geometry.x > 130.752
    assert moved.positions["device"]["lon"] == 130.75, "the old place is kept"
    page.keyboard.press("u")
    expect(page.locator("#detail")).not_to_contain_text("Set by headquarters")
    assert Report.objects.get(id=ident).geometry.x == 130.75
    assert [said for said in complaints if "NAME_NOT_RESOLVED" not in said] == []


def test_calls_are_taken_down_by_keyboard_alone(incident: Incident, sign_in: SignIn) -> None:
    page, complaints = open_desk(sign_in(incident, "en"), incident)
    keys = page.keyboard
    keys.press("p")
    form = page.locator("#enter")
    expect(form.locator("#enter-by")).to_be_focused()
    keys.insert_text("山田花子 090-0000-0000")
    keys.press("Tab")
    keys.insert_text("熊本市東区健軍本町5-3")
    keys.press("Enter")
    expect(form.locator("#told-place")).to_contain_text("An area: 健軍本町")
    expect(form.locator("#told-note")).to_be_focused()
    expect(form.locator("#told-note")).to_have_value("熊本市東区健軍本町5-3")
    keys.press("Tab")
    keys.type("Fl")
    expect(form.locator("#enter-category")).to_have_value("flooding")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("Ser")
    keys.press("Tab")
    keys.press("Tab")
    keys.insert_text("ひざまで水が来た")
    assert faults(page) == []
    keys.press("Control+Enter")
    expect(page.locator("#detail")).to_contain_text("山田花子")
    expect(page.locator(".row .channel-mark")).to_have_text("Phone")
    expect(page.locator("#detail .talk")).to_contain_text("No phone reads questions here")
    told = Report.objects.get()
    assert (told.channel, told.category, told.severity) == ("phone", "flooding", "serious")
    assert told.geometry.geom_type == "Polygon"
    assert told.accuracy_m >= 150
    assert told.geometry_note == "熊本市東区健軍本町5-3"

    keys.press("p")
    page.locator("#told-road").focus()
    keys.press("Enter")
    keys.press(" ")
    for _ in range(3):
        keys.press("ArrowRight")
    keys.press(" ")
    for _ in range(2):
        keys.press("ArrowDown")
    keys.press(" ")
    keys.press("Enter")
    expect(form.locator("#told-place")).to_contain_text("Line of ")
    page.locator("#enter-category").focus()
    keys.type("Road")
    keys.press("Control+Enter")
    expect(form).to_be_hidden()
    road = Report.objects.exclude(id=told.id).get()
    assert road.geometry.geom_type == "LineString"
    assert road.geometry.num_points == 3
    assert road.told_by is None
    assert [said for said in complaints if "NAME_NOT_RESOLVED" not in said] == []


def test_a_late_answer_moves_no_place_that_a_hand_has_set(
    incident: Incident, sign_in: SignIn
) -> None:
    page, _ = open_desk(sign_in(incident, "en"), incident)
    held = hold(page, "**/areas?*")
    page.keyboard.press("p")
    place, note = page.locator("#told-place"), page.locator("#told-note")
    look_up(page, "健軍本町5-3")
    page.locator("#told-click").click()
    page.locator("#map").click(position={"x": 300, "y": 200})
    expect(place).to_have_text("An area: Set on the map")
    note.fill("behind the shrine")
    answer(page, held)
    expect(place).to_have_text("An area: Set on the map")
    expect(note).to_have_value("behind the shrine")
    # nor does one come to a form that is closed, or put away the words of a hand
    look_up(page, "若葉一丁目")
    page.locator("#enter-close").click()
    answer(page, held)
    expect(page.locator("path.told-shape")).to_have_count(0)
    page.keyboard.press("p")
    look_up(page, "若葉一丁目")
    answer(page, held)
    expect(place).to_contain_text("若葉一丁目")
    expect(note).to_have_value("behind the shrine")
    page.locator("#told-none").click()
    expect(note).to_have_value("behind the shrine")
    page.locator("#enter-clear").click()
    expect(note).to_have_value("")


def test_no_word_is_typed_over_while_a_call_is_stored(incident: Incident, sign_in: SignIn) -> None:
    page, _ = open_desk(sign_in(incident, "en"), incident)
    held = hold(page, "**/entered/*")
    keys, form = page.keyboard, page.locator("#enter")
    comment = page.locator("#enter-comment")
    keys.press("p")
    page.locator("#enter-category").select_option("flooding")
    comment.fill("first call")
    with page.expect_request("**/entered/*"):
        keys.press("Control+Enter")
    keys.insert_text("of somebody else")
    keys.press("Escape")
    expect(form).to_be_hidden()
    keys.press("p")
    expect(page.locator("#enter-go")).to_be_focused()
    expect(comment).to_have_value("first call")
    expect(form.locator("[inert]#enter-clear")).to_have_count(1)
    until(lambda: bool(held), page, ASKED_S)
    held.pop().abort()
    expect(form.locator(".error")).to_contain_text("Not stored")
    expect(comment).to_be_focused()
    with page.expect_request("**/entered/*"):
        keys.press("Control+Enter")
    keys.press("Escape")
    answer(page, held)
    expect(page.locator("#toast")).to_contain_text("Stored:")
    # who has closed it is not taken away from what they do by now
    expect(page.locator("#detail")).to_be_hidden()
    keys.press("p")
    expect(comment).to_have_value("")
    assert Report.objects.get().comment == "first call"


def test_the_next_drawing_has_the_hint_and_the_keys(incident: Incident, sign_in: SignIn) -> None:
    page, _ = open_desk(sign_in(incident, "en"), incident)
    keys, hint, cross = page.keyboard, page.locator("#map-hint"), page.locator(".map-cross")
    for _ in range(2):
        page.locator("#near-start").click()
    settle(page)
    expect(hint).to_be_visible()
    # a dialog over the map has its own keys
    keys.press("?")
    keys.press("Escape")
    expect(page.locator("dialog:modal")).to_have_count(0)
    expect(cross).to_have_count(1)
    for _ in range(2):
        keys.press("s")
    settle(page)
    expect(hint).to_be_visible()
    expect(hint).to_contain_text("Draw a box")
    expect(cross).to_have_count(0)
    keys.press("Escape")
    expect(hint).to_be_hidden()
    expect(page.locator("#map.choosing")).to_have_count(0)
    keys.press("p")
    page.locator("#told-click").click()
    expect(hint).to_contain_text("Click the place")
    page.locator("#measure-start").click()
    settle(page)
    expect(hint).to_be_hidden()
    expect(page.locator("#map")).to_be_focused()
    keys.press("Escape")
    expect(page.locator("#measure")).to_be_hidden()


def hold(page: Page, url: str) -> list[Route]:
    """What is asked there waits, until `answer`."""
    held: list[Route] = []
    page.route(url, lambda route: held.append(route))
    return held


def look_up(page: Page, words: str) -> None:
    page.locator("#told-where").fill(words)
    with page.expect_request("**/areas?*"):
        page.keyboard.press("Enter")


def answer(page: Page, held: list[Route]) -> None:
    until(lambda: bool(held), page, ASKED_S)
    route = held.pop()
    with page.expect_response(route.request.url):
        route.continue_()
    settle(page)


def settle(page: Page) -> None:
    """What the page does at once is done."""
    page.evaluate("new Promise((done) => setTimeout(done, 50))")
