"""After one visit the app starts in flight mode, in a new browser process, at any address."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Playwright, Route, expect

from frontend import phone_files
from tests import builders
from tests.e2e import phone_seed
from tests.e2e.phone_browser import READY, PhoneBrowser, until, usable, visit, with_key

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
DEEP_LINKS = [
    "/m/", "/m/?transfer=abc", "/m/list", "/m/map", "/m/notices", "/m/outbox", "/m/outbox/",
    "/m/settings", "/m/rules", "/m/report/1b4e28ba-2fa1-11d2-883f-0016d3cca427",
    "/m/shelter/kumamoto-city-shelters/43100-12", "/m/shelter/a/%E4%BD%93%E8%82%B2%E9%A4%A8",
]  # fmt: skip


@pytest.fixture
def phone(playwright: Playwright, server: str, tmp_path: Path) -> PhoneBrowser:
    return PhoneBrowser(playwright, server, tmp_path / "profile")


BUILD = "JSON.parse(document.getElementById('phone-data')?.textContent ?? '{}').build"


def build_of(page: Page) -> str:
    return page.evaluate(BUILD)


def kept_by(page: Page) -> dict[str, list[str]]:
    """Cache name -> addresses in it."""
    return page.evaluate(
        """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(
             async (name) => [name, await caches.open(name).then(
               (one) => one.keys()).then((asked) => asked.map(({url}) => url))])))"""
    )


# --- starting without a network ------------------------------------------------------------
def test_a_cold_start_in_flight_mode_at_every_address(phone: PhoneBrowser) -> None:
    with phone.started() as context:
        visit(context)
    with phone.started(flight_mode=True) as context:
        with pytest.raises(Error, match="ERR_"):
            context.new_page().goto("/i/nowhere/")
        page = context.new_page()
        for path in DEEP_LINKS:
            page.goto(path)
            usable(page)
            assert page.url.startswith(phone.server + path.partition("?")[0].rstrip("/")), path
            assert page.evaluate("document.styleSheets.length") >= 1, path


def test_joined_once_it_knows_itself_in_flight_mode(phone: PhoneBrowser) -> None:
    _, token = builders.device(builders.make_incident())
    with phone.started() as context:
        visit(with_key(context, phone.server, token))
    with phone.started(flight_mode=True) as context:
        page = context.new_page()
        page.goto("/m/outbox")
        usable(page)
        expect(page.locator("#app nav a").first).to_be_visible()


def test_every_language_is_on_the_phone(phone: PhoneBrowser) -> None:
    with phone.started() as context:
        visit(context)
    with phone.started(flight_mode=True) as context:
        page = context.new_page()
        page.goto("/m/")
        for language in ("ja", "en", "ja-simple"):
            ask = f"fetch('/m/words/{language}.json').then((answer) => answer.json())"
            words = page.evaluate(ask)
            assert words["language"] == language and words["build"] == build_of(page)


def test_pages_of_the_server_are_asked_of_the_server(phone: PhoneBrowser) -> None:
    with phone.started() as context:
        page = visit(context)
        for path in ("/m/form/", "/m/join/code"):
            page.goto(path)
            assert page.locator("#phone-data").count() == 0, path
    with phone.started(flight_mode=True) as context:
        page = context.new_page()
        for path in ("/m/form/", "/m/join/code", "/m/sent/1b4e28ba-2fa1-11d2-883f-0016d3cca427/"):
            # the browser's own page, or nothing: never the app
            with pytest.raises(Error):
                page.goto(path, timeout=3000)


# --- what is kept --------------------------------------------------------------------------
def test_it_keeps_the_listed_files_and_no_answer_of_the_api(phone: PhoneBrowser) -> None:
    _, token = builders.device(builders.make_incident())
    with phone.started() as context:
        page = visit(with_key(context, phone.server, token))
        page.evaluate("fetch('/api/v1/vocabulary').then((answer) => answer.json())")
        kept = kept_by(page)
    precached = [url for name, urls in kept.items() if "precache" in name for url in urls]
    paths = {re.sub(r"\?__WB_REVISION__=\w+$", "", url) for url in precached}
    assert paths == {phone.server + str(entry["url"]) for entry in phone_files.precache()}
    assert not [url for urls in kept.values() for url in urls if "/api/" in url]


def answering(answer: dict[str, Any]) -> Callable[[Route], None]:
    return lambda route: route.fulfill(**answer)


def test_seen_photos_and_tiles_are_kept_and_lies_are_not(phone: PhoneBrowser) -> None:
    photo = "/api/v1/photos/1b4e28ba-2fa1-11d2-883f-0016d3cca427"
    lies: dict[str, dict[str, Any]] = {
        f"{photo}/thumb": {"content_type": "text/html", "body": "<h1>Log in to this Wi-Fi</h1>"},
        f"{photo}/preview": {"status": 404, "content_type": "image/jpeg", "body": "x"},
        f"{photo}/display": {"content_type": "image/jpeg", "body": b"\xff\xd8\xff\xd9"},
        f"{photo}/original": {"content_type": "image/jpeg", "body": b"\xff\xd8\xff\xd9"},
        "/tiles/basemap/3/6/3.mvt": {"content_type": "text/html", "body": "Log in"},
    }
    with phone.started() as context:
        page = visit(context)
        for path, answer in lies.items():
            context.route(f"**{path}", answering(answer))
        for path in [*lies, "/tiles/basemap/3/7/3.mvt"]:
            page.evaluate("(path) => fetch(path).then((answer) => answer.blob())", path)
        until(page, "caches.has('photos').then((yes) => yes && caches.has('tiles'))")
        kept = kept_by(page)
        assert kept["photos"] == [f"{phone.server}{photo}/display"]
        assert kept["tiles"] == [f"{phone.server}/tiles/basemap/3/7/3.mvt"]


def test_tiles_kept_on_purpose_come_first(phone: PhoneBrowser) -> None:
    tile = "/tiles/basemap/9/1/1.mvt"
    with phone.started() as context:
        page = visit(context)
        page.evaluate(
            """(tile) => caches.open("kept-tiles").then((kept) => kept.put(tile,
                 new Response("mine", {headers: {Vary: "Cookie"}})))""",
            tile,
        )
    with phone.started(flight_mode=True) as context:
        page = context.new_page()
        page.goto("/m/map")
        ask = "(tile) => fetch(tile).then((answer) => answer.text())"
        assert page.evaluate(ask, tile) == "mine"


# --- a new version -------------------------------------------------------------------------
WAITING = """navigator.serviceWorker.getRegistration("/m/").then(
  (registration) => registration.waiting !== null && registration.installing === null)"""

PROMPT = ".phone-strip--new button"
JOINED = "document.querySelector('.phone-tabs a') !== null"
DISCARD = """(id) => new Promise((done) => { indexedDB.open("gspace").onsuccess = (opened) => {
  const db = opened.target.result, tx = db.transaction("entries", "readwrite");
  tx.objectStore("entries").delete(id);
  tx.oncomplete = () => { db.close(); done(); };
}; })"""


def publish(monkeypatch: pytest.MonkeyPatch, build: str) -> None:
    """The service is another version from now on."""
    monkeypatch.setattr(phone_files, "_build", lambda stamps: build)


def test_a_new_version_waits_until_it_is_asked_for(
    phone: PhoneBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with phone.started() as context:
        page = visit(context)
        old = build_of(page)
        publish(monkeypatch, "another-build")
        page.reload()
        until(page, WAITING)
        for _ in range(2):
            page.reload()
            usable(page)
            assert build_of(page) == old
        other = context.new_page()
        other.goto("/m/list")
        usable(other)
        loads: list[str] = []
        page.on("domcontentloaded", lambda shown: loads.append(shown.url))
        page.evaluate("""navigator.serviceWorker.getRegistration("/m/").then(
            (registration) => { registration.waiting.postMessage({type: "SKIP_WAITING"}) })""")
        for shown in (page, other):
            until(shown, f"{BUILD} === 'another-build'")
        usable(page)
        assert len(loads) == 1
    with phone.started(flight_mode=True) as context:
        page = context.new_page()
        page.goto("/m/")
        assert build_of(usable(page)) == "another-build"


def test_an_open_app_hears_of_it_and_takes_it_by_a_press(
    phone: PhoneBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = builders.device(builders.make_incident())
    with phone.started() as context:
        page = visit(with_key(context, phone.server, token), "/m/outbox")
        until(page, JOINED)
        publish(monkeypatch, "another-build")
        assert page.locator(PROMPT).count() == 0
        page.evaluate("dispatchEvent(new Event('online'))")
        page.locator(PROMPT).click()
        until(page, f"{BUILD} === 'another-build'")
        expect(usable(page).locator(PROMPT)).to_have_count(0)
        assert page.url.endswith("/m/outbox")


def test_nothing_is_offered_while_something_is_unsent(
    phone: PhoneBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = builders.make_incident()
    with phone.started() as context:
        page = visit(context)
        draft = phone_seed.entry(incident, 1) | {"folder": "draft"}
        phone_seed.put(page, builders.device(incident)[1], [draft])
        publish(monkeypatch, "another-build")
        page.goto("/m/outbox")
        until(page, WAITING)
        page.wait_for_timeout(300)
        assert usable(page).locator(PROMPT).count() == 0
        assert [kept["id"] for kept in phone_seed.read(page)] == [draft["id"]]
        page.evaluate(DISCARD, draft["id"])
        page.reload()
        expect(page.locator(PROMPT)).to_be_visible()


def test_the_first_worker_takes_over_without_a_reload(phone: PhoneBrowser) -> None:
    with phone.started() as context:
        page = context.new_page()
        loads: list[str] = []
        page.on("domcontentloaded", lambda shown: loads.append(shown.url))
        page.goto("/m/")
        until(page, READY)
        page.wait_for_timeout(500)
        assert len(loads) == 1


def test_a_file_that_is_missing_on_the_way_leaves_the_old_version_whole(
    phone: PhoneBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with phone.started() as context:
        page = visit(context)
        old = build_of(page)
        publish(monkeypatch, "broken-build")
        real = phone_files.precache
        gone = {"url": "/static/build/gone.js", "revision": "1"}
        monkeypatch.setattr(phone_files, "precache", lambda: [*real(), gone])
        page.reload()
        page.wait_for_timeout(1500)
        assert not page.evaluate(WAITING)
    with phone.started(flight_mode=True) as context:
        page = context.new_page()
        page.goto("/m/")
        assert build_of(usable(page)) == old
