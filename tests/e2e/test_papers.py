"""What headquarters takes away from the desk: exports, situation reports, the map for the wall."""

from __future__ import annotations

import csv
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import BrowserContext, Page, expect

from gspace import actions as trunk
from gspace.models import Device, Incident
from reports import actions, exports, situation_report
from reports.models import Report
from reports.outgoing import Export, SituationReport
from tests import builders
from tests.e2e import looks
from tests.e2e.test_desk_accessible import faults, open_desk
from tests.layer_builders import published_layer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
WordsOf = Callable[[Page], None]


@pytest.fixture
def incident(server: str) -> Incident:
    return builders.make_incident(centre=Point(130.75, 32.79), zoom=12)


@pytest.fixture
def heard() -> Iterator[WordsOf]:
    """Listens to a page's console; what it complains of fails the test."""
    complaints: list[str] = []

    def run(page: Page) -> None:
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
        page.on("pageerror", lambda error: complaints.append(str(error)))

    yield run
    # the map's own tiles may be out of reach of a test machine
    assert [c for c in complaints if "cyberjapandata" not in c and "ERR_" not in c] == []


def from_the_desk(context: BrowserContext, incident: Incident, name: str) -> Page:
    """The page that the desk's menu leads to, from the reports that are searched for."""
    page, _ = open_desk(context, incident)
    page.locator("#search").fill("ガス")
    expect(page).to_have_url(re.compile(r"[?&]q="))
    page.locator("details.account summary").click()
    page.get_by_role("link", name=name, exact=True).click()
    return page


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def looked_at(monkeypatch: pytest.MonkeyPatch, kind: str, look: Callable[[], None]) -> None:
    """Looks once while the worker is at the file."""
    write = exports.WRITERS[kind]

    def run(making: Any) -> None:
        look()
        write(making)

    monkeypatch.setitem(exports.WRITERS, kind, run)


def test_an_export_of_the_desks_view_and_one_cancelled(
    incident: Incident, sign_in: SignIn, heard: WordsOf, work_off: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    gas = Report.objects.get(id=builders.make_report(incident, comment="ガスの臭い"))
    builders.make_report(incident, comment="断水")
    page = from_the_desk(sign_in(incident, "en"), incident, "Exports")
    heard(page)
    expect(page.get_by_label("Words")).to_have_value("ガス")
    page.get_by_role("button", name="Make the file").click()
    line = page.locator("#exports .export")
    expect(line).to_contain_text("Waiting")
    looked_at(
        monkeypatch, "csv", lambda: expect(line.locator("[data-count]")).to_have_text("0 / 1")
    )
    work_off()
    expect(line.locator(".badge")).to_have_text("Ready")
    with page.expect_download() as taking:
        line.get_by_role("link", name="Take the file").click()
    content = Path(taking.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(content.splitlines()))
    assert [row["receipt"] for row in rows] == [gas.receipt]
    page.get_by_text("GeoJSON", exact=True).click()
    page.get_by_role("button", name="Make the file").click()
    page.get_by_role("button", name=re.compile("^Cancel ?: GeoJSON$")).click()
    expect(line.first.locator(".badge")).to_have_text("Cancelled")
    work_off()
    page.reload()
    expect(line.locator(".badge")).to_have_text(["Cancelled", "Ready"])
    expect(line.last).to_contain_text("Taken by")


def test_a_situation_report_with_two_reports(
    incident: Incident, sign_in: SignIn, heard: WordsOf
) -> None:
    chosen = [builders.make_report(incident, severity="serious") for _ in range(2)]
    left_out = builders.make_report(incident, severity="minor")
    receipts = {r.id: r.receipt for r in Report.objects.all()}
    page = from_the_desk(sign_in(incident, "en"), incident, "Situation report")
    heard(page)
    expect(page.locator("[name=reports]:checked")).to_have_count(2)
    page.get_by_label("Overview, in your words").fill("Two roads are closed.\nOne is open.")
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator(".situation__title")).to_contain_text("Draft")
    assert not SituationReport.objects.exists()
    page.get_by_role("button", name="Issue it with the next number").click()
    expect(page).to_have_url(re.compile(r"/situation/1/$"))
    expect(page.get_by_role("status")).to_contain_text("Issued as number 1")
    page.get_by_role("link", name=re.compile("Situation report$")).click()
    page.get_by_role("link", name=re.compile("^No. 1 – as of")).click()
    paper = page.locator("article.situation")
    expect(paper).to_contain_text("Two roads are closed.")
    for ident in chosen:
        expect(paper).to_contain_text(receipts[ident])
    expect(paper).not_to_contain_text(receipts[left_out])
    expect(paper.locator(".map-picture text", has_text=re.compile(r"^\d$"))).to_have_text("3")


def test_what_is_ticked_at_the_desk_goes_into_a_situation_report(
    incident: Incident, sign_in: SignIn, heard: WordsOf
) -> None:
    left_out, *chosen = [builders.make_report(incident, severity=s)
                         for s in ("critical", "minor", "minor")]  # fmt: skip
    desk, _ = open_desk(sign_in(incident, "en"), incident)
    heard(desk)
    for ident in chosen:
        desk.locator(f"#row-{ident} .row-tick").click()
    assert faults(desk) == []
    with desk.context.expect_page() as opening:
        desk.get_by_role("link", name="Into the situation report").click()
    page = opening.value
    heard(page)
    boxes = page.locator("[name=reports]")
    assert [box.get_attribute("value") for box in boxes.all()] == [*map(str, [*chosen, left_out])]
    expect(page.locator("[name=reports]:checked")).to_have_count(2)
    page.get_by_label("Other reports, by receipt code").fill(
        Report.objects.get(id=left_out).receipt.lower()
    )
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("[name=reports]:checked")).to_have_count(3)
    assert faults(page) == []
    expect(desk.locator(".bulk-count")).to_have_text("2 chosen")


def test_the_map_for_the_wall(incident: Incident, sign_in: SignIn, heard: WordsOf) -> None:
    builders.make_report(incident, category="fire", severity="critical")
    page = from_the_desk(sign_in(incident, "en"), incident, "Wall map to print")
    heard(page)
    expect(page.locator(".wall__count")).to_have_text("1 open reports")
    expect(page.locator(".map-picture")).to_be_visible()
    expect(page.locator(".wall__qr svg")).to_be_visible()
    page.get_by_role("link", name="To the desk").click()
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")


@pytest.mark.parametrize("page_size", ["A4", "A3 landscape"])
def test_wall_map_and_papers_print_on_their_own_sheets(
    incident: Incident, sign_in: SignIn, page_size: str
) -> None:
    page = sign_in(incident).new_page()
    issued(incident)
    address = "situation/1/" if page_size == "A4" else "wallmap/"
    page.goto(f"/hq/{incident.slug}/{address}")
    made = page.pdf(prefer_css_page_size=True, print_background=False)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", made)
    sheet = [round(float(side)) for side in boxes[0]]
    assert sheet == ([595, 842] if page_size == "A4" else [1191, 842])
    if page_size != "A4":
        assert len(boxes) == 1, "the map is one sheet"


def issued(incident: Incident) -> None:
    """A situation report with everything that one can hold."""
    by = builders.operator(incident)
    actions.log_write(incident=incident, kind="request", text="重機がほしい", sender="東1班", by=by)
    ids = [builders.make_report(incident, severity=s) for s in ("critical", "unknown")]
    builders.make_report(incident, device_fix=None, category="fire")
    words = {"overview": "県道28号は通れない。", "outlook": "明朝から確認する。"}
    draft = situation_report.draft(
        incident, now=builders.NOON.replace(year=2099), chosen=ids, words=words,
        log_since=builders.NOON,
    )  # fmt: skip
    actions.situation_report_issue(incident=incident, draft=draft, by=by)


def files(incident: Incident) -> None:
    """One file in each state."""
    by = builders.operator(incident)
    made: list[uuid.UUID] = []
    for kind in ("csv", "zip", "kml", "gpkg"):
        export = actions.export_create(
            incident=incident, kind=kind, filters={"q": "ガス"}, photos="none", language="ja", by=by
        )
        made.append(export.id)
    exports.make(made[0])
    actions.export_begin(export_id=made[1])
    actions.export_progress(export_id=made[1], done=1, total=3)
    actions.export_fail(export_id=made[2], reason="disk_full")
    assert Export.objects.count() == 4


def boards(incident: Incident) -> None:
    """A phone with something unsent, one locked out, an invitation, a rule, facilities."""
    house = builders.headquarters(incident)
    phones = [builders.device(incident, audience)[0].device for audience in ("field", "volunteer")]
    trunk.device_tell(device_id=str(phones[0]), told={"unsent": 3})
    trunk.device_revoke(device=Device.objects.get(id=phones[1]))
    trunk.invite_create(organisation=house, label="東区消防団")
    actions.rule_save(
        incident=incident, category="road_blocked", status="verified", place="rounded",
        text="fixed", fixed_text="通行できません", enabled=True, by=builders.operator(incident),
    )  # fmt: skip
    published_layer(incident)


@pytest.mark.parametrize(("theme", "language"), looks.LANGUAGES)
def test_the_boards_have_no_accessibility_fault_and_nothing_beside_the_screen(
    incident: Incident, sign_in: SignIn, heard: WordsOf, theme: Any, language: str
) -> None:
    boards(incident)
    page = sign_in(incident, language).new_page()
    heard(page)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for path, row in (("devices/", ".with-act"), ("release/", "form"), ("facilities/", ".choose")):
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(f"/hq/{incident.slug}/{path}")
        assert page.locator(row).count() > 1, path
        assert fits(page) and faults(page) == [], path
        page.set_viewport_size({"width": 360, "height": 740})
        assert fits(page), path


@pytest.mark.parametrize(("theme", "language"), looks.LANGUAGES)
def test_no_accessibility_fault_and_nothing_beside_the_screen(
    incident: Incident, sign_in: SignIn, heard: WordsOf, theme: Any, language: str
) -> None:
    issued(incident)
    files(incident)
    page = sign_in(incident, language).new_page()
    heard(page)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    for path in ("exports/", "exports/?desk=1&q=x&area=all", "situation/", "situation/1/",
                 "wallmap/"):  # fmt: skip
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(f"/hq/{incident.slug}/{path}")
        assert fits(page) and faults(page) == [], path
        page.set_viewport_size({"width": 360, "height": 740})
        assert fits(page), path
    page.goto(f"/hq/{incident.slug}/situation/")
    page.locator("[name=look]").click()
    expect(page.locator("article.situation")).to_be_visible()
    assert fits(page) and faults(page) == []
