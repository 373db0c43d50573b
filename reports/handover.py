"""What the next shift must know: the log and the reports since a moment, and what is still open."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from gspace import vocabulary
from gspace.models import Incident
from reports import log

# by status now; since: by the last time that people changed it to what it is
COUNTS_SQL = """
SELECT count(*) FILTER (WHERE received_at >= %(since)s),
       count(*) FILTER (WHERE accepted_at >= %(since)s),
       count(*) FILTER (WHERE status = 'resolved' AND EXISTS (
         SELECT FROM reports_reportevent e WHERE e.pgh_obj_id = r.id
            AND e.status <> 'resolved' AND e.pgh_created_at >= %(since)s)),
       count(*) FILTER (WHERE status IN ('verified', 'in_progress')),
       count(*) FILTER (WHERE status = 'received' AND accepted_at IS NULL)
  FROM reports_report r WHERE incident_id = %(incident)s"""
OLDEST_SQL = """
SELECT id, receipt, category, severity, received_at FROM reports_report
 WHERE incident_id = %(incident)s AND status = 'received' AND accepted_at IS NULL
 ORDER BY received_at, id LIMIT 1"""


@dataclass(frozen=True)
class Waiting:
    """A report that nobody at headquarters has taken."""

    id: uuid.UUID
    receipt: str
    category: str
    severity: str
    received_at: datetime


@dataclass(frozen=True)
class Handover:
    """since .. until: the shift. kinds: (kind, lines that stand). open_requests: of all times.

    received, accepted, resolved: reports of the shift; working, unseen: as it is at `until`.
    """

    since: datetime
    until: datetime
    kinds: list[tuple[str, int]]
    open_requests: list[dict[str, Any]]
    decided: list[dict[str, Any]]
    received: int
    accepted: int
    resolved: int
    working: int
    unseen: int
    oldest: Waiting | None

    @property
    def lines(self) -> int:
        return sum(count for _, count in self.kinds)


DECIDED = ("decision", "instruction")


def handover(incident: Incident, since: datetime, until: datetime) -> Handover:
    """until: now. Corrected lines are not counted; what stands in their place is."""
    lines = log.standing(incident, since)
    counted = Counter(line["kind"] for line in lines)
    given = {"incident": incident.id, "since": since}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS_SQL, given)
        received, accepted, resolved, working, unseen = cursor.fetchone()
        cursor.execute(OLDEST_SQL, given)
        oldest = cursor.fetchone()
    return Handover(
        since=since,
        until=until,
        kinds=[(kind, counted[kind]) for kind in vocabulary.codes("log_kind")],
        open_requests=log.open_requests(incident),
        decided=[line for line in lines if line["kind"] in DECIDED],
        received=received,
        accepted=accepted,
        resolved=resolved,
        working=working,
        unseen=unseen,
        oldest=Waiting(*oldest) if oldest else None,
    )
