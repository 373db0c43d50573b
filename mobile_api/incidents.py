"""Incidents over HTTP: state, list of reports, changes, vocabulary."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gspace import access, feed, vocabulary
from gspace.doors import as_json, geojson, incident_of
from gspace.incidents import described
from gspace.models import Incident
from gspace.problems import Problem
from gspace.short_cache import ShortCache
from layers import queries as layer_queries
from reports import queries
from reports.asking import Asked
from reports.counts import counts
from reports.filters import asked

router = Router(tags=["incidents"])
# every desk counts again whenever something has changed
counted = ShortCache(most=4 * 1024 * 1024, seconds=1.0)


@router.get("/incidents", summary="Incidents, newest first")
def get_incidents(request: HttpRequest) -> HttpResponse:
    found = [described(i) for i in Incident.objects.order_by("-started_at", "slug")]
    return as_json(json.dumps({"items": found}, default=str, ensure_ascii=False))


@router.get("/incidents/{slug}/state", summary="Where the feed stands; a map opens here")
def get_state(request: HttpRequest, slug: str) -> HttpResponse:
    incident, audience = incident_of(slug), "public"
    audience = access.audience(access.caller_from_request(request), incident)
    # head first: what changes in between is fetched again, which is harmless
    state = {
        "epoch": feed.epoch(),
        "head": feed.head(incident.id),
        "audience": audience,
        "incident": described(incident),
        "counts": counts(incident, audience),
        "layers": layer_queries.summaries(incident, audience),
    }
    return as_json(json.dumps(state, default=str, ensure_ascii=False))


@router.get("/incidents/{slug}/reports", summary="Reports as GeoJSON, newest first")
def get_reports(request: HttpRequest, slug: str) -> HttpResponse:
    incident = incident_of(slug)
    caller = access.caller_from_request(request)
    audience = access.audience(caller, incident)
    filters = asked(request.GET, caller)
    return geojson(queries.snapshot(incident, audience, feed.epoch(), filters))


@router.get("/incidents/{slug}/counts", summary="How many reports the same filters let through")
def get_counts(request: HttpRequest, slug: str) -> HttpResponse:
    of, view = Asked.of(request, slug), request.GET.get("view")

    def make() -> bytes:
        found = counts(of.incident, of.audience, of.filters | {"view": view})
        return json.dumps(found).encode()

    return as_json(of.shared(counted, view, make).content.decode())


@router.get("/incidents/{slug}/changes", summary="Changes after a position of the feed")
def get_changes(request: HttpRequest, slug: str, since: int = 0, limit: int = 1000) -> HttpResponse:
    incident = incident_of(slug)
    audience = access.audience(access.caller_from_request(request), incident)
    if not 0 <= since < 2**63:
        raise Problem("invalid", "since is a position from 0.", field="since")
    epoch = request.GET.get("epoch", "")
    return as_json(feed.changes_text(incident.id, audience, since, limit, epoch))


@router.get("/vocabulary", summary="Every code with its labels, icon and colour")
def get_vocabulary(request: HttpRequest) -> HttpResponse:
    answer = as_json(json.dumps(vocabulary.as_json(), ensure_ascii=False))
    answer["Cache-Control"] = "public, max-age=300"
    return answer
