"""The phone's map: with and without a network, by touch and by keyboard, and areas to keep."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from gspace.models import Incident
from tests import builders
from tests.e2e.phone_around import (
    ALLOWED,
    copied,
    faults,
    incident_here,
    joined,
    nothing_is_cut,
    report_at,
)
from tests.e2e.phone_browser import PhoneBrowser, until, usable
from tests.layer_builders import published_layer, spot

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SPOTS = [spot("gym", 130.752, state={"operation": "open"})]


@pytest.fixture
def phone(playwright: Playwright, server: str, tmp_path: Path) -> PhoneBrowser:
    return PhoneBrowser(playwright, server, tmp_path / "profile")


@pytest.fixture
def incident(server: str) -> Incident:
    return incident_here()


@pytest.fixture
def token(incident: Incident) -> str:
    return builders.device(incident)[1]


def mark(page: Page, ident: str) -> Locator:
    return page.locator(f'.report-place [data-report="{ident}"]')


def tiles(page: Page) -> int:
    """How many tiles are kept on purpose."""
    ask = "caches.open('kept-tiles').then((cache) => cache.keys()).then((all) => all.length)"
    return int(page.evaluate(ask))


DRAWN = """[...document.querySelectorAll('.leaflet-tile-pane canvas, .leaflet-basemap-pane canvas')]
  .some((canvas) => canvas.width > 0)"""


def test_the_map_is_there_in_flight_mode_after_one_visit(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    ident = report_at(incident)
    published_layer(incident, SPOTS)
    with phone.started(**ALLOWED) as context:
        # the map itself was never opened
        copied(joined(phone, context, token, "/m/"))
    with phone.started(flight_mode=True, **ALLOWED) as context:
        page = context.new_page()
        page.goto("/m/map")
        expect(mark(usable(page), ident)).to_be_visible()
        expect(page.locator(".support-place")).to_have_count(1)
        until(page, DRAWN)
        expect(page.locator(".here-dot")).to_be_visible()


def test_a_tap_tells_what_it_is_and_leads_on(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    ident = report_at(incident, 130.7505, comment="bent pole")
    layer, _ = published_layer(incident, SPOTS)
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token, "/m/map")
        mark(page, ident).click()
        chosen = page.get_by_role("region", name="Chosen on the map")
        expect(chosen).to_contain_text("bent pole")
        chosen.get_by_role("button", name="Close").click()
        expect(chosen).to_be_hidden()
        page.locator(".support-place svg").click()
        expect(chosen).to_contain_text("避難所 gym")
        expect(chosen).to_contain_text("Open")
        chosen.locator("a").click()
        page.wait_for_url(f"**/m/shelter/{layer.slug}/gym")


def test_what_the_map_shows_can_be_reached_without_touching_it(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    ident = report_at(incident)
    report_at(incident, 131.9)
    published_layer(incident, SPOTS)
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token, "/m/map")
        summary = page.get_by_text("In this view: 1 reports, 1 places")
        expect(summary).to_be_visible()
        summary.focus()
        page.keyboard.press("Enter")
        listed = page.locator(f'.phone-map__tools .around-card[data-report="{ident}"] a')
        expect(listed).to_be_visible()
        listed.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/m/report/{ident}")


def test_kinds_are_switched_and_stay_so(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    published_layer(incident, SPOTS)
    published_layer(incident, [spot("wifi", 130.753)], kind="wifi")
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token, "/m/map")
        expect(page.locator(".support-place")).to_have_count(1)
        page.get_by_text("Places on the map").click()
        page.get_by_label(re.compile("Wi-Fi")).check()
        expect(page.locator(".support-place")).to_have_count(2)
        page.get_by_label(re.compile("^ ?Shelter")).uncheck()
        expect(page.locator(".support-place")).to_have_count(1)
        # the switch is on its way into the phone's storage
        page.wait_for_timeout(500)
        page.reload()
        expect(page.locator('.support-place[title="避難所 wifi"] svg')).to_be_visible()
        expect(page.locator(".support-place")).to_have_count(1)


def test_the_filter_of_the_list_is_the_map_s(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    fire = report_at(incident, category="fire")
    road = report_at(incident, 130.752)
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token)
        page.goto("/m/list?category=fire")
        page.locator(".around__tools a").click()
        page.wait_for_url("**/m/map?category=fire")
        expect(mark(page, fire)).to_be_visible()
        expect(mark(page, road)).to_have_count(0)


def test_an_area_is_kept_with_its_size_and_deleted_again(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    published_layer(incident, SPOTS)
    with phone.started(**ALLOWED) as context:
        copied(joined(phone, context, token, "/m/"))
        page = context.new_page()
        page.goto("/m/map")
        overview = tiles(usable(page))
        assert 0 < overview <= 61
        page.get_by_text("Keep the map of this area").click()
        offer = page.get_by_text(re.compile(r"\d+ pieces, about [\d.]+ MB"))
        expect(offer).to_be_visible()
        count = int(re.findall(r"(\d+) pieces", offer.inner_text())[0])
        assert 0 < count <= 600
        page.get_by_role("button", name="Keep it on this phone").click()
        expect(page.get_by_text("The area is kept.")).to_be_visible(timeout=60_000)
        assert overview < tiles(page) <= overview + count
        kept = page.get_by_role("list", name="Kept areas").get_by_role("listitem")
        expect(kept).to_have_count(1)
        page.reload()
        page.get_by_text("Keep the map of this area").click()
        kept.get_by_role("button", name="Delete").click()
        expect(kept).to_have_count(0)
        # the overview belongs to the incident, not to the area
        until(
            page,
            f"caches.open('kept-tiles').then((c) => c.keys()).then((k) => k.length === {overview})",
        )


def test_a_cancelled_area_leaves_nothing_behind(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    published_layer(incident, SPOTS)
    with phone.started(**ALLOWED) as context:
        copied(joined(phone, context, token, "/m/"))
        page = context.new_page()
        page.goto("/m/map")
        before = tiles(usable(page))
        # a slow link
        page.evaluate("""() => { const real = fetch; window.fetch = async (...asked) => {
          await new Promise((then) => setTimeout(then, 300)); return real(...asked); }; }""")
        page.get_by_text("Keep the map of this area").click()
        page.get_by_role("button", name="Keep it on this phone").click()
        expect(page.locator("progress")).to_be_visible()
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_text("Cancelled. Nothing was kept.")).to_be_visible()
        page.wait_for_timeout(700)
        assert tiles(page) == before
        expect(page.get_by_role("list", name="Kept areas").get_by_role("listitem")).to_have_count(0)


CROSSHAIR = """
() => {
  const holder = document.createElement('div');
  holder.id = 'crosshair';
  holder.style.cssText = 'position:fixed;inset:0;z-index:5000';
  document.body.append(holder);
  window.crosshair = window.gspacePhoneMap.crosshair(holder, {
    centre: [130.75, 32.79], zoom: 16, accuracy_m: 30,
    fix: {lon: 130.75, lat: 32.79, accuracy_m: 30, fixed_at: new Date().toISOString()}});
  return window.crosshair.position();
}"""


def test_the_crosshair_gives_the_place_under_it(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token, "/m/map")
        expect(page.locator(".here-dot")).to_be_visible()
        lon, lat = page.evaluate(CROSSHAIR)
        assert (lon, lat) == pytest.approx((130.75, 32.79), abs=1e-6)
        page.mouse.move(180, 300)
        page.mouse.down()
        page.mouse.move(80, 300, steps=10)
        page.mouse.up()
        page.wait_for_timeout(400)
        moved_lon, moved_lat = page.evaluate("window.crosshair.position()")
        # the map went west under the crosshair, so the place is farther east
        assert moved_lon > lon + 0.001
        assert moved_lat == pytest.approx(lat, abs=1e-4)
        page.evaluate("window.crosshair.stop()")
        expect(page.locator("#crosshair > *")).to_have_count(0)


@pytest.mark.prove
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault(
    phone: PhoneBrowser, incident: Incident, token: str, theme: str
) -> None:
    ident = report_at(incident)
    published_layer(incident, SPOTS)
    with phone.started(color_scheme=theme, **ALLOWED) as context:
        page = joined(phone, context, token, "/m/map")
        mark(page, ident).click()
        for summary in page.locator(".phone-map__tools summary").all():
            summary.click()
        expect(page.locator(".phone-map__tools .place-card")).to_have_count(1)
        assert faults(page) == []
        nothing_is_cut(page)
