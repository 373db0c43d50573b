"""The search box finds places and coordinates, and the address brings a view back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import BrowserContext, expect

from gspace.models import Incident, Municipality, Place
from tests import builders
from tests.e2e.test_desk_accessible import faults, open_desk

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]


@pytest.fixture
def incident(server: str) -> Incident:
    city = Municipality.objects.create(code="431028", name="熊本市東区", name_en="Higashi-ku")
    at = Point(130.90, 32.95, srid=4326)
    Place.objects.create(name="健軍本町", municipality=city, location=at)
    return builders.make_incident(centre=Point(130.75, 32.79), zoom=12)


def test_places_are_found_and_the_address_brings_them_back(
    incident: Incident, sign_in: SignIn
) -> None:
    gas = str(builders.make_report(incident, comment="ｶﾞｽの臭い"))
    builders.make_report(incident, comment="断水")
    context = sign_in(incident, "en")
    page, complaints = open_desk(context, incident)
    search, found = page.locator("#search"), page.locator("#found")
    search.fill("３２．９, １３０．６")
    expect(found.get_by_role("button")).to_have_text("Coordinates 32.90000, 130.60000")
    assert faults(page) == []
    search.press("Enter")
    expect(page.locator(".found-mark")).to_be_visible()
    expect(page).to_have_url(re.compile(r"32\.9000"))
    search.fill("4930-16")
    expect(found.get_by_role("button")).to_have_text("Grid square 4930-16")
    search.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("path.found-square")).to_have_count(1)
    search.fill("健軍")
    found.get_by_role("button", name="健軍本町").click()
    expect(page).to_have_url(re.compile(r"32\.95000"))
    expect(found).to_be_hidden()
    for address in ("熊本市東区健軍本町", "熊本市東区健軍本町１－２"):
        search.fill(address)
        line = found.get_by_role("listitem")
        expect(line).to_have_count(1)
        expect(line).to_contain_text("Middle of the town; the house is not known")
        line.get_by_role("button", name="健軍本町").click()
        # what led to a place narrows no list
        expect(search).to_have_value("")
        expect(page.locator("#tab-outside .count")).to_have_text("2")
    search.fill("がす")
    expect(page.locator("#tab-outside .count")).to_have_text("1")
    page.locator("#tab-outside").click()
    page.locator(f"#row-{gas}").click()
    page.locator("#order").select_option("severity")
    expect(page).to_have_url(re.compile(gas))
    again = context.new_page()
    again.goto(page.url)
    expect(again.locator("#detail")).to_be_visible()
    expect(again.locator("#search")).to_have_value("がす")
    expect(again.locator("#order")).to_have_value("severity")
    expect(again).to_have_url(page.url)
    assert faults(again) == []
    # tiles of the wide world are not there in a test
    assert [said for said in complaints if "NAME_NOT_RESOLVED" not in said] == []
