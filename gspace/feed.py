"""The change feed: the truth about what changed; everything else is a doorbell.

One compacted table with one row per object and incident, written by deferred constraint triggers.
They run at COMMIT under an advisory lock, so the order of `seq` is the order in which changes
become visible: a reader at cursor N never misses a change that commits later with a smaller
number (docs/decisions/0002-change-feed.md; tests/test_feed_order.py is red without the lock).

Kinds register a loader here (`register`), so that the trunk needs to know no kind by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from gspace.access import BITS, Audience

CHANNEL = "gspace"

# (7, 1) is the feed's lock; nothing else may take it. clock order == commit order because the
# lock is taken as the last thing before COMMIT and held until the commit is visible.
TOUCH_SQL = """
CREATE OR REPLACE FUNCTION feed_touch(
    a_kind text, an_oid text, an_incident bigint, gone boolean, audiences smallint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7, 1);
  INSERT INTO feed AS f (kind, oid, incident_id, seq, deleted, shown_to)
  VALUES (a_kind, an_oid, an_incident, nextval('feed_seq'), gone, audiences)
  ON CONFLICT (kind, oid, incident_id) DO UPDATE SET
    seq = EXCLUDED.seq, deleted = EXCLUDED.deleted, shown_to = f.shown_to | EXCLUDED.shown_to;
  PERFORM pg_notify('gspace', '');
END $$;
"""


def trigger_sql(table: str, function_body: str, *, events: str) -> str:
    """SQL that installs a deferred feed trigger on a table; for RunSQL in migrations.

    function_body: plpgsql statements calling feed_touch for the row (NEW or OLD).
    """
    name = f"feed_{table}"
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{function_body}
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS {name} ON {table};
CREATE CONSTRAINT TRIGGER {name} AFTER {events} ON {table}
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {name}();
"""


@dataclass(frozen=True)
class Loaded:
    """One object as an audience sees it now; text is its GeoJSON feature or JSON object."""

    version: int
    text: str


Loader = Callable[[int, Audience, Sequence[str]], dict[str, Loaded]]
Authors = Callable[[Sequence[str]], set[str]]
_loaders: dict[str, Loader] = {}
_authors: dict[str, Authors] = {}
EVERY_DEVICE = "device:*"


def register(kind: str, loader: Loader, authors: Authors | None = None) -> None:
    """loader(incident id, audience, object ids) -> what that audience may see, by object id.

    authors(object ids) -> keys of the callers whose own lane these objects, there or gone, are in;
    EVERY_DEVICE for all of the incident.
    """
    _loaders[kind] = loader
    if authors is not None:
        _authors[kind] = authors


@dataclass
class Frame:
    """Changes in the cursor range (since, to], already serialised for one audience.

    authors: whose own lane has news in this range; None: nobody asked (never sent).
    """

    epoch: str
    audience: str
    since: int
    to: int
    head: int
    more: bool
    count: int
    items: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    authors: frozenset[str] | None = None

    def concerns(self, key: str) -> bool:
        """Whether a device's own lane has news in this range."""
        return bool(self.authors and ({key, EVERY_DEVICE} & self.authors))

    @cached_property
    def text(self) -> str:
        """The frame as it goes out; made once, however many sockets get it."""
        return (
            f'{{"epoch":{json.dumps(self.epoch)},"audience":"{self.audience}",'
            f'"from":{self.since},"to":{self.to},'
            f'"head":{self.head},"more":{json.dumps(self.more)},'
            f'"items":[{",".join(self.items)}],"gone":[{",".join(self.gone)}]}}'
        )


EPOCH_SQL = """
SELECT s.system_identifier::text || '-' ||
       substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) || '-' || left(e.nonce::text, 8)
  FROM pg_control_system() s, gspace_feedepoch e WHERE e.id = 1
"""


def epoch() -> str:
    """Identity of this history: system identifier, timeline, and a row renewed by a restore."""
    with connection.cursor() as cursor:
        cursor.execute(EPOCH_SQL)
        return str(cursor.fetchone()[0])


def renew_epoch() -> None:
    """Called by `make restore`: every client starts from a fresh snapshot."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE gspace_feedepoch SET nonce = gen_random_uuid() WHERE id = 1")


def reset_text(current: str, audience: str, head: int) -> str:
    """A frame that says: your cursor is of another history, take a fresh snapshot."""
    return json.dumps(
        {
            "epoch": current,
            "audience": audience,
            "from": head,
            "to": head,
            "head": head,
            "more": False,
        }
        | {"items": [], "gone": [], "reset": True}
    )


def head(incident_id: int) -> int:
    """The last sequence number of an incident; 0 when nothing happened yet."""
    with connection.cursor() as cursor:
        cursor.execute(HEAD_SQL, [incident_id])
        return int(cursor.fetchone()[0])


HEAD_SQL = "SELECT coalesce(max(seq), 0) FROM feed WHERE incident_id = %s"
STAND_SQL = f"SELECT ({HEAD_SQL}), ({EPOCH_SQL})"
SCAN_SQL = """
SELECT kind, oid, seq, deleted, shown_to FROM feed
 WHERE incident_id = %s AND seq > %s ORDER BY seq LIMIT %s
"""


@contextmanager
def one_snapshot() -> Iterator[Any]:
    """A cursor for several statements that see one and the same state."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield cursor


def read(
    incident_id: int, audience: Audience, since: int, limit: int, *, authors: bool = False
) -> Frame:
    """Changes after `since` as `audience` sees them now, at most `limit` scanned rows.

    The frame's `to` is the position scanned: it advances also when nothing is visible. The scan
    and the objects come from one snapshot. authors: find out whom the changes concern, too.
    """
    with one_snapshot() as cursor:
        cursor.execute(SCAN_SQL, [incident_id, since, limit + 1])
        rows = cursor.fetchall()
        cursor.execute(STAND_SQL, [incident_id])
        newest, current = cursor.fetchone()
        last = max(int(newest), since)
        more, rows = len(rows) > limit, rows[:limit]
        to = rows[-1][2] if more else last
        frame = Frame(current, audience, since, to, last, more, len(rows))
        _fill(frame, incident_id, audience, rows)
        if authors:
            frame.authors = _concerned(rows)
    return frame


def _concerned(rows: list[tuple]) -> frozenset[str]:
    changed: dict[str, list[str]] = {}
    for kind, oid, *_ in rows:
        if kind in _authors:
            changed.setdefault(kind, []).append(oid)
    return frozenset().union(*(_authors[kind](oids) for kind, oids in changed.items()))


def item_text(kind: str, oid: str, seq: int, loaded: Loaded) -> str:
    return (
        f'{{"kind":"{kind}","id":{json.dumps(oid)},"seq":{seq},'
        f'"version":{loaded.version},"feature":{loaded.text}}}'
    )


def gone_text(kind: str, oid: str, seq: int) -> str:
    return f'{{"kind":"{kind}","id":{json.dumps(oid)},"seq":{seq}}}'


def _fill(frame: Frame, incident_id: int, audience: Audience, rows: list[tuple]) -> None:
    wanted: dict[str, list[str]] = {}
    for kind, oid, _seq, deleted, _shown in rows:
        if not deleted and kind in _loaders:
            wanted.setdefault(kind, []).append(oid)
    found = {k: _loaders[k](incident_id, audience, oids) for k, oids in wanted.items()}
    for kind, oid, seq, _deleted, shown in rows:
        loaded = found.get(kind, {}).get(oid)
        if loaded is not None:
            frame.items.append(item_text(kind, oid, seq, loaded))
        # a first-time reader (since=0) cannot have seen it, so there is nothing to take back
        elif frame.since > 0 and shown & BITS[audience]:
            frame.gone.append(gone_text(kind, oid, seq))


def changes_text(
    incident_id: int, audience: Audience, since: int, limit: int, client_epoch: str
) -> str:
    """The answer of GET changes: a frame, or a reset when the cursor is not of this history."""
    current = epoch()
    if since > 0 and (client_epoch != current or since > head(incident_id)):
        return reset_text(current, audience, head(incident_id))
    limit = max(1, min(limit, settings.LIMIT_CHANGES))
    return read(incident_id, audience, since, limit).text
