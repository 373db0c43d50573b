"""What is new to somebody: how many reports they have not seen, and how long the oldest waits."""

from __future__ import annotations

from typing import Any

from django.db import connection

from gspace.access import Audience, Caller
from gspace.models import Incident
from reports.filters import where
from reports.models import Look


def unseen(incident: Incident, audience: Audience, by: Caller, filters: dict[str, Any]) -> dict:
    """{"unseen", "oldest_unseen" (received, or null), "looked_at", "all_seen_until"}.

    filters: as for lists; they narrow the first two.
    """
    kept = {n: v for n, v in filters.items() if n not in ("limit", "cursor")}
    clause, params, _ = where(incident, audience, kept | {"unseen": "1", "viewer": by.key})
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), min(r.received_at) FROM reports_report r WHERE {clause}", params
        )
        number, oldest = cursor.fetchone()
    look = Look.objects.filter(incident=incident, key=by.key).first()
    return {
        "unseen": number,
        "oldest_unseen": oldest,
        "looked_at": look.at if look else None,
        "all_seen_until": look.all_seen_until if look else None,
    }
