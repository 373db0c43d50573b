"""Who has a report open. A claim tells, it locks nothing: two may work, the version decides."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from gspace import access
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from gspace.transactions import action
from reports import queries
from reports.models import Claim, Report

# somebody else may be ending the same ones
EXPIRE_SQL = """
DELETE FROM reports_claim WHERE id IN (
  SELECT id FROM reports_claim WHERE until <= %s ORDER BY id
     FOR NO KEY UPDATE SKIP LOCKED)"""
# shared: two who open a report at once, and what they have seen, do not keep each other out
HOLD_SQL = """
SELECT 1 FROM reports_report WHERE id = %s AND incident_id = %s
   FOR SHARE SKIP LOCKED"""
# the trigger tells the feed of another report only, not of each sign of life
SET_SQL = """
INSERT INTO reports_claim AS c (id, incident_id, report_id, by_key, by_name, since, until)
VALUES (%(id)s, %(incident)s, %(report)s, %(key)s, %(name)s, %(now)s, %(until)s)
ON CONFLICT (id) DO UPDATE SET
  report_id = excluded.report_id, by_name = excluded.by_name, until = excluded.until,
  since = CASE WHEN c.report_id = excluded.report_id THEN c.since ELSE excluded.since END
WHERE c.by_key = excluded.by_key AND c.incident_id = excluded.incident_id"""


@action
def claim_set(
    *,
    incident: Incident,
    desk: uuid.UUID,
    report_id: uuid.UUID,
    by: Caller,
    now: datetime | None = None,
) -> None:
    """The caller's desk has this report open, and no other; said again, it goes on.

    Nothing comes of it while somebody else is changing the report: the desk says it again soon.
    Ends by itself after LIMIT_CLAIM_S. Raises Problem: not_allowed (not headquarters; somebody
    else's desk), report_unknown, report_erased.
    """
    access.require_hq(by, incident)
    if not _held(report_id, incident, by):
        return
    now = now or timezone.now()
    until = now + timedelta(seconds=settings.LIMIT_CLAIM_S)
    given = {"id": str(desk), "incident": incident.id, "report": str(report_id), "key": by.key,
             "name": by.name, "now": now, "until": until}  # fmt: skip
    with connection.cursor() as cursor:
        # one that ran out begins anew: whoever asked meanwhile was not told of it
        cursor.execute(EXPIRE_SQL, [now])
        cursor.execute(SET_SQL, given)
        if cursor.rowcount == 0:
            raise Problem("not_allowed")


def _held(report_id: uuid.UUID, incident: Incident, by: Caller) -> bool:
    """Locked, so that it is not erased before the claim is there; False: somebody else has it.

    Nobody waits: a rule switched off has thousands for seconds. Raises Problem when there is none.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOLD_SQL, [str(report_id), incident.id])
        if cursor.fetchone():
            return True
    if not Report.objects.filter(id=report_id, incident=incident).exists():
        raise queries.missing(report_id, by)
    return False


@action
def claim_end(*, incident: Incident, desk: uuid.UUID, by: Caller) -> None:
    """The caller's desk has nothing open any more; harmless when it had nothing."""
    access.require_hq(by, incident)
    Claim.objects.filter(id=desk, incident=incident, by_key=by.key).delete()


@action
def claims_expire(*, now: datetime | None = None) -> int:
    """End the claims of desks that were not heard of; how many."""
    with connection.cursor() as cursor:
        cursor.execute(EXPIRE_SQL, [now or timezone.now()])
        return int(cursor.rowcount)
