"""What is handed over: partners read to whom and by when, and find it; of other reports neither."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gspace.tiles import Place
from reports.actions import report_change
from reports.models import Report
from reports.payload import HqEdit
from reports.tile_sql import report_tile
from tests import builders
from tests.test_report_list import Lists

pytestmark = pytest.mark.django_db(transaction=True)
WHOSE = ("assigned_to", "due_at")


class Two(Lists):
    """A report that the fire service took over, and one that a team works on; both are late."""

    def __init__(self, server: str) -> None:
        super().__init__(server)
        self.by = builders.operator(self.incident)
        self.over, self.inside = self.make(), self.make()
        self.due = timezone.now() - timedelta(hours=1)
        self.change(self.over, status="handed_over", reason="隊が到着", assigned_to="消防局")
        self.change(self.inside, status="in_progress", assigned_to="建設班")
        for ident in (self.over, self.inside):
            self.change(ident, due_at=self.due)

    def change(self, ident: str, **edit: Any) -> None:
        seen = Report.objects.get(id=ident).version
        report_change(report_id=ident, edit=HqEdit(**edit), seen=seen, by=self.by)

    def told(self, audience: str = "partner") -> dict[str, dict[str, Any]]:
        found = self.get(audience).json()["features"]
        return {f["id"]: {n: f["properties"].get(n, "absent") for n in WHOSE} for f in found}


@pytest.fixture
def two(server: str) -> Two:
    return Two(server)


def test_partners_read_whose_it_is_and_by_when(two: Two) -> None:
    told = two.told()
    assert told[two.over]["assigned_to"] == "消防局"
    assert datetime.fromisoformat(told[two.over]["due_at"]) == two.due
    assert told[two.inside] == dict.fromkeys(WHOSE, "absent"), "not even that there is somebody"
    assert all(one == dict.fromkeys(WHOSE, "absent") for one in two.told("field").values())
    two.change(two.over, status="in_progress")
    assert two.told()[two.over] == dict.fromkeys(WHOSE, "absent"), "taken back"


def test_partners_find_by_what_they_read_alone(two: Two) -> None:
    assert two.ids("partner", assigned_to="消防局") == {two.over}
    assert two.ids("partner", assigned_to="建設班") == set() != two.ids(assigned_to="建設班")
    assert two.ids("partner", due="overdue") == {two.over} != two.ids(due="overdue")
    assert two.ids("partner", assigned_to="-") == set()
    for words in ("消防局", "建設班"):
        assert two.ids("partner", q=words) == set()
    two.change(two.over, assigned_to="")
    assert two.ids("partner", assigned_to="-") == {two.over}, "handed over, to nobody named"
    for query in ({"assigned_to": "消防局"}, {"assigned_to": "-"}, {"due": "overdue"}):
        assert two.ids("field", **query) == set(), query


def test_partners_order_by_what_they_read_alone(two: Two) -> None:
    """The team's is due first: it comes in its turn by receipt, page by page."""
    two.change(two.inside, due_at=two.due - timedelta(hours=1))
    early = two.make()
    Report.objects.filter(id=early).update(received_at=two.due - timedelta(days=1))
    ids: list[str] = []
    query: dict[str, Any] = {"order": "due", "limit": 1}
    while "cursor" not in query or query["cursor"]:
        page = two.get("partner", **query).json()
        ids += [feature["id"] for feature in page["features"]]
        query["cursor"] = page["cursor"]
    assert ids == [two.over, early, two.inside]


def test_counts_and_tiles_are_told_alike(two: Two) -> None:
    for query, found in (({"assigned_to": "消防局"}, 1), ({"assigned_to": "建設班"}, 0),
                         ({"due": "overdue"}, 1)):  # fmt: skip
        assert two.get("partner", "counts", **query).json()["total"] == found, query
        world = report_tile(two.incident, "partner", query, Place.checked(0, 0, 0))
        assert bool(world) == bool(found), query
