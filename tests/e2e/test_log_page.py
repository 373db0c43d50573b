"""Headquarters' log in real browsers: written by hand and from a report, followed elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from gspace.models import Incident
from reports import actions
from reports.models import LogEntry, Report
from tests import builders
from tests.e2e import looks
from tests.e2e.test_desk_accessible import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
TEXT = "県道28号を通行止めにしてください。"


@pytest.fixture
def incident(server: str) -> Incident:
    return builders.make_incident()


def open_log(context: BrowserContext, incident: Incident, query: str = "") -> Page:
    page = context.new_page()
    page.goto(f"/hq/{incident.slug}/log/{query}")
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    return page


def open_report(context: BrowserContext, incident: Incident, report: Any) -> Page:
    page = context.new_page()
    page.goto(f"/hq/{incident.slug}/")
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    page.locator(f"#row-{report}").click()
    expect(page.locator("#detail")).to_be_visible()
    return page


def fill(page: Page, words: str, kind: str = "指示") -> None:
    page.locator("#log-form .log-kind", has_text=kind).click()
    page.locator("#log-form [name=receiver]").fill("東1班")
    page.locator("#log-form textarea").fill(words)


def test_written_by_hand_the_second_screen_follows(incident: Incident, sign_in: SignIn) -> None:
    page, wall = (open_log(sign_in(incident), incident) for _ in range(2))
    fill(page, TEXT)
    page.locator("#log-form .primary").click()
    expect(wall.locator(".log-line.is-new, .log-line")).to_contain_text(TEXT)
    expect(page.locator(".log-line")).to_have_count(1)
    expect(page.locator("#log-form textarea")).to_have_value("")
    # the next line by keyboard alone
    expect(page.locator("#log-form [name=kind]").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.locator("#log-form textarea").press_sequentially("重機がほしい")
    page.keyboard.press("Control+Enter")
    expect(wall.locator(".log-line.is-new")).to_contain_text("重機がほしい")
    expect(wall.locator(".log-line")).to_have_count(2)
    assert {(e.kind, e.text) for e in LogEntry.objects.all()} == {
        ("instruction", TEXT), ("request", "重機がほしい"),
    }  # fmt: skip


def test_from_a_report_by_one_key(incident: Incident, sign_in: SignIn) -> None:
    crew, _ = builders.device(incident)
    ident = builders.make_report(incident, crew, comment="両側とも土砂")
    report = Report.objects.get(id=ident)
    wall = open_log(sign_in(incident), incident)
    page = open_report(sign_in(incident), incident, ident)
    page.keyboard.press("l")
    dialog = page.locator("dialog.log-dialog")
    expect(dialog.locator("textarea")).to_be_focused()
    expect(dialog.locator("[name=sender]")).to_have_value(crew.name)
    expect(dialog.locator("[name=report]")).to_have_value(report.receipt)
    # letters are words here, and no keys of the desk
    page.keyboard.type("l")
    expect(page.locator("dialog[open]")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".log-told")).to_be_visible()
    expect(dialog).to_have_count(0)
    expect(page.locator("#detail")).to_be_visible()
    expect(wall.locator(".log-line")).to_contain_text("両側とも土砂")
    expect(wall.locator(".log-line .receipt")).to_have_text(report.receipt)
    entry = LogEntry.objects.get()
    assert (entry.kind, entry.report_id) == ("report", ident)


def test_told_as_an_instruction_it_goes_the_other_way_now(
    incident: Incident, sign_in: SignIn
) -> None:
    crew, _ = builders.device(incident)
    ident = builders.make_report(incident, crew)
    Report.objects.update(received_at=datetime.now(UTC) - timedelta(hours=2))
    page = open_report(sign_in(incident), incident, ident)
    page.keyboard.press("Shift+L")
    dialog = page.locator("dialog.log-dialog")
    received = dialog.locator("[name=at]").input_value()
    dialog.locator(".log-kind", has_text="指示").click()
    expect(dialog.locator("[name=receiver]")).to_have_value(crew.name)
    dialog.locator(".log-kind", has_text="報告").click()
    expect(dialog.locator("[name=at]")).to_have_value(received)
    dialog.locator(".log-kind", has_text="指示").click()
    dialog.locator(".primary").click()
    expect(dialog).to_have_count(0)
    entry = LogEntry.objects.get()
    assert entry.receiver == crew.name
    assert datetime.now(UTC) - entry.at < timedelta(minutes=1)


def test_corrected_beside_what_is_being_written(incident: Incident, sign_in: SignIn) -> None:
    by = builders.operator(incident)
    actions.log_write(incident=incident, kind="request", text="県道82号", by=by)
    page, wall = (open_log(sign_in(incident), incident) for _ in range(2))
    page.locator("#log-form textarea").fill("書きかけ")
    page.locator("[data-log=corrects]").click()
    dialog = page.locator("dialog.log-dialog")
    expect(dialog.locator("textarea")).to_have_value("県道82号")
    dialog.locator("textarea").fill("県道28号")
    dialog.locator(".primary").click()
    for screen in (page, wall):
        expect(screen.locator(".is-corrected del")).to_have_text("県道82号")
        expect(screen.locator(".log-line")).to_have_count(2)
    expect(page.locator("#log-form textarea")).to_have_value("書きかけ")
    page.locator("[data-log=settles]").click()
    dialog.locator("textarea").fill("手配しました")
    page.keyboard.press("Control+Enter")
    for screen in (page, wall):
        expect(screen.locator(".log-line")).to_have_count(3)
        expect(screen.locator(".log-open")).to_have_count(0)


def test_what_was_typed_outlives_a_failed_try(incident: Incident, sign_in: SignIn) -> None:
    page = open_log(sign_in(incident, "en"), incident)
    fill(page, TEXT, "Instruction")
    page.route("**/log/", lambda route: route.abort())
    page.locator("#log-form .primary").click()
    expect(page.locator(".log-refused")).to_contain_text("Your words are still here")
    page.unroute("**/log/")
    page.locator("#log-form [name=report]").fill("ZZZZZZ")
    page.locator("#log-form .primary").click()
    expect(page.locator("#log-form [role=alert]")).to_contain_text("No report has this receipt")
    expect(page.locator("#log-form [name=report]")).to_be_focused()
    expect(page.locator("#log-form textarea")).to_have_value(TEXT)
    page.locator("#log-form [name=report]").fill("")
    page.locator("#log-form .primary").click()
    expect(page.locator(".log-line")).to_contain_text(TEXT)
    assert LogEntry.objects.count() == 1


def test_a_filtered_screen_follows_its_filter(incident: Incident, sign_in: SignIn) -> None:
    by = builders.operator(incident)
    wall = open_log(sign_in(incident), incident, "?kind=decision")
    for kind in ("note", "decision"):
        actions.log_write(incident=incident, kind=kind, text=kind, by=by)
    expect(wall.locator(".log-line")).to_have_count(1)
    expect(wall.locator(".log-line .log-words")).to_contain_text("decision")


@pytest.mark.parametrize(("theme", "width"), looks.WIDTHS)
def test_no_accessibility_fault(
    incident: Incident, sign_in: SignIn, theme: Any, width: int
) -> None:
    by = builders.operator(incident)
    said = {"incident": incident, "by": by, "sender": "東1班", "receiver": "本部"}
    report = builders.make_report(incident)
    wrong, _ = actions.log_write(kind="report", text="一", report_id=report, **said)
    actions.log_write(kind="decision", text="二", corrects_id=wrong.id, **said)
    asked, _ = actions.log_write(kind="request", text="三", **said)
    actions.log_write(kind="report", text="四", settles_id=asked.id, **said)
    actions.log_write(kind="request", text="五", at=builders.NOON, **said)
    page = sign_in(incident).new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for path in ("log/", "log/?q=x", "log/handover/"):
        page.goto(f"/hq/{incident.slug}/{path}")
        assert page.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth"), path
        assert faults(page) == [], path
    page.goto(f"/hq/{incident.slug}/log/")
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    page.locator("[data-log=corrects]").first.click()
    expect(page.locator("dialog.log-dialog textarea")).to_be_focused()
    assert faults(page) == []
