"""A shift at two desks: reports pour in, both review by keyboard, a program writes beside them.

A rescue that nobody accepts alarms both. At the end nothing is unreviewed, nothing was overwritten,
and both screens, the counts and the database say the same. A short form always, 300 reports in ten
minutes as a proof.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import connection
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from reports import queries
from reports.models import Report
from tests import builders
from tests.e2e.patience import until

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
PATIENCE_S = 30
DOUBLE = "二重"


class Crews(threading.Thread):
    """Phones that send `number` reports over `seconds`, some of them twice from two phones."""

    def __init__(self, server: str, incident: Any, number: int, seconds: float, doubles: int):
        super().__init__(daemon=True)
        self.incident, self.pause = incident, seconds / number
        self.phones = [
            httpx.Client(
                base_url=f"{server}/api/v1",
                headers=builders.bearer(builders.device(incident)[1]),
                timeout=60,
            )
            for _ in range(4)
        ]
        self.bodies = list(bodies(incident, number, doubles))
        self.sent: list[str] = []

    def run(self) -> None:
        for at, body in enumerate(self.bodies):
            self.send(body, self.phones[at % 4])
            time.sleep(self.pause)

    def send(self, body: dict[str, Any], phone: httpx.Client | None = None) -> str:
        ident = str(uuid.uuid4())
        answer = (phone or self.phones[0]).put(f"/reports/{ident}", json=body)
        assert answer.status_code == 201, answer.text
        self.sent.append(ident)
        return ident


def bodies(incident: Any, number: int, doubles: int) -> Any:
    """Far apart by some 200 m, but for doubles, which lie 6 m from their twin and come next."""
    chance = random.Random(7)
    for at in range(number - doubles):
        lon, lat = 130.70 + 0.002 * (at % 40), 32.75 + 0.002 * (at // 40)
        body = builders.report_body(
            incident, comment=f"現場 {at}", pin={"lon": lon, "lat": lat}, device_fix=None,
            severity=chance.choice(["critical", "serious", "moderate", "minor"]),
            category=chance.choice(["rescue", "flooding", "power", "bridge", "landslide"]),
        )  # fmt: skip
        if at < doubles:
            body["comment"] = f"{DOUBLE} {at} 橋の手前で道がふさがれています"
            yield body
            body = body | {"pin": {"lon": lon + 0.00006, "lat": lat}}
        yield body


class Program(threading.Thread):
    """A third operator, by the API: writes into reports that others have open, sees 412 and waits.

    said: report -> the words of its last write that was acknowledged.
    """

    def __init__(self, server: str, incident: Any) -> None:
        super().__init__(daemon=True)
        token = builders.api_token(builders.headquarters(incident), "operator")
        self.http = httpx.Client(
            base_url=f"{server}/api/v1", headers=builders.bearer(token), timeout=60
        )
        self.slug, self.over = incident.slug, threading.Event()
        self.said: dict[str, str] = {}
        self.refused = 0

    def run(self) -> None:
        chance = random.Random(3)
        for turn in range(100_000):
            if self.over.wait(0.4):
                return
            answer = self.http.get(f"/incidents/{self.slug}/reports", params={"limit": 60})
            # what is merged is left alone: its undo shall be refused to nobody here
            found = [
                f for f in answer.json()["features"] if DOUBLE not in f["properties"]["comment"]
            ]
            if found:
                self.write(chance.choice(found), f"{turn} 班が向かう")

    def write(self, feature: dict[str, Any], words: str) -> None:
        match = {"If-Match": f'"{feature["properties"]["version"]}"'}
        answer = self.http.patch(
            f"/reports/{feature['id']}", json={"comment_hq": words}, headers=match
        )
        assert answer.status_code in (200, 412), answer.text
        if answer.status_code == 200:
            self.said[feature["id"]] = words
        else:
            self.refused += 1


@dataclass
class Operator:
    """Works through the queue by keys. deeds: (report, status that was set)."""

    page: Page
    name: str
    deeds: list[tuple[str, str]] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)

    def next(self) -> Report | None:
        """The report that is open, after N; None when nothing waits."""
        if self.page.locator("#queue").is_disabled():
            return None
        self.page.keyboard.press("n")
        receipt = self.page.locator("#detail dt:text-is('Receipt code') + dd")
        try:
            code = receipt.inner_text(timeout=1_500)
        except Exception:  # the last one was decided at the other desk meanwhile
            return None
        return Report.objects.get(receipt=code)

    def review(self, *, merging: bool) -> bool:
        report = self.next()
        if report is None:
            return False
        if report.status != "received":
            return True
        if merging and self.is_double(report):
            self.merge(report)
            return True
        if report.category == "rescue" or report.severity == "critical":
            self.page.keyboard.press("c")
            self.settled(report, lambda row: row.accepted_by is not None)
        self.press(report, "v", "verified")
        return True

    def is_double(self, report: Report) -> bool:
        same = Report.objects.filter(comment=report.comment).exclude(id=report.id)
        return DOUBLE in report.comment and same.exclude(status="duplicate").exists()

    def merge(self, report: Report) -> None:
        expect(self.page.locator(".suggestion").first).to_be_visible(timeout=PATIENCE_S * 1000)
        self.page.keyboard.press("d")
        expect(self.page.locator(".merge-dialog .compare-side")).to_have_count(2)
        doubles = Report.objects.filter(comment=report.comment, status="duplicate")
        before = doubles.count()
        self.page.keyboard.press("Enter")
        until(lambda: doubles.count() > before, self.page, PATIENCE_S)
        # the dialog closes with the answer; until then keys are the dialog's
        expect(self.page.locator(".merge-dialog")).to_have_count(0)
        self.merges.append(str(doubles.get().id))

    def press(self, report: Report, key: str, status: str) -> None:
        while True:
            self.page.keyboard.press(key)
            try:
                self.settled(report, lambda row: row.status == status)
                break
            except Faster:
                continue
        self.deeds.append((str(report.id), status))

    def settled(self, report: Report, done: Callable[[Report], bool]) -> None:
        """The key has told; where the program was faster, both versions are shown, then again."""

        def said() -> bool:
            if self.page.locator("dialog[open] .comparison").count():
                self.page.locator("dialog[open] .primary").click()
                raise Faster
            return done(Report.objects.get(id=report.id))

        until(said, self.page, PATIENCE_S)

    def undo(self) -> None:
        ident = self.merges.pop()
        self.page.keyboard.press("u")
        until(lambda: Report.objects.get(id=ident).status == "received", self.page, PATIENCE_S)


class Faster(Exception):
    """Somebody else changed the report first."""


def open_desk(context: BrowserContext, incident: Any) -> Operator:
    page = context.new_page()
    page.goto(f"/hq/{incident.slug}/")
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    return Operator(page, page.locator(".account summary").inner_text())


def counted(page: Page) -> dict[str, str]:
    return dict(
        page.eval_on_selector_all(
            "[data-count]", "all => all.map(one => [one.dataset.count, one.textContent])"
        )
    )


def expected_counts() -> dict[str, str]:
    hidden = ("rejected", "duplicate", "withdrawn")
    found = {}
    for kind in ("status", "severity", "category"):
        rows = Report.objects.values_list(kind, "status")
        every = Counter(code for code, _ in rows)
        shown = Counter(code for code, status in rows if status not in hidden)
        for code, of in every.items():
            found[f"{kind}/{code}"] = str(of) if shown[code] == of else f"{shown[code]} / {of}"
    return found


ROWS = """async () => {
  const box = document.getElementById("list"), found = {};
  for (let top = 0; top <= box.scrollHeight; top += box.clientHeight / 2) {
    box.scrollTop = top;
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    for (const row of box.querySelectorAll(".row")) {
      const what = row.querySelector(".row-what").firstChild.textContent;
      found[row.id.slice(4)] = `${what} ${row.querySelector(".row-status").textContent}`;
    }
  }
  return found;
}"""


def shift(server: str, sign_in: SignIn, *, number: int, seconds: float, doubles: int, undone: int):
    incident = builders.make_incident(centre=Point(130.74, 32.77), zoom=12)
    alice, bob = (open_desk(sign_in(incident, "en"), incident) for _ in range(2))
    crews = Crews(server, incident, number, seconds, doubles)
    program = Program(server, incident)
    crews.start()
    program.start()
    taken_back = 0
    while crews.is_alive() or Report.objects.filter(status="received").exists():
        for who in (alice, bob):
            merging = len(alice.merges) + len(bob.merges) + taken_back < doubles
            who.review(merging=merging)
            if taken_back < undone and who.merges:
                who.undo()
                taken_back += 1
    held_back(alice, bob, crews)
    program.over.set()
    program.join(10)
    assert len(crews.sent) == number + 1 and taken_back == undone
    check(alice, bob, program, crews, merged=doubles - undone)


def held_back(alice: Operator, bob: Operator, crews: Crews) -> None:
    """A rescue that nobody accepts: both screens alarm until a named person does, not before."""
    wait_ms = (settings.ALARM_AFTER_S + PATIENCE_S) * 1000
    for who in (alice, bob):
        expect(who.page.locator("#alarm")).to_be_hidden()
    body = builders.report_body(crews.incident, category="rescue", comment="屋根の上に二人")
    rescue = Report.objects.get(id=crews.send(body))
    for who in (alice, bob):
        expect(who.page.locator("#alarm")).to_be_visible(timeout=wait_ms)
        expect(who.page.locator("#alarm")).to_contain_text("1 rescue or danger to life")
    waited = timezone.now() - rescue.received_at
    assert waited.total_seconds() >= settings.ALARM_AFTER_S
    rescue.refresh_from_db()
    assert rescue.accepted_by is None
    bob.page.locator("#alarm-open").click()
    bob.page.keyboard.press("c")
    for who in (alice, bob):
        expect(who.page.locator("#alarm")).to_be_hidden()
    rescue.refresh_from_db()
    assert rescue.accepted_by == bob.name
    # what somebody has accepted waits in no queue any more
    Report.objects.filter(id=rescue.id).update(status="verified")


def check(alice: Operator, bob: Operator, program: Program, crews: Crews, *, merged: int) -> None:
    rows = {str(row.id): row for row in Report.objects.all()}
    assert set(rows) == set(crews.sent)
    assert {row.status for row in rows.values()} <= {"verified", "duplicate"}
    assert all(row.accepted_by for row in rows.values())
    duplicates = {ident for ident, row in rows.items() if row.status == "duplicate"}
    assert len(duplicates) == merged, "each double is merged once, but for what was taken back"
    assert duplicates == {*alice.merges, *bob.merges}
    for ident, words in program.said.items():
        assert rows[ident].comment_hq == words, "the last acknowledged word stands"
    for who in (alice, bob):
        for ident, status in who.deeds:
            told = [line["changed"].get("status") for line in queries.history(rows[ident])
                    if line["by"] == who.name]  # fmt: skip
            assert ["received", status] in told, "what was pressed was done, by this name"
    shown = set(rows) - duplicates
    for who in (alice, bob):
        until(
            lambda page=who.page: expected_counts().items() <= counted(page).items(),
            who.page,
            PATIENCE_S,
        )
    screens = [who.page.evaluate(ROWS) for who in (alice, bob)]
    assert screens[0] == screens[1] and set(screens[0]) == shown
    connection.close()


def test_a_short_shift(server: str, sign_in: SignIn, settings: Any) -> None:
    settings.ALARM_AFTER_S = 3
    shift(server, sign_in, number=24, seconds=8, doubles=3, undone=1)


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_a_shift_of_three_hundred_reports_in_ten_minutes(server: str, sign_in: SignIn) -> None:
    shift(server, sign_in, number=300, seconds=600, doubles=20, undone=3)
