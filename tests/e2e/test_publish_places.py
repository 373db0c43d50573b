"""A publisher with a phone: states by large buttons, places put on the map, moved, taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gspace.models import Incident
from layers.models import Feature, Layer, LiveState, MapLink
from tests import builders
from tests.e2e import looks
from tests.e2e.test_desk_accessible import faults, open_desk
from tests.layer_builders import make_layer, publish, spot

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}
SignIn = Callable[..., BrowserContext]
Open = Callable[..., Page]


@pytest.fixture
def incident(server: str) -> Incident:
    return builders.make_incident(centre=Point(130.75, 32.79), zoom=13)


@pytest.fixture
def layer(incident: Incident) -> Layer:
    found, by = make_layer(incident, slug="shelters")
    spots = [
        spot("a", 130.74, name="東小学校", address="熊本市東区1", state={"operation": "open"}),
        spot("b/2 号", 130.76, name="西体育館"),
    ]
    publish(found, by, spots)
    found.refresh_from_db()
    return found


@pytest.fixture
def open_page(browser: Browser, server: str, layer: Layer) -> Iterator[Open]:
    """Opens a page of the layer as its publisher, on a phone; what fails on it fails the test."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def run(path: str = "", language: str = "en", **more: Any) -> Page:
        client = Client()
        client.force_login(builders.make_user(layer.publisher, "publisher"))
        given = {"viewport": PHONE, "locale": language, "base_url": server} | more
        context = browser.new_context(**given)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": cookie, "url": server}])
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"/publish/shelters/{path}")
        return page

    yield run
    for context in opened:
        context.close()
    # the map's own tiles may be out of reach of a test machine
    assert [c for c in complaints if "cyberjapandata" not in c and "ERR_" not in c] == []


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def name_of(page: Page) -> str:
    return page.locator(".place-head h2").inner_text()


def test_full_in_two_taps_and_every_map_follows(
    layer: Layer, incident: Incident, open_page: Open, sign_in: SignIn
) -> None:
    desk, _ = open_desk(sign_in(incident, "en"), incident)
    expect(desk.locator(".support-place")).to_have_count(2)
    page = open_page()
    assert fits(page) and faults(page) == []
    page.get_by_role("link", name="Set states one after another").click()
    assert fits(page) and faults(page) == []
    full = page.locator("#at1").get_by_role("button", name="Full", exact=True)
    full.click()
    expect(full).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#at1 .state__told")).to_contain_text("Full")
    expect(desk.locator(".support-place .level.on")).to_have_count(4, timeout=2_000)
    assert page.url.endswith("/states/"), "the page stays where it is"
    assert LiveState.objects.get().congestion == "full"


def test_what_was_typed_and_pressed_fast_is_not_lost(layer: Layer, open_page: Open) -> None:
    page = open_page("places/a/")
    page.get_by_label("People there").fill("0")
    page.get_by_role("button", name="Crowded").click()
    page.get_by_role("button", name="Closed").click()
    page.get_by_role("button", name="Checked now: still so").click()
    expect(page.locator(".state__told")).to_contain_text("still so")
    state = LiveState.objects.get()
    said = (state.persons, state.congestion, state.operation, state.checked_at is not None)
    assert said == (0, "crowded", "closed", True)
    assert faults(page) == []


def test_by_keyboard_alone(layer: Layer, open_page: Open) -> None:
    page = open_page("places/a/", viewport={"width": 1366, "height": 768})
    page.get_by_role("button", name="Full", exact=True).focus()
    page.keyboard.press("Space")
    pressed = page.get_by_role("button", name="Full", exact=True)
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(pressed).to_be_focused()
    page.get_by_label("People there").fill("12")
    page.keyboard.press("Enter")
    expect(page.locator(".state__told")).to_contain_text("12 people")
    assert LiveState.objects.get().congestion == "full"


def test_without_a_connection_it_says_so_and_without_scripts_it_works(
    layer: Layer, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page("places/a/")
    page.context.set_offline(True)
    page.get_by_role("button", name="Full", exact=True).click()
    expect(page.locator(".state__refused")).to_contain_text("no connection")
    assert not LiveState.objects.exists()
    page.context.set_offline(False)
    page.get_by_role("button", name="Full", exact=True).click()
    expect(page.locator(".state__refused")).to_have_count(0)
    expect(page.locator(".state__told")).to_contain_text("Full")
    plain = open_page("places/a/", java_script_enabled=False)
    plain.get_by_role("button", name="Crowded").click()
    expect(plain.get_by_role("status").first).to_contain_text("Crowded")
    assert LiveState.objects.get().congestion == "crowded"


def test_a_place_is_added_moved_withdrawn_and_each_taken_back(
    layer: Layer, incident: Incident, open_page: Open
) -> None:
    page = open_page()
    page.get_by_role("link", name="Add a place").click()
    expect(page.locator(".leaflet-container")).to_be_visible()
    assert fits(page) and faults(page) == []
    page.locator("#map").click(position={"x": 100, "y": 100})
    expect(page.locator(".pick-mark")).to_have_count(1)
    expect(page.locator("[data-pick-words]")).to_contain_text("Not stored yet")
    page.get_by_label("Name required").fill("公園テント")
    page.locator("label.tile", has_text="Open").first.click()
    page.get_by_role("button", name="Add this place").click()
    expect(page.locator(".place-head h2")).to_contain_text("公園テント")
    before = placed("公園テント")
    page.locator("#move > summary").click()
    expect(page.locator(".pick-mark")).to_be_visible()
    assert fits(page) and faults(page) == []
    page.locator("#map").click(position={"x": 200, "y": 60})
    page.get_by_role("button", name="Save this place").click()
    expect(page.get_by_text("It is on every map now")).to_be_visible()
    assert placed("公園テント") != before
    page.get_by_role("button", name="Take it back").first.click()
    expect(page.get_by_text("It is taken back")).to_be_visible()
    assert placed("公園テント") == before
    page.get_by_text("Withdraw this place…").click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.locator(".place-list__name")).to_have_count(2)
    page.get_by_text("Withdrawn by hand").click()
    assert faults(page) == []
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator(".place-head h2")).to_contain_text("公園テント")
    assert placed("公園テント") == before


def placed(name: str) -> tuple[float, float]:
    found = Feature.objects.get(name=name, version__state="published").geometry
    assert found is not None
    return round(found.x, 6), round(found.y, 6)


def test_a_mark_on_the_map_leads_to_its_place(layer: Layer, open_page: Open) -> None:
    page = open_page(viewport={"width": 1920, "height": 1080})
    expect(page.locator(".support-place")).to_have_count(2)
    expect(page.locator("[data-map-words]")).to_have_text("In this view: 2")
    page.locator(".support-place svg").last.click()
    page.get_by_role("link", name="Open this place").click()
    expect(page.locator(".place-head h2")).to_be_visible()


@pytest.mark.parametrize(("theme", "language"), looks.LANGUAGES)
def test_no_accessibility_fault(layer: Layer, open_page: Open, language: str, theme: str) -> None:
    link = {"kind": "road_closure", "title": "道路情報", "url": f"https://example.jp/{'a' * 90}"}
    MapLink.objects.create(id=uuid.uuid4(), publisher=layer.publisher, **link)
    for path in ("", "states/", "places/a/", "add/", "../links/"):
        page = open_page(path, language, color_scheme=theme, reduced_motion="reduce")
        assert fits(page) and faults(page) == [], path
