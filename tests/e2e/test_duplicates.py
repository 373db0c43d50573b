"""The desk merges what is one, by keyboard and by list, and takes it back; two desks agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import BrowserContext, Page, expect

from reports.models import Distinct, Report
from tests import builders
from tests.e2e.test_desk_accessible import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
MINE, THEIRS = "橋の手前で道がふさがれています。", "土砂で通れません。"


class World:
    """Two crews reported one landslide; a third report lies far away."""

    def __init__(self) -> None:
        self.incident = builders.make_incident(centre=Point(130.75, 32.79), zoom=12)
        self.first = self.report(comment=THEIRS)
        self.second = self.report(comment=MINE, photos=[builders.announce(builders.jpeg(1))])
        self.far = self.report(pin={"lon": 130.80, "lat": 32.79}, category="power")

    def report(self, **more: Any) -> str:
        return str(builders.make_report(self.incident, **more))

    def receipt(self, report: str) -> str:
        return Report.objects.get(id=report).receipt

    def open(self, context: BrowserContext, report: str = "") -> Page:
        page = context.new_page()
        page.goto(f"/hq/{self.incident.slug}/")
        expect(page.locator("#live-badge")).to_have_class("badge badge-live")
        if report:
            page.locator(f"#row-{report}").click()
        return page

    def merged_into(self, report: str) -> str:
        return str(Report.objects.get(id=report).merged_into_id)


@pytest.fixture
def world(server: str) -> World:
    return World()


def test_merged_by_keyboard_and_taken_out_again_at_the_other_desk(
    world: World, sign_in: SignIn
) -> None:
    context = sign_in(world.incident, "en")
    page, other = world.open(context, world.second), world.open(context, world.first)
    expect(page.locator(".suggestion")).to_have_count(1)
    expect(page.locator(".suggestion .reason[data-code=distance]")).to_contain_text("apart")
    page.keyboard.press("d")
    sides = page.locator(".merge-dialog .compare-side")
    expect(sides).to_have_count(2)
    expect(sides.first).to_contain_text(MINE)
    expect(sides.last).to_contain_text(THEIRS)
    page.keyboard.press("Enter")
    # the earlier one stays, and shows what is in it now
    expect(page.locator(".also-card .comment")).to_have_text(MINE)
    expect(page.locator(".also-card figure")).to_have_count(1)
    expect(other.locator(".also-card .comment")).to_have_text(MINE)
    assert world.merged_into(world.second) == world.first
    other.locator(".also-card .unmerge").click()
    expect(other.locator(".also-card")).to_have_count(0)
    expect(page.locator(".also-card")).to_have_count(0)
    assert Report.objects.get(id=world.second).status == "received"


def test_the_list_of_what_is_probably_double_is_worked_through(
    world: World, sign_in: SignIn
) -> None:
    place = {"pin": {"lon": 130.80, "lat": 32.79}, "category": "power", "comment": "停電"}
    twin = world.report(**place)
    page = world.open(sign_in(world.incident, "en"))
    page.locator("#doubles-open").click()
    # the newest first, each beside the earlier one
    sides = page.locator(".merge-dialog .compare-side")
    expect(sides).to_have_count(2)
    seen = {sides.first.get_attribute("data-report"), sides.last.get_attribute("data-report")}
    pairs = [{twin, world.far}, {world.second, world.first}]
    assert seen in pairs
    page.locator(".merge-dialog .primary").click()
    expect(page.locator(".walk-done")).to_contain_text("is merged into")
    page.locator(".merge-dialog .tell-apart").click()
    expect(page.locator("#walk-end")).to_be_visible()
    assert Distinct.objects.count() == 1
    assert Report.objects.filter(status="duplicate").count() == 1
    page.locator(".walk-undo").click()
    expect(sides).to_have_count(2)
    assert Distinct.objects.count() == 0
    page.locator(".merge-dialog .primary").click()
    expect(page.locator("#walk-end")).to_be_visible()
    assert {world.merged_into(world.second), world.merged_into(twin)} == {world.first, world.far}


def test_what_nobody_suggests_is_merged_by_its_receipt_code(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident, "en"), world.far)
    expect(page.locator(".suggestions")).to_contain_text("Nothing resembles this report.")
    page.keyboard.press("d")
    page.locator("#merge-code").fill("zzzzz")
    page.keyboard.press("Enter")
    expect(page.locator(".merge-dialog .error")).to_have_text(
        "There is no such report to merge with."
    )
    page.locator("#merge-code").fill(world.receipt(world.first).lower())
    page.keyboard.press("Enter")
    expect(page.locator(".merge-dialog .compare-side")).to_have_count(2)
    page.locator(f".merge-dialog [data-into='{world.first}']").click()
    expect(page.locator(".also-card")).to_have_count(1)
    assert world.merged_into(world.far) == world.first


def test_not_the_same_leaves_a_way_back(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident, "en"), world.second)
    page.locator(".suggestion .tell-apart").click()
    expect(page.locator(".suggestion")).to_have_count(0)
    expect(page.locator(".duplicates")).to_contain_text("is another one.")
    page.locator(".duplicates").get_by_role("button", name="Undo").click()
    expect(page.locator(".suggestion")).to_have_count(1)


def test_a_crossing_edit_stops_the_merge(world: World, sign_in: SignIn) -> None:
    """Somebody changed it while the dialog was open, and this desk has not heard of it."""
    page = sign_in(world.incident, "en").new_page()
    page.route_web_socket("**/ws/**", lambda _: None)
    page.goto(f"/hq/{world.incident.slug}/")
    page.locator(f"#row-{world.second}").click()
    page.locator(".suggestion .compare-open").click()
    Report.objects.filter(id=world.second).update(severity="minor", version=2)
    page.locator(".merge-dialog .primary").click()
    expect(page.locator(".merge-dialog .error")).to_contain_text("Somebody has changed")
    assert Report.objects.get(id=world.second).status == "received"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault(world: World, sign_in: SignIn, theme: Any) -> None:
    page = world.open(sign_in(world.incident), world.second)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    expect(page.locator(".suggestion")).to_have_count(1)
    assert faults(page) == []
    page.keyboard.press("d")
    expect(page.locator(".compare-side")).to_have_count(2)
    assert faults(page) == []
    page.locator(".merge-dialog .primary").click()
    expect(page.locator(".also-card")).to_have_count(1)
    assert faults(page) == []
