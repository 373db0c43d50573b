"""P3: the order of seq is the order of visibility. Red when the advisory lock is removed."""

from __future__ import annotations

import select
import threading
import time
import uuid

import psycopg2
import pytest
from django.db import connection

from gspace import feed
from gspace.models import FeedEntry
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

TOUCH = """
UPDATE reports_report SET comment = %s WHERE id = %s
"""


def raw_connection() -> psycopg2.extensions.connection:
    params = connection.get_connection_params()
    params.pop("cursor_factory", None)
    return psycopg2.connect(**params)


def drop_lock() -> None:
    """The mutation: the same trigger without its lock."""
    with connection.cursor() as cursor:
        cursor.execute(feed.TOUCH_SQL.replace("PERFORM pg_advisory_xact_lock(7, 1);", ""))


@pytest.fixture
def restore_lock():
    yield
    with connection.cursor() as cursor:
        cursor.execute(feed.TOUCH_SQL)


def first_is_missed(incident) -> bool:
    """A takes its number, B takes the next and commits, a reader reads, then A commits.

    True when the reader, resuming at its cursor, never hears of A.
    """
    one, two = (builders.make_report(incident) for _ in range(2))
    start = feed.head(incident.id)
    a, b = raw_connection(), raw_connection()
    a.cursor().execute(TOUCH, ["a", str(one)])
    # the deferred trigger runs now instead of at COMMIT: the widest possible gap
    a.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    done = threading.Event()

    def second() -> None:
        with b, b.cursor() as cursor:
            cursor.execute(TOUCH, ["b", str(two)])
        done.set()

    thread = threading.Thread(target=second)
    thread.start()
    done.wait(0.5)
    cursor = feed.read(incident.id, "hq", start, 100).to
    a.commit()
    thread.join(5)
    frame = feed.read(incident.id, "hq", cursor, 100)
    seen = {item for item in frame.items if str(one) in item}
    a.close()
    b.close()
    return not seen


def test_a_later_commit_with_a_smaller_number_is_seen() -> None:
    assert not first_is_missed(builders.make_incident())


def test_without_the_lock_it_would_be_missed(restore_lock) -> None:
    drop_lock()
    assert first_is_missed(builders.make_incident())


def test_many_writers_and_a_reader_that_never_looks_back() -> None:
    incident = builders.make_incident()
    idents = [builders.make_report(incident) for _ in range(8)]
    rounds = 40

    def write(ident: uuid.UUID) -> None:
        link = raw_connection()
        for number in range(rounds):
            with link, link.cursor() as cursor:
                cursor.execute(TOUCH, [str(number), str(ident)])
                time.sleep(0.001 * (number % 3))
        link.close()

    threads = [threading.Thread(target=write, args=[ident]) for ident in idents]
    last: dict[str, int] = {}
    cursor = feed.head(incident.id)
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads) or cursor < feed.head(incident.id):
        frame = feed.read(incident.id, "hq", cursor, 50)
        assert frame.to >= cursor
        cursor = frame.to
        for item in frame.items:
            last[item[item.index('"id":"') + 6 :][:36]] = frame.to
    # the reader's last word on each report is the table's last word
    for entry in FeedEntry.objects.filter(kind="report", incident_id=incident.id):
        assert last[entry.oid] >= entry.seq


def test_one_transaction_is_one_doorbell() -> None:
    incident = builders.make_incident()
    idents = [builders.make_report(incident) for _ in range(5)]
    listener = raw_connection()
    listener.autocommit = True
    listener.cursor().execute("LISTEN gspace")
    link = raw_connection()
    with link, link.cursor() as cursor:
        for ident in idents:
            cursor.execute(TOUCH, ["together", str(ident)])
    select.select([listener], [], [], 10)
    listener.poll()
    assert len(listener.notifies) == 1
    link.close()
    listener.close()
