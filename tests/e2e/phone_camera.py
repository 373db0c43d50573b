"""A phone with a camera and a position, both made by the browser itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from gspace.models import Incident
from reports.models import Report
from tests import builders
from tests.e2e import phone_seed
from tests.e2e.conftest import ARGUMENTS, chromium
from tests.e2e.phone_browser import SCREEN, with_key

PLACE = {"latitude": 32.79, "longitude": 130.75, "accuracy": 12}
# a moving test picture instead of a lens
CAMERA = ["--use-fake-device-for-media-stream"]
ALLOWED = ["geolocation", "camera"]


@contextmanager
def browser_with_camera(playwright: Playwright) -> Iterator[Browser]:
    found = playwright.chromium.launch(
        executable_path=chromium(), args=[*ARGUMENTS, *CAMERA, "--use-fake-ui-for-media-stream"]
    )
    try:
        yield found
    finally:
        found.close()


@contextmanager
def browser_without_camera(playwright: Playwright) -> Iterator[Browser]:
    """Permissions are asked for, and nobody answers yes."""
    found = playwright.chromium.launch(
        executable_path=chromium(asks=True),
        args=[*ARGUMENTS, *CAMERA, "--deny-permission-prompts"],
    )
    try:
        yield found
    finally:
        found.close()


def phone_of(
    browser: Browser,
    server: str,
    token: str,
    *,
    permissions: list[str] | None = None,
    **more: Any,
) -> BrowserContext:
    """An enrolled phone; by default camera and position are allowed."""
    context = browser.new_context(
        base_url=server,
        viewport=SCREEN,
        has_touch=True,
        **{"locale": "en", "geolocation": PLACE, **more},
    )
    context.grant_permissions(ALLOWED if permissions is None else permissions, origin=server)
    return with_key(context, server, token)


def enrolled(incident: Incident) -> str:
    return builders.device(incident)[1]


def open_camera(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/m/")
    expect(page.locator(".shutter")).to_be_visible()
    return page


def press_shutter(page: Page) -> str:
    """Takes a picture with the page's camera; the new draft's id."""
    expect(page.locator(".shoot__stage video")).to_be_visible()
    page.locator(".shutter").click()
    page.wait_for_url("**/m/draft/*")
    return page.url.rpartition("/")[2]


def entry_of(page: Page, ident: str) -> dict[str, Any]:
    return next(entry for entry in phone_seed.read(page) if entry["id"] == ident)


def moved(phone: BrowserContext, accuracy: float) -> None:
    phone.set_geolocation({**PLACE, "accuracy": accuracy})


def choose(page: Page, code: str) -> None:
    tile = page.locator(f'input[name="category"][value="{code}"]')
    if not tile.is_visible():
        page.get_by_role("button", name="Show more").click()
    tile.check()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send", exact=True).click()


def wait_for_report(seconds: float = 30, **where: Any) -> Report:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := Report.objects.filter(**where).first():
            return found
        time.sleep(0.1)
    raise AssertionError(f"no report with {where} came")


def a_file(tmp_path: Path, content: bytes, name: str = "picture.jpg") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path
