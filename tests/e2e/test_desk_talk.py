"""A rescue is accepted, its crew asked and heard: the desk and the phone's API, both real."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import BrowserContext, Page, expect

from reports.actions import report_accept
from reports.models import Note, Report
from tests import builders
from tests.e2e.test_desk_accessible import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
ASKED, SAID = "中に何人いますか。", "二人です。一人は動けません。"


class World:
    """A crew with a rescue and a blocked road; the crew's own HTTP client."""

    def __init__(self, server: str) -> None:
        self.incident = builders.make_incident(centre=Point(130.75, 32.79), zoom=12)
        self.crew, token = builders.device(self.incident)
        self.rescue = str(builders.make_report(self.incident, self.crew, category="rescue"))
        self.road = str(builders.make_report(self.incident, self.crew))
        self.phone = httpx.Client(base_url=f"{server}/api/v1", headers=builders.bearer(token))

    def open(self, context: BrowserContext, report: str, *, deaf: bool = False) -> Page:
        """The desk with this report opened; deaf: its socket never says anything."""
        page = context.new_page()
        if deaf:
            page.route_web_socket("**/ws/**", lambda _: None)
        page.goto(f"/hq/{self.incident.slug}/")
        expect(page.locator("#live-badge")).to_have_class("badge badge-live")
        page.locator(f"#row-{report}").click()
        return page

    def lane(self, kind: str) -> list[dict[str, Any]]:
        items = self.phone.get("/devices/me/changes").json()["items"]
        return [item["feature"] for item in items if item["kind"] == kind]

    def answer(self, report: str, text: str = SAID) -> None:
        said = {"kind": "answer", "text": text}
        assert self.phone.post(f"/reports/{report}/notes", json=said).is_success


@pytest.fixture
def world(server: str) -> World:
    return World(server)


def test_a_rescue_is_accepted_by_one_press(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident, "en"), world.rescue)
    expect(page.locator(".decisions .primary")).to_have_count(1)
    page.locator("#accept").click()
    expect(page.locator("#accept")).to_have_count(0)
    expect(page.locator(".detail-head .accepted")).to_contain_text("Accepted by user-")
    # the next step is the main one again
    expect(page.locator("#step-verified")).to_have_class("primary")
    (told,) = [r["properties"] for r in world.lane("report") if r["id"] == world.rescue]
    assert told["accepted_by"].startswith("user-") and told["status"] == "received"


def test_only_where_somebody_may_be_waiting(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident), world.road)
    expect(page.locator("#step-verified")).to_have_class("primary")
    expect(page.locator("#accept")).to_have_count(0)
    page.locator("#severity").select_option("critical")
    expect(page.locator("#accept")).to_be_visible()
    page.locator("#step-in_progress").click()
    expect(page.locator(".detail-head .accepted")).to_be_visible()
    expect(page.locator("#accept")).to_have_count(0)


def test_two_desks_accept_at_once(world: World, sign_in: SignIn) -> None:
    """The slower one is not told of a conflict: both meant the same."""
    page = world.open(sign_in(world.incident), world.rescue, deaf=True)
    report_accept(report_id=uuid.UUID(world.rescue), by=builders.operator(world.incident))
    page.locator("#accept").click()
    expect(page.locator(".detail-head .accepted")).to_be_visible()
    assert page.locator("dialog[open]").count() == 0
    assert Report.objects.get(id=world.rescue).version == 2


def ask(page: Page, text: str = ASKED) -> None:
    page.locator("#ask-reporter").click()
    page.locator("#reason").fill(text)
    page.locator("dialog[open] .primary").click()


def test_a_question_reaches_the_phone_and_its_answer_the_desk(
    world: World, sign_in: SignIn
) -> None:
    page = world.open(sign_in(world.incident), world.rescue)
    lines = page.locator(".talk-lines li")
    expect(page.locator(".talk-lines")).to_be_visible()
    expect(lines).to_have_count(0)
    ask(page)
    expect(page.locator(".talk-question")).to_contain_text(ASKED)
    assert [note["text"] for note in world.lane("note")] == [ASKED]
    world.answer(world.rescue)
    expect(page.locator(".talk-answer")).to_contain_text(SAID)
    expect(lines).to_have_count(2)
    # the address opens the report again
    page.reload()
    expect(lines).to_have_count(2)


def test_an_answer_elsewhere_is_among_the_new(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident, "en"), world.road)
    expect(page.locator("#new-seen")).to_be_hidden()
    world.answer(world.rescue)
    expect(page.locator("#new-open")).to_have_text("New 1")
    page.locator("#new-open").click()
    expect(page.locator(".talk-answer")).to_contain_text(SAID)
    expect(page.locator("#new-seen")).to_be_hidden()


def test_what_was_typed_outlives_a_failed_try(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident), world.rescue)
    page.route("**/notes", lambda route: route.abort())
    ask(page)
    expect(page.locator("#toast")).to_be_visible()
    page.unroute("**/notes")
    page.locator("#ask-reporter").click()
    expect(page.locator("#reason")).to_have_value(ASKED)
    page.locator("dialog[open] .primary").click()
    expect(page.locator(".talk-question")).to_contain_text(ASKED)
    assert Note.objects.count() == 1


def test_words_are_words(world: World, sign_in: SignIn) -> None:
    """What a reporter types is never markup."""
    world.answer(world.rescue, "<img src=x onerror=alert(1)>")
    page = world.open(sign_in(world.incident), world.rescue)
    expect(page.locator(".talk-answer .comment")).to_have_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".talk-lines img")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault(world: World, sign_in: SignIn, theme: Any) -> None:
    world.answer(world.rescue)
    page = world.open(sign_in(world.incident), world.rescue)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    expect(page.locator(".talk-answer")).to_be_visible()
    assert faults(page) == []
    page.locator("#accept").click()
    expect(page.locator(".detail-head .accepted")).to_be_visible()
    page.locator("#ask-reporter").click()
    assert faults(page) == []
