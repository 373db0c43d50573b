"""Numbers that follow the reports and open them; squares that tell silence from all clear."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from gspace.models import Incident, Municipality, Place
from reports.models import Report
from tests import builders
from tests.e2e.test_desk_accessible import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
LON, LAT = 130.7563, 32.7958


@pytest.fixture
def incident(server: str) -> Incident:
    ward = Municipality.objects.create(code="431028", name="熊本市東区", name_en="Higashi-ku")
    for number in range(3):
        place = Point(LON + number / 80, LAT)
        Place.objects.create(name=f"町{number}", municipality=ward, location=place)
    return builders.make_incident(centre=Point(LON, LAT), zoom=14)


def report(incident: Incident, square: int, **more: object) -> None:
    pin = {"lon": LON + square / 80, "lat": LAT}
    builders.make_report(incident, device_fix=None, pin=pin, **more)


def shown(page: Page, figure: str) -> str:
    return page.locator(f'[data-figure="{figure}"]').first.inner_text()


def test_a_figure_follows_and_opens_its_reports(incident: Incident, sign_in: SignIn) -> None:
    report(incident, 0, category="fire", severity="critical")
    report(incident, 0, category="fire", severity="minor")
    report(incident, 1, category="water_cut", severity="critical")
    context = sign_in(incident)
    page = context.new_page()
    page.goto(f"/hq/{incident.slug}/numbers/")
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    assert shown(page, "total") == "3"
    page.locator("#hours-table summary").click()
    builders.make_report(incident, category="fire", severity="critical", device_fix=None)
    fires = page.locator('[data-figure="category/fire/critical"]')
    expect(fires).to_have_text("2", timeout=12_000)
    expect(page.locator("#hours-table")).to_have_attribute("open", "")
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page) == []
    fires.click()
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    counts = [tab.inner_text() for tab in page.locator("[role=tab] .count").all()]
    assert sum(int(count) for count in counts) == 2
    expect(page.locator("#tab-placeless .count")).to_have_text("1")


def test_three_looks_on_the_desk(incident: Incident, sign_in: SignIn) -> None:
    report(incident, 0, category="all_clear", severity="unknown")
    report(incident, 1, severity="serious")
    page = sign_in(incident).new_page()
    page.goto(f"/hq/{incident.slug}/")
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    page.locator("#coverage").check()
    for look in ("none", "all_clear", "reported"):
        expect(page.locator(f".coverage-square.is-{look}")).to_have_count(1)
    fill = page.locator(".coverage-square.is-none").get_attribute("fill")
    assert fill == "url(#coverage-hatch)"
    expect(page.locator(".coverage-label.is-all_clear")).to_contain_text("✓")
    expect(page.locator(".coverage-label.is-reported")).to_have_text("1")
    assert [row.inner_text() for row in page.locator(".coverage-states .count").all()] == ["1"] * 3
    # somebody reports from the silent one
    report(incident, 2)
    expect(page.locator(".coverage-square.is-none")).to_have_count(0, timeout=12_000)
    assert faults(page) == []
    # what the square holds, and nothing else, is what its reports are
    page.locator(".coverage-square.is-all_clear").click(position={"x": 12, "y": 12})
    page.locator(".coverage-words button").click()
    expect(page.locator("#tab-inside .count")).to_have_text("1")
    page.wait_for_url("**mesh=*")
    # off at once, although an answer is out, as the page says
    held: list[Route] = []
    page.route("**/coverage?*", lambda route: held.append(route))
    page.locator(".filter-clear button").click()
    expect(page.locator("#behind-line")).not_to_be_empty()
    page.locator("#coverage").uncheck()
    expect(page.locator(".coverage-square")).to_have_count(0)
    expect(page.locator("#behind-line")).to_be_empty()
    for route in held:
        route.abort()
    page.unroute("**/coverage?*")
    # a busy server is no lasting refusal, and nothing else asks again here
    page.route("**/coverage?*", lambda route: route.fulfill(status=503, json={"title": "Busy"}))
    page.locator("#coverage").check()
    expect(page.locator("#coverage-legend")).to_contain_text("今は読み込めません")
    page.unroute("**/coverage?*")
    expect(page.locator(".coverage-square.is-all_clear")).to_have_count(1, timeout=12_000)


def closes_alone(page: Page, names: Locator) -> None:
    """A popup by name: another takes its place, and whoever closes it is back at the name."""
    popup = page.locator(".leaflet-popup:not([style*='opacity: 0'])")
    names.nth(1).press("Enter")
    expect(popup.filter(has_text="市0").locator("button")).to_be_focused()
    popup.locator(".leaflet-popup-close-button").click()
    expect(names.nth(1)).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#detail")).to_be_visible()
    names.last.press("Enter")
    expect(page.locator(".leaflet-popup")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(names.last).to_be_focused()
    # by the mouse the focus is elsewhere
    page.locator("path.coverage-square.is-all_clear").click(position={"x": 12, "y": 12})
    expect(page.locator(".leaflet-popup")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(page.locator("#detail")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#detail")).to_be_hidden()
    names.last.focus()


def test_by_municipality_on_the_desk(incident: Incident, sign_in: SignIn) -> None:
    report(incident, 0, category="all_clear", severity="unknown")
    report(incident, 1, severity="serious")
    for number, code in enumerate(("431028", "434434", "434442")):
        west = LON - 0.006 + number / 80
        box = Polygon.from_bbox((west, LAT - 0.01, west + 1 / 80, LAT + 0.01))
        more = {"name": f"市{number}", "boundary": MultiPolygon(box, srid=4326)}
        Municipality.objects.update_or_create(code=code, defaults=more)
    for of, code in (("all_clear", "431028"), ("road_blocked", "434434")):
        Report.objects.filter(category=of).update(municipality_code=code)
    page = sign_in(incident).new_page()
    page.goto(f"/hq/{incident.slug}/?coverage=1")
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    expect(page.locator(".coverage-square")).to_have_count(3)
    page.locator("#coverage-by [value=municipality]").check()
    for look in ("none", "all_clear", "reported"):
        expect(page.locator(f"path.coverage-square.is-{look}")).to_have_count(1)
    page.wait_for_url("**coverage=municipality*")
    fill = page.locator(".coverage-square.is-none").get_attribute("fill")
    assert fill == "url(#coverage-hatch)"
    expect(page.locator(".coverage-label.is-all_clear")).to_contain_text("✓")
    expect(page.locator(".coverage-label.is-reported")).to_have_text("1")
    # in words, the silent first, and by the keyboard
    names = page.locator(".coverage-list button")
    expect(names).to_have_text(["市2", "市0", "市1"])
    names.last.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".coverage-words button")).to_be_focused()
    assert faults(page) == []
    closes_alone(page, names)
    page.keyboard.press("Enter")
    expect(page.locator(".coverage-words button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#tab-inside .count")).to_have_text("1")
    expect(page.locator("#list")).to_be_focused()
    page.wait_for_url("**municipality=434434*")
    # a page opened with this address shows the same
    page.reload()
    expect(page.locator("path.coverage-square.is-reported")).to_have_count(1)
    expect(page.locator("#coverage-by [value=municipality]")).to_be_checked()
    page.locator("#coverage").uncheck()
    expect(page.locator(".coverage-square")).to_have_count(0)
    assert "coverage" not in page.url
