"""Who has which report open, over HTTP."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict

from gspace import access, feed
from gspace.doors import as_json, body_as, incident_of, signed_in
from reports import actions, claims

router = Router(tags=["reports"])


class ClaimIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    report: uuid.UUID


@router.get("/incidents/{slug}/claims", summary="Who at headquarters has which report open")
def get_claims(request: HttpRequest, slug: str) -> HttpResponse:
    incident = incident_of(slug)
    access.require_hq(signed_in(request), incident)
    return as_json(claims.list_text(incident, feed.epoch()))


@router.put(
    "/incidents/{slug}/claims/{uuid:desk}",
    summary="This desk has a report open (idempotent; say it again to go on)",
)
def put_claim(request: HttpRequest, slug: str, desk: uuid.UUID) -> HttpResponse:
    by, incident = signed_in(request), incident_of(slug)
    access.require_hq(by, incident)
    said: ClaimIn = body_as(ClaimIn, request)
    actions.claim_set(incident=incident, desk=desk, report_id=said.report, by=by)
    return HttpResponse(status=204)


@router.delete("/incidents/{slug}/claims/{uuid:desk}", summary="This desk has nothing open")
def delete_claim(request: HttpRequest, slug: str, desk: uuid.UUID) -> HttpResponse:
    actions.claim_end(incident=incident_of(slug), desk=desk, by=signed_in(request))
    return HttpResponse(status=204)
