"""Who has which report open: told to headquarters, ends by itself, locks nothing."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from gspace import feed
from gspace.access import BITS
from gspace.problems import Problem
from reports import actions, claims
from reports.models import Claim
from reports.payload import HqEdit
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    """Alice's page and Bob's in one incident with two reports."""

    def __init__(self) -> None:
        self.incident = builders.make_incident()
        self.alice, self.bob = builders.operator(self.incident), builders.operator(self.incident)
        self.page, self.other_page = uuid.uuid4(), uuid.uuid4()
        self.report, self.other = (builders.make_report(self.incident) for _ in range(2))

    def open(self, report: uuid.UUID, **more) -> None:
        given = {"desk": self.page, "by": self.alice} | more
        actions.claim_set(incident=self.incident, report_id=report, **given)

    def told(self) -> list[tuple[str, str]]:
        items = json.loads(claims.list_text(self.incident, "e"))["items"]
        return [(item["name"], item["report"]) for item in items]

    def since(self, head: int, audience: str = "hq") -> dict:
        return json.loads(feed.read(self.incident.id, audience, head, 200).text)

    @property
    def head(self) -> int:
        return feed.head(self.incident.id)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_page_looks_at_one_report(desk: Desk) -> None:
    head = desk.head
    desk.open(desk.report)
    desk.open(desk.report, desk=desk.other_page, by=desk.bob)
    here = str(desk.report)
    assert desk.told() == [(desk.alice.name, here), (desk.bob.name, here)]
    desk.open(desk.other)
    assert sorted(desk.told()) == sorted(
        [(desk.alice.name, str(desk.other)), (desk.bob.name, here)]
    )
    frame = desk.since(head)
    assert {i["feature"]["report"] for i in frame["items"]} == {here, str(desk.other)}
    actions.claim_end(incident=desk.incident, desk=desk.page, by=desk.alice)
    assert [gone["id"] for gone in desk.since(head)["gone"]] == [str(desk.page)]


def test_only_headquarters_is_told(desk: Desk) -> None:
    head = desk.head
    desk.open(desk.report)
    actions.claim_end(incident=desk.incident, desk=desk.page, by=desk.alice)
    for audience in set(BITS) - {"hq"}:
        frame = desk.since(head, audience)
        assert (frame["items"], frame["gone"]) == ([], [])


def test_to_go_on_looking_is_no_news(desk: Desk) -> None:
    desk.open(desk.report)
    head, began = desk.head, Claim.objects.get().since
    desk.open(desk.report)
    assert desk.head == head
    assert Claim.objects.get().since == began


def test_it_ends_when_nothing_is_heard_of_the_page(desk: Desk, settings) -> None:
    long_ago = timezone.now() - timedelta(seconds=settings.LIMIT_CLAIM_S + 1)
    desk.open(desk.report, now=long_ago)
    head = desk.head
    assert desk.told() == []
    assert actions.claims_expire() == 1
    assert [gone["kind"] for gone in desk.since(head)["gone"]] == ["claim"]
    desk.open(desk.report)
    assert actions.claims_expire() == 0


def test_one_that_ran_out_and_goes_on_is_news_again(desk: Desk, settings) -> None:
    long_ago = timezone.now() - timedelta(seconds=settings.LIMIT_CLAIM_S + 1)
    desk.open(desk.report, now=long_ago)
    head = desk.head
    desk.open(desk.report)
    assert [item["id"] for item in desk.since(head)["items"]] == [str(desk.page)]


def test_it_keeps_nobody_from_working(desk: Desk) -> None:
    desk.open(desk.report)
    edit = HqEdit(status="verified")
    found = actions.report_change(report_id=desk.report, edit=edit, seen=1, by=desk.bob)
    assert found.status == "verified"


def test_an_erased_report_takes_its_claims_along(desk: Desk) -> None:
    desk.open(desk.report)
    head = desk.head
    actions.report_erase(report_id=desk.report, by=desk.bob)
    assert {gone["kind"] for gone in desk.since(head)["gone"]} == {"claim", "report"}
    with pytest.raises(Problem, match="report_erased"):
        desk.open(desk.report)


def meanwhile(work: Callable[[], object]) -> list[object]:
    """What else goes on, in a connection of its own: it waits for nobody. The errors."""
    found: list[object] = []

    def run() -> None:
        try:
            work()
        except Exception as error:
            found.append(error)
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(5)
    assert not thread.is_alive(), "it waits"
    return found


def test_to_open_a_report_while_it_is_erased_claims_nothing(desk: Desk) -> None:
    with transaction.atomic():
        actions.report_erase(report_id=desk.report, by=desk.bob)
        assert meanwhile(lambda: desk.open(desk.report)) == []
    assert desk.told() == []
    with pytest.raises(Problem, match="report_erased"):
        desk.open(desk.report)


def test_who_opens_a_report_that_is_being_changed_claims_it_the_next_time(desk: Desk) -> None:
    desk.open(desk.other)
    with transaction.atomic():
        edit = HqEdit(severity="minor")
        actions.report_change(report_id=desk.report, edit=edit, seen=1, by=desk.bob)
        assert meanwhile(lambda: desk.open(desk.report)) == []
    assert desk.told() == [(desk.alice.name, str(desk.other))]
    desk.open(desk.report)
    assert desk.told() == [(desk.alice.name, str(desk.report))]


def test_what_is_seen_at_the_same_moment_keeps_no_claim_away(desk: Desk) -> None:
    with transaction.atomic():
        actions.reports_seen(
            incident=desk.incident, reports=[desk.report], audience="hq", by=desk.bob
        )
        assert meanwhile(lambda: desk.open(desk.report)) == []
    assert desk.told() == [(desk.alice.name, str(desk.report))]


def test_nobody_takes_the_page_of_another(desk: Desk) -> None:
    desk.open(desk.report)
    with pytest.raises(Problem, match="not_allowed"):
        desk.open(desk.other, by=desk.bob)
    actions.claim_end(incident=desk.incident, desk=desk.page, by=desk.bob)
    assert desk.told() == [(desk.alice.name, str(desk.report))]


def test_a_report_of_another_incident_is_unknown(desk: Desk) -> None:
    elsewhere = builders.make_report(builders.make_incident())
    with pytest.raises(Problem, match="report_unknown"):
        desk.open(elsewhere)
