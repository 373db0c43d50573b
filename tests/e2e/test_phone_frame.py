"""What the bars say on every screen: the link, a new version, what does not work on http."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, expect

from gspace.models import Incident
from tests import builders
from tests.e2e import phone_seed
from tests.e2e.conftest import ARGUMENTS, chromium
from tests.e2e.phone_browser import SCREEN, with_key

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LOOKED_AT = "document.dispatchEvent(new Event('visibilitychange'))"
ME = "**/api/v1/devices/me"
AT = 1_785_000_000_000
Opens = Callable[..., Page]


@pytest.fixture
def incident(server: str) -> Incident:
    return builders.make_incident("flood")


@pytest.fixture
def phone(browser: Browser, server: str, incident: Incident) -> Iterator[Opens]:
    """Opens an enrolled phone at its settings."""
    opened: list[BrowserContext] = []

    def run(**more: Any) -> Page:
        given = {"base_url": server, "viewport": SCREEN, "locale": "en", "has_touch": True}
        opened.append(browser.new_context(**(given | more)))
        page = with_key(opened[-1], server, builders.device(incident)[1]).new_page()
        page.goto("/m/settings")
        expect(page.locator(".phone-bar__incident")).to_have_text("flood")
        return page

    yield run
    for context in opened:
        context.close()


def strip(page: Page, words: str) -> Any:
    return page.locator(".phone-head [role=status] > *", has_text=words)


# --- the link ------------------------------------------------------------------------------
def test_offline_is_a_bar_with_the_time_until_it_is_over(phone: Opens) -> None:
    page = phone()
    page.context.set_offline(True)
    expect(strip(page, "Offline since")).to_be_visible()
    for path in ("rules", "outbox"):
        page.evaluate(f"document.querySelector('a[data-go=\"{path}\"]').click()")
        expect(strip(page, "Offline since")).to_be_visible()
    page.context.set_offline(False)
    expect(strip(page, "Offline since")).to_have_count(0)


LIES: list[tuple[dict[str, Any] | None, str]] = [
    ({"status": 200, "content_type": "text/html", "body": "<h1>Log in</h1>"}, "A login page"),
    ({"status": 302, "headers": {"Location": "http://wifi.example/"}}, "A login page"),
    ({"status": 502, "content_type": "text/html", "body": "Bad gateway"}, "has not answered since"),
    (None, "Offline since"),
]


@pytest.mark.parametrize(("lie", "words"), LIES)
def test_each_kind_of_silence_has_its_words(
    phone: Opens, lie: dict[str, Any] | None, words: str
) -> None:
    page = phone()
    page.context.route(ME, lambda route: route.fulfill(**lie) if lie else route.abort())
    page.evaluate(LOOKED_AT)
    expect(strip(page, words)).to_be_visible()
    page.context.unroute(ME)
    page.evaluate(LOOKED_AT)
    expect(strip(page, words)).to_have_count(0)


def test_where_nothing_is_sent_behind_the_page_it_asks_to_stay_open(phone: Opens) -> None:
    page = phone()
    page.context.add_init_script("delete window.SyncManager")
    page.context.route("**/api/v1/reports/*", later)
    some = phone_seed.entry(Incident(slug="flood"), AT)
    phone_seed.put(page, "", [some])
    page.reload()
    expect(page.get_by_role("link", name="Drafts 0 To send 1 Sent 0")).to_be_visible()
    page.evaluate(LOOKED_AT)
    expect(strip(page, "Keep this open until nothing is left: 1")).to_be_visible()


def later(route: Route) -> None:
    """A no for this one report: the link is there, and the report waits."""
    body = '{"code": "disk_full", "detail": "No room."}'
    route.fulfill(status=507, content_type="application/problem+json", body=body)


# --- a new version -------------------------------------------------------------------------
def newer(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, json=answer.json() | {"build": "another"})


def test_a_new_version_is_offered_and_never_over_something_unsent(phone: Opens) -> None:
    page = phone()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.route(ME, newer)
    page.evaluate(LOOKED_AT)
    offer = strip(page, "A new version is ready.")
    expect(offer.get_by_role("button", name="Take it")).to_be_visible()
    draft = phone_seed.entry(Incident(slug="flood"), AT) | {"folder": "draft"}
    phone_seed.put(page, "", [draft])
    page.evaluate("new BroadcastChannel('gspace').postMessage('changed')")
    expect(offer).to_have_count(0)
    expect(page.get_by_text("It is taken when nothing is unsent.")).to_be_visible()
    page.get_by_role("button", name="Take the new version").wait_for(state="detached")


# --- an insecure address -------------------------------------------------------------------
def test_on_http_it_says_what_does_not_work(
    playwright: Playwright, server: str, settings: Any
) -> None:
    """http on another host than this machine, as on a LAN without certificates."""
    settings.ALLOWED_HOSTS = ["gspace.test", "127.0.0.1"]
    port = urlsplit(server).port
    mapped = ["--host-resolver-rules=MAP gspace.test 127.0.0.1"]
    found = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, *mapped])
    page = found.new_context(viewport=SCREEN, locale="en").new_page()
    page.goto(f"http://gspace.test:{port}/m/")
    assert not page.evaluate("isSecureContext")
    notice = page.locator("#insecure")
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("neither camera, position nor keeping reports")
    notice.get_by_role("link").click()
    expect(page).to_have_url(f"http://gspace.test:{port}/m/form/")
    found.close()
