"""Where it is, by hand: the map under a crosshair, for drafts and after sending."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from gspace.models import Incident
from reports.models import Report
from tests import builders
from tests.e2e.phone_camera import (
    PLACE,
    browser_with_camera,
    browser_without_camera,
    enrolled,
    entry_of,
    open_camera,
    phone_of,
    press_shutter,
)

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def camera(playwright: Playwright) -> Iterator[Browser]:
    with browser_with_camera(playwright) as browser:
        yield browser


@pytest.fixture
def incident(server: str) -> Incident:
    return builders.make_incident(centre=Point(130.7, 32.8), zoom=13)


@pytest.fixture
def phone(camera: Browser, server: str, incident: Incident) -> Iterator[BrowserContext]:
    context = phone_of(camera, server, enrolled(incident))
    yield context
    context.close()


def open_map(page: Page) -> None:
    page.get_by_role("button", name="Correct on the map").click()
    expect(page.get_by_role("button", name="It is here")).to_be_enabled()


def pan(page: Page, dx: int, dy: int) -> None:
    box = page.locator(".place__map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - dx / 2, y - dy / 2, steps=5)
    page.mouse.move(x - dx, y - dy, steps=5)
    # a finger that rests before it is lifted throws nothing
    page.wait_for_timeout(300)
    page.mouse.up()


def said(page: Page, ident: str) -> dict[str, Any]:
    return entry_of(page, ident)["content"]


def test_it_begins_where_the_phone_was(phone: BrowserContext) -> None:
    page = open_camera(phone)
    expect(page.locator(".place-line")).to_contain_text("±12 m")
    ident = press_shutter(page)
    open_map(page)
    expect(page.locator(".place__words")).to_contain_text("±12 m")
    page.get_by_role("button", name="It is here").click()
    expect(page.locator(".place-line--pin")).to_be_visible()
    pin = said(page, ident)["pin"]
    assert pin["lon"] == pytest.approx(PLACE["longitude"], abs=1e-4)
    assert pin["lat"] == pytest.approx(PLACE["latitude"], abs=1e-4)


def test_the_map_moved_to_the_east_puts_it_further_east(phone: BrowserContext) -> None:
    page = open_camera(phone)
    expect(page.locator(".place-line")).to_contain_text("±12 m")
    ident = press_shutter(page)
    open_map(page)
    pan(page, 80, 0)
    page.get_by_role("button", name="It is here").click()
    expect(page.locator(".place-line--pin")).to_be_visible()
    pin = said(page, ident)["pin"]
    assert 0.0002 < pin["lon"] - PLACE["longitude"] < 0.01
    assert pin["lat"] == pytest.approx(PLACE["latitude"], abs=1e-4)
    open_map(page)
    page.get_by_role("button", name="The phone's own position").click()
    expect(page.locator(".place-line--good")).to_be_visible()
    assert said(page, ident)["pin"] is None


def test_no_place_is_an_answer_and_stays_one(phone: BrowserContext) -> None:
    page = open_camera(phone)
    expect(page.locator(".place-line")).to_contain_text("±12 m")
    ident = press_shutter(page)
    open_map(page)
    page.get_by_role("button", name="No place").click()
    expect(page.get_by_text("No place yet.")).to_be_visible()
    phone.set_geolocation({**PLACE, "accuracy": 3})
    page.wait_for_timeout(1_000)
    assert said(page, ident)["device_fix"] is None
    page.locator('input[value="fire"]').check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".finished__receipt")).to_be_visible(timeout=20_000)
    assert Report.objects.get(id=ident).positions["chosen"] == "none"


def test_a_place_is_added_after_sending(
    playwright: Playwright, server: str, incident: Incident
) -> None:
    with browser_without_camera(playwright) as browser:
        context = phone_of(browser, server, enrolled(incident), permissions=[])
        page = open_camera(context)
        page.get_by_role("button", name="Report without a picture").click()
        page.locator('input[value="fire"]').check()
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator(".finished__receipt")).to_be_visible(timeout=20_000)
        report = Report.objects.get(incident=incident)
        page.goto(f"/m/place/{report.id}")
        here = page.get_by_role("button", name="It is here")
        expect(here).to_be_enabled()
        here.click()
        until = time.monotonic() + 20
        while Report.objects.get(id=report.id).positions["chosen"] != "pin":
            assert time.monotonic() < until
            page.wait_for_timeout(100)
        pin = Report.objects.get(id=report.id).positions["pin"]
        # nothing was known, so the map began at the incident
        assert (round(pin["lon"], 3), round(pin["lat"], 3)) == (130.7, 32.8)
        context.close()


def test_without_the_map_the_other_answers_stand(
    camera: Browser, server: str, incident: Incident
) -> None:
    # the app's own worker would have kept the file
    phone = phone_of(camera, server, enrolled(incident), service_workers="block")
    page = open_camera(phone)
    expect(page.locator(".place-line")).to_contain_text("±12 m")
    ident = press_shutter(page)
    phone.route("**/phone-map*.js", lambda route: route.abort())
    page.get_by_role("button", name="Correct on the map").click()
    expect(page.get_by_text("The map cannot be shown now.")).to_be_visible()
    expect(page.get_by_role("button", name="It is here")).to_be_disabled()
    page.get_by_role("button", name="Cancel").click()
    assert said(page, ident)["pin"] is None
    expect(page.locator(".place-line--good")).to_be_visible()
    phone.close()
