"""Writers of the trunk: devices, their keys, hand-overs, invitations, tokens, broadcasts, teams."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from gspace import access
from gspace.access import Caller
from gspace.models import (
    ApiToken,
    Broadcast,
    BroadcastRead,
    Device,
    DeviceKey,
    Incident,
    Invite,
    Organisation,
    Team,
    Transfer,
)
from gspace.problems import Problem
from gspace.teams import USUAL
from gspace.transactions import action


@action
def invite_create(
    *,
    organisation: Organisation,
    audience: str = "field",
    days: int = 30,
    max_uses: int = 1,
    label: str = "",
) -> tuple[Invite, str]:
    """(invitation, its code). The code is shown once; only its hash is kept.

    label: whom it is for, in the words of headquarters; the phones name themselves.
    """
    code = secrets.token_urlsafe(9)
    invite = Invite.objects.create(
        code_hash=access.token_hash(code),
        organisation=organisation,
        label=label[:120],
        audience=audience,
        expires_at=datetime.now(UTC) + timedelta(days=days),
        max_uses=max_uses,
    )
    return invite, code


@action
def invite_revoke(*, invite: Invite) -> None:
    """The code stops at once; phones that joined with it stay."""
    Invite.objects.filter(id=invite.id, revoked_at=None).update(revoked_at=datetime.now(UTC))


@action
def device_enrol(*, code: str, label: str) -> tuple[Device, str]:
    """(device, its token).

    Raises Problem invite_invalid: unknown, used up, expired or revoked; invalid: no label.
    """
    invites = Invite.objects.filter(
        code_hash=access.token_hash(code), revoked_at=None, expires_at__gt=datetime.now(UTC)
    )
    # one UPDATE decides between parallel uses of the last place
    if not invites.filter(uses__lt=F("max_uses")).update(uses=F("uses") + 1):
        raise Problem("invite_invalid", field="code")
    if not label:
        # the place is given back with the transaction
        raise Problem("invalid", _("Enter your name or unit."), field="label")
    invite = invites.select_related("organisation").get()
    return device_create(organisation=invite.organisation, label=label, audience=invite.audience)


@action
def device_create(
    *, organisation: Organisation, label: str, audience: str = "field"
) -> tuple[Device, str]:
    """(device, its token). The token is shown once; only its hash is kept."""
    token, kept = access.new_token()
    device = Device.objects.create(
        organisation=organisation, label=label[:120], audience=audience, token_hash=kept
    )
    return device, token


@action
def device_key_create(*, device: Device) -> str:
    """A further token of a device; shown once, and revoked with the device."""
    token, kept = access.new_token()
    DeviceKey.objects.create(device=device, token_hash=kept)
    return token


@action
def device_keys_end(*, device_id: str, tokens: Iterable[str]) -> None:
    """These tokens of the device end at once; its other keys and its reports stay."""
    hashes = [access.token_hash(token) for token in tokens]
    DeviceKey.objects.filter(device_id=device_id, token_hash__in=hashes).delete()
    # the first key is a column of the device: nobody holds what comes in its place
    _, nobody = access.new_token()
    Device.objects.filter(id=device_id, token_hash__in=hashes).update(token_hash=nobody)


@action
def transfer_create(*, device: Device) -> tuple[Transfer, str, str]:
    """(hand-over, its long code, its six digits); either is shown once and works once.

    Of a device only the newest digits work; the long codes of earlier ones stay, as an installed
    app may carry one in its start address.
    """
    now = datetime.now(UTC)
    device.transfers.filter(expires_at__lt=now).delete()
    mine_or_old = Q(device=device) | Q(digits_expire_at__lt=now)
    Transfer.objects.filter(mine_or_old, digits_hash__isnull=False).update(digits_hash=None)
    code = secrets.token_urlsafe(18)
    transfer = Transfer(
        device=device,
        code_hash=access.token_hash(code),
        expires_at=now + timedelta(hours=settings.LIMIT_TRANSFER_HOURS),
        digits_expire_at=now + timedelta(seconds=settings.LIMIT_TRANSFER_DIGITS_S),
    )
    return transfer, code, _with_digits(transfer)


def _with_digits(transfer: Transfer) -> str:
    """Save it with six digits that no other open hand-over has."""
    while True:
        digits = f"{secrets.randbelow(1_000_000):06}"
        transfer.digits_hash = access.digits_hash(digits)
        try:
            with transaction.atomic():
                transfer.save(force_insert=True)
        except IntegrityError:
            continue
        return digits


@action
def transfer_take(*, code: str = "", digits: str = "") -> tuple[Device, str]:
    """(the same device, a token of its own), for the long code or the six digits; once.

    Raises Problem invite_invalid: unknown, used, expired, or the device is revoked.
    """
    now = datetime.now(UTC)
    if digits:
        wanted = Q(digits_hash=access.digits_hash(digits), digits_expire_at__gt=now)
    else:
        wanted = Q(code_hash=access.token_hash(code), expires_at__gt=now)
    found = Transfer.objects.filter(wanted).select_related("device__organisation").first()
    if found is None or found.device.revoked_at or not _used_now(found, now):
        raise Problem("invite_invalid", field="code")
    return found.device, device_key_create(device=found.device)


def _used_now(transfer: Transfer, now: datetime) -> bool:
    """One UPDATE decides between two that use it at once."""
    unused = Transfer.objects.filter(id=transfer.id, used_at=None)
    return bool(unused.update(used_at=now, digits_hash=None))


@action
def device_tell(*, device_id: str, told: dict[str, Any]) -> None:
    """What a phone says of itself; told: any of label, unsent, oldest_unsent_at."""
    changes = dict(told)
    if "unsent" in told:
        changes["contact_at"] = datetime.now(UTC)
        changes["oldest_unsent_at"] = told.get("oldest_unsent_at") if told["unsent"] else None
    Device.objects.filter(id=device_id).update(**changes)


@action
def device_revoke(*, device: Device) -> None:
    """The token stops at once; open sockets close within a heartbeat."""
    Device.objects.filter(id=device.id, revoked_at=None).update(revoked_at=datetime.now(UTC))


@action
def token_create(*, organisation: Organisation, role: str, label: str) -> tuple[ApiToken, str]:
    """(token row, the token). Roles: operator, partner, publisher."""
    token, kept = access.new_token()
    row = ApiToken.objects.create(
        organisation=organisation, role=role, label=label[:120], token_hash=kept
    )
    return row, token


@action
def broadcast_create(
    *,
    incident: Incident,
    kind: str,
    text: str,
    by: Caller,
    area: GEOSGeometry | None = None,
    area_name: str = "",
    broadcast_id: uuid.UUID | None = None,
    now: datetime | None = None,
) -> tuple[Broadcast, bool]:
    """(broadcast, whether it is new): told to every crew of the incident; once for one id.

    Raises Problem: not_allowed, invalid (no words), incident_closed, broadcast_differs (409).
    """
    access.require_hq(by, incident)
    if not text.strip():
        raise Problem("invalid", "A broadcast needs words.", field="text")
    said = {"incident_id": incident.id, "kind": kind, "text": text, "area_name": area_name}
    if incident.state == "closed" and not Broadcast.objects.filter(id=broadcast_id).exists():
        raise Problem("incident_closed")
    who = {"author_key": by.key, "author_name": by.name, "created_at": now or datetime.now(UTC)}
    found, created = Broadcast.objects.get_or_create(
        id=broadcast_id or uuid.uuid4(), defaults=said | who | {"area": area}
    )
    same = all(getattr(found, name) == value for name, value in said.items())
    if not (same and _wkb(found.area) == _wkb(area)):
        raise Problem("broadcast_differs", field="id")
    return found, created


def _wkb(area: GEOSGeometry | None) -> bytes:
    return bytes(area.wkb) if area else b""


@action
def broadcast_withdraw(*, broadcast_id: uuid.UUID, by: Caller) -> Broadcast:
    """It holds no longer and leaves the phones; the first one who says so stays.

    Raises Problem broadcast_unknown, not_allowed.
    """
    rows = Broadcast.objects.select_for_update(no_key=True, of=("self",))
    found = rows.select_related("incident").filter(id=broadcast_id).first()
    if found is None or not _hears(by, found.incident):
        raise Problem("broadcast_unknown")
    access.require_hq(by, found.incident)
    if found.withdrawn_at is None:
        found.withdrawn_at, found.withdrawn_by = datetime.now(UTC), by.name
        found.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return found


@action
def broadcast_read(*, broadcast_id: uuid.UUID, read_at: datetime, by: Caller) -> BroadcastRead:
    """A device's receipt; the first time it says stays. Raises Problem broadcast_unknown."""
    found = Broadcast.objects.select_related("incident").filter(id=broadcast_id).first()
    if found is None or not _hears(by, found.incident):
        raise Problem("broadcast_unknown")
    read, _new = BroadcastRead.objects.get_or_create(
        broadcast=found, device_id=by.device, defaults={"read_at": read_at}
    )
    return read


def _hears(by: Caller, incident: Incident) -> bool:
    return access.may_report(by, incident)


@action
def teams_begin(*, organisation: Organisation) -> int:
    """Give an organisation the usual teams of a headquarters; how many it did not have yet."""
    before = organisation.teams.count()
    usual = [
        Team(organisation=organisation, name=name, name_en=name_en, position=at)
        for at, (name, name_en) in enumerate(USUAL, start=1)
    ]
    Team.objects.bulk_create(usual, ignore_conflicts=True)
    return int(organisation.teams.count()) - before
