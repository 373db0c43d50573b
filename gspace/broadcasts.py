"""Everything that reads broadcasts: the feed, a device's own lane, the list of receipts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from gspace import access, feed, lane
from gspace.access import Audience, Caller
from gspace.feed import EVERY_DEVICE, Loaded
from gspace.models import Broadcast, BroadcastRead, Device, Incident


def register() -> None:
    feed.register("broadcast", load, authors=lambda ids: {EVERY_DEVICE})
    lane.register("broadcast", SCAN_SQL, load_own)


def json_sql(*, read_at: str = "") -> str:
    """SQL (text) of a broadcast's JSON; aliases b broadcast, i incident. area: GeoJSON, WGS 84."""
    own = f", 'read_at', {read_at}" if read_at else ""
    return f"""json_build_object('id', b.id, 'incident', i.slug, 'kind', b.kind, 'text', b.text,
 'area', ST_AsGeoJSON(b.area, 5)::json, 'area_name', nullif(b.area_name, ''),
 'created_at', b.created_at, 'author', b.author_name, 'withdrawn_at', b.withdrawn_at{own})::text"""


VERSION = "1 + (b.withdrawn_at IS NOT NULL)::int"


def load(incident_id: int, audience: Audience, ids: Sequence[str]) -> dict[str, Loaded]:
    """Feed loader: headquarters only; crews read theirs in their own lane, the public none."""
    if audience != "hq":
        return {}
    sql = f"""
SELECT b.id::text, {VERSION}, {json_sql()}
  FROM gspace_broadcast b JOIN gspace_incident i ON i.id = b.incident_id
 WHERE b.id = ANY(%s::uuid[]) AND b.incident_id = %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(ids), incident_id])
        return {oid: Loaded(version, text) for oid, version, text in cursor.fetchall()}


# Told again whenever its incident changes: an organisation that joins late finds what holds.
SCAN_SQL = f"""
SELECT b.id::text, greatest(f.seq, i.seq),
       b.withdrawn_at IS NOT NULL OR NOT b.incident_id = ANY(%(open)s)
  FROM gspace_broadcast b JOIN gspace_incident n ON n.id = b.incident_id
  {lane.feed_row("broadcast", "b.id", "b.incident_id")}
  LEFT JOIN LATERAL (SELECT seq FROM feed WHERE kind = 'incident' AND oid = n.slug
    AND incident_id = n.id OFFSET 0) i ON true
 WHERE b.incident_id = ANY(%(incidents)s)"""


def load_own(caller: Caller, ids: Sequence[str]) -> dict[str, Loaded]:
    """Lane loader, for ids of its scan: with the time at which this device read it."""
    sql = f"""
SELECT b.id::text, {VERSION}, {json_sql(read_at="r.read_at")}
  FROM gspace_broadcast b JOIN gspace_incident i ON i.id = b.incident_id
  LEFT JOIN gspace_broadcastread r ON r.broadcast_id = b.id AND r.device_id = %s
 WHERE b.id = ANY(%s::uuid[])"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [caller.device, list(ids)])
        return {oid: Loaded(version, text) for oid, version, text in cursor.fetchall()}


@dataclass(frozen=True)
class Told:
    """A broadcast with who has read it (first reader first) and who of the crews has not."""

    broadcast: Broadcast
    said: dict[str, Any]
    reads: list[tuple[Device, datetime]]
    unread: list[Device]

    @property
    def crews(self) -> int:
        return len(self.reads) + len(self.unread)

    def as_json(self) -> dict[str, Any]:
        return self.said | {
            "reads": [_crew(device) | {"read_at": at.isoformat()} for device, at in self.reads],
            "unread": [_crew(device) for device in self.unread],
        }


def _crew(device: Device) -> dict[str, str]:
    return {"device": str(device.id), "label": device.label}


def told(incident: Incident, limit: int) -> list[Told]:
    """The broadcasts of an incident, newest first."""
    rows = Broadcast.objects.filter(incident=incident).defer("area")
    found = list(rows.order_by("-created_at", "id")[:limit])
    said = load(incident.id, "hq", [str(b.id) for b in found])
    crews = list(access.reporting_devices(incident).order_by("label", "id"))
    reads: dict[uuid.UUID, list[BroadcastRead]] = {}
    receipts = BroadcastRead.objects.filter(broadcast__in=found).select_related("device")
    for read in receipts.order_by("read_at", "id"):
        reads.setdefault(read.broadcast_id, []).append(read)
    return [_told(b, json.loads(said[str(b.id)].text), reads.get(b.id, []), crews) for b in found]


def _told(
    broadcast: Broadcast, said: dict[str, Any], reads: list[BroadcastRead], crews: list[Device]
) -> Told:
    done = {read.device_id for read in reads}
    unread = [device for device in crews if device.id not in done]
    return Told(broadcast, said, [(read.device, read.read_at) for read in reads], unread)


def one(broadcast: Broadcast) -> str:
    """A broadcast's JSON, as headquarters reads it."""
    return load(broadcast.incident_id, "hq", [str(broadcast.id)])[str(broadcast.id)].text
