"""What `/hq/<incident>/devices/` reads: open invitations, and the phones that joined."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, F, Max

from gspace.models import Device, Invite, Organisation
from gspace.problems import Problem
from reports.models import Report


@dataclass(frozen=True)
class Joined:
    """A device as headquarters sees it.

    seen_at: last call of the API or last report, whichever is later; None: not since it joined.
    What waits in the phone (device.unsent) is what it said itself, at device.contact_at.
    """

    device: Device
    reports: int
    seen_at: datetime | None


def organisations(ids: Collection[int]) -> list[Organisation]:
    return list(Organisation.objects.filter(id__in=ids).order_by("name"))


def open_invites(ids: Collection[int]) -> list[Invite]:
    """Those that still let somebody join, the next to expire first."""
    alive = Invite.objects.filter(
        organisation_id__in=ids, revoked_at=None, expires_at__gt=datetime.now(UTC)
    )
    free = alive.filter(uses__lt=F("max_uses")).select_related("organisation")
    return list(free.order_by("expires_at", "id"))


def joined(ids: Collection[int]) -> list[Joined]:
    """Every device of these organisations: the last seen first, the revoked at the end."""
    found = list(Device.objects.filter(organisation_id__in=ids).select_related("organisation"))
    sent = _sent(found)
    rows = [_row(device, *sent.get(_key(device), (0, None))) for device in found]
    rows.sort(key=lambda row: row.seen_at or row.device.created_at, reverse=True)
    return sorted(rows, key=lambda row: row.device.revoked_at is not None)


def _row(device: Device, reports: int, last: datetime | None) -> Joined:
    moments = [moment for moment in (device.last_seen_at, device.contact_at, last) if moment]
    return Joined(device, reports, max(moments, default=None))


def _sent(devices: list[Device]) -> dict[str, tuple[int, datetime | None]]:
    """author key -> (number of reports in all incidents, when the last one arrived)."""
    sent = Report.objects.filter(author_key__in=[_key(device) for device in devices])
    grouped = sent.values("author_key").annotate(n=Count("id"), last=Max("received_at"))
    return {row["author_key"]: (row["n"], row["last"]) for row in grouped.order_by()}


def _key(device: Device) -> str:
    return f"device:{device.id}"


def invite(ids: Collection[int], invite_id: int) -> Invite:
    """Raises Problem not_found, also for an invitation of another organisation."""
    found = Invite.objects.filter(organisation_id__in=ids, id=invite_id).first()
    if found is None:
        raise Problem("not_found")
    return found


def device(ids: Collection[int], device_id: uuid.UUID) -> Device:
    """Raises Problem not_found, also for a device of another organisation."""
    found = Device.objects.filter(organisation_id__in=ids, id=device_id).first()
    if found is None:
        raise Problem("not_found")
    return found
