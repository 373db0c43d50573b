"""The board beside the map, and handing a report to somebody: desk and database, both real."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from gspace import actions
from reports.actions import report_change
from reports.models import Note, Report
from reports.payload import HqEdit
from tests import builders
from tests.e2e.test_desk_accessible import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]


class World:
    """Headquarters with its teams and three reports: critical, due in an hour, and without."""

    def __init__(self) -> None:
        self.incident = builders.make_incident(centre=Point(130.75, 32.79), zoom=12)
        self.house = builders.headquarters(self.incident)
        actions.teams_begin(organisation=self.house)
        self.fire = builders.make_organisation("fire-service")
        builders.join(self.incident, self.fire, "partner")
        self.by = builders.operator(self.incident)
        self.plain, self.due, self.critical = (builders.make_report(self.incident) for _ in "abc")
        self.change(self.due, due_at=timezone.now() + timedelta(hours=1))
        self.change(self.critical, severity="critical")

    def change(self, report: uuid.UUID, **edit: Any) -> None:
        seen = Report.objects.get(id=report).version
        report_change(report_id=report, edit=HqEdit(**edit), seen=seen, by=self.by)

    def open(self, context: BrowserContext, query: str = "board=1", *, deaf: bool = False) -> Page:
        page = context.new_page()
        if deaf:
            page.route_web_socket("**/ws/**", lambda _: None)
        page.goto(f"/hq/{self.incident.slug}/?{query}")
        expect(page.locator("#live-badge")).to_have_class("badge badge-live")
        return page


@pytest.fixture
def world(server: str) -> World:
    return World()


def column(page: Page, status: str) -> Any:
    return page.locator(f".board-column:has(#board-{status})")


def test_cards_are_ordered_and_moved_by_keys(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident, "en"))
    cards = column(page, "received").locator(".card")
    expect(cards).to_have_count(3)
    ids = [card.get_attribute("id") for card in cards.all()]
    assert ids == [f"card-{r}" for r in (world.critical, world.due, world.plain)]
    page.locator(f"#card-{world.critical}").focus()
    page.keyboard.press("]")
    expect(column(page, "verified").locator(".card")).to_have_count(1)
    expect(page.locator(f"#card-{world.critical}")).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("Verified")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(f"#card-{world.due}")).to_be_focused()
    page.keyboard.press("b")
    expect(page.locator("#board")).to_be_hidden()
    assert "board=1" not in page.url
    assert Report.objects.get(id=world.critical).status == "verified"


def test_a_card_is_dragged_and_others_see_it(world: World, sign_in: SignIn) -> None:
    other = world.open(sign_in(world.incident))
    page = world.open(sign_in(world.incident))
    page.locator(f"#card-{world.plain}").drag_to(column(page, "in_progress"))
    expect(column(other, "in_progress").locator(f"#card-{world.plain}")).to_be_visible()
    expect(column(other, "in_progress").locator("h3 .count")).to_have_text("1")
    assert Report.objects.get(id=world.plain).status == "in_progress"


def test_the_columns_of_an_incident_too_large_for_a_page(
    world: World, sign_in: SignIn, settings: Any
) -> None:
    settings.LIMIT_DESK_LIVE_REPORTS = 1
    other = builders.make_report(world.incident)
    page = world.open(sign_in(world.incident))
    cards = column(page, "received").locator(".card")
    expect(cards).to_have_count(4)
    assert cards.first.get_attribute("id") == f"card-{world.critical}"
    page.locator(f"#card-{world.plain}").focus()
    page.keyboard.press("]")
    expect(column(page, "verified").locator(f"#card-{world.plain}")).to_be_visible()
    expect(column(page, "received").locator("h3 .count")).to_have_text("3")
    world.change(other, status="resolved")
    expect(column(page, "resolved").locator(f"#card-{other}")).to_be_visible()


def test_a_crossing_move_is_shown_and_not_overrun(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident), deaf=True)
    expect(page.locator(f"#card-{world.plain}")).to_be_visible()
    world.change(world.plain, status="rejected", reason="訓練")
    page.locator(f"#card-{world.plain}").focus()
    page.keyboard.press("]")
    expect(page.locator("dialog[open] .comparison")).to_be_visible()
    page.locator("dialog[open] .primary").click()
    expect(page.locator(f"#card-{world.plain}")).to_have_count(0)
    assert Report.objects.get(id=world.plain).status == "rejected"


def test_a_team_gets_it_with_a_due_time_and_a_note(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident), f"report={world.plain}")
    page.locator("#assign").click()
    expect(page.locator("#assign-list [role=option]").first).to_be_visible()
    page.keyboard.type("建設")
    expect(page.locator("#assign-list [role=option]")).to_have_count(2)
    page.keyboard.press("Enter")
    page.locator("input[name=due][value='30']").check()
    page.locator("#assign-note").fill("鍵は総務班にある")
    page.locator("#assign-go").click()
    expect(page.locator(".assigned")).to_contain_text(f"{world.house.name} 建設班")
    expect(page.locator(".assigned .due-soon")).to_be_visible()
    expect(page.locator(".talk-note")).to_contain_text("鍵は総務班にある")
    assert [note.kind for note in Note.objects.all()] == ["note"]
    world.change(world.plain, due_at=timezone.now() - timedelta(minutes=5))
    expect(page.locator(".assigned .due-overdue")).to_be_visible()


def test_another_body_takes_it_over_in_one_change(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident), f"report={world.plain}")
    page.locator("#assign").click()
    page.locator("#assign-list [role=option]", has_text="fire-service").click()
    expect(page.locator("#assign-over")).to_be_checked()
    page.locator("#assign-go").click()
    expect(page.locator("dialog[open] .error")).not_to_be_empty()
    page.locator("#assign-note").fill("消防隊が到着")
    page.locator("#assign-go").click()
    expect(page.locator(".assigned")).to_contain_text("fire-service")
    report = Report.objects.get(id=world.plain)
    told = (report.status, report.assigned_to, report.reason, report.version)
    assert told == ("handed_over", "fire-service", "消防隊が到着", 2)


def test_the_other_body_finds_what_it_took_over(world: World, sign_in: SignIn) -> None:
    world.change(world.due, assigned_to="建設班")
    page = world.open(sign_in(world.incident, "en", world.fire), f"report={world.plain}")
    expect(page.locator("#detail .detail-status")).to_be_visible()
    expect(page.locator(".assigned")).to_have_count(0)
    due = timezone.now() + timedelta(minutes=30)
    over = {"status": "handed_over", "assigned_to": "fire-service", "reason": "隊が到着"}
    world.change(world.plain, due_at=due, **over)
    expect(page.locator(".assigned")).to_contain_text("Handed over to fire-service")
    expect(page.locator(".assigned .due-soon")).to_be_visible()
    expect(page.locator(".assigned button")).to_have_count(0)
    page.keyboard.press("Escape")
    page.locator("#narrow > summary").click()
    page.locator("#narrow-assigned").select_option("fire-service")
    rows = page.locator("#list .row")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Handed over to fire-service")
    expect(rows.locator(".due-soon")).to_be_attached()
    expect(page.locator("#narrow-assigned")).not_to_contain_text("建設班")


def test_what_was_chosen_outlives_a_failed_try(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident), f"report={world.plain}")
    page.locator("#assign").click()
    page.route("**/api/v1/reports/*", lambda route: route.abort())
    page.keyboard.type("自衛隊")
    page.locator("#assign-list [role=option]").click()
    page.locator("#assign-go").click()
    expect(page.locator("#toast")).to_be_visible()
    page.unroute("**/api/v1/reports/*")
    page.locator("#assign").click()
    page.locator("#assign-go").click()
    expect(page.locator(".assigned")).to_contain_text("自衛隊")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault(world: World, sign_in: SignIn, theme: Any) -> None:
    page = world.open(sign_in(world.incident, "en"))
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.locator(f"#card-{world.plain}").click()
    expect(page.locator("#assign")).to_be_visible()
    assert faults(page) == []
    page.locator("#assign").click()
    expect(page.locator("#assign-list [role=option]").first).to_be_visible()
    assert faults(page) == []
