"""Features over HTTP, read: with their state, one or all, and how one of them has been."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gspace import access, feed
from gspace.doors import geojson, incident_of
from layers import features, queries, series, situations
from layers.api.answers import answer, known

router = Router(tags=["layers"])
FILTERS = ("bbox", "limit", "cursor")


@router.get("/layers/{slug}/features", summary="Features with their state, as GeoJSON")
def get_features(request: HttpRequest, slug: str, incident: str | None = None) -> HttpResponse:
    caller = access.caller_from_request(request)
    layer, audience = queries.layer_for(slug, caller)
    filters: dict[str, Any] = {n: request.GET[n] for n in FILTERS if n in request.GET}
    named = incident_of(incident) if incident else None
    scope = situations.scope_of(layer, caller, named)
    return geojson(features.collection(layer, audience, feed.epoch(), filters, scope))


@router.get(
    "/layers/{slug}/features/{path:feature_id}/series", summary="How it has been, newest first"
)
def get_series(
    request: HttpRequest, slug: str, feature_id: str, incident: str | None = None
) -> HttpResponse:
    caller = access.caller_from_request(request)
    layer, _ = queries.layer_for(slug, caller)
    named = incident_of(incident) if incident else None
    scope = situations.scope_of(layer, caller, named)
    return answer(series.of(layer, known(feature_id), scope, request.GET.get("limit")))


@router.get("/layers/{slug}/features/{path:feature_id}", summary="One feature with its state")
def get_feature(
    request: HttpRequest, slug: str, feature_id: str, incident: str | None = None
) -> HttpResponse:
    caller = access.caller_from_request(request)
    layer, audience = queries.layer_for(slug, caller)
    named = incident_of(incident) if incident else None
    scope = situations.scope_of(layer, caller, named)
    return geojson(features.feature(layer, known(feature_id), audience, scope))
