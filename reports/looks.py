"""What is new to somebody: how many reports they have not seen, and how long the oldest waits."""

from __future__ import annotations

from typing import Any

from django.db import connection

from gspace.access import Audience, Caller
from gspace.models import Incident
from reports.filters import where
from reports.models import Look

# the page must know each that it holds; it holds fewer
MOST_SEEN = 10_000
SEEN_SQL = """
SELECT s.report_id::text FROM reports_seen s JOIN reports_report r ON r.id = s.report_id
 WHERE s.key = %(key)s AND r.incident_id = %(incident)s
   AND r.received_at > coalesce((SELECT all_seen_until FROM reports_look
     WHERE incident_id = %(incident)s AND key = %(key)s), '-infinity')
 ORDER BY s.at DESC LIMIT %(most)s"""


def unseen(incident: Incident, audience: Audience, by: Caller, filters: dict[str, Any]) -> dict:
    """{"unseen", "oldest_unseen" (received, or null), "looked_at", "all_seen_until", "seen"}.

    filters: as for lists; they narrow the first two. seen: ids of what was seen one by one after
    that, the latest MOST_SEEN.
    """
    kept = {n: v for n, v in filters.items() if n not in ("limit", "cursor")}
    clause, params, _ = where(incident, audience, kept | {"unseen": "1", "viewer": by.key})
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), min(r.received_at) FROM reports_report r WHERE {clause}", params
        )
        number, oldest = cursor.fetchone()
        cursor.execute(SEEN_SQL, {"incident": incident.id, "key": by.key, "most": MOST_SEEN})
        seen = [ident for (ident,) in cursor.fetchall()]
    look = Look.objects.filter(incident=incident, key=by.key).first()
    return {
        "unseen": number,
        "oldest_unseen": oldest,
        "looked_at": look.at if look else None,
        "all_seen_until": look.all_seen_until if look else None,
        "seen": seen,
    }
