"""What headquarters does reaches the phone by itself, and the phone's answer headquarters."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.gis.geos import Polygon
from playwright.sync_api import Browser, Page, expect

from gspace import actions as trunk
from gspace.models import BroadcastRead
from reports import actions
from reports.models import Note, Report
from reports.payload import HqEdit
from tests import builders
from tests.e2e import phone_seed
from tests.e2e.phone_browser import SCREEN
from tests.e2e.phone_crew import Crew

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
AT = 1_785_000_000_000
# ms: by the bell, far before the timer of a minute
LIVE = 8_000
HERE = {"latitude": 32.79, "longitude": 130.75, "accuracy": 12}


class Watch(Crew):
    """A crew with a report of its own, and Alice at headquarters."""

    def start(self) -> Watch:
        self.alice = builders.operator(self.incident)
        self.report = builders.make_report(self.incident, self.caller, category="rescue")
        self.receipt = Report.objects.get(id=self.report).receipt
        self.page.goto("/m/outbox?folder=sent")
        expect(self.page.locator(".entries")).to_contain_text(self.receipt[:3])
        return self

    def change(self, **said: Any) -> None:
        seen = Report.objects.get(id=self.report).version
        actions.report_change(report_id=self.report, edit=HqEdit(**said), seen=seen, by=self.alice)

    def ask(self, text: str) -> None:
        actions.note_add(
            report_id=self.report, kind="question", text=text, note_id=uuid.uuid4(), by=self.alice
        )

    def tell(self, text: str, **more: Any) -> Any:
        said = {"kind": "tsunami", "text": text, **more}
        return trunk.broadcast_create(incident=self.incident, by=self.alice, **said)[0]

    @property
    def alarm(self) -> Any:
        return self.page.locator("dialog.broadcast")


@pytest.fixture
def watch(browser: Browser, server: str) -> Iterator[Watch]:
    context = browser.new_context(
        base_url=server, viewport=SCREEN, locale="en", has_touch=True,
        geolocation=HERE, permissions=["geolocation"],
    )  # fmt: skip
    yield Watch(context, server, builders.make_incident("quake")).start()
    context.close()


def unread(page: Page, count: int) -> None:
    tab = page.locator(".phone-tabs a").filter(has_text="Notices")
    if count:
        expect(tab).to_contain_text(str(count), timeout=LIVE)
    else:
        expect(tab).not_to_contain_text(re.compile(r"\d"), timeout=LIVE)


def test_a_step_of_headquarters_is_told_at_once_and_is_news_until_it_was_seen(
    watch: Watch,
) -> None:
    unread(watch.page, 0)
    watch.change(status="in_progress")
    unread(watch.page, 1)
    watch.opens("/m/notices")
    row = watch.page.locator(".notice-row").filter(has_text="Rescue")
    expect(row).to_contain_text("In progress")
    expect(row).to_contain_text("New")
    watch.change(status="rejected", reason="It was a drill.")
    expect(row).to_contain_text("It was a drill.", timeout=LIVE)
    watch.opens("/m/outbox")
    unread(watch.page, 0)
    watch.opens("/m/notices")
    expect(row).not_to_contain_text("New")


def test_who_waits_for_rescue_is_told_by_name_and_time_that_headquarters_has_it(
    watch: Watch,
) -> None:
    watch.opens(f"/m/report/{watch.report}")
    told = watch.page.locator(".report")
    expect(told).to_contain_text("Headquarters has not confirmed it yet")
    expect(told).to_contain_text("119")
    # large enough to be read over the radio, and spelled
    code = watch.page.locator(".receipt")
    expect(code).to_have_text(f"{watch.receipt[:3]} {watch.receipt[3:]}")
    size = code.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)")
    assert size >= 24
    actions.report_accept(report_id=watch.report, by=watch.alice)
    name = Report.objects.get(id=watch.report).accepted_by
    banner = told.locator(".banner--ok")
    expect(banner).to_contain_text(name, timeout=LIVE)
    expect(banner).to_contain_text(re.compile(r"\d\d:\d\d"))


def test_a_question_comes_live_and_its_answer_reaches_headquarters_from_the_hillside(
    watch: Watch,
) -> None:
    watch.ask("How many people?")
    unread(watch.page, 1)
    watch.opens("/m/notices")
    first = watch.page.locator(".notice-row").first
    expect(first).to_contain_text("How many people?")
    watch.offline()
    first.get_by_role("link").click()
    page = watch.page
    page.get_by_label("Your answer").fill("Three, one")
    # a call comes in, and the page is gone
    watch.opens("/m/settings")
    watch.opens(f"/m/report/{watch.report}")
    expect(page.get_by_label("Your answer")).to_have_value("Three, one")
    page.get_by_label("Your answer").fill("Three, one hurt.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator(".talk .is-waiting")).to_contain_text("Three, one hurt.")
    expect(page.get_by_label("Your answer")).to_be_hidden()
    assert not Note.objects.filter(kind="answer").exists()
    watch.online()
    expect(page.locator(".talk .is-waiting")).to_have_count(0, timeout=LIVE)
    expect(page.locator(".talk")).to_contain_text("Three, one hurt.")
    answer = Note.objects.get(kind="answer")
    assert (str(answer.report_id), answer.text) == (str(watch.report), "Three, one hurt.")
    unread(page, 0)


def test_a_broadcast_stands_before_everything_until_it_is_read(watch: Watch) -> None:
    broadcast = watch.tell("Leave the coast.")
    expect(watch.alarm).to_be_visible(timeout=LIVE)
    expect(watch.alarm).to_contain_text("Tsunami")
    expect(watch.alarm).to_contain_text("Leave the coast.")
    expect(watch.alarm).to_contain_text("Never rely on this app alone")
    box = watch.alarm.bounding_box()
    assert box and (box["width"], box["height"]) == (SCREEN["width"], SCREEN["height"])
    watch.page.keyboard.press("Escape")
    watch.page.keyboard.press("Escape")
    expect(watch.alarm).to_be_visible()
    watch.page.reload()
    expect(watch.alarm).to_be_visible()
    watch.alarm.get_by_role("button", name="I have read it").click()
    expect(watch.alarm).to_have_count(0)
    watch.opens("/m/notices")
    expect(watch.page.locator(".notice-row")).to_contain_text("You read it")
    until_read(watch, broadcast.id)
    watch.page.reload()
    expect(watch.page.locator(".notice-row")).to_contain_text("You read it")
    expect(watch.alarm).to_have_count(0)


def until_read(watch: Watch, ident: uuid.UUID) -> None:
    for _ in range(40):
        if BroadcastRead.objects.filter(broadcast=ident).exists():
            return
        watch.page.wait_for_timeout(200)
    raise AssertionError("no receipt reached headquarters")


def test_read_without_a_network_the_receipt_goes_later(watch: Watch) -> None:
    broadcast = watch.tell("Gather at the gate.", kind="gather")
    expect(watch.alarm).to_be_visible(timeout=LIVE)
    watch.offline()
    watch.alarm.get_by_role("button", name="I have read it").click()
    expect(watch.alarm).to_have_count(0)
    assert not BroadcastRead.objects.exists()
    watch.online()
    until_read(watch, broadcast.id)


def test_one_for_elsewhere_is_a_notice_and_holds_nobody_up(watch: Watch) -> None:
    fix = phone_seed.SAID["device_fix"]
    now = watch.page.evaluate("new Date().toISOString()")
    here = phone_seed.entry(watch.incident, AT, device_fix={**fix, "fixed_at": now})
    watch.keeps(here)
    phone_seed.wait_sent(watch.page, 1)
    far = Polygon.from_bbox((129.0, 31.0, 129.5, 31.5))
    watch.tell("Only on the island.", kind="info", area=far, area_name="Koshikijima")
    unread(watch.page, 1)
    expect(watch.alarm).to_have_count(0)
    watch.tell("Here.", kind="danger", area=Polygon.from_bbox((130.7, 32.7, 130.8, 32.8)))
    expect(watch.alarm).to_contain_text("Here.", timeout=LIVE)
    watch.alarm.get_by_role("button", name="I have read it").click()
    watch.opens("/m/notices")
    row = watch.page.locator(".notice-row").filter(has_text="Only on the island.")
    expect(row).to_contain_text("Koshikijima")
    row.get_by_role("button", name="I have read it").click()
    expect(row).to_contain_text("You read it")


def test_a_withdrawn_broadcast_steps_back_and_says_that_it_no_longer_holds(watch: Watch) -> None:
    broadcast = watch.tell("Leave the coast.")
    expect(watch.alarm).to_be_visible(timeout=LIVE)
    trunk.broadcast_withdraw(broadcast_id=broadcast.id, by=watch.alice)
    expect(watch.alarm).to_have_count(0, timeout=LIVE)
    watch.opens("/m/notices")
    expect(watch.page.locator(".notice-row")).to_contain_text("No longer holds")


def test_an_author_corrects_adds_and_withdraws(watch: Watch) -> None:
    page = watch.page
    watch.opens(f"/m/report/{watch.report}")
    page.get_by_text("Add or correct words").click()
    page.locator("#comment").fill("Second floor, three people")
    page.locator("#floor").fill("2F")
    watch.offline()
    page.get_by_role("button", name="Save the correction").click()
    expect(page.locator(".facts")).to_contain_text("Second floor")
    assert Report.objects.get(id=watch.report).floor != "2F"
    watch.online()
    page.get_by_role("button", name="Withdraw it").click()
    page.locator("dialog textarea").fill("They are safe.")
    page.locator("dialog").get_by_role("button", name="Withdraw it").click()
    expect(page.locator(".report")).to_contain_text("Withdrawn", timeout=LIVE)
    report = Report.objects.get(id=watch.report)
    assert (report.comment, report.floor) == ("Second floor, three people", "2F")
    assert (report.status, report.reason) == ("withdrawn", "They are safe.")
    expect(page.get_by_role("button", name="Withdraw it")).to_have_count(0)


def test_a_later_look_follows_the_earlier_report(watch: Watch) -> None:
    watch.opens(f"/m/report/{watch.report}")
    watch.page.get_by_role("button", name="A later look at the same place").click()
    expect(watch.page).to_have_url(re.compile(r"/m/\?to="))
    [draft] = [e for e in phone_seed.read(watch.page) if e["folder"] == "draft"]
    assert draft["content"]["follows"] == str(watch.report)
    assert draft["content"]["category"] == "rescue"


def test_what_became_of_it_is_there_without_a_network(watch: Watch) -> None:
    watch.change(status="verified")
    unread(watch.page, 1)
    watch.offline()
    watch.opens(f"/m/report/{watch.report}")
    expect(watch.page.locator(".report")).to_contain_text("Verified")
    expect(watch.page.locator(".receipt")).to_be_visible()


def test_somebody_elses_report_is_only_read(watch: Watch) -> None:
    other = builders.make_report(watch.incident, category="bridge")
    watch.opens(f"/m/report/{other}")
    expect(watch.page.locator("h1")).to_contain_text("Bridge")
    expect(watch.page.get_by_role("button", name="Withdraw it")).to_have_count(0)
    expect(watch.page.get_by_text("Add or correct words")).to_be_hidden()
