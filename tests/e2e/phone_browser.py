"""A phone's browser: a profile that outlives its process, and a network that can be taken away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from gspace import access
from tests.e2e.conftest import ARGUMENTS, chromium

SCREEN = {"width": 360, "height": 740}
# every connection is refused, those to this machine too
NOWHERE = ["--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>"]
PATIENCE_S = 20
READY = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


class PhoneBrowser:
    def __init__(self, playwright: Playwright, server: str, profile: Path) -> None:
        self.playwright = playwright
        self.server = server
        self.profile = profile

    @contextmanager
    def started(self, *, flight_mode: bool = False, **more: Any) -> Iterator[BrowserContext]:
        """A process of its own, as after the battery was empty."""
        context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=chromium(),
            args=[*ARGUMENTS, *(NOWHERE if flight_mode else [])],
            base_url=self.server,
            viewport=SCREEN,
            has_touch=True,
            **{"locale": "ja", **more},
        )
        context.set_offline(flight_mode)
        try:
            yield context
        finally:
            context.close()


def with_key(context: BrowserContext, server: str, token: str) -> BrowserContext:
    """As if it had joined."""
    context.add_cookies([{"name": access.DEVICE_COOKIE, "value": token, "url": server}])
    return context


def usable(page: Page) -> Page:
    """The app stands on the screen and takes touches."""
    expect(page.locator("#app > *").first).to_be_visible()
    expect(page.locator("#app").locator("a, button").first).to_be_enabled()
    return page


def visit(context: BrowserContext, path: str = "/m/") -> Page:
    """Opens the app and stays until the phone has kept it."""
    page = context.new_page()
    page.goto(path)
    until(usable(page), READY)
    return page


def until(page: Page, expression: str) -> None:
    """Waits until the expression, or what it promises, is true."""
    deadline = time.monotonic() + PATIENCE_S
    while not _holds(page, expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(50)


def _holds(page: Page, expression: str) -> bool:
    try:
        return bool(page.evaluate(expression))
    except Error as error:
        # asked while the page was being loaded anew
        if "context was destroyed" in error.message:
            return False
        raise
