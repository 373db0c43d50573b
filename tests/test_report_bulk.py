"""One change to many reports: each for itself, nothing of anybody else overwritten."""

from __future__ import annotations

import uuid

import httpx
import pytest
from django.conf import settings

from reports import actions
from reports.models import Report
from reports.payload import HqEdit
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    def __init__(self, server: str) -> None:
        self.server = server
        self.incident = builders.make_incident()
        self.bob = builders.operator(self.incident)
        self.token = builders.api_token(builders.headquarters(self.incident), "operator")
        self.reports = [builders.make_report(self.incident) for _ in range(3)]

    def post(self, body: dict) -> httpx.Response:
        url = f"{self.server}/api/v1/incidents/{self.incident.slug}/reports/bulk"
        return httpx.post(url, json=body, headers=builders.bearer(self.token))

    def seen(self, *reports: uuid.UUID, version: int = 1) -> list[dict]:
        return [{"id": str(r), "version": version} for r in reports or self.reports]


@pytest.fixture
def desk(server: str) -> Desk:
    return Desk(server)


def statuses(reports: list[uuid.UUID]) -> list[str]:
    return [Report.objects.get(id=report).status for report in reports]


def test_all_are_changed_and_taken_back(desk: Desk) -> None:
    change = {"status": "verified", "severity": "minor", "assigned_to": "建設班"}
    done = desk.post({"reports": desk.seen(), "change": change}).json()
    assert {f["id"] for f in done["changed"]} == {str(r) for r in desk.reports}
    assert (done["stale"], done["refused"]) == ([], [])
    properties = done["changed"][0]["properties"]
    assert {name: properties[name] for name in change} == change
    assert properties["accepted_by"] and properties["version"] == 2
    undone = desk.post({"reports": desk.seen(version=2), "undo": True}).json()
    assert len(undone["changed"]) == 3
    assert statuses(desk.reports) == ["received"] * 3


def test_what_somebody_else_changed_is_shown_and_left(desk: Desk) -> None:
    theirs = desk.reports[1]
    actions.report_change(report_id=theirs, edit=HqEdit(comment_hq="電話済"), seen=1, by=desk.bob)
    body = {"reports": desk.seen(), "change": {"status": "rejected", "reason": "訓練"}}
    done = desk.post(body).json()
    assert [item["id"] for item in done["stale"]] == [str(theirs)]
    assert done["stale"][0]["current"]["properties"]["comment_hq"] == "電話済"
    assert statuses(desk.reports) == ["rejected", "received", "rejected"]


def test_what_cannot_be_is_refused_with_its_reason(desk: Desk) -> None:
    erased, merged, fine = desk.reports
    actions.report_merge(report_id=merged, into=fine, seen=1, by=desk.bob)
    actions.report_erase(report_id=erased, by=desk.bob)
    other = builders.make_incident()
    elsewhere = builders.make_report(other)
    # of an incident that is the caller's, too, but not this one
    builders.join(other, builders.headquarters(desk.incident), "hq")
    seen = [
        *desk.seen(erased, elsewhere, fine),
        *desk.seen(merged, version=Report.objects.get(id=merged).version),
    ]
    done = desk.post({"reports": seen, "change": {"status": "verified"}}).json()
    assert {item["id"]: item["code"] for item in done["refused"]} == {
        str(erased): "report_erased",
        str(elsewhere): "report_unknown",
        str(merged): "transition_invalid",
    }
    assert [f["id"] for f in done["changed"]] == [str(fine)]


def test_undo_takes_back_only_what_is_still_the_last(desk: Desk) -> None:
    desk.post({"reports": desk.seen(), "change": {"severity": "critical"}})
    theirs = desk.reports[0]
    actions.report_change(report_id=theirs, edit=HqEdit(comment_hq="出動"), seen=2, by=desk.bob)
    done = desk.post({"reports": desk.seen(version=2), "undo": True}).json()
    assert [item["id"] for item in done["stale"]] == [str(theirs)]
    assert [Report.objects.get(id=r).severity for r in desk.reports] == [
        "critical", "serious", "serious",
    ]  # fmt: skip


TOO_MANY = [{"id": str(uuid.UUID(int=n)), "version": 1} for n in range(settings.LIMIT_BULK + 1)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reports": [], "change": {"severity": "minor"}}, "reports"),
        ({"reports": TOO_MANY, "change": {"severity": "minor"}}, "reports"),
        ({"reports": TOO_MANY[:1], "change": {"geometry": None}}, "change.geometry"),
        ({"reports": TOO_MANY[:1], "change": {"severity": "huge"}}, "change.severity"),
        ({"reports": TOO_MANY[:1], "change": {}}, "body"),
        ({"reports": TOO_MANY[:1]}, "body"),
        ({"reports": TOO_MANY[:1] * 2, "undo": True}, "body"),
    ],
    ids=["none", "too-many", "place", "code", "nothing", "neither", "twice"],
)
def test_what_is_no_bulk_change_is_named(desk: Desk, body: dict, field: str) -> None:
    answer = desk.post(body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
