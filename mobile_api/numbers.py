"""Numbers with their definitions, over HTTP."""

from __future__ import annotations

import json
import time
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from ninja import Router

from gspace import access
from gspace.doors import as_json, incident_of, signed_in
from gspace.problems import Problem
from gspace.short_cache import ShortCache
from gspace.tiles import told
from reports.asking import Asked
from reports.coverage import coverage
from reports.filters import asked
from reports.numbers import numbers
from reports.outlines import drawn, known, outlines, reported

router = Router(tags=["incidents"])
# as long as a desk waits from one reading to the next (frontend/src/hq/coverage.ts)
KEPT_S = 5.0
# outlines are put right without a change of the feed
ANEW_S = 60
counted = ShortCache(most=4 * 1024 * 1024, seconds=KEPT_S)


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
    """With a tag, as outlines are much for an answer: nothing is counted while nothing changes.

    All desks share a count, whatever part of the map they show.
    """
    of = Asked.of(request, slug)
    known_now = f"{known()}-{int(time.time() // ANEW_S)}"
    etag = _etag(of, of.head, known_now)
    if of.tagged and (same := get_conditional_response(request, etag=etag)):
        return told(same, of.reader, of.head, etag)
    found = drawn(of.filters)
    count = partial(reported, of.incident, of.audience, of.filters)
    made = of.everywhere().shared(counted, "outlines", count)
    content = outlines(found, made.content)
    answer = as_json(json.dumps(content, ensure_ascii=False, separators=(",", ":")))
    if not of.tagged:
        return answer
    etag = _etag(of, made.seq, known_now)
    same = get_conditional_response(request, etag=etag, response=answer)
    return told(same or answer, of.reader, made.seq, etag)


def _etag(of: Asked, seq: int, known_now: str) -> str:
    return f'"{of.audience}-{seq}-{of.key}-{known_now}"'
