"""Two operators review one queue by keyboard: who looks at what, undo, bulk, and the alarm."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import BrowserContext, Page, expect

from gspace.models import Incident
from reports import actions
from reports.models import Report
from reports.payload import HqEdit
from tests import builders
from tests.e2e.patience import until
from tests.e2e.test_desk_accessible import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
# a press of a key is answered by the server a moment later
ANSWERED_S = 5


class World:
    """An incident with a crew and a second operator who works beside the browser."""

    def __init__(self, server: str) -> None:
        self.incident: Incident = builders.make_incident(centre=Point(130.75, 32.79), zoom=12)
        self.crew, token = builders.device(self.incident)
        self.bob = builders.operator(self.incident)
        self.phone = httpx.Client(base_url=f"{server}/api/v1", headers=builders.bearer(token))

    def report(self, n: int = 0, **more: Any) -> str:
        """Each a little beside the others, so that none hides another."""
        fix = {"lon": 130.72 + n * 0.006, "lat": 32.79, "accuracy_m": 12}
        fix["fixed_at"] = "2016-04-16T02:10:50+09:00"
        given = {"severity": "moderate", "device_fix": fix} | more
        return str(builders.make_report(self.incident, self.crew, **given))

    def change(self, report: str, **edit: Any) -> None:
        row = Report.objects.get(id=report)
        actions.report_change(report_id=row.id, edit=HqEdit(**edit), seen=row.version, by=self.bob)

    def open(self, context: BrowserContext, path: str = "") -> Page:
        page = context.new_page()
        page.goto(f"/hq/{self.incident.slug}/{path}")
        if not path:
            expect(page.locator("#live-badge")).to_have_class("badge badge-live")
        return page

    def own(self, report: str) -> dict[str, Any]:
        """What the crew's own lane says of its report."""
        items = self.phone.get("/devices/me/changes").json()["items"]
        (found,) = [i["feature"] for i in items if i["id"] == report]
        return found["properties"]


@pytest.fixture
def world(server: str) -> World:
    return World(server)


def status(report: str) -> str:
    return Report.objects.get(id=report).status


def test_a_colleague_sees_what_one_has_open(world: World, sign_in: SignIn) -> None:
    ident = world.report()
    alice, bob = (world.open(sign_in(world.incident)) for _ in range(2))
    name = alice.locator(".account summary").inner_text()
    alice.locator(f"#row-{ident}").click()
    claim = bob.locator(f"#row-{ident} .row-claim")
    expect(claim).to_contain_text(name)
    expect(bob.locator(".claim-name")).to_have_text(name)
    expect(alice.locator(f"#row-{ident} .row-claim")).to_have_count(0)
    # it tells, it does not lock
    bob.locator(f"#row-{ident}").click()
    expect(bob.locator("#detail .claimed")).to_contain_text(name)
    bob.locator("#step-verified").click()
    expect(bob.locator("#detail .detail-status")).to_have_text("確認済み")
    alice.keyboard.press("Escape")
    expect(claim).to_have_count(0)
    expect(bob.locator(".claim-name")).to_have_count(0)
    assert status(ident) == "verified"


def test_a_closed_page_looks_at_nothing(world: World, sign_in: SignIn) -> None:
    ident = world.report()
    alice, bob = (world.open(sign_in(world.incident)) for _ in range(2))
    alice.locator(f"#row-{ident}").click()
    claim = bob.locator(f"#row-{ident} .row-claim")
    expect(claim).to_have_count(1)
    alice.goto("about:blank")
    expect(claim).to_have_count(0)


def test_the_queue_is_worked_through_by_keyboard(world: World, sign_in: SignIn) -> None:
    plain, worse = world.report(0), world.report(1, severity="serious")
    page = world.open(sign_in(world.incident, "en"))
    expect(page.locator("#queue")).to_contain_text("To review 2")
    page.keyboard.press("n")
    expect(page.locator("#detail")).to_contain_text(Report.objects.get(id=worse).receipt)
    page.keyboard.press("v")
    # the next one that waits opens by itself, and the toast offers to take it back
    expect(page.locator("#detail")).to_contain_text(Report.objects.get(id=plain).receipt)
    expect(page.locator("#queue")).to_contain_text("To review 1")
    expect(page.locator("#toast")).to_contain_text(
        f"Verified {Report.objects.get(id=worse).receipt}"
    )
    page.keyboard.press("1")
    expect(page.locator("#severity")).to_have_value("critical")
    page.keyboard.press("c")
    expect(page.locator(".detail-head .accepted")).to_be_visible()
    page.keyboard.press("r")
    page.locator("#reason").fill("a drill")
    page.locator("dialog[open] .primary").click()
    until(lambda: status(plain) == "rejected", page, ANSWERED_S)
    expect(page.locator("#queue")).to_have_text("Nothing to review")
    # in turn, the newest first, step by step; then what was done before, on the other report
    for told in (("received", True, "critical"), ("received", False, "critical"),
                 ("received", False, "moderate")):  # fmt: skip
        page.keyboard.press("u")
        until(lambda told=told: stands(plain) == told, page, ANSWERED_S)
        expect(page.locator("#toast")).to_contain_text("Taken back")
        assert status(worse) == "verified"
    page.keyboard.press("u")
    until(lambda: status(worse) == "received", page, ANSWERED_S)
    expect(page.locator("#detail")).to_contain_text(Report.objects.get(id=worse).receipt)
    assert Report.objects.get(id=worse).accepted_by is None
    page.keyboard.press("u")
    expect(page.locator("#toast")).to_contain_text("There is nothing to take back.")


def stands(report: str) -> tuple[str, bool, str]:
    row = Report.objects.get(id=report)
    return row.status, row.accepted_by is not None, row.severity


def test_a_reason_outlives_a_failed_try(world: World, sign_in: SignIn) -> None:
    ident = world.report()
    page = world.open(sign_in(world.incident, "en"))
    page.keyboard.press("j")
    reject_in_vain(page, "#step-rejected", "**/reports/*")
    page.keyboard.press("Escape")
    page.locator(f"#row-{ident} .row-tick").click()
    reject_in_vain(page, "#bulk-reject", "**/bulk")
    page.locator(f"#row-{ident} .row-tick").click()
    page.locator(f"#row-{ident}").click()
    page.locator("#step-rejected").click()
    page.locator("dialog[open] .primary").click()
    until(lambda: status(ident) == "rejected", page, ANSWERED_S)
    assert Report.objects.get(id=ident).reason == "a drill: #step-rejected"


def reject_in_vain(page: Page, button: str, url: str) -> None:
    """The line is away; the dialog then still has the words."""
    reason, words = page.locator("#reason"), f"a drill: {button}"
    page.route(url, lambda route: route.abort())
    page.locator(button).click()
    reason.fill(words)
    with page.expect_event("requestfailed", lambda request: request.method != "GET"):
        page.locator("dialog[open] .primary").click()
    expect(page.locator("#toast")).to_contain_text("o connection")
    page.unroute(url)
    page.locator(button).click()
    expect(reason).to_have_value(words)
    page.keyboard.press("Escape")
    expect(reason).to_have_count(0)


def test_what_somebody_changed_since_is_not_taken_back(world: World, sign_in: SignIn) -> None:
    ident = world.report()
    page = world.open(sign_in(world.incident, "en"))
    page.keyboard.press("j")
    page.keyboard.press("2")
    expect(page.locator("#toast")).to_contain_text("Serious")
    world.change(ident, comment_hq="出動")
    page.locator("#undo").click()
    expect(page.locator("#toast")).to_contain_text("left as it is")
    row = Report.objects.get(id=ident)
    assert (row.severity, row.comment_hq) == ("serious", "出動")


def test_a_crossing_change_shows_both_and_overwrites_nothing(world: World, sign_in: SignIn) -> None:
    ident = world.report()
    context = sign_in(world.incident, "en")
    context.route("**/api/v1/incidents/*/changes*", lambda route: route.abort())
    context.route_web_socket("**/ws/**", lambda _: None)
    page = context.new_page()
    page.goto(f"/hq/{world.incident.slug}/")
    page.locator(f"#row-{ident}").click()
    world.change(ident, severity="critical")
    page.keyboard.press("4")
    table = page.locator("dialog[open] .comparison")
    expect(table).to_contain_text("Moderate")
    expect(table).to_contain_text("Danger to life")
    page.locator("dialog[open] .primary").click()
    assert Report.objects.get(id=ident).severity == "critical"
    expect(page.locator("#toast")).to_be_hidden()


def test_one_dialog_edits_what_a_report_says(world: World, sign_in: SignIn) -> None:
    ident = world.report(category="road_blocked", detail="debris")
    page = world.open(sign_in(world.incident, "en"))
    page.keyboard.press("j")
    page.keyboard.press("e")
    detail = page.locator("#edit-detail")
    expect(detail).to_have_value("debris")
    page.locator("#edit-category").select_option("fire")
    expect(detail).to_have_value("")
    detail.select_option("smoke")
    page.locator("#edit-category").select_option("landslide")
    expect(detail).to_have_value("")
    page.locator("#edit-words").fill("Crew on its way")
    page.locator("#edit-floor").fill("2")
    assert faults(page) == []
    page.locator("#edit-save").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    row = Report.objects.get(id=ident)
    assert (row.category, row.comment_hq, row.floor) == ("landslide", "Crew on its way", "2")
    assert row.detail is None
    assert row.version == 2


def test_history_tells_where_it_was_and_what_it_was_merged_into(
    world: World, sign_in: SignIn
) -> None:
    ident, into = world.report(0), world.report(1)
    world.change(ident, geometry={"type": "Point", "coordinates": [130.73, 32.8]})
    row, target = (Report.objects.get(id=one) for one in (ident, into))
    actions.report_merge(report_id=row.id, into=target.id, seen=2, by=world.bob)
    page = world.open(sign_in(world.incident, "en"), f"?report={ident}&status=duplicate")
    history = page.locator("#detail details", has=page.locator(".history"))
    history.locator("summary").click()
    expect(history).to_contain_text("Place 32.79000, 130.72000 → 32.80000, 130.73000")
    expect(history).to_contain_text(f"Merged into – → {target.receipt}")


def test_who_is_in_danger_stands_above_every_list(world: World, sign_in: SignIn) -> None:
    world.report(0)
    rescue = world.report(1, category="rescue")
    page = world.open(sign_in(world.incident, "en"))
    pinned = page.locator(f"#pinned-{rescue}")
    page.locator("#tab-placeless").click()
    page.locator("#search").fill("nothing has this")
    expect(pinned).to_be_visible()
    assert faults(page) == []
    pinned.locator(".pinned-accept").click()
    expect(pinned).to_have_count(0)
    expect(page.locator("#pinned")).to_be_hidden()
    told = world.own(rescue)
    assert told["accepted_at"] and told["accepted_by"].startswith("user-")


COUNT_TONES = """() => {
  window.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) { window.tones += 1; start.call(this, at); };
}"""


# pages without a desk ask every 10 s, and when somebody turns to them
LOOKED_AT = "document.dispatchEvent(new Event('visibilitychange'))"


def test_unaccepted_alarms_every_screen_until_somebody_has_it(
    world: World, sign_in: SignIn, settings
) -> None:
    settings.ALARM_AFTER_S = 2
    context = sign_in(world.incident, "en")
    desk = world.open(context)
    desk.evaluate(COUNT_TONES)
    desk.locator(".bar .sound").click()
    others = [world.open(context, path) for path in ("log/", "broadcasts/", "wall/")]
    rescue = world.report(category="rescue")
    alarm = desk.locator("#alarm")
    expect(alarm).to_be_hidden()
    expect(alarm).to_be_visible()
    expect(alarm).to_contain_text("1 rescue or danger to life: accepted by nobody")
    expect(desk).to_have_title(re.compile("Not accepted: 1"))
    desk.wait_for_function("window.tones >= 8")
    assert faults(desk) == []
    for page in others:
        page.evaluate(LOOKED_AT)
        expect(page.locator("#alarm")).to_be_visible()
    desk.locator("#alarm-open").click()
    desk.keyboard.press("c")
    expect(alarm).to_be_hidden()
    for page in others:
        page.evaluate(LOOKED_AT)
        expect(page.locator("#alarm")).to_be_hidden()
    assert world.own(rescue)["accepted_by"].startswith("user-")


def test_a_browser_that_holds_sound_back_says_so(world: World, sign_in: SignIn) -> None:
    context = sign_in(world.incident, "en")
    page = world.open(context)
    sound = page.locator(".bar .sound")
    expect(sound).to_have_attribute("aria-pressed", "false")
    sound.click()
    expect(sound).to_have_class("sound sound-on")
    page.reload()
    # remembered; nobody has touched the page yet
    expect(sound).to_contain_text("Press anywhere for sound")
    page.locator("#list").click(position={"x": 200, "y": 300})
    expect(sound).to_have_class("sound sound-on")


def test_many_are_changed_at_once_but_not_what_somebody_changed(
    world: World, sign_in: SignIn
) -> None:
    idents = [world.report(n) for n in range(4)]
    page = world.open(sign_in(world.incident, "en"))
    # the newest is on top: from the second to the last, by Shift
    page.locator(f"#row-{idents[2]} .row-tick").click()
    page.locator(f"#row-{idents[0]} .row-tick").click(modifiers=["Shift"])
    expect(page.locator(".bulk-count")).to_have_text("3 chosen")
    expect(page.locator("#detail")).to_be_hidden()
    world.change(idents[1], severity="critical")
    expect(page.locator(".bulk-news")).to_contain_text("1 changed")
    assert faults(page) == []
    page.locator("#bulk-verify").click()
    left = page.locator(".bulk-dialog")
    expect(left).to_contain_text("2 changed, 1 left as it is")
    expect(left.locator(".comparison")).to_contain_text("Danger to life")
    assert [status(ident) for ident in idents] == ["verified", "received", "verified", "received"]
    assert faults(page) == []
    left.locator(".primary").click()
    expect(page.locator("#bulk")).to_be_hidden()
    page.keyboard.press("u")
    until(lambda: [status(ident) for ident in idents] == ["received"] * 4, page, ANSWERED_S)
    assert Report.objects.get(id=idents[1]).severity == "critical"


def test_a_box_on_the_map_chooses(world: World, sign_in: SignIn) -> None:
    idents = [world.report(n) for n in (0, 1, 9)]
    page = world.open(sign_in(world.incident, "en"))
    page.keyboard.press("s")
    places = [page.locator(f'.report-place [data-report="{i}"]').bounding_box() for i in idents]
    assert places[0] and places[1]
    page.mouse.move(places[0]["x"] - 10, places[0]["y"] - 10)
    page.mouse.down()
    page.mouse.move(places[1]["x"] + 40, places[1]["y"] + 40, steps=3)
    page.mouse.up()
    expect(page.locator(".bulk-count")).to_have_text("2 chosen")
    expect(page.locator("#detail")).to_be_hidden()
    page.locator("#bulk-severity").select_option("minor")
    expect(page.locator("#toast")).to_contain_text("Minor: 2 reports")
    assert [Report.objects.get(id=i).severity for i in idents] == ["minor", "minor", "moderate"]
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".bulk-count")).to_have_text("1 chosen")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#bulk")).to_be_hidden()
