"""What the caller has seen, over HTTP."""

from __future__ import annotations

import json
import uuid
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from gspace import access
from gspace.doors import as_json, body_as, incident_of, signed_in
from gspace.wire import Moment
from reports import actions, looks
from reports.filters import asked

router = Router(tags=["incidents"])
MOST = 1000


class SeenIn(BaseModel):
    """reports: seen one by one. until: all received by then are. looked: the caller looked now.
    looked_until: they looked until then, and have been away since."""

    model_config = ConfigDict(extra="forbid")
    reports: Annotated[list[uuid.UUID], Field(max_length=MOST)] = []
    until: Moment | None = None
    looked: bool = False
    looked_until: Moment | None = None


@router.get("/incidents/{slug}/seen", summary="How many reports the caller has not seen")
def get_seen(request: HttpRequest, slug: str) -> HttpResponse:
    by, incident = signed_in(request), incident_of(slug)
    audience = access.audience(by, incident)
    found = looks.unseen(incident, audience, by, asked(request.GET, by))
    return as_json(json.dumps(found, default=lambda moment: moment.isoformat()))


@router.post("/incidents/{slug}/seen", summary="The caller has seen these (idempotent)")
def post_seen(request: HttpRequest, slug: str) -> HttpResponse:
    by, incident = signed_in(request), incident_of(slug)
    said: SeenIn = body_as(SeenIn, request)
    audience = access.audience(by, incident)
    if said.reports:
        actions.reports_seen(incident=incident, reports=said.reports, audience=audience, by=by)
    if said.until or said.looked or said.looked_until:
        actions.incident_looked(
            incident=incident,
            by=by,
            looked=timezone.now() if said.looked else said.looked_until,
            seen_until=said.until,
        )
    return HttpResponse(status=204)
