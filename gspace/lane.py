"""A device's own lane: what became of its reports, and what headquarters says to its crew.

Read from the device's own side (its reports, their notes), joined to the feed: a crew in a city of
ten thousand reports costs no more than one in a village (docs/decisions/0012-device-lane.md).

Kinds register here as they do in gspace.feed. What goes takes along what hangs on it: a report its
notes, an incident its broadcasts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from gspace import feed, incidents
from gspace.access import Caller
from gspace.feed import Frame, Loaded

AUDIENCE = "device"
Own = Callable[[Caller, Sequence[str]], dict[str, Loaded]]
_scans: dict[str, str] = {}
_loaders: dict[str, Own] = {}


def register(kind: str, scan: str, loader: Own) -> None:
    """scan: SQL of (oid text, seq, gone boolean) of a device's own objects of this kind.

    It may use %(key)s (of the caller), %(since)s, %(incidents)s (ids of those it may report in) and
    %(open)s (of these, the ones that are not closed). loader: as in gspace.feed, for one caller.
    """
    _scans[kind], _loaders[kind] = scan, loader


def feed_row(kind: str, oid: str, incident: str) -> str:
    """SQL join to the feed row `f` of an object; OFFSET 0 keeps it one look-up by primary key."""
    return f"""JOIN LATERAL (SELECT seq FROM feed WHERE kind = '{kind}' AND oid = {oid}::text
    AND incident_id = {incident} OFFSET 0) f ON true"""


HEAD_SQL = f"SELECT (SELECT coalesce(max(seq), 0) FROM feed), ({feed.EPOCH_SQL})"


@dataclass(frozen=True)
class Changed:
    kind: str
    oid: str
    seq: int
    gone: bool


def changes_text(caller: Caller, since: int, limit: int, client_epoch: str) -> str:
    """The answer of GET /devices/me/changes: a frame, or a reset as for any cursor not ours.

    Positions are those of the whole feed, whatever the incident. A frame may hold more than
    `limit`: what came in one step is not torn apart.
    """
    limit = max(1, min(limit, settings.LIMIT_CHANGES))
    with feed.one_snapshot() as cursor:
        cursor.execute(HEAD_SQL)
        head, epoch = cursor.fetchone()
        if since > 0 and (client_epoch != epoch or since > head):
            return feed.reset_text(epoch, AUDIENCE, head)
        rows = _scan(cursor, caller, since, limit)
        more = len(rows) >= limit
        to = rows[-1].seq if more else head
        frame = Frame(epoch, AUDIENCE, since, to, head, more, len(rows))
        _fill(frame, caller, rows)
    return frame.text


def _scan(cursor: Any, caller: Caller, since: int, limit: int) -> list[Changed]:
    mine = incidents.lanes(caller)
    opened = [incident.id for incident in mine if incident.state != "closed"]
    parts = [
        f"SELECT '{kind}'::text AS kind, oid, seq, gone FROM ({scan}) {kind}_s(oid, seq, gone)"
        for kind, scan in _scans.items()
    ]
    # several objects may share a position: whoever closes an incident ends all its broadcasts
    sql = f"""
SELECT kind, oid, seq, gone FROM ({" UNION ALL ".join(parts)}) own
 WHERE seq > %(since)s ORDER BY seq FETCH FIRST %(limit)s ROWS WITH TIES"""
    given = {"key": caller.key, "since": since, "limit": limit}
    cursor.execute(sql, given | {"incidents": [i.id for i in mine], "open": opened})
    return [Changed(*row) for row in cursor.fetchall()]


def _fill(frame: Frame, caller: Caller, rows: list[Changed]) -> None:
    wanted: dict[str, list[str]] = {}
    for row in rows:
        if not row.gone:
            wanted.setdefault(row.kind, []).append(row.oid)
    found = {kind: _loaders[kind](caller, oids) for kind, oids in wanted.items()}
    for row in rows:
        if loaded := found.get(row.kind, {}).get(row.oid):
            frame.items.append(feed.item_text(row.kind, row.oid, row.seq, loaded))
        elif frame.since > 0:
            frame.gone.append(feed.gone_text(row.kind, row.oid, row.seq))
