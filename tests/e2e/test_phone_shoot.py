"""Shoot first: a record at the shutter, three taps to done, nothing lost and nothing in the way."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from gspace.models import Incident
from reports.models import Report
from tests import builders
from tests.e2e import phone_seed
from tests.e2e.phone_camera import (
    PLACE,
    a_file,
    browser_with_camera,
    browser_without_camera,
    choose,
    enrolled,
    entry_of,
    moved,
    open_camera,
    phone_of,
    press_shutter,
    send,
    wait_for_report,
)

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def camera(playwright: Playwright) -> Iterator[Browser]:
    with browser_with_camera(playwright) as browser:
        yield browser


@pytest.fixture(scope="module")
def refusing(playwright: Playwright) -> Iterator[Browser]:
    with browser_without_camera(playwright) as browser:
        yield browser


@pytest.fixture
def incident(server: str) -> Incident:
    return builders.make_incident()


@pytest.fixture
def phone(camera: Browser, server: str, incident: Incident) -> Iterator[BrowserContext]:
    context = phone_of(camera, server, enrolled(incident))
    yield context
    context.close()


# --- three taps ----------------------------------------------------------------------------
def test_shutter_category_send(phone: BrowserContext) -> None:
    page = open_camera(phone)
    expect(page.locator(".place-line")).to_contain_text("±12 m")
    before = datetime.now(UTC)
    ident = press_shutter(page)
    choose(page, "road_blocked")
    send(page)
    expect(page.locator(".finished__receipt b")).to_be_visible(timeout=20_000)
    report = wait_for_report(id=ident)
    assert page.locator(".finished__receipt b").text_content() == report.receipt
    assert (report.category, report.severity) == ("road_blocked", "unknown")
    assert report.positions["chosen"] == "device"
    assert before - timedelta(seconds=2) <= report.captured_at <= datetime.now(UTC)
    assert report.photos.count() == 1
    expect(page.locator(".shutter")).to_be_visible()


def test_the_picture_arrives_small_and_whole(phone: BrowserContext) -> None:
    page = open_camera(phone)
    ident = press_shutter(page)
    choose(page, "fire")
    send(page)
    phone_seed.wait_sent(page, 1)
    photo = Report.objects.get(id=ident).photos.get()
    assert photo.state in {"stored", "ready"}
    assert photo.sha256 == entry_of(page, ident)["photos"][0]["sha256"]


def test_everything_is_on_the_phone_before_anything_is_asked(phone: BrowserContext) -> None:
    page = open_camera(phone)
    phone.set_offline(True)
    ident = press_shutter(page)
    entry = entry_of(page, ident)
    assert entry["folder"] == "draft"
    assert entry["content"]["device_fix"]["accuracy_m"] == PLACE["accuracy"]
    assert len(entry["photos"]) == 1
    expect(page.get_by_text("Saved on this phone")).to_be_visible()


def test_without_a_category_it_asks_and_keeps(phone: BrowserContext) -> None:
    page = open_camera(phone)
    ident = press_shutter(page)
    send(page)
    expect(page.get_by_text("Choose what it is, then send.")).to_be_visible()
    assert entry_of(page, ident)["folder"] == "draft"


def test_the_category_used_last_comes_first(phone: BrowserContext) -> None:
    page = open_camera(phone)
    press_shutter(page)
    choose(page, "farmland")
    send(page)
    press_shutter(page)
    first = page.locator('input[name="category"]').first
    assert first.get_attribute("value") == "farmland"


def test_a_cry_for_help_also_names_the_other_ways(phone: BrowserContext) -> None:
    page = open_camera(phone)
    press_shutter(page)
    expect(page.get_by_text("Also call 119 or use the radio.")).to_be_hidden()
    choose(page, "rescue")
    expect(page.get_by_text("Also call 119 or use the radio.")).to_be_visible()
    send(page)
    expect(page.locator(".finished").get_by_role("link", name="Call 119")).to_be_visible()


# --- nothing typed is lost -----------------------------------------------------------------
def test_a_reload_in_the_middle_of_typing(phone: BrowserContext) -> None:
    page = open_camera(phone)
    press_shutter(page)
    choose(page, "building")
    page.locator("#floor").fill("B1")
    page.locator("#comment").press_sequentially("the road is gone behind the brid")
    page.reload()
    expect(page.locator("#comment")).to_have_value("the road is gone behind the brid")
    expect(page.locator("#floor")).to_have_value("B1")
    expect(page.locator('input[value="building"]')).to_be_checked()


def test_a_page_that_was_ended_comes_back_to_what_was_written(phone: BrowserContext) -> None:
    page = open_camera(phone)
    ident = press_shutter(page)
    page.locator("#comment").fill("two houses")
    page.close()
    again = phone.new_page()
    again.goto("/m/")
    again.wait_for_url(f"**/m/draft/{ident}")
    expect(again.locator("#comment")).to_have_value("two houses")


def test_the_way_back_and_other_screens_keep_the_draft(phone: BrowserContext) -> None:
    page = open_camera(phone)
    ident = press_shutter(page)
    page.locator("#comment").fill("kept")
    page.go_back()
    expect(page.locator(".shutter")).to_be_visible()
    page.goto(f"/m/draft/{ident}")
    expect(page.locator("#comment")).to_have_value("kept")


def test_a_second_picture_joins_the_first(phone: BrowserContext) -> None:
    page = open_camera(phone)
    ident = press_shutter(page)
    page.get_by_role("button", name="Add a picture").click()
    assert press_shutter(page) == ident
    expect(page.locator(".shots__list img")).to_have_count(2)
    page.locator(".shots__remove").first.click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(".shots__list img")).to_have_count(1)
    assert len(entry_of(page, ident)["photos"]) == 1


def test_a_report_begun_without_a_picture_takes_the_place_and_time_of_its_first(
    phone: BrowserContext,
) -> None:
    page = open_camera(phone)
    page.get_by_role("button", name="Report without a picture").click()
    page.wait_for_url("**/m/draft/*")
    before = entry_of(page, page.url.rpartition("/")[2])["content"]
    moved(phone, 6)
    page.get_by_role("button", name="Add a picture").click()
    expect(page.locator(".place-line")).to_contain_text("±6 m")
    after = entry_of(page, press_shutter(page))["content"]
    assert after["captured_at"] > before["captured_at"]
    assert after["device_fix"]["accuracy_m"] == 6


# --- a refused camera or position never blocks a report -------------------------------------
def test_no_camera_and_no_position(
    refusing: Browser, server: str, incident: Incident, tmp_path: Path
) -> None:
    context = phone_of(refusing, server, enrolled(incident), permissions=[])
    page = open_camera(context)
    expect(page.get_by_text("The camera is not allowed here.")).to_be_visible()
    expect(page.get_by_text("Position is not allowed.")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        page.locator(".shutter").click()
    content = builders.jpeg(5, (400, 300))
    chooser.value.set_files(a_file(tmp_path, content))
    page.wait_for_url("**/m/draft/*")
    expect(page.get_by_text("No place yet.")).to_be_visible()
    choose(page, "other")
    send(page)
    report = wait_for_report(incident=incident)
    assert report.positions["chosen"] == "none"
    assert report.photos.get().sha256 == hashlib.sha256(content).hexdigest()
    context.close()


def test_a_camera_that_is_not_there_is_said(
    camera: Browser, server: str, incident: Incident
) -> None:
    context = phone_of(camera, server, enrolled(incident))
    context.add_init_script("delete Navigator.prototype.mediaDevices")
    page = open_camera(context)
    expect(page.get_by_text("There is no camera for this page.")).to_be_visible()
    page.get_by_role("button", name="Report without a picture").click()
    choose(page, "gas")
    send(page)
    assert wait_for_report(incident=incident).positions["chosen"] == "device"
    context.close()


def test_without_takephoto_the_frame_is_kept(
    camera: Browser, server: str, incident: Incident
) -> None:
    context = phone_of(camera, server, enrolled(incident))
    context.add_init_script("delete window.ImageCapture")
    page = open_camera(context)
    ident = press_shutter(page)
    assert entry_of(page, ident)["photos"][0]["type"] == "image/jpeg"
    context.close()


def test_the_camera_rests_and_a_tap_wakes_it(
    camera: Browser, server: str, incident: Incident
) -> None:
    context = phone_of(camera, server, enrolled(incident))
    page = context.new_page()
    page.clock.install()
    page.goto("/m/")
    expect(page.locator(".shoot__stage video")).to_be_visible()
    page.clock.fast_forward(31_000)
    expect(page.get_by_text("The camera rests to save the battery.")).to_be_visible()
    page.locator(".shutter").click()
    expect(page.locator(".shoot__stage video")).to_be_visible()
    page.get_by_role("link", name="List").click()
    assert page.evaluate("document.querySelector('video')?.srcObject ?? null") is None
    context.close()


# --- 異常なし -------------------------------------------------------------------------------
def test_nothing_wrong_is_one_tap(phone: BrowserContext, incident: Incident) -> None:
    page = open_camera(phone)
    expect(page.locator(".place-line")).to_contain_text("±12 m")
    page.get_by_role("button", name="Nothing wrong here").click()
    expect(page.locator(".finished")).to_contain_text("±12 m")
    report = wait_for_report(incident=incident)
    assert (report.category, report.photos.count()) == ("all_clear", 0)


def test_nothing_wrong_can_be_taken_back(phone: BrowserContext, incident: Incident) -> None:
    page = open_camera(phone)
    expect(page.locator(".place-line")).to_contain_text("±12 m")
    phone.set_offline(True)
    moved(phone, 150)
    expect(page.locator(".place-line")).to_contain_text("±150 m")
    page.get_by_role("button", name="Nothing wrong here").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".finished")).to_be_hidden()
    phone.set_offline(False)
    page.get_by_role("button", name="Nothing wrong here").click()
    report = wait_for_report(incident=incident)
    page.get_by_role("button", name="Undo").click()
    until = time.monotonic() + 20
    while Report.objects.get(id=report.id).status != "withdrawn":
        assert time.monotonic() < until
        page.wait_for_timeout(100)


# --- what a killed page left ---------------------------------------------------------------
def test_a_photo_left_undeveloped_is_developed_at_the_next_start(
    phone: BrowserContext, incident: Incident
) -> None:
    page = open_camera(phone)
    content = noisy(1600, 1200)
    entry = phone_seed.entry(incident, int(time.time() * 1000), [content])
    photo = entry["photos"][0]
    entry["folder"] = "draft"
    digest, photo["sha256"], photo["preview"] = photo["sha256"], None, None
    phone_seed.put(page, "", [entry], {photo["id"]: content})
    page.reload()
    until = time.monotonic() + 20
    while entry_of(page, entry["id"])["photos"][0]["sha256"] is None:
        assert time.monotonic() < until
        page.wait_for_timeout(100)
    found = entry_of(page, entry["id"])["photos"][0]
    assert found["sha256"] == digest
    size, width, height = page.evaluate(SMALL, photo["id"])
    assert size <= 64 * 1024
    assert max(width, height) <= 1024
    # upright: the camera was held on its side
    assert height > width


def test_without_workers_the_page_itself_develops(
    camera: Browser, server: str, incident: Incident
) -> None:
    context = phone_of(camera, server, enrolled(incident))
    context.add_init_script("delete window.Worker")
    page = open_camera(context)
    ident = press_shutter(page)
    expect(page.locator(".shots img")).to_be_visible()
    photo = entry_of(page, ident)["photos"][0]
    assert page.evaluate(SMALL, photo["id"])[0] <= 64 * 1024
    assert photo["sha256"]
    context.close()


def noisy(width: int, height: int) -> bytes:
    """A picture that is hard to make small, taken with the camera on its side."""
    said = Image.Exif()
    said[0x0112] = 6
    stream = io.BytesIO()
    Image.effect_noise((width, height), 80).convert("RGB").save(stream, "JPEG", exif=said)
    return stream.getvalue()


SMALL = """
async (photo) => {
  const asked = indexedDB.open('gspace');
  const db = await new Promise((yes) => { asked.onsuccess = () => yes(asked.result); });
  const got = db.transaction('bytes').objectStore('bytes').get(`${photo}/preview`);
  const bytes = await new Promise((yes) => { got.onsuccess = () => yes(got.result); });
  db.close();
  const bitmap = await createImageBitmap(new Blob([bytes], {type: 'image/jpeg'}));
  return [bytes.byteLength, bitmap.width, bitmap.height];
}"""
