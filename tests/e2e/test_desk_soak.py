"""A day at the desk: 30,000 changes go by, and the page holds no more at its end than at noon."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from playwright.sync_api import CDPSession, Page

from benchmarks import crowd, geojson
from gspace.models import Incident
from reports.models import Report
from tests import builders
from tests.e2e.test_live_map import SignIn, open_desk

pytestmark = [pytest.mark.e2e, pytest.mark.prove, pytest.mark.django_db(transaction=True)]
REPORTS, CHANGES, AT_ONCE = 9_000, 30_000, 250
# what one more hour may cost, as the heap breathes
MORE_MB = 25
MOST_NODES = 30_000


class Day:
    """An incident with REPORTS reports, in which something happens all the time."""

    def __init__(self) -> None:
        self.incident: Incident = builders.make_incident(centre=Point(130.8, 32.8), zoom=11)
        self.changes = 0
        self.copies = 0
        self._copy(builders.make_report(self.incident), REPORTS - 1)

    @property
    def desk(self) -> str:
        return f"/hq/{self.incident.slug}/"

    def _copy(self, ident: Any, number: int) -> None:
        n = f"({self.copies} + n)"
        varied = crowd.VARIED | {
            "id": f"md5('day ' || {n})::uuid",
            "receipt": f"lpad(to_hex({n}), 6, '0')",
            "received_at": "now() - n * interval '1 millisecond'",
        }
        self.copies += number
        with connection.cursor() as cursor:
            cursor.execute(geojson._copies(Report._meta.db_table, varied), [number, ident])

    def goes_on(self, changes: int) -> None:
        """Of ten changes one is a new report; the others are edits of any."""
        until = self.changes + changes
        while self.changes < until:
            new = AT_ONCE // 10
            some = Report.objects.filter(incident=self.incident).order_by("?")[: AT_ONCE - new]
            ids = list(some.values_list("id", flat=True))
            Report.objects.filter(id__in=ids).update(comment_hq=f"{self.changes}")
            self._copy(ids[0], new)
            self.changes += AT_ONCE


def settled(page: Page, incident: Incident) -> None:
    """The page has heard everything, and counts as the database does."""
    shown = Report.objects.filter(incident=incident).count()
    page.wait_for_function(
        "n => Number(document.getElementById('report-count').textContent"
        ".split('/')[1].replace(/[^0-9]/g, '')) === n",
        arg=shown,
        timeout=120_000,
    )


def heap_mb(cdp: CDPSession) -> float:
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
        time.sleep(0.3)
    return float(cdp.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def test_memory_is_bounded_through_a_day(server: str, sign_in: SignIn) -> None:
    day = Day()
    page = open_desk(sign_in(day.incident), day)  # type: ignore[arg-type]
    cdp = page.context.new_cdp_session(page)
    settled(page, day.incident)
    heaps = [heap_mb(cdp)]
    for _ in range(5):
        day.goes_on(CHANGES // 5)
        settled(page, day.incident)
        heaps.append(heap_mb(cdp))
    print("heap, MB:", [round(heap, 1) for heap in heaps])
    nodes = page.evaluate("document.querySelectorAll('*').length")
    assert nodes < MOST_NODES
    assert max(heaps[2:]) < heaps[1] + MORE_MB, heaps
