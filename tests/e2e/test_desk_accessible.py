"""The desk by keyboard and for screen readers, in both themes and languages, without CSP faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import BrowserContext, Page, expect

from gspace.models import Incident
from reports.models import Report
from tests import builders
from tests.e2e import looks

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SignIn = Callable[..., BrowserContext]
# in the order of the page: ask, note, log, release, move, set the place
IN_THE_REPORT = (
    "ask-reporter", "write-note", "write-in-log", "release-open", "move-place", "place-on-map",
)  # fmt: skip
MOST_STOPS = 60
DESKS = [(1366, 768), (1920, 1080)]


@pytest.fixture
def incident(server: str) -> Incident:
    return builders.make_incident(centre=Point(130.75, 32.79), zoom=12)


def open_desk(context: BrowserContext, incident: Incident) -> tuple[Page, list[str]]:
    """The page, and what its console complains of."""
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"/hq/{incident.slug}/")
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    return page, complaints


def faults(page: Page) -> list[dict[str, Any]]:
    # evaluated by the debugger, which the page's CSP does not bind
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("() => axe.run()")
    return [
        {"rule": fault["id"], "where": [node["target"] for node in fault["nodes"]][:4]}
        for fault in found["violations"]
    ]


@pytest.mark.parametrize(("theme", "language"), looks.LANGUAGES)
def test_no_accessibility_fault(
    incident: Incident, sign_in: SignIn, theme: str, language: str
) -> None:
    for severity in ("critical", "serious", "moderate", "minor", "unknown"):
        builders.make_report(incident, severity=severity)
    page, complaints = open_desk(sign_in(incident, language), incident)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    assert page.locator("html").get_attribute("lang") == language
    assert faults(page) == []
    page.keyboard.press("j")
    expect(page.locator("#detail")).to_be_visible()
    assert faults(page) == []
    # the map's own tiles may be out of reach of a test machine
    assert [c for c in complaints if "cyberjapandata" not in c and "ERR_" not in c] == []


IN_ONE_LINE = """() => {
  const parts = [...document.querySelectorAll(".bar > *")].map(e => e.getBoundingClientRect())
    .filter(box => box.width > 0 && box.height > 0);
  const line = Math.max(...parts.map(box => box.top)) < Math.min(...parts.map(box => box.bottom));
  const broken = Math.max(...parts.map(box => box.height)) >= 44;
  return parts.length > 8 && line && !broken && parts.every(box => box.right <= innerWidth);
}"""


@pytest.mark.parametrize(("theme", "language"), looks.LANGUAGES)
def test_an_open_report_leaves_the_desk_whole(
    incident: Incident, sign_in: SignIn, theme: Any, language: str
) -> None:
    for severity in ("minor", "critical"):
        builders.make_report(incident, severity=severity, comment="橋の手前" * 60)
    page, _ = open_desk(sign_in(incident, language), incident)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.keyboard.press("j")
    expect(page.locator("#detail")).to_be_visible()
    for width, height in DESKS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(IN_ONE_LINE), f"the bar at {width}"
        expect(page.locator("#detail")).to_be_visible()
        assert faults(page) == [], width


def test_the_keyboard_walks_opens_and_steps_back(incident: Incident, sign_in: SignIn) -> None:
    idents = [str(builders.make_report(incident)) for _ in range(3)]
    page, _ = open_desk(sign_in(incident), incident)
    expect(page.locator(".row")).to_have_count(3)
    newest_first = list(reversed(idents))
    for ident in newest_first:
        page.keyboard.press("j")
        expect(page.locator(f"#row-{ident}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("k")
    expect(page.locator(f"#row-{newest_first[1]}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    page.locator("#goes-on").uncheck()
    page.locator(f"#row-{newest_first[1]}").click()
    page.keyboard.press("v")
    expect(page.locator("#detail [data-to=in_progress].primary")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("no such words")
    expect(page.locator(".row")).to_have_count(0)


def reached_by_tab(page: Page, ends_at: str) -> list[str]:
    """Ids of what Tab comes to inside the report, up to that one."""
    found: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found.append(page.evaluate("document.activeElement.closest('#detail *')?.id ?? 'outside'"))
        if found[-1] in (ends_at, "outside"):
            break
    return found


def test_enter_goes_into_the_report_and_esc_back(incident: Incident, sign_in: SignIn) -> None:
    first = str(builders.make_report(incident))
    builders.make_report(incident)
    page, _ = open_desk(sign_in(incident), incident)
    detail, rows = page.locator("#detail"), page.locator("#list")
    # nothing is open: nothing to go into
    page.keyboard.press("Enter")
    expect(detail).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(detail).to_be_focused()
    expect(detail).to_contain_text(Report.objects.get(id=first).receipt)
    assert {*IN_THE_REPORT} <= {*reached_by_tab(page, IN_THE_REPORT[-1])}
    page.keyboard.press("Escape")
    expect(detail).to_be_hidden()
    expect(rows).to_be_focused()
    # from the list as well, where nothing is open the first
    page.keyboard.press("Enter")
    expect(detail).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    expect(detail).to_be_focused()
    # what can be pressed keeps its own Enter
    page.locator("#write-note").focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()


def test_a_narrow_window_leaves_the_map_its_room(incident: Incident, sign_in: SignIn) -> None:
    context = sign_in(incident, "ja")
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/hq/{incident.slug}/")
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    expect(page.locator("#rail")).to_be_hidden()
    expect(page.locator("#rail-fold")).to_have_attribute("aria-expanded", "false")
    # neither wider than the window nor without a map
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("#map").evaluate("m => Math.min(m.offsetWidth, m.offsetHeight)") > 150
    page.locator(".account summary").click()
    for part in (".panel", ".account-menu", "#queue"):
        box = page.locator(part).bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360, part
    page.locator(".account summary").click()
    over, under = (page.locator(part).bounding_box() for part in ("#map", ".panel"))
    assert over and under and over["y"] + over["height"] <= under["y"], "the list lies on the map"
    for name in ("map", "board"):
        words = page.locator(f"#show-{name}").evaluate("b => b.offsetHeight")
        assert words < 44, f"{name} is broken into lines"
    page.locator("#rail-fold").click()
    page.reload()
    expect(page.locator("#rail")).to_be_visible()


def test_looking_back_is_told_loudly(incident: Incident, sign_in: SignIn) -> None:
    for _ in range(3):
        builders.make_report(incident)
    page, _ = open_desk(sign_in(incident), incident)
    page.locator("#time-slider").fill("0")
    expect(page.locator(".report-place")).to_have_count(1)
    expect(page.locator("body.looks-back #time-now")).to_be_visible()
    page.locator("#time-now").click()
    expect(page.locator(".report-place")).to_have_count(3)


def test_strangers_do_not_get_in(incident: Incident, browser: Any, server: str) -> None:
    context = browser.new_context(base_url=server)
    page = context.new_page()
    page.goto(f"/hq/{incident.slug}/")
    assert "/accounts/login" in page.url
    context.close()
