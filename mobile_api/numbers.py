"""Numbers with their definitions, over HTTP."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from ninja import Router

from gspace import access
from gspace.doors import as_json, incident_of, signed_in
from gspace.problems import Problem
from gspace.tiles import told
from reports.asking import Asked
from reports.coverage import coverage
from reports.filters import asked
from reports.numbers import numbers
from reports.outlines import known, outlines

router = Router(tags=["incidents"])


@router.get("/incidents/{slug}/numbers", summary="Numbers of reports and what each counts")
def get_numbers(request: HttpRequest, slug: str) -> HttpResponse:
    by, incident = signed_in(request), incident_of(slug)
    access.require_hq(by, incident)
    found = numbers(incident, "hq", asked(request.GET, by))
    return as_json(json.dumps(found, ensure_ascii=False))


@router.get("/incidents/{slug}/coverage", summary="Parts of the map, and which are silent")
def get_coverage(request: HttpRequest, slug: str) -> HttpResponse:
    by, incident = signed_in(request), incident_of(slug)
    audience = access.audience(by, incident)
    if audience not in ("hq", "partner"):
        raise Problem("not_allowed")
    parts = request.GET.get("by", "mesh")
    if parts == "municipality":
        return _outlines(request, slug)
    if parts != "mesh":
        raise Problem("invalid", "by is mesh or municipality.", field="by")
    found = coverage(incident, audience, asked(request.GET, by))
    return as_json(json.dumps(found, ensure_ascii=False))


def _outlines(request: HttpRequest, slug: str) -> HttpResponse:
    """With a tag, as outlines are much for an answer: nothing is counted while nothing changes."""
    of = Asked.of(request, slug)
    etag = f'"{of.audience}-{of.head}-{of.key}-{known()}"'
    if of.tagged and (same := get_conditional_response(request, etag=etag)):
        return told(same, of.reader, of.head, etag)
    found = outlines(of.incident, of.audience, of.filters)
    answer = as_json(json.dumps(found, ensure_ascii=False, separators=(",", ":")))
    return told(answer, of.reader, of.head, etag) if of.tagged else answer
