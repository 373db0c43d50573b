"""Many at once: one report stays one, connections stay bounded, crossing actions both succeed."""

from __future__ import annotations

import concurrent.futures
import threading
import uuid

import httpx
import pytest
from django.conf import settings
from django.db import connection, connections

from gspace.models import FeedEntry
from reports import actions
from reports.models import Report
from reports.payload import HqEdit
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


def put(server: str, ident: uuid.UUID, token: str, body: dict) -> httpx.Response:
    return httpx.put(
        f"{server}/api/v1/reports/{ident}", json=body, headers=builders.bearer(token), timeout=60
    )


def backends() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def test_ten_times_at_once_is_one_report_and_one_change(server: str) -> None:
    incident = builders.make_incident()
    _, token = builders.device(incident)
    ident, body = uuid.uuid4(), builders.report_body(incident)
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: put(server, ident, token, body), range(10)))
    assert sorted(a.status_code for a in answers) == [200] * 9 + [201]
    assert len({a.json()["properties"]["receipt"] for a in answers}) == 1
    assert Report.objects.count() == 1
    entry = FeedEntry.objects.get(kind="report")
    assert {a.json()["properties"]["seq"] for a in answers} == {entry.seq}


def test_200_parallel_requests_stay_within_the_pool(server: str) -> None:
    incident = builders.make_incident()
    _, token = builders.device(incident)
    before = backends()
    peak, stop = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not stop.wait(0.02):
            peak = max(peak, backends())
        connections.close_all()

    watcher = threading.Thread(target=watch)
    watcher.start()
    with concurrent.futures.ThreadPoolExecutor(200) as pool:
        answers = list(
            pool.map(
                lambda _: put(server, uuid.uuid4(), token, builders.report_body(incident)),
                range(200),
            )
        )
    stop.set()
    watcher.join()
    assert {a.status_code for a in answers} == {201}
    assert Report.objects.count() == 200
    # besides the pool: the doorbell's LISTEN connection, if a socket was open
    assert peak <= settings.POOL_SIZE + 1, (before, peak)


def test_crossing_actions_both_succeed() -> None:
    """Two merges that lock the same two rows in opposite order, with edits in between."""
    incident = builders.make_incident()
    hq = builders.operator(incident)
    errors: list[BaseException] = []

    def work(one: uuid.UUID, two: uuid.UUID) -> None:
        from gspace.transactions import action

        @action
        def cross() -> None:
            Report.objects.select_for_update(no_key=True).get(id=one)
            barrier.wait(2) if first_try.pop(str(one), None) else None
            Report.objects.select_for_update(no_key=True).get(id=two)
            Report.objects.filter(id__in=[one, two]).update(comment="crossed")

        try:
            cross()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    a, b = (builders.make_report(incident) for _ in range(2))
    barrier, first_try = threading.Barrier(2), {str(a): True, str(b): True}
    threads = [threading.Thread(target=work, args=pair) for pair in ((a, b), (b, a))]
    [t.start() for t in threads]
    [t.join(30) for t in threads]
    assert not errors
    actions.report_change(report_id=a, edit=HqEdit(status="verified"), seen=1, by=hq)


def test_of_two_operators_one_is_told(server: str) -> None:
    incident = builders.make_incident()
    ident = builders.make_report(incident)
    token = builders.api_token(builders.headquarters(incident), "operator")

    def verify(severity: str) -> httpx.Response:
        return httpx.patch(
            f"{server}/api/v1/reports/{ident}",
            json={"severity": severity},
            headers={**builders.bearer(token), "If-Match": '"1"'},
        )

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(verify, ["minor", "critical"]))
    assert sorted(a.status_code for a in answers) == [200, 412]
    stale = next(a for a in answers if a.status_code == 412)
    assert stale.json()["current"]["properties"]["version"] == 2
