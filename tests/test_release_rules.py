"""Rules release what is verified: never people in need or homes, never against a person's word."""

from __future__ import annotations

import html
import re
import threading
import uuid
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.db import IntegrityError, connections, transaction
from django.http import QueryDict
from django.test import Client

from frontend import export_form
from gspace.access import Caller
from gspace.models import Incident
from reports.actions import report_amend, report_change, rule_save
from reports.counts import counts
from reports.models import Report, ReportEvent  # type: ignore[attr-defined]
from reports.payload import AuthorEdit, HqEdit
from reports.releasing import ReleaseRule
from tests import builders
from tests.test_report_release import SECRET, Desk

pytestmark = pytest.mark.django_db(transaction=True)
TOLD = "通れません。"


class RuleDesk(Desk):
    def rule(self, category: str = "road_blocked", status: str = "verified", **more: Any) -> Any:
        path = f"/incidents/{self.incident.slug}/release-rules/{category}/{status}"
        return self.http.put(path, json=more)

    def apply(self, category: str = "road_blocked", status: str = "verified") -> Any:
        path = f"/incidents/{self.incident.slug}/release-rules/{category}/{status}/apply"
        return self.http.post(path)

    def undo(self, report: str) -> None:
        seen = {"If-Match": f'"{Report.objects.get(id=report).version}"'}
        assert self.http.post(f"/reports/{report}/undo", headers=seen).is_success

    def how(self, report: str) -> tuple[str, str]:
        found = Report.objects.get(id=report)
        return found.release, found.release_how


@pytest.fixture
def desk(server: str) -> RuleDesk:
    return RuleDesk(server)


PUBLIC, HIDDEN, BY_HAND = ("public", "rule"), ("none", ""), ("none", "hand")


def test_what_is_verified_is_public_as_the_rule_says(desk: RuleDesk) -> None:
    assert desk.rule(place="rounded", text="fixed", fixed_text=TOLD).status_code == 200
    report = desk.report()
    assert desk.public() == []
    desk.patch(report, status="verified")
    (shown,) = desk.public()
    assert shown["properties"]["comment"] == TOLD and shown["properties"]["photos"] == []
    assert shown["geometry"]["coordinates"] == [130.7525, 32.7925]
    assert SECRET not in str(shown)
    (told,) = desk.http.get(f"/incidents/{desk.incident.slug}/reports").json()["features"]
    assert told["properties"]["release_how"] == "rule"


@pytest.mark.parametrize(
    "last",
    [{"status": "received"}, {"category": "rescue"}, {"category": "building"},
     {"severity": "critical"}, {"private_home": True}, {"status": "rejected", "reason": "x"}],
    ids=["received", "rescue", "building", "critical", "home", "rejected"],
)  # fmt: skip
def test_it_holds_no_longer_than_the_rule_speaks_for_it(desk: RuleDesk, last: Any) -> None:
    desk.rule(text="fixed", fixed_text=TOLD)
    report = desk.report()
    desk.patch(report, status="verified")
    assert desk.how(report) == PUBLIC
    desk.patch(report, **last)
    assert desk.how(report) == HIDDEN and desk.public() == []
    assert Report.objects.get(id=report).public_text == ""


@pytest.mark.parametrize(
    "more", [{"severity": "critical"}, {"category": "building"}, {"category": "rescue"}], ids=str
)
def test_never_released_by_a_rule(desk: RuleDesk, more: Any) -> None:
    """Whatever rules there are, and whatever is asked for at once."""
    desk.rule()
    report = desk.report(**more)
    desk.patch(report, status="verified")
    desk.apply()
    assert desk.how(report) == HIDDEN and desk.public() == []
    with pytest.raises(IntegrityError, match="never_by_rule"), transaction.atomic():
        Report.objects.filter(id=report).update(release="public", release_how="rule")


@pytest.mark.parametrize("category", ["rescue", "building", "nonsense"])
def test_no_rule_for_people_in_need_and_homes(desk: RuleDesk, category: str) -> None:
    answer = desk.rule(category)
    assert (answer.status_code, answer.json()["field"]) == (422, "category")
    values = {"by_key": "x", "by_name": "x", "at": builders.NOON, "category": category}
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseRule.objects.create(incident=desk.incident, status="verified", **values)


@pytest.mark.parametrize("status", ["received", "rejected", "duplicate", "withdrawn"])
def test_no_rule_for_what_is_not_verified(desk: RuleDesk, status: str) -> None:
    answer = desk.rule(status=status)
    assert (answer.status_code, answer.json()["field"]) == (422, "status")


def test_a_persons_word_is_not_overruled(desk: RuleDesk) -> None:
    taken_back, by_hand, undone = desk.report(), desk.report(), desk.report()
    desk.rule()
    for report in (taken_back, by_hand, undone):
        desk.patch(report, status="verified")
    desk.patch(taken_back, release="none")
    desk.patch(by_hand, public_text=TOLD)
    desk.apply()
    assert desk.how(taken_back) == BY_HAND and desk.how(by_hand) == ("public", "hand")
    desk.patch(taken_back, severity="minor")
    desk.rule(text="category")
    assert desk.how(taken_back) == BY_HAND
    assert Report.objects.get(id=by_hand).public_text == TOLD
    desk.rule(enabled=False)
    assert desk.how(by_hand) == ("public", "hand") and desk.how(undone) == HIDDEN


def test_undo_takes_it_back_and_the_rule_stays_silent(desk: RuleDesk) -> None:
    report = desk.report()
    desk.patch(report, status="verified")
    desk.rule()
    assert desk.apply().json() == {"released": 1}
    assert desk.how(report) == PUBLIC
    desk.undo(report)
    assert desk.how(report) == BY_HAND and desk.public() == []
    assert desk.apply().json() == {"released": 0}


def test_undoing_further_back_does_not_unsay_it(desk: RuleDesk) -> None:
    """Who undid the release has decided; the undoing of the verification is no word about it."""
    report = desk.report()
    desk.patch(report, status="verified")
    desk.rule()
    desk.apply()
    desk.undo(report)
    desk.undo(report)
    assert Report.objects.get(id=report).status == "received" and desk.how(report) == BY_HAND
    desk.patch(report, status="verified")
    assert desk.how(report) == BY_HAND and desk.public() == []


def test_undoing_the_verification_is_no_word_about_the_release(desk: RuleDesk) -> None:
    desk.rule()
    report = desk.report()
    desk.patch(report, status="verified")
    desk.undo(report)
    assert desk.how(report) == HIDDEN
    desk.patch(report, status="verified")
    assert desk.how(report) == PUBLIC
    desk.rule(enabled=False)
    desk.patch(report, status="in_progress")
    desk.undo(report)
    assert desk.how(report) == HIDDEN


@pytest.mark.parametrize(
    "edit", [{"assigned_to": "土木班"}, {"severity": "minor"}, {"comment_hq": "x"}], ids=str
)
def test_working_on_an_older_report_does_not_release_it(desk: RuleDesk, edit: Any) -> None:
    report = desk.report()
    desk.patch(report, status="verified")
    desk.rule()
    desk.patch(report, **edit)
    assert desk.how(report) == HIDDEN
    desk.undo(report)
    assert desk.how(report) == HIDDEN and desk.public() == []
    assert desk.apply().json() == {"released": 1}, "it is still offered"


def test_an_older_report_out_of_a_merge_is_as_it_was(desk: RuleDesk) -> None:
    report, other = desk.report(), desk.report()
    desk.patch(report, status="verified")
    desk.rule()
    match = {"If-Match": '"2"'}
    desk.http.post(f"/reports/{report}/merge", json={"into": other}, headers=match)
    desk.http.delete(f"/reports/{report}/merge", headers={"If-Match": '"3"'})
    assert Report.objects.get(id=report).status == "verified" and desk.how(report) == HIDDEN


def test_a_release_by_hand_that_is_undone_stays_undone(desk: RuleDesk) -> None:
    report = desk.report()
    desk.patch(report, status="verified")
    desk.rule()
    desk.patch(report, release="public")
    desk.undo(report)
    assert desk.how(report) == BY_HAND and desk.public() == []
    desk.patch(report, status="in_progress")
    desk.patch(report, status="verified")
    assert desk.how(report) == BY_HAND and desk.apply().json() == {"released": 0}


def test_older_reports_wait_for_a_word(desk: RuleDesk) -> None:
    older = [desk.report() for _ in range(3)]
    for report in older:
        desk.patch(report, status="verified")
    desk.patch(older[0], release="none")
    told = desk.rule(text="category").json()
    assert (told["released"], told["waiting"]) == (0, 2) and desk.public() == []
    assert desk.apply().json() == {"released": 2}
    assert len(desk.public()) == 2
    (rule,) = desk.http.get(f"/incidents/{desk.incident.slug}/release-rules").json()["items"]
    assert (rule["released"], rule["waiting"]) == (2, 0)
    # each is a change that people see the author of
    events = ReportEvent.objects.filter(pgh_obj_id=older[1]).order_by("-pgh_id")
    assert events[0].pgh_context.metadata["rule"] == "road_blocked/verified"


def test_a_changed_rule_changes_what_is_public_by_it(desk: RuleDesk) -> None:
    report = desk.report()
    desk.rule(place="exact")
    desk.patch(report, status="verified")
    assert desk.public()[0]["geometry"]["coordinates"] == [130.75, 32.79]
    desk.rule(place="municipality", text="category")
    (shown,) = desk.public()
    assert shown["geometry"] is None and shown["properties"]["comment"] == "道路（通れない）"
    desk.rule(enabled=False)
    assert desk.public() == [] and desk.how(report) == HIDDEN
    assert desk.apply().json()["code"] == "rule_off"


def test_a_rule_saved_as_it_is_changes_no_report(desk: RuleDesk) -> None:
    desk.rule(text="fixed", fixed_text=TOLD)
    report = desk.report()
    desk.patch(report, status="verified")
    before = Report.objects.get(id=report).version
    desk.rule(text="fixed", fixed_text=TOLD)
    assert Report.objects.get(id=report).version == before and desk.how(report) == PUBLIC


def test_merged_and_out_again_and_withdrawn(desk: RuleDesk) -> None:
    desk.rule()
    report, other = desk.report(), desk.report()
    desk.patch(report, status="verified")
    match = {"If-Match": '"2"'}
    desk.http.post(f"/reports/{report}/merge", json={"into": other}, headers=match)
    assert desk.how(report) == HIDDEN
    desk.http.delete(f"/reports/{report}/merge", headers={"If-Match": '"3"'})
    assert desk.how(report) == PUBLIC
    edit = AuthorEdit(edit_id=uuid.uuid4(), withdrawn=True)
    report_amend(report_id=uuid.UUID(report), edit=edit, by=desk.author)
    assert desk.how(report) == HIDDEN and desk.public() == []


# --- two at once ---------------------------------------------------------------------------
def rule_off(incident: Incident, by: Caller) -> None:
    said: Any = {"category": "road_blocked", "status": "verified", "place": "rounded"}
    said |= {"text": "none", "fixed_text": "", "enabled": False}
    rule_save(incident=incident, **said, by=by)


def verify(report: str, by: Caller) -> None:
    edit, seen = HqEdit(status="verified"), Report.objects.get(id=report).version
    report_change(report_id=uuid.UUID(report), edit=edit, seen=seen, by=by)


@pytest.mark.parametrize("first", ["report", "rule"])
def test_a_rule_that_ends_while_a_report_is_changed_holds_it_back(
    desk: RuleDesk, first: str
) -> None:
    """Whoever comes second waits for the other's COMMIT, and nobody for each other."""
    desk.rule()
    report, by = desk.report(), builders.operator(desk.incident)
    turns = [lambda: verify(report, by), lambda: rule_off(desk.incident, by)]
    one, two = turns if first == "report" else reversed(turns)
    done = threading.Event()

    def other() -> None:
        two()
        done.set()
        connections.close_all()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        one()
        thread.start()
        assert not done.wait(0.5), "it waits"
    thread.join(10)
    assert done.is_set() and Report.objects.get(id=report).status == "verified"
    assert desk.how(report) == HIDDEN and desk.public() == []


def test_nonsense_names_its_field(desk: RuleDesk) -> None:
    for body, field in (
        ({"text": "fixed", "fixed_text": " "}, "fixed_text"),
        ({"place": "somewhere"}, "place"),
        ({"fixed_text": "長" * 501}, "fixed_text"),
    ):
        answer = desk.rule(**body)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert desk.apply().status_code == 404


# --- the page ------------------------------------------------------------------------------
def test_the_page_makes_offers_and_switches_off(desk: RuleDesk) -> None:
    client = Client(headers={"accept-language": "en"})
    path = f"/hq/{desk.incident.slug}/release/"
    client.force_login(builders.make_user(builders.headquarters(desk.incident)))
    report = desk.report()
    desk.patch(report, status="verified")
    rule = {"category": "road_blocked", "status": "verified", "place": "exact", "text": "none"}
    wrong = client.post(path, rule | {"text": "fixed", "fixed_text": ""})
    assert wrong.status_code == 422 and "Write the text" in wrong.content.decode()
    page = client.post(path, rule, follow=True).content.decode()
    assert "Release 1 older report as well" in page and desk.public() == []
    page = client.post(f"{path}road_blocked/verified/apply/", follow=True).content.decode()
    assert "1 report is public by this rule" in page and len(desk.public()) == 1
    page = client.post(path, rule | {"enabled": "0"}, follow=True).content.decode()
    assert desk.public() == [] and "Switch on" in page


def test_the_page_names_what_cannot_be_taken_and_counts_as_the_field_does(desk: RuleDesk) -> None:
    client = Client(headers={"accept-language": "en"})
    path = f"/hq/{desk.incident.slug}/release/"
    client.force_login(builders.make_user(builders.headquarters(desk.incident)))
    rule = {"category": "road_blocked", "status": "verified", "place": "exact", "text": "fixed"}
    for given, said in (
        ({"fixed_text": "長" * 501}, "500 characters at most"),
        ({"fixed_text": TOLD, "place": "somewhere"}, "This cannot be taken: Place for the public"),
        ({"fixed_text": TOLD, "text": "odd"}, "This cannot be taken: Text for the public"),
    ):
        answer = client.post(path, rule | given)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), said
    lines = "\r\n".join(["長" * 99] * 5)
    assert client.post(path, rule | {"fixed_text": lines}).status_code == 302
    assert ReleaseRule.objects.get().fixed_text == lines.replace("\r\n", "\n")


def test_the_page_opens_the_desk_on_what_it_names(desk: RuleDesk) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(builders.make_user(builders.headquarters(desk.incident)))
    desk.rule()
    verified, *_others = (desk.report() for _ in range(3))
    desk.patch(verified, status="verified")
    page = client.get(f"/hq/{desk.incident.slug}/release/").content.decode()
    (href,) = re.findall(r'<a href="([^"]*)">All reports of this category and status', page)
    query = QueryDict(f"desk=1&{urlsplit(html.unescape(href)).query}")
    filters = export_form.asked(query, desk.incident, []).filters
    assert (filters["category"], filters["status"]) == ("road_blocked", "verified")
    assert counts(desk.incident, "hq", filters)["total"] == 1


def test_an_old_page_switches_off_and_on_what_the_rule_says_by_now(desk: RuleDesk) -> None:
    client = Client(headers={"accept-language": "en"})
    path = f"/hq/{desk.incident.slug}/release/"
    client.force_login(builders.make_user(builders.headquarters(desk.incident)))
    desk.rule(place="exact")
    page = client.get(path).content.decode()
    form = next(f for f in page.split("<form")[1:] if 'name="enabled"' in f)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    desk.rule(place="municipality", text="category")
    for enabled in (False, True):
        sent = hidden | {"enabled": str(int(enabled))}
        assert client.post(path, sent).status_code == 302
        rule = ReleaseRule.objects.get()
        assert (rule.place, rule.text, rule.enabled) == ("municipality", "category", enabled)
    unknown = {"category": "flooding", "status": "verified", "enabled": "1"}
    assert client.post(path, unknown).status_code == 422
    assert ReleaseRule.objects.count() == 1


def test_the_public_page_shows_the_photo_small_and_late(desk: RuleDesk) -> None:
    from tests.test_public_photos import PhotoDesk

    shown = PhotoDesk(desk.server)
    shown.show(shown.look_through())
    slug = shown.incident.slug
    for path in (f"/i/{slug}/", f"/i/{slug}/?list=reports", f"/i/{slug}/?signage=1"):
        page = httpx.get(f"{desk.server}{path}", headers={"Accept-Language": "en"}).text
        assert page.count("size=small") == 1 and 'loading="lazy"' in page, path
        assert 'alt="Photo: Road' in page, path
    first = httpx.get(f"{desk.server}/i/{slug}/").content
    assert len(first) < 50_000
