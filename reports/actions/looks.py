"""What somebody has seen and when they last looked: their own affair, and told to nobody else."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone

from gspace.access import BITS, Audience, Caller
from gspace.models import Incident
from gspace.transactions import action

# held, as one that is erased meanwhile would take all others of the answer along; shared with the
# claim that the same screen makes at the same moment
SEEN_SQL = """
INSERT INTO reports_seen (report_id, key, at)
SELECT r.id, %(key)s, now() FROM reports_report r
 WHERE r.id = ANY(%(ids)s::uuid[]) AND r.incident_id = %(incident)s AND r.audiences & %(bit)s <> 0
 ORDER BY r.id
   FOR SHARE OF r SKIP LOCKED
ON CONFLICT (report_id, key) DO NOTHING"""
# clocks only go forward: two pages of one person may be open
LOOK_SQL = """
INSERT INTO reports_look (incident_id, key, at, all_seen_until)
VALUES (%(incident)s, %(key)s, %(at)s, %(until)s)
ON CONFLICT (incident_id, key) DO UPDATE SET
  at = greatest(reports_look.at, excluded.at),
  all_seen_until = greatest(reports_look.all_seen_until, excluded.all_seen_until)"""


@action
def reports_seen(
    *, incident: Incident, reports: Sequence[uuid.UUID], audience: Audience, by: Caller
) -> None:
    """These reports, as far as the caller may see them, are not new to them any more."""
    ids = [str(ident) for ident in reports]
    params = {"key": by.key, "ids": ids, "incident": incident.id, "bit": BITS[audience]}
    with connection.cursor() as cursor:
        cursor.execute(SEEN_SQL, params)


@action
def incident_looked(
    *,
    incident: Incident,
    by: Caller,
    looked: datetime | None = None,
    seen_until: datetime | None = None,
) -> None:
    """looked: the caller has looked until then. seen_until: all received by then is seen."""
    now = timezone.now()
    params = {
        "key": by.key,
        "incident": incident.id,
        "at": min(looked, now) if looked else None,
        "until": min(seen_until, now) if seen_until else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOOK_SQL, params)
