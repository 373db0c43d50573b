"""Writers of the trunk: devices, invitations, tokens."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from django.db.models import F

from gspace import access
from gspace.models import ApiToken, Device, Invite, Organisation
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
    """(device, its token). Raises Problem invite_invalid: unknown, used up, expired or revoked."""
    invites = Invite.objects.filter(
        code_hash=access.token_hash(code), revoked_at=None, expires_at__gt=datetime.now(UTC)
    )
    # one UPDATE decides between parallel uses of the last place
    if not invites.filter(uses__lt=F("max_uses")).update(uses=F("uses") + 1):
        raise Problem("invite_invalid", field="code")
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
