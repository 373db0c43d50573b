"""A device about itself: who it is, where it may report, what waits in it, and its further keys."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from gspace import access, actions, app_build, device_cookie, incidents, tries
from gspace.doors import as_json, body_as
from gspace.models import Device, Incident
from gspace.problems import Problem
from gspace.wire import Moment, text
from mobile_api.enrolment import joined

router = Router(tags=["devices"])
DAY_S = 24 * 3600
STRIPPED = StringConstraints(strip_whitespace=True, min_length=1, max_length=120)
Name = Annotated[str, STRIPPED, AfterValidator(text)]


class DeviceEdit(BaseModel):
    """unsent: reports that wait in the phone; what is absent or null stays as it is."""

    model_config = ConfigDict(extra="ignore")
    label: Name | None = None
    unsent: Annotated[int | None, Field(ge=0, le=1_000_000)] = None
    oldest_unsent_at: Moment | None = None


@router.get("/devices/me", summary="This device, and the open incidents it may report in")
def get_own_device(request: HttpRequest) -> HttpResponse:
    return _answer(request)


@router.patch("/devices/me", summary="What this device is called, and what waits in it")
def patch_own_device(request: HttpRequest) -> HttpResponse:
    who = access.device_from_request(request)
    told = body_as(DeviceEdit, request).model_dump(exclude_none=True)
    if told:
        actions.device_tell(device_id=str(who.device), told=told)
    return _answer(request)


@router.post("/devices/me/keys", summary="A further token of this device")
def post_key(request: HttpRequest) -> HttpResponse:
    device = _counted(request)
    return joined(request, device, actions.device_key_create(device=device))


@router.delete("/devices/me/keys", summary="Sign this app out: its own tokens end")
def delete_own_keys(request: HttpRequest) -> HttpResponse:
    """The bearer token, and the cookie's if it is of the same device; other apps' keys stay."""
    device = _own(request)
    sent = [request.COOKIES.get(access.DEVICE_COOKIE, ""), access.bearer_token(request)]
    actions.device_keys_end(device_id=str(device.id), tokens=[token for token in sent if token])
    answer = as_json(json.dumps({"device": str(device.id)}))
    device_cookie.remove(answer)
    return answer


@router.post("/devices/me/transfer", summary="Codes that hand this device over to another app")
def post_transfer(request: HttpRequest) -> HttpResponse:
    transfer, code, digits = actions.transfer_create(device=_counted(request))
    told = {
        "code": code,
        "digits": digits,
        "link": f"/m/?{urlencode({'transfer': code})}",
        "expires_at": _moment(transfer.expires_at),
        "digits_expire_at": _moment(transfer.digits_expire_at),
    }
    answer = as_json(json.dumps(told))
    answer.status_code = 201
    return answer


def _own(request: HttpRequest) -> Device:
    who = access.device_from_request(request)
    found = Device.objects.filter(id=who.device).select_related("organisation").first()
    if found is None:
        raise Problem("token_invalid")
    return found


def _counted(request: HttpRequest) -> Device:
    """The device, which may not ask without end."""
    device = _own(request)
    tries.take(f"keys {device.id}", limit=settings.LIMIT_DEVICE_KEYS_A_DAY, window_s=DAY_S)
    return device


def _answer(request: HttpRequest) -> HttpResponse:
    device, who = _own(request), access.device_from_request(request)
    organisation = device.organisation
    told = {
        "device": str(device.id),
        "label": device.label,
        "audience": device.audience,
        "organisation": {
            "slug": organisation.slug,
            "name": organisation.name,
            "name_en": organisation.name_en,
        },
        "incidents": [_described(i, device) for i in incidents.reportable(who)],
        "build": app_build.current(),
        "now": _moment(timezone.now()),
    }
    return as_json(json.dumps(told, ensure_ascii=False))


def _described(incident: Incident, device: Device) -> dict[str, Any]:
    """extent: [west, south, east, north] in degrees, or None where no area is set."""
    parts = [part for part in incident.parts.all() if part.part == "hq"]
    # of several headquarters the phone's own is the one to call
    parts.sort(key=lambda part: (part.organisation_id != device.organisation_id, part.id))
    found = parts[0].organisation if parts else None
    return incidents.described(incident) | {
        "extent": [round(edge, 6) for edge in incident.area.extent] if incident.area else None,
        "headquarters": found.name if found else "",
        "headquarters_en": found.name_en if found else "",
    }


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
