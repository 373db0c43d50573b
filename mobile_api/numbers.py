"""Numbers with their definitions, over HTTP."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gspace import access
from gspace.doors import as_json, incident_of, signed_in
from gspace.problems import Problem
from reports.coverage import coverage
from reports.filters import asked
from reports.numbers import numbers

router = Router(tags=["incidents"])


@router.get("/incidents/{slug}/numbers", summary="Numbers of reports and what each counts")
def get_numbers(request: HttpRequest, slug: str) -> HttpResponse:
    by, incident = signed_in(request), incident_of(slug)
    access.require_hq(by, incident)
    found = numbers(incident, "hq", asked(request.GET, by))
    return as_json(json.dumps(found, ensure_ascii=False))


@router.get("/incidents/{slug}/coverage", summary="Grid squares with towns, and what is silent")
def get_coverage(request: HttpRequest, slug: str) -> HttpResponse:
    by, incident = signed_in(request), incident_of(slug)
    audience = access.audience(by, incident)
    if audience not in ("hq", "partner"):
        raise Problem("not_allowed")
    found = coverage(incident, audience, asked(request.GET, by))
    return as_json(json.dumps(found, ensure_ascii=False))
