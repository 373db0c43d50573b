"""The orders of the list: each by its rule, paged without gap or repeat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from reports.models import Report
from reports.orders import ORDERS
from tests.test_report_list import Lists

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2016, 4, 16, 3, tzinfo=UTC)
SEVERITIES = ["minor", "critical", "unknown", "serious", "critical", "moderate", "minor", "serious"]


@pytest.fixture
def lists(server: str) -> Lists:
    return Lists(server)


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def eight(lists: Lists) -> list[str]:
    """Of two each: received at one moment; accepted, due, or due and over."""
    made = [lists.make(severity=severity) for severity in SEVERITIES]
    for turn, ident in enumerate(made):
        row = Report.objects.get(id=ident)
        row.received_at = NOON + minutes(turn // 2)
        if turn in (0, 5):
            row.accepted_at, row.accepted_by = NOON, "佐藤"
        if turn in (2, 3, 6):
            row.due_at = NOON + minutes(100 - turn)
        row.status = "resolved" if turn == 6 else "received"
        row.save()
    return made


def paged(lists: Lists, audience: str = "hq", **query) -> list[str]:
    seen: list[str] = []
    while True:
        page = lists.get(audience, limit=3, **query).json()
        seen += [feature["id"] for feature in page["features"]]
        if (cursor := page["cursor"]) is None:
            return seen
        query["cursor"] = cursor


def expected(order: str, made: list[str]) -> list[str]:
    rows = {str(r.id): r for r in Report.objects.all()}
    worst = ["critical", "serious", "moderate", "minor", "unknown"]
    never = datetime.max.replace(tzinfo=UTC)
    up = sorted(made, key=lambda i: (rows[i].received_at, i))
    if order == "newest":
        return up[::-1]
    if order == "severity":
        return sorted(up[::-1], key=lambda i: worst.index(rows[i].severity))
    if order == "due":
        return sorted(up, key=lambda i: rows[i].due_at if open_and_due(rows[i]) else never)
    if order == "waiting":
        return sorted(up, key=lambda i: rows[i].status != "received" or bool(rows[i].accepted_at))
    return up


def open_and_due(row: Report) -> bool:
    return row.due_at is not None and row.status != "resolved"


@pytest.mark.parametrize("order", list(ORDERS))
def test_each_order_holds_everything_once_and_in_its_turn(lists: Lists, order: str) -> None:
    made = eight(lists)
    assert paged(lists, order=order) == expected(order, made)
    assert [f["id"] for f in lists.get(order=order).json()["features"]] == expected(order, made)


def test_an_order_tells_nobody_what_they_may_not_read(lists: Lists) -> None:
    made = eight(lists)
    Report.objects.update(release="public")
    assert paged(lists, "partner", order="due") == expected("oldest", made)
    assert paged(lists, "partner", order="waiting") == expected("waiting", made)
    for order in ("due", "waiting"):
        assert paged(lists, "public", order=order) == expected("oldest", made)


def test_a_cursor_goes_on_in_its_own_order_only(lists: Lists) -> None:
    eight(lists)
    cursor = lists.get(order="severity", limit=2).json()["cursor"]
    for order, text in (("newest", cursor), ("severity", "9_x_y"), ("due", "nan_1_" + "0" * 32)):
        answer = lists.get(order=order, cursor=text)
        assert (answer.status_code, answer.json()["field"]) == (422, "cursor"), order
    answer = lists.get(order="loudest")
    assert (answer.status_code, answer.json()["field"]) == (422, "order")


@pytest.mark.parametrize("order", list(ORDERS))
def test_each_order_is_read_from_an_index(lists: Lists, order: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM reports_report r WHERE r.incident_id = %s "
            f"ORDER BY {ORDERS[order].sorting} LIMIT 200",
            [lists.incident.pk],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    name = {"newest": "received", "oldest": "received", "severity": "worst"}.get(order, order)
    assert f"using report_{name}" in plan, plan
