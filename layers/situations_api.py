"""Situations over HTTP: what visitors say of facilities, and the series of one."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gspace import access
from gspace.doors import as_json, body_as, incident_of, signed_in
from gspace.problems import Problem
from layers import actions, queries, situations
from layers.payload import SituationIn

router = Router(tags=["layers"])
FILTERS = ("limit", "cursor")


@router.put("/situations/{uuid:situation_id}", summary="Say how a facility was found (idempotent)")
def put_situation(request: HttpRequest, situation_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    body = body_as(SituationIn, request)
    received = actions.situation_receive(situation_id=situation_id, body=body, by=by)
    answer = as_json(situations.told(received.situation))
    answer.status_code = 201 if received.created else 200
    return answer


@router.get(
    "/layers/{slug}/features/{path:feature_id}/situations",
    summary="How a facility was found, newest first",
)
def get_situations(
    request: HttpRequest, slug: str, feature_id: str, incident: str | None = None
) -> HttpResponse:
    caller = access.caller_from_request(request)
    layer, _ = queries.layer_for(slug, caller)
    if "\x00" in feature_id:
        raise Problem("feature_unknown")
    named = incident_of(incident) if incident else None
    scope = situations.scope_of(layer, caller, named)
    filters = {name: request.GET[name] for name in FILTERS if name in request.GET}
    return as_json(situations.series(layer, feature_id, scope, filters))
