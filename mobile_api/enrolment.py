"""A phone joins: POST /enrol with an invitation's code."""

from __future__ import annotations

import json
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from gspace import actions
from gspace.doors import as_json, body_as
from gspace.models import Incident
from gspace.wire import Text

router = Router(tags=["enrolment"])


class EnrolIn(BaseModel):
    model_config = ConfigDict(extra="ignore")
    code: Annotated[Text, Field(min_length=1, max_length=200)]
    label: Annotated[Text, Field(min_length=1, max_length=120)]


@router.post("/enrol", auth=None, summary="Enrol a device with an invitation")
def enrol(request: HttpRequest) -> HttpResponse:
    said = body_as(EnrolIn, request)
    device, token = actions.device_enrol(code=said.code, label=said.label)
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
    return answer
