"""Situation reports: numbered, counted by definitions, kept as issued, without what is erased."""

from __future__ import annotations

import html
import re
import threading
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from frontend.views.devices import qr
from gspace import access
from gspace.models import Incident
from gspace.problems import Problem
from layers import actions as layer_actions
from reports import actions, situation_report
from reports.actions.log import log_write
from reports.models import Report
from reports.outgoing import SituationItem, SituationReport
from reports.payload import HqEdit
from tests import builders, layer_builders

pytestmark = pytest.mark.django_db
PAGE = "/hq/quake/situation/"
NOW = datetime(2099, 7, 28, 9, 0, tzinfo=UTC)
WORDS = {"overview": "", "outlook": ""}


@pytest.fixture
def incident(settings: Any, tmp_path: Path) -> Incident:
    settings.MEDIA_ROOT, settings.PARTS_ROOT = tmp_path, tmp_path / "parts"
    return builders.make_incident("quake", time_zone="Asia/Tokyo")


def desk(incident: Incident, language: str = "ja") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(builders.make_user(builders.headquarters(incident)))
    return client


def change(incident: Incident, ident: uuid.UUID, **edit: Any) -> None:
    seen = Report.objects.get(id=ident).version
    by = builders.operator(incident)
    actions.report_change(report_id=ident, edit=HqEdit(**edit), seen=seen, by=by)


def drawn(incident: Incident, *chosen: uuid.UUID, **more: Any) -> situation_report.Draft:
    return situation_report.draft(incident, now=NOW, chosen=chosen, words=WORDS, **more)


def issue(incident: Incident, *chosen: uuid.UUID, **more: Any) -> SituationReport:
    by = builders.operator(incident)
    draft = drawn(incident, *chosen)
    return actions.situation_report_issue(incident=incident, draft=draft, by=by, **more)


def world(incident: Incident) -> dict[str, uuid.UUID]:
    """One of each fate."""
    found = {
        "open": builders.make_report(incident, severity="critical"),
        "placeless": builders.make_report(incident, device_fix=None, category="fire"),
        "resolved": builders.make_report(incident),
        "rejected": builders.make_report(incident),
        "duplicate": builders.make_report(incident),
    }
    change(incident, found["resolved"], status="verified")
    change(incident, found["resolved"], status="resolved")
    change(incident, found["rejected"], status="rejected", reason="test")
    Report.objects.filter(id=found["duplicate"]).update(
        status="duplicate", merged_into_id=found["open"]
    )
    return found


# --- numbers ---------------------------------------------------------------------------------
def test_the_numbers_keep_to_their_definitions(incident: Incident) -> None:
    world(incident)
    builders.make_report(builders.make_incident("elsewhere"))
    told = situation_report.counts(incident, NOW)
    assert (told["received"], told["counted"], told["open"]) == (5, 3, 2)
    assert told["left_out"] == {"rejected": 1, "duplicate": 1, "withdrawn": 0}
    assert told["received"] == told["counted"] + sum(told["left_out"].values())
    assert told["without_place"] == 1 and told["grave_unaccepted"] == 1
    assert dict(told["severity"]) == {
        "critical": 1, "serious": 1, "moderate": 0, "minor": 0, "unknown": 0,
    }  # fmt: skip
    assert told["category"] == [["fire", 1, 1], ["road_blocked", 2, 1]]
    assert sum(n for _, n in told["status"]) == told["counted"]


def test_the_marks_and_what_is_off_the_map_add_up_to_the_open_ones(incident: Incident) -> None:
    world(incident)
    far = {"lon": 131.5, "lat": 33.5, "accuracy_m": 5, "fixed_at": "2016-04-16T02:10:50+09:00"}
    builders.make_report(incident, device_fix=far)
    builders.make_report(incident)
    draft = drawn(incident, box="130.7,32.7,130.8,32.9")
    picture = draft.content["picture"]
    assert (picture["outside"], picture["without_place"]) == (1, 1)
    assert [(c["count"], c["severity"]) for c in picture["clusters"]] == [(2, "critical")]
    shown = sum(c["count"] for c in picture["clusters"]) + len(draft.marks)
    assert shown + 2 == draft.content["counts"]["open"]


@pytest.mark.django_db(transaction=True)
def test_it_is_of_one_moment_whatever_comes_in_meanwhile(incident: Incident) -> None:
    builders.make_report(incident)
    seen: list[str] = []

    def one_more(execute: Any, sql: str, *rest: Any) -> Any:
        """A report comes in before and after each statement that reads them."""
        if "reports_report" in sql:
            seen.append(sql)
            thread = threading.Thread(target=came)
            thread.start()
            thread.join()
        return execute(sql, *rest)

    def came() -> None:
        builders.make_report(incident)
        connection.close()

    with connection.execute_wrapper(one_more):
        draft = drawn(incident, box="130.7,32.7,130.8,32.9")
    assert len(seen) >= 3
    marked = sum(c["count"] for c in draft.content["picture"]["clusters"]) + len(draft.marks)
    assert marked == draft.content["counts"]["open"] == draft.content["counts"]["received"]


def test_an_incident_without_reports_has_a_paper_too(incident: Incident) -> None:
    draft = drawn(incident)
    assert draft.content["counts"]["received"] == 0 and draft.marks == []


# --- issuing -----------------------------------------------------------------------------------
def test_the_numbers_count_up_in_each_incident(incident: Incident) -> None:
    other = builders.make_incident("elsewhere")
    assert [issue(incident).number, issue(incident).number, issue(other).number] == [1, 2, 1]


def test_the_button_pressed_twice_is_one_report(incident: Incident) -> None:
    ident = uuid.uuid4()
    assert issue(incident, report_id=ident).number == issue(incident, report_id=ident).number == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_get_two_numbers(incident: Incident) -> None:
    by, draft, numbers = builders.operator(incident), drawn(incident), []

    def press() -> None:
        paper = actions.situation_report_issue(incident=incident, draft=draft, by=by)
        numbers.append(paper.number)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2, 3, 4]


def test_only_headquarters_issues(incident: Incident) -> None:
    with pytest.raises(Problem):
        actions.situation_report_issue(
            incident=incident, draft=drawn(incident), by=builders.device(incident)[0]
        )


def test_what_was_issued_does_not_change(incident: Incident) -> None:
    ident = builders.make_report(incident, comment="橋が落ちた")
    paper = issue(incident, ident)
    change(incident, ident, severity="minor", comment_hq="違った")
    kept = situation_report.as_draft(situation_report.one(incident, paper.number))
    (told,) = kept.chosen
    assert told["properties"]["severity"] == "serious" and not told["properties"]["comment_hq"]
    assert "mark" not in told and len(kept.marks) == 1


def test_what_is_erased_leaves_the_papers_too(incident: Incident) -> None:
    ident = builders.make_report(incident, comment="住所と名前")
    paper = issue(incident, ident)
    actions.report_erase(report_id=ident, by=builders.operator(incident))
    kept = situation_report.as_draft(situation_report.one(incident, paper.number))
    assert kept.chosen == [] and kept.marks == []
    assert not SituationItem.objects.exists()
    assert "住所と名前" not in str(SituationReport.objects.values())


def test_reports_of_other_incidents_cannot_be_chosen(incident: Incident) -> None:
    strange = builders.make_report(builders.make_incident("elsewhere"))
    assert drawn(incident, strange).chosen == []


def test_too_many_are_refused(incident: Incident, settings: Any) -> None:
    settings.LIMIT_SITUATION_REPORTS = 1
    with pytest.raises(Problem) as refused:
        drawn(incident, uuid.uuid4(), uuid.uuid4())
    assert refused.value.field == "reports"


# --- the pages -----------------------------------------------------------------------------------
def form(client: Client, **more: Any) -> dict[str, Any]:
    page = client.get(PAGE).content.decode()
    (ident,) = re.findall(r'name="id" value="([^"]+)"', page)
    return {"id": ident, "overview": "", "outlook": "", **more}


def test_from_the_form_over_the_preview_to_the_numbered_paper(incident: Incident) -> None:
    ident = builders.make_report(incident, comment="橋が落ちた")
    client = desk(incident)
    sent = form(client, reports=[str(ident)], overview="<b>停電</b>が続く")
    preview = client.post(PAGE, sent | {"look": "1"}).content.decode()
    assert "（案） 令和" in preview and "橋が落ちた" in preview and "&lt;b&gt;停電" in preview
    assert not SituationReport.objects.exists()
    answer = client.post(PAGE, sent | {"issue": "1"})
    assert answer["Location"] == f"{PAGE}1/"
    shown = client.get(f"{PAGE}1/").content.decode()
    assert re.search(r"第1報 令和\d+年\d+月\d+日 \d+時\d\d分現在", shown)
    assert "<svg" in shown and "橋が落ちた" in shown
    assert client.get(f"{PAGE}2/").status_code == 404


def test_the_worst_are_ticked_at_first(incident: Incident) -> None:
    grave = builders.make_report(incident, severity="critical")
    minor = builders.make_report(incident, severity="minor")
    page = desk(incident).get(PAGE).content.decode()
    assert f'value="{grave}" checked' in page
    assert f'value="{minor}"' in page and f'value="{minor}" checked' not in page


def test_a_choice_stays_when_others_have_come_before_it(
    incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("frontend.views.situation.OFFERED", 1)
    chosen = builders.make_report(incident, severity="minor")
    client = desk(incident)
    sent = form(client, reports=[str(chosen)])
    builders.make_report(incident, severity="critical")
    for more in ({"look": "1"}, {"look": "1", "log_since": "gestern"}):
        page = client.post(PAGE, sent | more).content.decode()
        assert f'value="{chosen}" checked' in page


def test_those_ticked_at_the_desk_stand_ticked_on_top(incident: Incident) -> None:
    found = world(incident)
    chosen = [found["resolved"], builders.make_report(incident, severity="minor")]
    query = "&".join(f"reports={ident}" for ident in chosen)
    page = desk(incident).get(f"{PAGE}?{query}").content.decode()
    assert ticks(page)[:2] == [(str(ident), True) for ident in chosen]
    offered = ticks(page)[2:]
    assert str(found["open"]) in dict(offered) and not any(dict(offered).values())


def test_reports_are_chosen_by_receipt_codes_whatever_their_status(incident: Incident) -> None:
    found = world(incident)
    receipts = {str(r.id): r.receipt for r in Report.objects.all()}
    first, second, third = (str(found[n]) for n in ("resolved", "rejected", "open"))
    wide = receipts[second].translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)})
    codes = f"{receipts[first].lower()}、{wide}\u3000,\r\n {receipts[third]} {receipts[first]}"
    client = desk(incident)
    page = client.post(PAGE, form(client, reports=[third], codes=codes) | {"look": "1"})
    words = page.content.decode()
    assert page.status_code == 200
    assert [i for i, is_ticked in ticks(words) if is_ticked] == [third, first, second]
    assert typed(words) == "", "they are ticked now, and can be taken away again"
    client.post(PAGE, form(client, codes=receipts[first]) | {"issue": "1"})
    kept = situation_report.as_draft(SituationReport.objects.get())
    assert [told["id"] for told in kept.chosen] == [first]


def test_an_unknown_code_is_named_and_nothing_typed_is_lost(incident: Incident) -> None:
    mine = Report.objects.get(id=builders.make_report(incident))
    other = Report.objects.get(id=builders.make_report(builders.make_incident("elsewhere")))
    client = desk(incident, "en")
    codes = f"{mine.receipt}, {other.receipt}, <K>"
    sent = form(client, codes=codes, reports=[str(mine.id)], overview="停電")
    for press in ("look", "issue"):
        answer = client.post(PAGE, sent | {press: "1"})
        page = answer.content.decode()
        (alert,) = re.findall(r'role="alert">.*?</p>', page, re.S)
        assert answer.status_code == 422 and "(codes)" in alert
        assert f"{other.receipt}, &lt;K&gt;" in alert and mine.receipt not in alert
        assert typed(page) == codes and ">停電</textarea>" in page
        assert ticks(page)[0] == (str(mine.id), True)
    assert not SituationReport.objects.exists()


def test_codes_count_towards_the_limit(incident: Incident, settings: Any) -> None:
    settings.LIMIT_SITUATION_REPORTS = 1
    receipts = [r.receipt for r in (Report.objects.get(id=builders.make_report(incident))
                                    for _ in range(2))]  # fmt: skip
    client = desk(incident)
    answer = client.post(PAGE, form(client, codes="\n".join(receipts)) | {"look": "1"})
    assert answer.status_code == 422 and "(reports)" in answer.content.decode()
    assert typed(answer.content.decode()) == "\n".join(receipts)


def ticks(page: str) -> list[tuple[str, bool]]:
    """(report, ticked) in the order of the form."""
    boxes = re.findall(r'name="reports" value="([^"]+)"( checked)?', page)
    return [(ident, bool(checked)) for ident, checked in boxes]


def typed(page: str) -> str:
    (text,) = re.findall(r'<textarea id="codes"[^>]*>(.*?)</textarea>', page, re.S)
    return html.unescape(text)


def test_words_are_counted_as_the_form_counts_them(incident: Incident) -> None:
    client = desk(incident)
    lines = "\r\n".join(["a"] * 2000) + "b"
    client.post(PAGE, form(client, overview=lines) | {"issue": "1"})
    assert SituationReport.objects.get().content["overview"] == lines.replace("\r\n", "\n")
    answer = client.post(PAGE, form(client, outlook=f"{lines}b") | {"issue": "1"})
    assert answer.status_code == 422 and "(outlook)" in answer.content.decode()
    assert SituationReport.objects.count() == 1, "nothing is cut off silently"


def test_source_and_age_of_each_layer_stand_on_it(incident: Incident) -> None:
    home = builders.headquarters(incident)
    by = access.caller_from_user(builders.make_user(home, "publisher").id)
    layer = layer_actions.layer_create(
        slug="water", title="給水所", kind="water", by=by, publisher=home, incident=incident,
        audience="hq", source_name="熊本市水道局",
    )  # fmt: skip
    layer_builders.publish(layer, by, [layer_builders.spot("a")])
    (told,) = drawn(incident).content["layers"]
    assert told["source_name"] == "熊本市水道局" and told["published_at"]
    client = desk(incident)
    shown = client.post(PAGE, form(client) | {"look": "1"}).content.decode()
    assert "熊本市水道局" in shown and "給水所" in shown


def test_the_log_since_the_shift_began(incident: Incident) -> None:
    by = builders.operator(incident)
    for hours, text in ((5, "古い話"), (1, "給水車を要請")):
        at = datetime.now(UTC) - timedelta(hours=hours)
        log_write(incident=incident, kind="request", text=text, by=by, at=at)
    since = datetime.now(UTC) - timedelta(hours=2)
    texts = [line["text"] for line in drawn(incident, log_since=since).content["log"]]
    assert texts == ["給水車を要請"]
    client = desk(incident)
    for never in ("gestern", "0001-01-01T00:00"):
        wrong = client.post(PAGE, form(client) | {"look": "1", "log_since": never})
        assert wrong.status_code == 422


def test_a_drill_says_so(incident: Incident) -> None:
    Incident.objects.update(state="drill")
    issue(incident)
    shown = desk(incident, "en").get(f"{PAGE}1/").content.decode()
    assert "nothing here is real" in shown and "No. 1" in shown


def test_the_wall_map_has_its_legend_scale_north_and_code(incident: Incident) -> None:
    builders.make_report(incident, category="fire", severity="critical")
    shown = desk(incident, "en").get("/hq/quake/wallmap/").content.decode()
    for part in ("<polygon", ">N</text>", "as of", "Legend", 'class="qr"', "/hq/quake/"):
        assert part in shown, part
    assert re.search(r">[125]0* k?m</text>", shown)
    assert desk(incident).get("/hq/quake/wallmap/?bbox=x").status_code == 422


def test_the_code_on_the_wall_map_opens_what_it_shows(incident: Incident) -> None:
    shown = desk(incident).get("/hq/quake/wallmap/?bbox=130.7,32.7,130.8,32.8").content.decode()
    over = "resolved,rejected,duplicate,withdrawn"
    # 13.4 fills the paper
    query = f"area=all&hide_status={over}&map=12/32.75001/130.75000"
    assert qr(f"http://testserver/hq/quake/?{query}") in shown
    assert "http://testserver/hq/quake/<" in shown, "what somebody types is short"
