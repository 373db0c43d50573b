"""Reads headquarters' log (クロノロジー): for the feed, as a list, who is named in it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from gspace import access, feed, vocabulary
from gspace.access import Audience
from gspace.feed import Loaded
from gspace.models import Incident, Organisation
from gspace.problems import Problem
from reports.filters import moment
from reports.models import LogEntry

FILTERS = ("since", "until", "kind", "q", "party", "report", "order", "limit", "cursor")


def register() -> None:
    feed.register("log", load)


# c: the line that corrects e; s: what settled it, unless that was corrected itself.
# r, t: the report it is about, there or erased.
JOINS = """
  JOIN gspace_incident i ON i.id = e.incident_id
  LEFT JOIN reports_report r ON r.id = e.report_id
  LEFT JOIN reports_tombstone t ON t.id = e.report_id
  LEFT JOIN reports_logentry c ON c.corrects_id = e.id
  LEFT JOIN LATERAL (
    SELECT s.* FROM reports_logentry s WHERE s.settles_id = e.id
       AND NOT EXISTS (SELECT FROM reports_logentry x WHERE x.corrects_id = s.id)
     ORDER BY s.at, s.written_at LIMIT 1) s ON true"""
JSON = """json_build_object('id', e.id, 'incident', i.slug, 'at', e.at,
 'written_at', e.written_at, 'sender', e.sender, 'receiver', e.receiver, 'kind', e.kind,
 'text', e.text, 'report', e.report_id, 'receipt', coalesce(r.receipt, t.receipt),
 'author', e.by_name, 'corrects', e.corrects_id, 'settles', e.settles_id,
 'corrected', CASE WHEN c.id IS NOT NULL THEN
   json_build_object('id', c.id, 'at', c.written_at, 'author', c.by_name) END,
 'settled', CASE WHEN s.id IS NOT NULL THEN
   json_build_object('id', s.id, 'at', s.at, 'author', s.by_name) END)::text"""
# the row never changes; what is said of it later does
VERSION = """(SELECT 1 + count(*) FROM reports_logentry x
   LEFT JOIN reports_logentry y ON y.id = x.corrects_id
  WHERE x.corrects_id = e.id OR x.settles_id = e.id OR y.settles_id = e.id)"""


def load(incident_id: int, audience: Audience, ids: Sequence[str]) -> dict[str, Loaded]:
    """Feed loader: the log is for headquarters alone."""
    if audience != "hq":
        return {}
    sql = f"""
SELECT e.id::text, {VERSION}, {JSON} FROM reports_logentry e {JOINS}
 WHERE e.id = ANY(%s::uuid[]) AND e.incident_id = %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids), incident_id])
        return {oid: Loaded(version, text) for oid, version, text in cursor.fetchall()}


def one(entry: LogEntry) -> str:
    """A line's JSON."""
    return load(entry.incident_id, "hq", [str(entry.id)])[str(entry.id)].text


def line(incident: Incident, entry_id: uuid.UUID) -> dict[str, Any]:
    """The line as its JSON says it. Raises Problem log_unknown."""
    found = load(incident.id, "hq", [str(entry_id)])
    if not found:
        raise Problem("log_unknown")
    said: dict[str, Any] = json.loads(found[str(entry_id)].text)
    return said


def page_text(incident: Incident, epoch: str, filters: dict[str, Any]) -> str:
    """JSON `{epoch, head, items, cursor}` of one snapshot; newest first, unless `order=oldest`.

    filters: since, until (RFC 3339, of when it happened), kind (codes with commas), q, party
    (of sender and receiver), report (UUID), order, limit, cursor. Raises Problem invalid.
    """
    clause, params = _where(incident, filters)
    if filters.get("order") not in (None, "", "newest", "oldest"):
        raise Problem("invalid", "newest or oldest.", field="order")
    way = "ASC" if filters.get("order") == "oldest" else "DESC"
    limit = _limit(filters.get("limit"))
    order = f"at {way}, written_at {way}, id {way}"
    sql = f"""
WITH page AS (
  SELECT e.at, e.written_at, e.id, {JSON} AS entry FROM reports_logentry e {JOINS}
   WHERE {clause} ORDER BY e.at {way}, e.written_at {way}, e.id {way} LIMIT %s)
SELECT (SELECT coalesce(max(seq), 0) FROM feed WHERE incident_id = %s), count(*),
       coalesce(string_agg(entry, ',' ORDER BY {order}), ''),
       (array_agg(id ORDER BY {order}))[count(*)]
  FROM page"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, limit, incident.id])
        head, count, items, last = cursor.fetchone()
    after = f'"{last}"' if count == limit else "null"
    return f'{{"epoch":"{epoch}","head":{head},"items":[{items}],"cursor":{after}}}'


def page(incident: Incident, filters: dict[str, Any]) -> dict[str, Any]:
    """The same for a page of ours: `items` and `cursor`."""
    found: dict[str, Any] = json.loads(page_text(incident, "", filters))
    return found


def open_requests(incident: Incident) -> list[dict[str, Any]]:
    """Requests that nothing has settled, the oldest first; not those that were corrected."""
    return _lines("e.kind = 'request' AND c.id IS NULL AND s.id IS NULL", incident.id)


def standing(incident: Incident, since: datetime) -> list[dict[str, Any]]:
    """What has happened since then, the oldest first; not what was corrected."""
    return _lines("e.at >= %s AND c.id IS NULL", incident.id, since)


def _lines(clause: str, *values: Any) -> list[dict[str, Any]]:
    sql = f"""
SELECT {JSON} FROM reports_logentry e {JOINS}
 WHERE e.incident_id = %s AND {clause} ORDER BY e.at, e.written_at, e.id"""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [json.loads(text) for (text,) in cursor.fetchall()]


SEARCHED = "e.text, e.sender, e.receiver, e.by_name, r.receipt, t.receipt"


def _where(incident: Incident, filters: dict[str, Any]) -> tuple[str, list[Any]]:
    clauses, params = ["e.incident_id = %s"], [incident.id]

    def add(clause: str, *values: Any) -> None:
        clauses.append(clause)
        params.extend(values)

    if since := filters.get("since"):
        add("e.at >= %s", moment(since, "since"))
    if until := filters.get("until"):
        add("e.at < %s", moment(until, "until"))
    if kinds := filters.get("kind"):
        add("e.kind = ANY(%s)", _kinds(str(kinds)))
    if report := filters.get("report"):
        add("e.report_id = %s", _uuid(report, "report"))
    for name, columns in (("q", SEARCHED), ("party", "e.sender, e.receiver")):
        if words := _words(filters.get(name), name):
            add(f"normalize(concat_ws(' ', {columns}), NFKC) ILIKE normalize(%s, NFKC)", words)
    if cursor := filters.get("cursor"):
        last = LogEntry.objects.filter(incident=incident, id=_uuid(cursor, "cursor")).first()
        if last is None:
            raise Problem("invalid", "Take the cursor of the last answer.", field="cursor")
        sign = ">" if filters.get("order") == "oldest" else "<"
        add(f"(e.at, e.written_at, e.id) {sign} (%s, %s, %s)", last.at, last.written_at, last.id)
    return " AND ".join(clauses), params


def _kinds(value: str) -> list[str]:
    wanted = [code.strip() for code in value.split(",") if code.strip()]
    if unknown := set(wanted) - set(vocabulary.codes("log_kind")):
        raise Problem("invalid", f"Unknown: {', '.join(sorted(unknown))}", field="kind")
    return wanted


def _uuid(value: Any, field: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise Problem("invalid", "A UUID is expected.", field=field) from None


def _words(value: Any, field: str) -> str:
    """The LIKE pattern of what is searched for; "" for nothing."""
    text = str(value or "").strip()
    if "\x00" in text:
        raise Problem("invalid", "NUL is not text.", field=field)
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%" if plain else ""


def _limit(value: Any) -> int:
    if value in (None, ""):
        return int(settings.LIMIT_LOG_PAGE)
    text = str(value)
    if not text.isdecimal() or len(text) > 9 or int(text) < 1:
        raise Problem("invalid", "limit is a whole number from 1.", field="limit")
    return min(int(text), settings.LIMIT_LIST)


PARTIES_SQL = """
SELECT name FROM (
  SELECT sender AS name, at FROM reports_logentry WHERE incident_id = %(incident)s
  UNION ALL SELECT receiver, at FROM reports_logentry WHERE incident_id = %(incident)s) named
 WHERE name <> '' GROUP BY name ORDER BY count(*) DESC, max(at) DESC LIMIT %(limit)s"""


def parties(incident: Incident) -> list[str]:
    """Who may be sender or receiver: those named most so far, organisations, crews; each once."""
    limit = settings.LIMIT_LOG_PARTIES
    with connection.cursor() as cursor:
        cursor.execute(PARTIES_SQL, {"incident": incident.id, "limit": limit})
        named = [name for (name,) in cursor.fetchall()]
    places = Organisation.objects.filter(incident_parts__incident=incident).order_by("id")
    crews = access.reporting_devices(incident).order_by("label").values_list("label", flat=True)
    every = [*named, *places.values_list("name", flat=True), *crews[:limit]]
    return list(dict.fromkeys(every))[:limit]
