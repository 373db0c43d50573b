"""The position of a report gets better, older pictures have their own, and incidents are chosen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from gspace.models import Incident
from reports.models import Report
from tests import builders
from tests.e2e.phone_camera import (
    a_file,
    browser_with_camera,
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


@pytest.fixture
def incident(server: str) -> Incident:
    return builders.make_incident()


@pytest.fixture
def phone(camera: Browser, server: str, incident: Incident) -> Iterator[BrowserContext]:
    context = phone_of(camera, server, enrolled(incident))
    yield context
    context.close()


def with_facts(lon: float, lat: float, taken: str) -> bytes:
    """A picture that says where and when it was taken."""
    said = Image.Exif()
    said.get_ifd(0x8769)[0x9003] = taken
    said.get_ifd(0x8825).update({1: "N", 2: (lat, 0.0, 0.0), 3: "E", 4: (lon, 0.0, 0.0)})
    return builders.jpeg(3, (320, 240), exif=said)


# --- the position gets better --------------------------------------------------------------
def test_a_better_position_after_the_shutter_wins(phone: BrowserContext) -> None:
    moved(phone, 150)
    page = open_camera(phone)
    expect(page.locator(".place-line")).to_contain_text("±150 m")
    ident = press_shutter(page)
    # the person is at the next picture already
    page.go_back()
    expect(page.locator(".shutter")).to_be_visible()
    moved(phone, 8)
    page.goto(f"/m/draft/{ident}")
    expect(page.locator(".place-line")).to_contain_text("±8 m")
    assert entry_of(page, ident)["content"]["device_fix"]["accuracy_m"] == 8


def test_the_words_wait_for_it_and_go_when_it_is_known(phone: BrowserContext) -> None:
    moved(phone, 150)
    page = open_camera(phone)
    expect(page.locator(".place-line")).to_contain_text("±150 m")
    ident = press_shutter(page)
    choose(page, "river")
    send(page)
    page.wait_for_timeout(2_000)
    assert not Report.objects.filter(id=ident).exists()
    moved(phone, 9)
    assert wait_for_report(id=ident, seconds=10).positions["device"]["accuracy_m"] == 9


def test_a_notably_better_one_after_sending_is_a_correction(phone: BrowserContext) -> None:
    moved(phone, 150)
    page = open_camera(phone)
    expect(page.locator(".place-line")).to_contain_text("±150 m")
    ident = press_shutter(page)
    choose(page, "rescue")
    send(page)
    assert wait_for_report(id=ident).positions["device"]["accuracy_m"] == 150
    moved(phone, 7)
    until = time.monotonic() + 20
    while Report.objects.get(id=ident).positions["device"]["accuracy_m"] != 7:
        assert time.monotonic() < until
        page.wait_for_timeout(100)
    assert Report.objects.get(id=ident).version == 2


def test_a_rough_position_is_said_in_words(phone: BrowserContext) -> None:
    moved(phone, 900)
    page = open_camera(phone)
    expect(page.locator(".place-line--coarse")).to_contain_text("Only a rough position: ±900 m")


# --- older pictures ------------------------------------------------------------------------
def test_older_pictures_offer_their_own_place_and_time(
    phone: BrowserContext, tmp_path: Path
) -> None:
    page = open_camera(phone)
    older = a_file(tmp_path, with_facts(131.0, 33.0, "2016:04:16 02:11:00"))
    another = a_file(tmp_path, builders.jpeg(9, (200, 100)), "another.jpg")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Older pictures").click()
    assert chooser.value.is_multiple()
    chooser.value.set_files([older, another])
    page.wait_for_url("**/m/draft/*")
    ident = page.url.rpartition("/")[2]
    assert entry_of(page, ident)["content"]["captured_at"] is None
    page.get_by_role("button", name="Use the picture's place and time").click()
    expect(page.locator(".place-line--pin")).to_be_visible()
    choose(page, "bridge")
    send(page)
    report = wait_for_report(id=ident)
    assert report.positions["chosen"] == "pin"
    assert (report.positions["pin"]["lon"], report.positions["pin"]["lat"]) == (131.0, 33.0)
    assert report.captured_at.year == 2016
    assert report.photos.count() == 2


def test_an_older_picture_is_not_put_where_the_phone_is(
    phone: BrowserContext, tmp_path: Path
) -> None:
    page = open_camera(phone)
    for here in (False, True):
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Older pictures").click()
        chooser.value.set_files([a_file(tmp_path, builders.jpeg(7 + here, (200, 100)))])
        page.wait_for_url("**/m/draft/*")
        ident = page.url.rpartition("/")[2]
        expect(page.locator(".place-line--none")).to_be_visible()
        if here:
            page.get_by_role("button", name="It was taken where I am now").click()
            expect(page.locator(".place-line--pin")).to_be_visible()
        choose(page, "bridge")
        send(page)
        chosen = wait_for_report(id=ident).positions["chosen"]
        assert chosen == ("pin" if here else "none")


# --- incidents -----------------------------------------------------------------------------
def test_without_an_incident_it_is_kept_as_not_assigned(
    camera: Browser, server: str, incident: Incident
) -> None:
    token = enrolled(incident)
    incident.state = "closed"
    incident.save()
    context = phone_of(camera, server, token)
    page = open_camera(context)
    ident = press_shutter(page)
    expect(page.get_by_text("Not assigned to an incident")).to_be_visible()
    choose(page, "power")
    send(page)
    expect(page.locator(".finished")).to_contain_text("not assigned")
    assert entry_of(page, ident)["incident"] is None
    context.close()


def test_of_several_incidents_one_is_chosen(
    camera: Browser, server: str, incident: Incident
) -> None:
    other = builders.make_incident()
    builders.join(other, builders.headquarters(incident), "partner")
    context = phone_of(camera, server, enrolled(incident))
    page = open_camera(context)
    ident = press_shutter(page)
    page.locator("#incident").select_option(other.slug)
    choose(page, "telecom")
    send(page)
    assert wait_for_report(id=ident).incident_id == other.id
    context.close()
