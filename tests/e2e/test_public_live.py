"""The public pages in a real browser: they follow within a second, turn, and say their age."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gspace.models import Municipality
from layers import actions
from tests import builders
from tests.e2e import looks
from tests.e2e.test_desk_accessible import faults
from tests.layer_builders import publish, published_layer, spot

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
WITHIN_MS = 1_000


@pytest.fixture
def context(browser: Browser, server: str) -> Iterator[BrowserContext]:
    found = browser.new_context(base_url=server, locale="en")
    yield found
    found.close()


@pytest.fixture
def shelters(server: str) -> Any:
    at = "SRID=4326;POINT(130.82 32.79)"
    Municipality.objects.create(code="434434", name="益城町", name_en="Mashiki", location=at)
    incident = builders.make_incident("quake")
    spots = [
        spot(f"s{n}", 130.75 + n / 100, name=f"School {n}", state={"operation": "open"},
             municipality_code="434434")
        for n in range(3)
    ]  # fmt: skip
    return published_layer(incident, spots, reuse=True, source_name="Town office")


def opened(context: BrowserContext, path: str) -> Page:
    """The page once it follows the feed."""
    page = context.new_page()
    page.goto(path)
    words = "#signage-age" if "signage" in path else "#live-words"
    live = "Live" if "signage" in path else "This list stays up to date by itself."
    expect(page.locator(words)).to_have_text(live, timeout=15_000)
    return page


NO_SOCKET = """() => { window.WebSocket = class {
  constructor() { setTimeout(() => this.onclose?.({ code: 1006 }), 10); }
  close() {}
} }"""


def cut_off(context: BrowserContext, page: Page) -> None:
    """No word for a minute. Chromium's own "offline" lets sockets through."""
    page.evaluate(NO_SOCKET)
    context.set_offline(True)
    page.clock.fast_forward(60_000)
    page.clock.run_for(3_000)


def said(layer: Any, by: Any, feature: str, **values: Any) -> None:
    actions.state_set(layer=layer, feature_id=feature, values=values, source_as_of=None, by=by)


@pytest.mark.parametrize("path", ["/i/quake/", "/i/quake/?kind=shelter", "/i/quake/?embed=1"])
def test_the_list_follows_within_a_second(
    context: BrowserContext, shelters: Any, path: str
) -> None:
    layer, by = shelters
    page = opened(context, path)
    item = page.locator("#listing li", has_text="School 1")
    said(layer, by, "s1", operation="open", congestion="full")
    expect(item).to_contain_text("Full", timeout=WITHIN_MS)
    said(layer, by, "s1", operation="closed")
    expect(item).to_contain_text("Closed", timeout=WITHIN_MS)


def test_a_new_file_and_a_rollback_are_there_within_a_second(
    context: BrowserContext, shelters: Any
) -> None:
    layer, by = shelters
    page = opened(context, "/i/quake/?kind=shelter")
    spots = [spot(f"s{n}", name=f"Hall {n}", state={"operation": "open"},
                  municipality_code="434434") for n in range(3)]  # fmt: skip
    publish(layer, by, spots)
    expect(page.locator("#listing")).to_contain_text("Hall 2", timeout=WITHIN_MS)
    actions.layer_rollback(layer=layer, by=by)
    expect(page.locator("#listing")).to_contain_text("School 2", timeout=WITHIN_MS)


def test_staff_see_here_what_others_see_and_it_follows(sign_in: Any, shelters: Any) -> None:
    layer, by = shelters
    builders.make_report(layer.incident, comment="inner words")
    page = opened(sign_in(layer.incident, "en"), "/i/quake/")
    said(layer, by, "s1", operation="closed")
    expect(page.locator("#listing")).to_contain_text("2 open of 3", timeout=WITHIN_MS)
    assert "inner words" not in page.content()


def test_who_reads_keeps_the_focus(context: BrowserContext, shelters: Any) -> None:
    layer, by = shelters
    page = opened(context, "/i/quake/")
    page.locator("a.kind").first.focus()
    said(layer, by, "s1", operation="closed")
    expect(page.locator("#listing")).to_contain_text("2 open of 3", timeout=WITHIN_MS)
    assert "kind=shelter" in page.evaluate("document.activeElement.getAttribute('href')")


def test_when_nothing_can_be_heard_the_page_says_so(context: BrowserContext, shelters: Any) -> None:
    page = context.new_page()
    page.clock.install()
    page.goto("/i/quake/")
    expect(page.locator("#live-words")).to_contain_text("up to date", timeout=15_000)
    cut_off(context, page)
    expect(page.locator("#live-words")).to_contain_text("Stale since")


# --- the screen in a hall ------------------------------------------------------------------
def test_the_screen_follows_turns_and_says_when_it_is_old(
    context: BrowserContext, shelters: Any
) -> None:
    layer, _ = shelters
    more = [spot(n, name=f"Well {n:02d}", state={"operation": "running"}) for n in range(30)]
    published_layer(layer.incident, more, kind="water")
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 720})
    page.clock.install()
    page.goto("/i/quake/?signage=1")
    expect(page.locator("#signage-age")).to_have_text("Live", timeout=15_000)
    seen: set[str] = set()
    screens = int(page.locator("#signage-page").inner_text().split("/")[1])
    for _ in range(screens):
        shown = page.locator(".sheet-kind__name:visible").all_inner_texts()
        assert shown and not seen & set(shown)
        seen |= set(shown)
        # nothing of what is shown is cut off
        assert page.locator("main").evaluate("e => e.scrollHeight <= e.clientHeight")
        page.clock.run_for(12_000)
    assert len(seen) == 33 and screens > 2
    # its clock went faster than the service's: what it still hears of now must not come afterwards
    expect(page.locator("#signage-age")).to_have_text("Live", timeout=15_000)
    cut_off(context, page)
    expect(page.locator("#signage-stale")).to_be_visible()
    expect(page.locator("#signage-stale")).to_contain_text("Out of date")


def test_the_screen_follows_within_a_second(context: BrowserContext, shelters: Any) -> None:
    layer, by = shelters
    page = opened(context, "/i/quake/?signage=1")
    said(layer, by, "s1", operation="closed")
    expect(page.locator("main")).to_contain_text("2 open of 3", timeout=WITHIN_MS)


def test_a_page_that_opens_again_catches_up(context: BrowserContext, shelters: Any) -> None:
    layer, by = shelters
    page = opened(context, "/i/quake/")
    context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    said(layer, by, "s1", operation="closed")
    time.sleep(0.5)
    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#listing")).to_contain_text("2 open of 3", timeout=10_000)


# --- for everybody -------------------------------------------------------------------------
PATHS = [
    "/i/quake/?", "/i/quake/?kind=shelter", "/i/quake/towns/?", "/i/quake/data/?",
    "/i/quake/?embed=1", "/i/quake/?signage=1", "/i/quake/paper/?",
    "/i/quake/paper/?municipality=434434",
]  # fmt: skip


@pytest.mark.parametrize(
    ("theme", "width", "language"),
    [
        ("light", 360, "ja"),
        ("light", 360, "ja-simple"),
        ("dark", 1920, "en"),
        looks.rest("light", 360, "en"),
        looks.rest("dark", 1920, "ja"),
        looks.rest("dark", 1920, "ja-simple"),
    ],
)
def test_no_accessibility_fault(
    context: BrowserContext, shelters: Any, language: str, theme: Any, width: int
) -> None:
    layer, _ = shelters
    published_layer(layer.incident, [spot("v", url="https://v.example.jp/")], kind="video")
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for path in [*PATHS, f"/i/quake/layers/{layer.slug}/?"]:
        page.goto(f"{path}&lang={language}")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth"), path
        assert faults(page) == [], path
