"""The browser is killed with -9 between shutter and receipt: none is lost, none doubled (P10)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, expect

from reports.models import Photo, Report
from tests import builders
from tests.e2e import phone_seed
from tests.e2e.conftest import ARGUMENTS, chromium
from tests.e2e.phone_browser import with_key
from tests.e2e.phone_camera import ALLOWED, CAMERA, PLACE

pytestmark = [pytest.mark.e2e, pytest.mark.prove, pytest.mark.django_db(transaction=True)]

KILLS = 50
# from the shutter to the receipt it takes about so long
SPAN_S = 4.0
PORT_FILE = "DevToolsActivePort"
QUIET = ["--headless=new", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0",
         "--disable-background-networking", "--use-fake-ui-for-media-stream"]  # fmt: skip


@contextmanager
def mortal(playwright: Playwright, server: str, profile: Path) -> Iterator[tuple[Any, Page]]:
    """(process, page) of a browser whose profile outlives it."""
    process, browser = born(playwright, profile)
    try:
        context = browser.contexts[0]
        context.grant_permissions(ALLOWED, origin=server)
        context.set_geolocation(PLACE)
        yield process, context.new_page()
    finally:
        kill(process)


def born(playwright: Playwright, profile: Path) -> tuple[subprocess.Popen[bytes], Browser]:
    """A browser that answers; after a kill one sometimes comes up that does not."""
    for last in (False, False, True):
        process = begin(profile)
        try:
            port = (profile / PORT_FILE).read_text().split()[0]
            address = f"http://127.0.0.1:{port}"
            return process, playwright.chromium.connect_over_cdp(address, timeout=10_000)
        except (Error, FileNotFoundError):
            kill(process)
            if last:
                raise
    raise AssertionError("unreachable")


def begin(profile: Path) -> subprocess.Popen[bytes]:
    for left in (PORT_FILE, "SingletonLock"):
        (profile / left).unlink(missing_ok=True)
    words = [chromium() or "chromium", f"--user-data-dir={profile}", *QUIET, *CAMERA, *ARGUMENTS]
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    until = time.monotonic() + 30
    while not (profile / PORT_FILE).exists() and time.monotonic() < until:
        time.sleep(0.05)
    return process


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def report_once(page: Page) -> None:
    """Shutter, category, send: as fast as a person could."""
    page.locator(".shutter").click()
    page.wait_for_url("**/m/draft/*")
    finish_draft(page)


def finish_draft(page: Page) -> None:
    page.locator(".draft .tile").first.click()
    page.locator(".draft .dock .button--main").click()
    page.wait_for_url("**/m/")


def open_app(page: Page, server: str) -> None:
    """Opens on the camera, or on the draft that was being written."""
    page.goto(f"{server}/m/")
    expect(page.locator(".shutter, .draft").first).to_be_visible(timeout=20_000)
    if page.locator(".draft").count():
        finish_draft(page)
    expect(page.locator(".shoot__stage video")).to_be_visible(timeout=20_000)


def killed_meanwhile(page: Page, process: subprocess.Popen[bytes], after_s: float) -> None:
    """Report while a clock runs; at its end the browser is gone."""
    watch = subprocess.Popen(
        ["sh", "-c", f"sleep {after_s:.2f}; kill -9 -{process.pid}"], start_new_session=True
    )
    try:
        report_once(page)
        page.wait_for_timeout(SPAN_S * 1000)
    except Error:
        pass
    watch.wait()
    process.wait()


def drained(page: Page) -> list[dict[str, Any]]:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(500)
        found = phone_seed.read(page)
        if all(entry["folder"] == "sent" for entry in found):
            return found
    raise AssertionError([(e["folder"], e["words"]) for e in found if e["folder"] != "sent"])


@pytest.mark.timeout(1800)
def test_fifty_kills_between_shutter_and_receipt(
    playwright: Playwright, server: str, tmp_path: Path
) -> None:
    incident = builders.make_incident("quake")
    _, token = builders.device(incident)
    profile = tmp_path / "profile"
    profile.mkdir()
    dice = random.Random(17)
    kept: set[str] = set()
    with mortal(playwright, server, profile) as (_process, page):
        enrol(page.context, page, server, token)
    for _ in range(KILLS):
        with mortal(playwright, server, profile) as (process, page):
            open_app(page, server)
            there = {entry["id"] for entry in phone_seed.read(page)}
            assert kept <= there, "a report that was kept before the kill is gone"
            kept = there
            killed_meanwhile(page, process, dice.uniform(0.05, SPAN_S))
    with mortal(playwright, server, profile) as (_process, page):
        open_app(page, server)
        entries = drained(page)
    assert kept <= {entry["id"] for entry in entries}
    assert len(entries) >= KILLS * 0.8
    assert {str(i) for i in Report.objects.values_list("id", flat=True)} == {
        entry["id"] for entry in entries
    }
    stored = list(Photo.objects.filter(stored_at__isnull=False).values_list("sha256", flat=True))
    assert sorted(stored) == sorted(p["sha256"] for e in entries for p in e["photos"])
    print(f"{KILLS} kills, {len(entries)} reports")


def enrol(context: BrowserContext, page: Page, server: str, token: str) -> None:
    """The key lies in the storage, so that what is tested begins with the shutter."""
    with_key(context, server, token)
    page.goto(f"{server}/m/")
    expect(page.locator(".shutter")).to_be_visible(timeout=20_000)
    # cookies reach the disk after a while
    page.wait_for_timeout(2_000)
