"""`/hq/<incident>/log/` as a plain page: written, corrected, filtered, handed over."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from gspace import access
from gspace.models import Incident
from reports import actions
from reports.models import LogEntry, Report
from reports.payload import EnteredIn, HqEdit
from tests import builders

pytestmark = pytest.mark.django_db
PAGE = "/hq/quake/log/"
HANDOVER = f"{PAGE}handover/"
TEXT = "県道28号を通行止めにしてください。"
HIDDEN = ("id", "now", "at", "sender", "receiver", "report", "corrects", "settles")


@pytest.fixture
def incident() -> Incident:
    return builders.make_incident("quake")


def desk(incident: Incident, role: str = "operator", **more: Any) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en", **more)
    client.force_login(builders.make_user(builders.headquarters(incident), role))
    return client


def text(client: Client, query: str = "", path: str = PAGE) -> str:
    return client.get(f"{path}{query}").content.decode()


def fields(page: str) -> dict[str, str]:
    """What the browser would send of the form as it stands."""
    form = page[page.index('id="log-form"') : page.index("</form>", page.index('id="log-form"'))]
    found = {}
    for name in HIDDEN:
        (value,) = re.findall(rf'name="{name}" value="([^"]*)"', form)
        found[name] = value
    kind = re.findall(r'name="kind" value="(\w+)" required checked', form)
    (said,) = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", form)
    return found | {"kind": kind[0] if kind else "", "text": said}


def form(client: Client, query: str = "", **more: Any) -> dict[str, Any]:
    found = fields(text(client, query))
    blank = {"kind": "instruction", "text": TEXT} if not found["text"] else {}
    return found | blank | more


def write(incident: Incident, **more: Any) -> LogEntry:
    by = builders.operator(incident)
    return actions.log_write(incident=incident, by=by, **{"kind": "note", "text": TEXT, **more})[0]


def only() -> LogEntry:
    return LogEntry.objects.get()


# --- writing ---------------------------------------------------------------------------------
def test_a_line_is_written_and_listed(incident: Incident) -> None:
    hq = desk(incident)
    answer = hq.post(PAGE, form(hq, sender="本部", receiver="東1班"), follow=True)
    page = answer.content.decode()
    assert "Written in the log." in page and TEXT in page
    entry = only()
    assert (entry.kind, entry.sender, entry.receiver) == ("instruction", "本部", "東1班")
    assert '<option value="東1班">' in page, "who was named once is suggested"


def test_an_untouched_time_is_the_moment_of_pressing(incident: Incident) -> None:
    hq = desk(incident)
    hq.post(PAGE, form(hq) | {"at": "2016-04-16T10:00", "now": "2016-04-16T10:00"})
    assert abs(only().at - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_time_that_was_typed_is_the_incidents(incident: Incident) -> None:
    hq = desk(incident)
    hq.post(PAGE, form(hq, at="2016-04-16T14:05"))
    assert only().at == datetime(2016, 4, 16, 5, 5, tzinfo=UTC)
    page = text(hq)
    assert "14:05" in page and re.search(r"written \w+ \d+ \w+, \d\d:\d\d", page)


def test_pressed_twice_it_is_written_once(incident: Incident) -> None:
    hq = desk(incident)
    said = form(hq, text="一行目\r\n二行目")
    assert [hq.post(PAGE, said).status_code for _ in range(2)] == [302, 302]
    assert only().text == "一行目\n二行目"


def test_back_in_the_browser_other_words_need_a_second_press(incident: Incident) -> None:
    hq = desk(incident)
    said = form(hq)
    hq.post(PAGE, said)
    page = hq.post(PAGE, said | {"text": "別の話"}).content.decode()
    assert "Press again" in page and "別の話" in page and LogEntry.objects.count() == 1
    again = fields(page)
    assert again["id"] != said["id"]
    assert hq.post(PAGE, said | again).status_code == 302
    assert LogEntry.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [{"kind": ""}, {"kind": "party"}, {"text": " "}, {"text": "x" * 4001}, {"text": "a\x00"},
     {"at": "yesterday"}, {"at": "0001-01-01T00:00"}, {"sender": "x" * 121}, {"id": "1"},
     {"report": "ZZZZZZ"}, {"report": "\x00"}, {"corrects": "1"}, {"at": "2999-01-01T00:00"},
     {"corrects": "00000000-0000-4000-8000-000000000000"}, {"settles": str(uuid.uuid4())}],
)  # fmt: skip
def test_what_makes_no_sense_is_not_written_and_not_lost(incident: Incident, wrong: dict) -> None:
    hq = desk(incident)
    answer = hq.post(PAGE, form(hq, receiver="東1班") | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Not written." in page
    assert "東1班" in page and ("text" in wrong or TEXT in page)
    assert not LogEntry.objects.exists()


def test_the_form_alone_for_the_page_s_script(incident: Incident) -> None:
    hq = desk(incident)
    said = form(hq) | {"part": "form"}
    fresh = hq.post(PAGE, said)
    assert fresh.status_code == 201 and "<html" not in fresh.content.decode()
    assert fields(fresh.content.decode())["text"] == "" and only().text == TEXT
    refused = hq.post(PAGE, said | {"kind": ""})
    assert refused.status_code == 422 and "<html" not in refused.content.decode()
    assert "<html" not in text(hq, "?part=list") and TEXT in text(hq, "?part=list")


# --- from a report, corrections, answers -------------------------------------------------------
def test_from_a_report(incident: Incident) -> None:
    crew, _ = builders.device(incident)
    ident = builders.make_report(incident, crew, comment="両側とも土砂")
    report = Report.objects.get(id=ident)
    hq = desk(incident)
    said = form(hq, f"?about={ident}&part=form")
    assert (said["kind"], said["sender"], said["receiver"]) == ("report", crew.name, "Headquarters")
    assert said["report"] == report.receipt and said["now"] == ""
    assert (
        said["text"].startswith("Road (impassable) / Serious\n") and "両側とも土砂" in said["text"]
    )
    hq.post(PAGE, said)
    assert only().report_id == ident
    assert only().at == report.received_at.replace(second=0, microsecond=0)
    page = text(hq, f"?report={ident}")
    assert f'?report={ident}">{report.receipt}</a>' in page


def test_who_told_a_report_stays_with_the_report(incident: Incident) -> None:
    """The log is printed, and what is erased of a report must be gone."""
    body = EnteredIn(channel="phone", category="road_blocked", told_by="山田 096-555-0142")
    ident, by = uuid.uuid4(), builders.operator(incident)
    actions.report_enter(report_id=ident, incident=incident, body=body, by=by)
    hq = desk(incident)
    page = text(hq, f"?about={ident}&part=form")
    assert fields(page)["sender"] == "Phone" and "山田" not in page


def test_a_receipt_may_be_typed_small(incident: Incident) -> None:
    ident = builders.make_report(incident)
    hq = desk(incident)
    hq.post(PAGE, form(hq, report=f" {Report.objects.get(id=ident).receipt.lower()} "))
    assert only().report_id == ident


def test_a_report_of_another_incident_is_unknown(incident: Incident) -> None:
    other = builders.make_report(builders.make_incident())
    hq = desk(incident)
    assert hq.get(PAGE, {"about": str(other)}).status_code == 404
    assert hq.get(PAGE, {"about": "x"}).status_code == 404
    receipt = Report.objects.get(id=other).receipt
    assert hq.post(PAGE, form(hq, report=receipt)).status_code == 422


def test_a_correction_strikes_the_line_and_keeps_it(incident: Incident) -> None:
    wrong = write(incident, kind="request", sender="東1班", text="県道82号")
    hq = desk(incident)
    said = form(hq, f"?corrects={wrong.id}")
    assert (said["kind"], said["sender"], said["text"]) == ("request", "東1班", "県道82号")
    assert hq.post(PAGE, said | {"text": "県道28号"}).status_code == 302
    page = text(hq)
    assert "<del>県道82号</del>" in page and re.search(r"Corrected .* by user-", page)
    assert f"?corrects={wrong.id}" not in page, "the newest one is corrected"
    refused = hq.post(PAGE, form(hq, f"?corrects={wrong.id}") | {"text": "県道288号"})
    assert refused.status_code == 422
    assert "has been corrected already" in refused.content.decode()


def test_a_correction_of_words_leaves_the_time_to_the_second(incident: Incident) -> None:
    at = datetime(2016, 4, 16, 2, 11, 42, 123_000, tzinfo=UTC)
    wrong = write(incident, kind="request", text="県道82号", at=at)
    hq = desk(incident)
    hq.post(PAGE, form(hq, f"?corrects={wrong.id}") | {"text": "県道28号"})
    right = LogEntry.objects.get(corrects=wrong)
    assert right.at == at
    hq.post(PAGE, form(hq, f"?corrects={right.id}") | {"at": "2016-04-16T11:12"})
    assert LogEntry.objects.get(corrects=right).at == at.replace(minute=12, second=0, microsecond=0)


def test_an_answer_settles_the_request(incident: Incident) -> None:
    asked = write(incident, kind="request", sender="東1班", receiver="本部", text="重機がほしい")
    hq = desk(incident)
    assert ">Not answered yet <" in text(hq)
    said = form(hq, f"?settles={asked.id}", text="手配しました")
    assert (said["sender"], said["receiver"]) == ("本部", "東1班")
    assert "重機がほしい" in text(hq, f"?settles={asked.id}&part=form")
    hq.post(PAGE, said)
    page = text(hq)
    assert ">Not answered yet <" not in page and "Answered" in page and "Answers a request" in page
    assert hq.get(PAGE, {"settles": str(uuid.uuid4())}).status_code == 404


# --- the list --------------------------------------------------------------------------------
def test_the_list_is_filtered_and_says_so(incident: Incident) -> None:
    write(incident, kind="decision", text="避難指示", at=builders.NOON)
    write(
        incident, kind="note", text="停電", receiver="九電", at=builders.NOON + timedelta(hours=1)
    )
    hq = desk(incident)
    for query, found in (
        ("", "停電 避難指示"), ("?order=oldest", "避難指示 停電"), ("?kind=note", "停電"),
        ("?q=避難", "避難指示"), ("?party=九電", "停電"), ("?since=2016-04-16T12:30", "停電"),
        ("?until=2016-04-16T12:30", "避難指示"), ("?q=水", ""),
    ):  # fmt: skip
        rows = re.findall(r"log-words\">([^<\n]*)", text(hq, query))
        assert " ".join(rows) == found, query
    assert "No entry is like this" in text(hq, "?q=水")
    for wrong in ("?since=x", "?cursor=x", "?kind=party", "?limit=0", "?report=x"):
        assert hq.get(f"{PAGE}{wrong}").status_code == 422, wrong


def test_a_long_log_has_pages_with_the_same_filter(incident: Incident) -> None:
    for n in range(3):
        write(incident, text=f"第{n}報", at=builders.NOON + timedelta(minutes=n))
    hq = desk(incident)
    page = text(hq, "?limit=2&kind=note")
    (older,) = re.findall(r'log-older"><a class="button" href="([^"]*)"', page)
    assert "第0報" not in page and "kind=note" in older
    page = text(hq, older.replace("&amp;", "&"))
    assert "第0報" in page and "第1報" not in page and "log-older" not in page


def test_an_empty_log_says_what_to_do(incident: Incident) -> None:
    assert "Nothing has been written yet" in text(desk(incident))


def test_each_day_is_named_once(incident: Incident) -> None:
    for hours in (0, 1, 14):
        write(incident, at=builders.NOON + timedelta(hours=hours))
    days = re.findall(r"colgroup\">([^<]*)", text(desk(incident), "?order=oldest"))
    assert days == ["Sat 16 April 2016", "Sun 17 April 2016"]


# --- handing over ----------------------------------------------------------------------------
def test_the_next_shift_reads_what_is_open(incident: Incident) -> None:
    now = datetime.now(UTC)
    write(incident, kind="request", text="重機がほしい", at=now - timedelta(days=2))
    settled = write(incident, kind="request", text="水がほしい", at=now - timedelta(hours=3))
    write(incident, kind="report", text="届いた", settles_id=settled.id)
    write(incident, kind="decision", text="避難指示を出す", at=now - timedelta(hours=1))
    wrong = write(incident, kind="decision", text="避難勧告を出す", at=now - timedelta(hours=1))
    write(incident, kind="decision", text="高齢者等避難", corrects_id=wrong.id)
    write(incident, kind="decision", text="古い決定", at=now - timedelta(days=1))
    page = text(desk(incident), path=HANDOVER)
    assert "重機がほしい" in page and "水がほしい" not in page
    assert "避難指示を出す" in page and "高齢者等避難" in page
    assert "避難勧告を出す" not in page and "古い決定" not in page
    counts = re.findall(r">(\w+)</a> <b>(\d+)</b>", page)
    assert counts == [("Instruction", "0"), ("Report", "1"), ("Request", "1"), ("Decision", "2"),
                      ("Note", "0")]  # fmt: skip


def figures(page: str) -> dict[str, int]:
    found = re.findall(r"<dt>([^<]*)</dt><dd><b>(\d+)</b>", page)
    return {name: int(n) for name, n in found}


def test_the_next_shift_reads_where_the_reports_stand(incident: Incident) -> None:
    by = builders.operator(incident)
    waits, taken, done, old = (builders.make_report(incident) for _ in range(4))
    Report.objects.filter(id__in=[waits, old]).update(
        received_at=datetime.now(UTC) - timedelta(hours=10)
    )
    actions.report_accept(report_id=taken, by=by)
    actions.report_change(report_id=old, edit=HqEdit(status="in_progress"), seen=1, by=by)
    actions.report_change(report_id=done, edit=HqEdit(status="resolved"), seen=1, by=by)
    hq = desk(incident)
    page = text(hq, path=HANDOVER)
    assert figures(page) == {
        "Nobody has taken them": 1, "In work": 1, "Received in this shift": 2,
        "Accepted in this shift": 3, "Resolved in this shift": 1,
    }  # fmt: skip
    assert Report.objects.get(id=waits).receipt in page and "10 h ago" in page
    later = (datetime.now(UTC) + timedelta(hours=10)).strftime("%Y-%m-%dT%H:%M")
    after = figures(text(hq, f"?since={later}", HANDOVER))
    assert after["Resolved in this shift"] == after["Accepted in this shift"] == 0
    assert hq.get(f"{HANDOVER}?since=x").status_code == 422


# --- who -------------------------------------------------------------------------------------
def test_strangers_are_sent_away(incident: Incident) -> None:
    write(incident)
    phone = Client()
    phone.cookies[access.DEVICE_COOKIE] = builders.device(incident)[1]
    for path in (PAGE, HANDOVER):
        assert Client().get(path)["Location"] == f"/accounts/login/?next={path}"
        assert desk(incident, "partner").get(path).status_code == 403
        assert phone.get(path).status_code == 403
    assert phone.post(PAGE).status_code == 403 and LogEntry.objects.count() == 1


def test_a_foreign_page_cannot_write(incident: Incident) -> None:
    client = desk(incident, enforce_csrf_checks=True)
    assert client.post(PAGE, form(client)).status_code == 403
    assert not LogEntry.objects.exists()


def test_what_was_typed_is_never_markup(incident: Incident) -> None:
    bad = "<script>alert(1)</script>"
    write(incident, text=bad, sender=bad, receiver=bad, kind="request")
    hq = desk(incident)
    for page in (
        text(hq),
        text(hq, path=HANDOVER),
        text(hq, f"?settles={LogEntry.objects.get().id}"),
    ):
        assert "<script>alert(1)" not in page


def test_only_headquarters_is_shown_the_way(incident: Incident) -> None:
    assert f'href="{PAGE}"' in text(desk(incident), path="/hq/quake/")
    assert f'href="{PAGE}"' not in text(desk(incident, "partner"), path="/hq/quake/")
