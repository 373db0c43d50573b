"""A 12-megapixel photo on a slow phone: saved within a second, and the page never stands still."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Page, Playwright, Route, expect

from tests import builders
from tests.e2e.phone_camera import browser_with_camera, enrolled, entry_of, open_camera, phone_of

pytestmark = [pytest.mark.e2e, pytest.mark.prove, pytest.mark.django_db(transaction=True)]
SLOWER = 4
SAVED_MS = 1_000
PREVIEW_MS = 3_000
STANDSTILL_MS = 200
PHOTO = "/twelve-megapixels.jpg"

# the sensor's answer is ready in the page: what is measured is what comes after it
SENSOR = f"""
window.twelve = fetch('{PHOTO}').then((answer) => answer.blob());
ImageCapture.prototype.takePhoto = () => window.twelve;
"""
# notes when words and picture stand on the screen, and how long the page stood still meanwhile
WATCH = """
() => {
  const seen = { began: 0, saved: null, preview: null, longest: 0 };
  window.seen = seen;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) {
      if (task.startTime >= seen.began) seen.longest = Math.max(seen.longest, task.duration);
    }
  }).observe({ type: 'longtask' });
  const look = () => {
    const since = performance.now() - seen.began;
    const words = document.querySelector('.kept');
    if (words && !words.matches('.kept--not')) seen.saved ??= since;
    if (document.querySelector('.shots img')) seen.preview ??= since;
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  document.querySelector('.shutter').addEventListener('click', () => {
    seen.began = performance.now();
  }, { capture: true });
}"""


@pytest.fixture(scope="module")
def camera(playwright: Playwright) -> Iterator[Browser]:
    with browser_with_camera(playwright) as browser:
        yield browser


@pytest.fixture(scope="module")
def photo() -> bytes:
    """As detailed as a street, about 4 MB."""
    noise = Image.effect_noise((4000, 3000), 90).filter(ImageFilter.GaussianBlur(1.2))
    stream = io.BytesIO()
    noise.convert("RGB").save(stream, "JPEG", quality=88)
    return stream.getvalue()


def measured(page: Page) -> dict[str, Any]:
    client = page.context.new_cdp_session(page)
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(WATCH)
    page.locator(".shutter").click()
    expect(page.locator(".shots img")).to_be_visible(timeout=30_000)
    page.wait_for_timeout(500)
    client.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return dict(page.evaluate("window.seen"))


def test_a_large_photo_on_a_slow_phone(camera: Browser, server: str, photo: bytes) -> None:
    """The best of three: what else runs on this machine is not the phone's fault."""
    assert 2_000_000 < len(photo) < 8_000_000
    tries = [one_photo(camera, server, photo) for _ in range(3)]
    for what, most in (("saved", SAVED_MS), ("preview", PREVIEW_MS), ("longest", STANDSTILL_MS)):
        assert min(seen[what] for seen in tries) < most, tries


def one_photo(camera: Browser, server: str, photo: bytes) -> dict[str, Any]:
    context = phone_of(camera, server, enrolled(builders.make_incident()))

    def answer(route: Route) -> None:
        route.fulfill(body=photo, content_type="image/jpeg")

    context.route(f"**{PHOTO}", answer)
    context.add_init_script(SENSOR)
    page = open_camera(context)
    expect(page.locator(".shoot__stage video")).to_be_visible()
    page.evaluate("window.twelve.then(() => true)")
    seen = measured(page)
    ident = page.url.rpartition("/")[2]
    assert entry_of(page, ident)["photos"][0]["size"] == len(photo)
    context.close()
    return seen
