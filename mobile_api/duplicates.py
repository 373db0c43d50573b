"""Which reports may be one and the same, over HTTP: for headquarters only."""

from __future__ import annotations

import json
import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gspace import access
from gspace.doors import as_json, incident_of, signed_in
from reports import actions, duplicates, queries
from reports.same_pictures import flags

router = Router(tags=["reports"])


@router.get(
    "/reports/{uuid:report_id}/duplicates",
    summary="What may be the same report and why, what is merged into it, pictures seen before",
    description="score: 0-100. reasons: distance (metres), time and device (seconds), category "
    "(same, related, other), photo (differing bits of 64; -1: the same file), text (0-1), sight "
    "(metres to where both looked); points count for or against.",
)
def get_duplicates(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    report = queries.report_for(report_id, by)
    access.require_hq(by, report.incident)
    told = {
        "items": duplicates.suggestions(report),
        "merged": duplicates.merged(report),
        "flags": flags(report, by),
    }
    return as_json(json.dumps(told, ensure_ascii=False))


@router.put(
    "/reports/{uuid:report_id}/distinct/{uuid:other}",
    summary="The two are two: do not suggest it again (idempotent)",
)
def put_distinct(request: HttpRequest, report_id: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    actions.report_distinguish(report_id=report_id, other=other, by=signed_in(request))
    return HttpResponse(status=204)


@router.delete(
    "/reports/{uuid:report_id}/distinct/{uuid:other}", summary="They may be one after all"
)
def delete_distinct(request: HttpRequest, report_id: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    actions.report_confuse(report_id=report_id, other=other, by=signed_in(request))
    return HttpResponse(status=204)


@router.get(
    "/incidents/{slug}/duplicates",
    summary="Pairs among the unsorted reports that are probably one, from the newest",
)
def get_incident_duplicates(request: HttpRequest, slug: str, cursor: str = "") -> HttpResponse:
    incident = incident_of(slug)
    access.require_hq(signed_in(request), incident)
    return as_json(json.dumps(duplicates.unsorted_pairs(incident, cursor), ensure_ascii=False))
