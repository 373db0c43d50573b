"""A phone joins: POST /enrol with an invitation's code, or with another screen's hand-over."""

from __future__ import annotations

import json
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from gspace import device_cookie, joining, tries
from gspace.doors import as_json, body_as
from gspace.models import Device, Incident
from gspace.wire import Text

router = Router(tags=["enrolment"])


class EnrolIn(BaseModel):
    """code: of an invitation (label needed), of a transfer, or its six digits."""

    model_config = ConfigDict(extra="ignore")
    code: Annotated[Text, Field(min_length=1, max_length=200)]
    label: Annotated[Text, Field(max_length=120)] = ""


@router.post("/enrol", auth=None, summary="Enrol a device: an invitation, or a hand-over's code")
def enrol(request: HttpRequest) -> HttpResponse:
    said = body_as(EnrolIn, request)
    device, token = joining.join(
        code=said.code, label=said.label.strip(), address=tries.address(request)
    )
    return joined(request, device, token)


def joined(request: HttpRequest, device: Device, token: str) -> HttpResponse:
    """201 with a token of the device, shown this once."""
    open_now = Incident.objects.filter(organisations=device.organisation).exclude(state="closed")
    answer = as_json(
        json.dumps(
            {
                "token": token,
                "device": str(device.id),
                "organisation": device.organisation.slug,
                "incidents": list(open_now.order_by("slug").values_list("slug", flat=True)),
            }
        )
    )
    answer.status_code = 201
    device_cookie.put_for_our_page(request, answer, token)
    return answer
