"""Writers of the trunk: devices, their keys and hand-overs, invitations, tokens."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from gspace import access
from gspace.models import ApiToken, Device, DeviceKey, Invite, Organisation, Transfer
from gspace.problems import Problem
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
