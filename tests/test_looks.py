"""What somebody has not seen, and what is new since they last looked: each person's own."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from django.db import transaction
from django.utils import timezone

from reports import actions
from reports.models import Report
from reports.payload import HqEdit
from tests import builders
from tests.test_report_list import Lists

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lists(server: str) -> Lists:
    return Lists(server)


def told(lists: Lists, audience: str = "hq", **query) -> dict:
    return lists.get(audience, "seen", **query).json()


def say(lists: Lists, audience: str = "hq", **body) -> httpx.Response:
    url = f"{lists.server}/api/v1/incidents/{lists.incident.slug}/seen"
    return httpx.post(url, json=body, headers=builders.bearer(lists.tokens[audience]))


def test_each_has_seen_their_own(lists: Lists) -> None:
    one, two = lists.make(), lists.make(category="fire")
    assert lists.ids(unseen="1") == {one, two}
    for _ in range(2):
        assert say(lists, reports=[one]).status_code == 204
    assert lists.ids(unseen="1") == {two} and lists.ids(unseen="0") == {one}
    assert lists.ids("partner", unseen="1") == {one, two}
    assert lists.get(path="counts", unseen="1").json()["category"] == {"fire": 1}
    found = told(lists)
    assert found["unseen"] == 1
    received = Report.objects.get(id=two).received_at
    assert found["oldest_unseen"] == received.isoformat()
    assert told(lists, category="road_blocked")["unseen"] == 0


def test_all_until_now_is_seen_at_once(lists: Lists) -> None:
    lists.make()
    assert say(lists, until=timezone.now().isoformat()).status_code == 204
    assert told(lists) | {"all_seen_until": 0} == {
        "unseen": 0, "oldest_unseen": None, "looked_at": None, "all_seen_until": 0, "seen": [],
    }  # fmt: skip
    later = lists.make()
    assert lists.ids(unseen="1") == {later}
    say(lists, until=(timezone.now() - timedelta(hours=3)).isoformat())
    assert lists.ids(unseen="1") == {later}, "an older page of the same person takes nothing back"
    say(lists, until=(timezone.now() + timedelta(days=3)).isoformat())
    assert lists.ids(unseen="1") == set()
    assert lists.ids(unseen="1") | {lists.make()} == lists.ids(unseen="1"), "not the future's"


def test_what_came_or_changed_since_the_last_look(lists: Lists) -> None:
    old, changed = lists.make(), lists.make()
    assert lists.ids(since_last_looked="1") == {old, changed}, "who never looked has it all before"
    assert say(lists, looked=True).status_code == 204
    assert lists.ids(since_last_looked="1") == set()
    hq = builders.operator(lists.incident)
    actions.report_change(report_id=changed, edit=HqEdit(severity="minor"), seen=1, by=hq)
    fresh = lists.make()
    assert lists.ids(since_last_looked="1") == {changed, fresh}
    assert lists.ids(since_last_looked="0") == {old}
    assert lists.ids("partner", since_last_looked="1") == {old, changed, fresh}
    assert told(lists)["looked_at"] is not None


def test_seen_are_only_reports_that_one_may_see(lists: Lists) -> None:
    rescue = lists.make(category="rescue")
    assert say(lists, "field", reports=[rescue]).status_code == 204
    assert told(lists, "field")["unseen"] == 0
    from reports.models import Seen

    assert not Seen.objects.exists()


def test_an_erased_report_leaves_nothing_seen(lists: Lists) -> None:
    made = lists.make()
    say(lists, reports=[made])
    actions.report_erase(report_id=made, by=builders.operator(lists.incident))
    assert told(lists)["unseen"] == 0


def test_what_is_seen_while_it_is_erased_keeps_neither_from_being_said(lists: Lists) -> None:
    gone, stays = lists.make(), lists.make()
    with transaction.atomic():
        actions.report_erase(report_id=gone, by=builders.operator(lists.incident))
        assert say(lists, reports=[gone, stays]).status_code == 204
    assert lists.ids() == {stays} and lists.ids(unseen="0") == {stays}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reports": ["x"]}, "reports.0"),
        ({"until": "yesterday"}, "until"),
        ({"all": True}, "all"),
    ],
)
def test_what_is_no_look_is_named(lists: Lists, body: dict, field: str) -> None:
    answer = say(lists, **body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_who_was_away_looked_until_then(lists: Lists) -> None:
    old = lists.make()
    left = timezone.now()
    fresh = lists.make()
    assert say(lists, looked_until=left.isoformat()).status_code == 204
    assert lists.ids(since_last_looked="1") == {fresh}
    say(lists, looked_until=(left - timedelta(hours=9)).isoformat())
    assert lists.ids(since_last_looked="1") == {fresh}, "another desk of theirs was left earlier"
    say(lists, looked_until=(timezone.now() + timedelta(days=1)).isoformat())
    assert lists.ids(since_last_looked="1") == set()
    assert lists.ids(since_last_looked="0") == {old, fresh} and lists.make() in lists.ids(
        since_last_looked="1"
    ), "a clock that is fast hides nothing"


def test_the_page_is_told_what_was_seen_one_by_one(lists: Lists) -> None:
    one, two = lists.make(), lists.make()
    say(lists, reports=[one])
    assert told(lists)["seen"] == [one] and told(lists, "partner")["seen"] == []
    say(lists, until=timezone.now().isoformat())
    assert told(lists)["seen"] == [], "all_seen_until says it"
    assert two not in lists.ids(unseen="1")
