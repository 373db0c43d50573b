"""Every screen of the phone: no fault for axe in either theme, nothing cut at 200 % text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gspace import actions
from gspace.access import Caller
from gspace.models import Device, Incident
from tests import builders, layer_builders
from tests.e2e import looks, phone_seed
from tests.e2e.phone_browser import SCREEN, with_key
from tests.e2e.test_desk_accessible import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
AT = 1_785_000_000_000
REFUSED = {"code": "not_allowed", "status": 403, "detail": "This is not allowed."}
Opens = Callable[..., tuple[Page, list[str]]]


class Town:
    """An incident with everything that a screen may have to show."""

    def __init__(self) -> None:
        self.incident = builders.make_incident(
            "flood", name_en="Flood", centre=Point(130.75, 32.79), zoom=12
        )
        caller, self.token = builders.device(self.incident)
        self.caller: Caller = caller
        severities = ("critical", "serious", "moderate", "minor", "unknown")
        self.others = [builders.make_report(self.incident, severity=s) for s in severities]
        self.own: UUID = builders.make_report(self.incident, caller, photos=[])
        layer, _ = layer_builders.published_layer(self.incident, slug="shelters")
        self.shelter = f"shelter/{layer.slug}/a"
        self.draft = self._kept(0, folder="draft")
        self.entries = [self.draft, self._kept(1), self._refused(2), self._kept(3, incident=None)]

    def _kept(self, n: int, **more: Any) -> dict[str, Any]:
        photo = builders.jpeg(n + 1)
        return phone_seed.entry(self.incident, AT + n, [photo], comment="橋が落ちた") | more

    def _refused(self, n: int) -> dict[str, Any]:
        said = {"state": "attention", "tries": 1, "lastAt": AT, "nextAt": 0, "why": REFUSED}
        return self._kept(n, words=said)

    def screens(self) -> list[str]:
        report, draft = f"report/{self.own}", self.draft["id"]
        theirs = [f"report/{self.others[0]}", f"report/{self.entries[2]['id']}"]
        return [
            "", "list", "map", "notices", "outbox", "settings", "rules", report, *theirs,
            self.shelter, f"draft/{draft}", f"place/{draft}", "no-such-page",
        ]  # fmt: skip


@pytest.fixture
def town(server: str) -> Town:
    return Town()


@pytest.fixture
def phone(browser: Browser, server: str, town: Town) -> Iterator[Opens]:
    """Opens the app with that town's device, entries in every folder and nothing going out."""
    opened: list[BrowserContext] = []

    def run(joined: bool = True, **more: Any) -> tuple[Page, list[str]]:
        given = {"base_url": server, "viewport": SCREEN, "locale": "en", "has_touch": True}
        context = browser.new_context(**(given | more), reduced_motion="reduce")
        opened.append(context)
        page, complaints = context.new_page(), []
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if joined:
            with_key(context, server, town.token)
            page.goto("/m/settings")
            expect(page.locator(".phone-bar__incident")).to_contain_text("lood")
            context.route("**/api/v1/reports/*", no_writing)
            phone_seed.put(page, "", town.entries, pictures(town))
        return page, complaints

    yield run
    for context in opened:
        context.close()


def no_writing(route: Any) -> None:
    if route.request.method == "GET":
        route.continue_()
    else:
        route.abort()


def pictures(town: Town) -> dict[str, bytes]:
    return {entry["photos"][0]["id"]: builders.jpeg(n) for n, entry in enumerate(town.entries)}


def settled(page: Page, path: str) -> None:
    page.goto(f"/m/{path}")
    expect(page.locator("#screen h1")).to_have_count(1)
    # what is fetched, and what a camera or a map takes to begin
    page.wait_for_timeout(700)


def ours(complaints: list[str]) -> list[str]:
    """Without what a blocked request or a first visit without a key leaves in the console."""
    return [c for c in complaints if "ERR_" not in c and "401" not in c]


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.prove)])
def test_no_accessibility_fault_on_any_screen(phone: Opens, town: Town, theme: str) -> None:
    page, complaints = phone(color_scheme=theme)
    found = {}
    for path in town.screens():
        settled(page, path)
        if wrong := faults(page):
            found[path] = wrong
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
    assert ours(complaints) == []


@pytest.mark.parametrize(("theme", "language"), looks.LANGUAGES)
def test_no_accessibility_fault_before_joining(phone: Opens, theme: str, language: str) -> None:
    page, complaints = phone(joined=False, color_scheme=theme, locale=language)
    for path in ("", "rules"):
        settled(page, path)
        assert page.locator("html").get_attribute("lang") == language
        assert faults(page) == []
    assert ours(complaints) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault_where_something_is_wrong(
    phone: Opens, town: Town, theme: str
) -> None:
    """Locked out, without a network, in a drill that has just been opened."""
    page, _ = phone(color_scheme=theme)
    Incident.objects.filter(id=town.incident.id).update(state="drill")
    builders.join(builders.make_incident("other"), builders.headquarters(town.incident), "hq")
    settled(page, "settings")
    page.locator(".phone-strip", has_text="has been opened").wait_for()
    page.locator(".phone-bar__incident").click()
    expect(page.locator("dialog.sheet")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    actions.device_revoke(device=Device.objects.get(id=town.caller.device))
    settled(page, "outbox")
    page.locator(".phone-strip--error").wait_for()
    page.context.set_offline(True)
    page.locator(".phone-strip--away").wait_for()
    assert faults(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault_in_a_broadcast(phone: Opens, town: Town, theme: str) -> None:
    by = builders.operator(town.incident)
    actions.broadcast_create(incident=town.incident, kind="tsunami", text="高台へ", by=by)
    page, _ = phone(color_scheme=theme)
    settled(page, "notices")
    expect(page.get_by_text("高台へ").first).to_be_visible()
    assert faults(page) == []


# what scrolls sideways by itself may be wider than the screen
WIDER = """() => {
  const scrolls = (one) => one && one.id !== 'screen'
    && (['auto', 'scroll'].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  const wide = [...document.querySelectorAll('.phone-main *')].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && box.right > innerWidth + 1
      && !one.closest('.leaflet-container, svg, .unseen') && !scrolls(one.parentElement);
  });
  const page = document.documentElement.scrollWidth > innerWidth ? ['page'] : [];
  return [...page, ...wide.slice(0, 4).map((one) =>
    `${one.tagName}.${one.className} ${one.textContent.slice(0, 20)}`)];
}"""
CUT = """() => ['.phone-head', '.phone-tabs']
  .flatMap((part) => [...document.querySelectorAll(`${part}, ${part} *`)])
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1
    && getComputedStyle(one).display !== 'inline')
  .map((one) => `${one.tagName}.${one.className}`)"""


@pytest.mark.prove
@pytest.mark.parametrize("language", ["ja", "en"])
def test_nothing_is_cut_at_twice_the_text_size(phone: Opens, town: Town, language: str) -> None:
    page, _ = phone(locale=language)
    found = {}
    for path in town.screens():
        settled(page, path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        page.wait_for_timeout(150)
        if wrong := [*page.evaluate(WIDER), *page.evaluate(CUT)]:
            found[path] = wrong
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


SMALL = """() => [...document.querySelectorAll(
    '#app button, #app a.button, #app input:not([type=checkbox], [type=radio]), #app select,'
    + '#app .phone-tabs a, #app .phone-bar a, #app .choices > label, #app .switch')]
  .filter((one) => one.offsetParent !== null && !one.closest('.leaflet-control'))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.height < 47.5 || box.width < 43.5))
  .map(([one, box]) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 20)}`
    + ` ${Math.round(box.width)}x${Math.round(box.height)}`)"""


@pytest.mark.prove
def test_targets_are_large_enough_for_gloves(phone: Opens, town: Town) -> None:
    page, _ = phone()
    found = {}
    for path in town.screens():
        settled(page, path)
        if wrong := page.evaluate(SMALL):
            found[path] = wrong
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
