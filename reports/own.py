"""Reports from their author's side: for the author's own lane, and whom a change concerns."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from gspace import feed, lane
from gspace.access import Caller
from gspace.feed import Loaded
from reports import queries
from reports.features import feature_sql


def register() -> None:
    feed.register("report", queries.load, authors=report_authors)
    feed.register("note", queries.load_notes, authors=note_authors)
    lane.register("report", REPORTS_SQL, load)
    lane.register("note", NOTES_SQL, load_notes)


REPORTS_SQL = f"""
SELECT r.id::text, f.seq, false FROM reports_report r
  {lane.feed_row("report", "r.id", "r.incident_id")} WHERE r.author_key = %(key)s
UNION ALL
SELECT t.id::text, f.seq, true FROM reports_tombstone t
  {lane.feed_row("report", "t.id", "t.incident_id")} WHERE t.author_key = %(key)s"""

# Never headquarters' own notes. Those of an erased report went with it.
NOTES_SQL = f"""
SELECT n.id::text, f.seq, false FROM reports_report r
  JOIN reports_note n ON n.report_id = r.id AND n.kind <> 'note'
  {lane.feed_row("note", "n.id", "r.incident_id")} WHERE r.author_key = %(key)s"""


def load(caller: Caller, ids: Sequence[str]) -> dict[str, Loaded]:
    """Lane loader: the caller's reports as their author reads them, whatever their status."""
    sql = f"""
SELECT r.id::text, r.version, {feature_sql("author")}
  FROM reports_report r {queries.JOINS} WHERE r.id = ANY(%s::uuid[]) AND r.author_key = %s"""
    return _loaded(sql, caller, ids)


def load_notes(caller: Caller, ids: Sequence[str]) -> dict[str, Loaded]:
    """Lane loader: questions and answers on the caller's reports."""
    sql = f"""
SELECT n.id::text, 1, {queries.NOTE_JSON}
  FROM reports_note n JOIN reports_report r ON r.id = n.report_id
 WHERE n.id = ANY(%s::uuid[]) AND r.author_key = %s AND n.kind <> 'note'"""
    return _loaded(sql, caller, ids)


def _loaded(sql: str, caller: Caller, ids: Sequence[str]) -> dict[str, Loaded]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids), caller.key])
        return {oid: Loaded(version, text) for oid, version, text in cursor.fetchall()}


def report_authors(ids: Sequence[str]) -> set[str]:
    """Who sent these reports, the erased ones too."""
    sql = """
SELECT author_key FROM reports_report WHERE id = ANY(%(ids)s::uuid[])
UNION SELECT author_key FROM reports_tombstone WHERE id = ANY(%(ids)s::uuid[])"""
    return _keys(sql, ids)


def note_authors(ids: Sequence[str]) -> set[str]:
    """Who sent the reports that these questions and answers are about; nobody for inner notes."""
    sql = """
SELECT r.author_key FROM reports_note n JOIN reports_report r ON r.id = n.report_id
 WHERE n.id = ANY(%(ids)s::uuid[]) AND n.kind <> 'note'"""
    return _keys(sql, ids)


def _keys(sql: str, ids: Sequence[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"ids": list(ids)})
        return {key for (key,) in cursor.fetchall()}
