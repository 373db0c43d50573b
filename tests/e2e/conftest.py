"""A real browser in front of the real server.

Not pytest-playwright's own fixtures: its session-wide event loop would still be running in the
main thread when the asyncio tests come, and they could not start theirs.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from gspace.models import Incident, Organisation
from tests import builders

VIEW = {"width": 1366, "height": 768}
# containers and root have no user namespaces for Chromium's sandbox
ARGUMENTS = ["--no-sandbox"] if os.geteuid() == 0 else []


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    # Playwright's loop runs in this thread while its calls wait; Django would refuse every query
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as started:
            yield started
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def chromium(*, asks: bool = False) -> str | None:
    """The same engine in each; that without a screen is much faster, but cannot ask a person."""
    whole = ["chromium", "chromium-browser"]
    names = whole if asks else ["chromium-headless-shell", *whole]
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
    yield found
    found.close()


@pytest.fixture
def sign_in(browser: Browser, server: str) -> Iterator[Callable[[Incident], BrowserContext]]:
    """Opens a browser of its own for an operator of the incident's headquarters, or of house."""
    opened: list[BrowserContext] = []

    def run(
        incident: Incident, language: str = "ja", house: Organisation | None = None
    ) -> BrowserContext:
        client = Client()
        client.force_login(builders.make_user(house or builders.headquarters(incident)))
        context = browser.new_context(base_url=server, viewport=VIEW, locale=language)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}]
        )
        opened.append(context)
        return context

    yield run
    for context in opened:
        context.close()
