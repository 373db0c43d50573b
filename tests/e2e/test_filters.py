"""Filters narrow list and map alike and live in the address; views are shared; what is new."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from gspace.models import Incident, Municipality
from reports.models import Look, Report
from tests import builders
from tests.e2e.test_desk_accessible import faults, open_desk

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
CENTRE = (130.75, 32.79)


@pytest.fixture
def incident(server: str) -> Incident:
    at = Point(130.77, 32.79, srid=4326)
    Municipality.objects.create(code="434434", name="益城町", name_en="Mashiki", location=at)
    return builders.make_incident(centre=Point(*CENTRE, srid=4326), zoom=13)


def make(incident: Incident, east: float, **columns) -> str:
    """A report so far east of the map's middle (degrees); columns are set by hand."""
    lon = CENTRE[0] + east
    ident = builders.make_report(
        incident, device_fix=None, pin={"lon": lon, "lat": CENTRE[1]}, comment=f"at {east}"
    )
    Report.objects.filter(id=ident).update(**columns)
    return str(ident)


def shows(page: Page, *ids: str) -> None:
    """List and map, these and no others."""
    expect(page.locator("#list [role=option]")).to_have_count(len(ids))
    expect(page.locator("#map .report-place")).to_have_count(len(ids))
    for ident in ids:
        expect(page.locator(f"#row-{ident}")).to_be_attached()


def draw_by_mouse(page: Page) -> None:
    """A square around the map's middle."""
    box = page.locator("#map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.locator("#narrow-draw").click()
    for dx, dy in ((-60, -60), (60, -60), (60, 60), (-60, 60), (-60, -60)):
        page.mouse.click(x + dx, y + dy)


def draw_by_keyboard(page: Page) -> None:
    page.locator("#narrow-draw").press("Enter")
    expect(page.locator(".draw-bar")).to_be_visible()
    for key in ("Space", "ArrowDown", "Space", "ArrowRight", "Space", "Enter"):
        page.keyboard.press(key)


def three(incident: Incident) -> tuple[str, str, str]:
    """In the middle of the map, overdue; in a town, of doubtful place; and one of just now."""
    old = timezone.now() - timedelta(hours=9)
    middle = make(incident, 0.0005, received_at=old, assigned_to="建設班", due_at=old)
    town = make(incident, 0.02, municipality_code="434434", accuracy_m=180, received_at=old)
    return middle, town, make(incident, -0.02, accepted_at=old, accepted_by="Bob")


def test_each_filter_narrows_list_and_map_and_lives_in_the_address(
    incident: Incident, sign_in: SignIn
) -> None:
    every = middle, town, fresh = three(incident)
    page, complaints = open_desk(sign_in(incident, "en"), incident)
    shows(page, *every)
    page.locator("#narrow summary").click()
    chips, clear = page.locator(".filter-chip"), page.locator(".filter-clear button")
    assert faults(page) == []

    def only(name: str, address: str, *ids: str) -> None:
        expect(chips).to_have_text([name])
        shows(page, *ids)
        expect(page).to_have_url(re.compile(f"[?&]{address}"))
        clear.click()
        shows(page, *every)

    page.locator("#narrow-time").select_option("6")
    only("Last 6 hours", "recent=6&", fresh)
    page.locator("#narrow-town").fill("mashi")
    page.locator(".narrow-towns button").click()
    only("Mashiki", "municipality=434434&", town)
    page.locator("#narrow-square").click()
    only("Grid square 49301640", "mesh=", middle)
    page.get_by_role("checkbox", name="Place uncertain").check()
    only("Place less sure than 100 m", "uncertain=100&", town)
    page.get_by_role("checkbox", name="Overdue").check()
    only("Overdue", "due=overdue&", middle)
    page.get_by_role("checkbox", name="Not accepted yet").check()
    only("Not accepted yet", "waiting=1&", middle, town)
    page.locator("#narrow-assigned").select_option("建設班")
    only("Assigned to 建設班", "assigned_to=", middle)
    assert [said for said in complaints if "NAME_NOT_RESOLVED" not in said] == []


def test_an_area_is_drawn_and_the_address_brings_all_of_it_back(
    incident: Incident, sign_in: SignIn
) -> None:
    every = middle, _, _ = three(incident)
    page, complaints = open_desk(sign_in(incident, "en"), incident)
    shows(page, *every)
    page.locator("#narrow summary").click()
    chips = page.locator(".filter-chip")
    draw_by_mouse(page)
    shows(page, middle)
    page.locator("#narrow-square").click()
    page.get_by_role("checkbox", name="Not accepted yet").check()
    page.locator("#narrow-assigned").select_option("建設班")
    named = ["Grid square 49301640", "Drawn area", "Assigned to 建設班", "Not accepted yet"]
    expect(chips).to_have_text(named)
    expect(page).to_have_url(re.compile("within=.*waiting=1"))
    page.reload()
    expect(page.locator("#live-badge")).to_have_class("badge badge-live", timeout=15_000)
    expect(chips).to_have_text(named)
    shows(page, middle)
    expect(page.locator("path.filter-area")).to_have_count(2)
    page.get_by_label("Remove the filter: Drawn area").press("Enter")
    expect(page.locator("path.filter-area")).to_have_count(1)
    expect(page.get_by_label("Remove the filter: Assigned to 建設班")).to_be_focused()
    page.locator("#narrow summary").click()
    # of two drawings the first one ends: no key means both
    page.locator("#narrow-draw").press("Enter")
    expect(page.locator(".draw-bar")).to_be_visible()
    page.locator("#measure-start").click()
    expect(page.locator("#measure")).to_be_visible()
    expect(page.locator(".draw-bar")).to_have_count(0)
    page.keyboard.press("Space")
    expect(page.locator(".measure-corner")).to_have_count(1)
    page.keyboard.press("Escape")
    draw_by_keyboard(page)
    expect(chips).to_have_text(named)
    assert faults(page) == []
    assert [said for said in complaints if "NAME_NOT_RESOLVED" not in said] == []


def test_views_for_colleagues_and_what_is_new_to_each(incident: Incident, sign_in: SignIn) -> None:
    early = timezone.now() - timedelta(hours=9)
    seen = make(incident, 0.01, received_at=early, updated_at=early)
    page, _ = open_desk(sign_in(incident, "en"), incident)
    shows(page, seen)
    fresh = make(incident, -0.01)
    shows(page, seen, fresh)
    line = page.locator("#looked-line")
    expect(line).to_contain_text("1 new or changed since")
    line.get_by_role("button", name="Show").press("Enter")
    shows(page, fresh)
    expect(line.get_by_role("button", name="Show all")).to_be_focused()
    page.locator("#views summary").click()
    page.locator("#view-name").fill("New ones")
    house = builders.headquarters(incident)
    page.get_by_label("For whom").select_option(house.slug)
    page.locator(".views-form button").click()
    expect(page.locator(".views-list li")).to_contain_text("New ones")
    assert faults(page) == []
    line.get_by_role("button", name="Count from now").press("Enter")
    expect(line).to_be_hidden()
    expect(page.locator("#list")).to_be_focused()
    shows(page, seen, fresh)
    page.locator(f"#row-{fresh}").click()
    page.keyboard.press("Escape")
    page.locator("#narrow summary").click()
    page.get_by_role("checkbox", name="Not opened by me").check()
    shows(page, seen)

    # a colleague who left two hours ago: the same view, and what is new to them
    context = sign_in(incident, "en")
    colleague = context.new_page()
    with colleague.expect_response(
        lambda got: got.request.method == "POST" and got.url.endswith("/seen")
    ):
        colleague.goto(f"/hq/{incident.slug}/")
    expect(colleague.locator("#list [role=option]")).to_have_count(2)
    Look.objects.exclude(at=None).update(at=timezone.now() - timedelta(hours=2))
    colleague.reload()
    colleague.locator("#views summary").click()
    colleague.locator(".views-list .view-open").click()
    expect(colleague.locator(".filter-chip")).to_have_text(["Since I last looked"])
    shows(colleague, fresh)
    # each has seen their own
    colleague.goto(f"/hq/{incident.slug}/?unseen=1")
    shows(colleague, seen, fresh)
