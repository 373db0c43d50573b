"""A report comes in: idempotent, stored before it is acknowledged."""

from __future__ import annotations

import json
import uuid
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.utils import IntegrityError

from gspace import access, incidents
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from reports import queries, receipts
from reports.payload import ReportIn
from reports.placing import Placing, place


@dataclass(frozen=True)
class Received:
    created: bool
    feature: str
    receipt: str = ""


# One statement = one transaction = one COMMIT to wait for. A retry meets the primary key and
# inserts nothing; a tombstone keeps an erased report from coming back.
INSERT_SQL = """
WITH report AS (
  INSERT INTO reports_report (
    id, incident_id, author_key, author_name, device_id, organisation_id, body_sha256, receipt,
    category, detail, severity, status, reason, comment, comment_hq, assigned_to,
    captured_at, captured_source, captured_in_future, sent_at, received_at, clock_skew_s,
    geometry, geometry_note, accuracy_m, positions, bearing_deg, floor,
    municipality_code, municipality_how, place, follows, about, channel, told_by,
    release, public_text, version, updated_at)
  SELECT %(id)s, %(incident)s, %(author_key)s, %(author_name)s, %(device)s, %(organisation)s,
    %(body)s, %(receipt)s, %(category)s, %(detail)s, %(severity)s, 'received', '', %(comment)s,
    '', '', %(captured_at)s, %(captured_source)s, %(future)s, %(sent_at)s, %(now)s, %(skew)s,
    ST_GeomFromGeoJSON(%(geometry)s::text), %(geometry_note)s, %(accuracy_m)s, %(positions)s,
    %(bearing)s, %(floor)s,
    %(municipality_code)s, %(municipality_how)s, %(place)s, %(follows)s, %(about)s,
    %(channel)s, %(told_by)s,
    'none', '', 1, %(now)s
  WHERE NOT EXISTS (SELECT 1 FROM reports_tombstone WHERE id = %(id)s)
  ON CONFLICT (id) DO NOTHING
  RETURNING id),
photos AS (
  INSERT INTO reports_photo (id, report_id, ordinal, sha256, size, media_type, state, reason,
    dhash, has_preview)
  SELECT p.id, report.id, p.ordinal, p.sha256, p.size, coalesce(p.type, ''), 'awaited', '', '',
    false
  FROM report, jsonb_to_recordset(%(photos)s)
    AS p(id uuid, ordinal smallint, sha256 text, size bigint, type text))
SELECT count(*) FROM report
"""
RECEIPT_TRIES = 5


def report_receive(
    *,
    report_id: uuid.UUID,
    body: ReportIn,
    by: Caller,
    now: datetime | None = None,
) -> Received:
    """Store a report once; the same words again answer with the report as it is now.

    Raises Problem: incident_unknown, incident_closed, not_allowed, report_differs (409, other
    content), report_unknown (404, another author's), report_erased (410), photo_taken.
    now: for re-enactments only; the clock of the service otherwise.
    """
    incident = incidents.working(body.incident)
    if incident is None or not access.may_report(by, incident):
        raise Problem("incident_unknown", field="incident")
    audience = access.audience(by, incident)
    row = _row(report_id, incident, body, by, now or datetime.now(UTC))
    return store(row, incident=incident, audience=audience, by=by)


def store(
    row: dict[str, Any], *, incident: Incident, audience: access.Audience, by: Caller
) -> Received:
    """Insert a row of INSERT_SQL once. Raises Problem as report_receive."""
    report_id, closed = row["id"], incident.state == "closed"
    if not closed and _insert(row):
        return Received(True, queries.feature(report_id, audience, by), row["receipt"])
    here = known(report_id, row["body"], by, audience)
    if here is None:
        raise (
            Problem("incident_closed", field="incident")
            if closed
            else queries.missing(report_id, by)
        )
    return here


def known(
    report_id: str, body_sha256: str, by: Caller, audience: access.Audience
) -> Received | None:
    """The answer for an id that is already here; None when it is new."""
    sql = "SELECT author_key, body_sha256, receipt FROM reports_report WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [report_id])
        row = cursor.fetchone()
    if row is None:
        return None
    author, first_received, receipt = row
    if author != by.key:
        raise Problem("report_unknown")
    if first_received != body_sha256:
        raise Problem("report_differs")
    return Received(False, queries.feature(report_id, audience, by), receipt)


def _insert(row: dict[str, Any]) -> bool:
    """True when the row is new. A receipt already used in this incident is drawn again."""
    for _ in range(RECEIPT_TRIES):
        try:
            # one statement is a transaction by itself; inside another one it gets a savepoint
            inside = transaction.atomic() if connection.in_atomic_block else nullcontext()
            with inside, connection.cursor() as cursor:
                cursor.execute(INSERT_SQL, row)
                return bool(cursor.fetchone()[0])
        except IntegrityError as error:
            constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
            if constraint == "reports_photo_pkey":
                raise Problem("photo_taken", field="photos") from None
            if constraint != "receipt_once":
                raise
            row["receipt"] = receipts.new()
    raise Problem("busy")


def _row(
    report_id: uuid.UUID, incident: Incident, body: ReportIn, by: Caller, now: datetime
) -> dict[str, Any]:
    placing = place(
        captured_at=body.captured_at,
        device_fix=body.device_fix.model_dump() if body.device_fix else None,
        pin=body.pin.model_dump() if body.pin else None,
        exif_fixes=[],
    )
    return {
        **envelope(report_id, incident, by, now),
        "body": body.canonical_sha256(),
        "follows": str(body.follows) if body.follows else None,
        "photos": json.dumps(
            [{**p.model_dump(mode="json"), "ordinal": i} for i, p in enumerate(body.photos)]
        ),
        **_content(body, now),
        **where(placing),
    }


def envelope(report_id: uuid.UUID, incident: Incident, by: Caller, now: datetime) -> dict[str, Any]:
    """Whose it is and when it came; of a phone's report, which comes by no other channel."""
    return {
        "id": str(report_id),
        "incident": incident.id,
        "author_key": by.key,
        "author_name": by.name,
        "device": by.device,
        "organisation": by.roles[0][0] if by.roles else None,
        "receipt": receipts.new(),
        "now": now,
        "geometry_note": "",
        "channel": None,
        "told_by": None,
    }


def _content(body: ReportIn, now: datetime) -> dict[str, Any]:
    return {
        "category": body.category,
        "detail": body.detail,
        "severity": body.severity,
        "comment": body.comment or "",
        "captured_at": body.captured_at,
        "captured_source": "phone" if body.captured_at else "",
        "future": in_future(body.captured_at, now),
        "sent_at": body.sent_at,
        "skew": (body.sent_at - now).total_seconds() if body.sent_at else None,
        "bearing": bearing_deg(body.bearing_deg),
        "floor": body.floor,
        "about": body.about,
    }


def in_future(captured_at: datetime | None, now: datetime) -> bool:
    """A clock a minute ahead is no claim about the future."""
    return captured_at is not None and (captured_at - now).total_seconds() > 60


def bearing_deg(value: float | None) -> float | None:
    """Degrees clockwise from north in [0, 360); None for what is no bearing."""
    if value is None or abs(value) > 720:
        return None
    turned = value % 360
    # a tiny negative number modulo 360 rounds up to 360 itself
    return 0.0 if turned >= 360 else turned


def where(placing: Placing) -> dict[str, Any]:
    """The placing as SQL parameters."""
    return {
        "geometry": placing.geometry,
        "accuracy_m": placing.accuracy_m,
        "positions": json.dumps(placing.positions),
        "municipality_code": placing.municipality_code,
        "municipality_how": placing.municipality_how,
        "place": json.dumps(placing.place),
    }
