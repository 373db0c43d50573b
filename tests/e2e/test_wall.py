"""The screen on headquarters' wall: follows, stays awake, and never looks fresher than it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import BrowserContext, Page, expect

from reports.actions import report_accept, view_save
from reports.models import SavedView
from tests import builders
from tests.e2e.test_desk_accessible import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
# counts the locks that the page asked for; `lose()` is a browser that takes the lock away
LOCKS = """
window.locks = [];
Object.defineProperty(navigator, 'wakeLock', {value: {request: async () => {
  const lock = new EventTarget();
  lock.released = false;
  document.documentElement.dataset.locks = window.locks.push(lock);
  return lock;
}}});
window.lose = () => {
  const lock = window.locks.at(-1);
  lock.released = true;
  lock.dispatchEvent(new Event('release'));
};
"""


# to a tenth of a kilometre: a resize keeps the middle by whole pixels
PLACE = """() => {
  const {lat, lng} = leafletmapmap.getCenter();
  return [lat.toFixed(3), lng.toFixed(3), leafletmapmap.getZoom()].join();
}"""


class World:
    def __init__(self) -> None:
        self.incident = builders.make_incident(centre=Point(130.75, 32.79), zoom=12)
        self.crew, _ = builders.device(self.incident)
        self.minor = self.report(severity="minor")
        self.serious = self.report()

    def report(self, **more: object) -> str:
        return str(builders.make_report(self.incident, self.crew, **more))

    def open(self, context: BrowserContext, query: str = "") -> Page:
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.set_viewport_size({"width": 1920, "height": 1080})
        page.add_init_script(LOCKS)
        page.goto(f"/hq/{self.incident.slug}/wall/?{query}")
        expect(page.locator("#live-badge")).to_have_class("badge badge-live")
        return page


@pytest.fixture
def world(server: str) -> World:
    return World()


def test_it_goes_to_a_new_serious_report_only_when_told_to(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident, "en"))
    expect(page.locator(".wall-row")).to_have_count(1)
    first = world.report(category="landslide")
    expect(page.locator(".wall-row")).to_have_count(2)
    expect(page.locator("#wall-shown")).to_be_hidden()
    page.locator("#wall-follow").click()
    assert "follow=1" in page.url
    whole = page.evaluate(PLACE)
    world.report(severity="minor")
    second = world.report(category="fire", pin={"lon": 130.70, "lat": 32.80})
    expect(page.locator("#wall-shown")).to_contain_text("Fire")
    expect(page.locator(f".wall-row[data-report='{second}']")).to_have_attribute(
        "aria-current", "true"
    )
    assert page.locator(f".wall-row[data-report='{first}']").get_attribute("aria-current") is None
    expect(page.locator("#wall-waiting b")).to_have_text("5")
    assert page.evaluate(PLACE) != whole
    page.evaluate("leafletmapmap.once('resize', () => { window.resized = true; })")
    page.set_viewport_size({"width": 1600, "height": 900})
    page.wait_for_function("() => window.resized")
    page.locator("#wall-follow").click()
    expect(page.locator("#wall-shown")).to_be_hidden()
    assert page.evaluate(PLACE) == whole, "a resize is no hand that moves the map"


def test_an_incident_too_large_for_a_page(world: World, sign_in: SignIn, settings: Any) -> None:
    settings.LIMIT_DESK_LIVE_REPORTS = 1
    rescue = world.report(category="rescue", severity="unknown")
    page = world.open(sign_in(world.incident, "en"), "follow=1")
    rows = page.locator(".wall-row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_have_attribute("data-report", rescue)
    fire = world.report(category="fire")
    expect(page.locator("#wall-shown")).to_contain_text("Fire")
    expect(page.locator(f".wall-row[data-report='{fire}']")).to_be_visible()


def test_it_says_on_every_edge_that_it_is_out_of_date(world: World, sign_in: SignIn) -> None:
    context = sign_in(world.incident, "en")
    page = context.new_page()
    page.clock.install()
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"/hq/{world.incident.slug}/wall/")
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    expect(page.locator("#wall-stale")).to_be_hidden()
    context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    page.clock.fast_forward(60_000)
    expect(page.locator("#wall-stale")).to_contain_text("Out of date")
    edge = page.evaluate("getComputedStyle(document.body, '::after').borderTopWidth")
    assert float(edge.removesuffix("px")) > 10
    late = world.report()
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(f".wall-row[data-report='{late}']")).to_be_visible()
    expect(page.locator("#wall-stale")).to_be_hidden()


def test_it_asks_to_stay_awake_again_and_again(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident))
    expect(page.locator("html")).to_have_attribute("data-locks", "1")
    page.evaluate("window.lose()")
    expect(page.locator("html")).to_have_attribute("data-locks", "2")
    expect(page.locator("#wall-awake")).to_be_empty()


def test_whom_nobody_accepts_alarms_the_wall(world: World, sign_in: SignIn, settings: Any) -> None:
    settings.ALARM_AFTER_S = 1
    page = world.open(sign_in(world.incident, "en"))
    expect(page.locator("#alarm")).to_be_hidden()
    rescue = world.report(category="rescue")
    expect(page.locator("#alarm")).to_be_visible()
    expect(page.locator(f".wall-row[data-report='{rescue}'] .wall-unaccepted")).to_be_visible()
    page.locator("#alarm-open").click()
    expect(page.locator("#wall-shown")).to_be_visible()
    report_accept(report_id=uuid.UUID(rescue), by=builders.operator(world.incident))
    expect(page.locator("#alarm")).to_be_hidden()


def test_it_takes_a_new_build_when_nobody_is_at_it(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.incident).new_page()
    page.clock.install()
    page.goto(f"/hq/{world.incident.slug}/wall/?follow=1")
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    page.evaluate("window.before = true")
    page.route("**/wall/?part=build", lambda route: route.fulfill(json={"build": "newer"}))
    page.mouse.move(50, 50)
    again(page)
    assert page.evaluate("window.before") is True
    with page.expect_event("load"):
        page.clock.fast_forward(61_000)
    assert "follow=1" in page.url


def again(page: Page) -> None:
    """The line is lost and found, as when a new release starts."""
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.locator("#live-badge")).not_to_have_class("badge badge-live")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")


def test_a_saved_view_by_its_name_and_no_reporter(world: World, sign_in: SignIn) -> None:
    context = sign_in(world.incident, "en")
    by = builders.operator(world.incident)
    house = builders.headquarters(world.incident)
    query = "hide_severity=serious"
    view_save(incident=world.incident, view_id=uuid.uuid4(), name="Minor things",
              query=query, organisation=house, by=by)  # fmt: skip
    page = world.open(context, f"view={SavedView.objects.get().id}")
    expect(page.locator("h1")).to_contain_text("Minor things")
    expect(page.locator(".report-place")).to_have_count(1)
    expect(page.locator("#wall-empty")).to_be_visible()
    assert world.crew.name not in page.locator("body").inner_text()
    answer = page.request.get(f"/hq/{world.incident.slug}/wall/?view=nothing")
    assert answer.status == 404


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_large_and_without_accessibility_faults(
    world: World, sign_in: SignIn, theme: str
) -> None:
    page = world.open(sign_in(world.incident, "en"), "follow=1")
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    world.report(severity="critical")
    expect(page.locator("#wall-shown")).to_be_visible()
    size = page.locator(".wall-where").first.evaluate("e => getComputedStyle(e).fontSize")
    assert float(size.removesuffix("px")) >= 24
    assert faults(page) == []
