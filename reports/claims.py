"""Reads who at headquarters has which report open: for the feed, and as a list."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from gspace import feed
from gspace.access import Audience
from gspace.feed import Loaded
from gspace.models import Incident


def register() -> None:
    feed.register("claim", load)


# without `until`: a desk that goes on looking is no news
JSON = "json_build_object('id', c.id, 'report', c.report_id, 'name', c.by_name, 'since', c.since)"


def load(incident_id: int, audience: Audience, ids: Sequence[str]) -> dict[str, Loaded]:
    """Feed loader: who looks at what is headquarters' own affair."""
    if audience != "hq":
        return {}
    sql = f"""
SELECT c.id::text, {JSON}::text FROM reports_claim c
 WHERE c.id = ANY(%s::uuid[]) AND c.incident_id = %s AND c.until > now()"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids), incident_id])
        return {oid: Loaded(1, text) for oid, text in cursor.fetchall()}


def list_text(incident: Incident, epoch: str) -> str:
    """JSON `{epoch, head, items}` of one snapshot; the longest standing claim first."""
    sql = f"""
SELECT (SELECT coalesce(max(seq), 0) FROM feed WHERE incident_id = %(incident)s),
       coalesce(json_agg({JSON} ORDER BY c.since, c.id), '[]')::text
  FROM reports_claim c WHERE c.incident_id = %(incident)s AND c.until > now()"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"incident": incident.id})
        head, items = cursor.fetchone()
    return f'{{"epoch":"{epoch}","head":{head},"items":{items}}}'
