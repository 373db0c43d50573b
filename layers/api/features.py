"""Features over HTTP: read with their state, and their state said by hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gspace import access, feed
from gspace.doors import body_as, geojson, incident_of, signed_in
from gspace.problems import Problem
from layers import actions, features, queries, situations
from layers.payload import StateIn

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


@router.get("/layers/{slug}/features/{path:feature_id}", summary="One feature with its state")
def get_feature(
    request: HttpRequest, slug: str, feature_id: str, incident: str | None = None
) -> HttpResponse:
    caller = access.caller_from_request(request)
    layer, audience = queries.layer_for(slug, caller)
    named = incident_of(incident) if incident else None
    scope = situations.scope_of(layer, caller, named)
    return geojson(features.feature(layer, _known(feature_id), audience, scope))


@router.patch("/layers/{slug}/features/{path:feature_id}", summary="Say how a feature is, by hand")
def patch_feature(request: HttpRequest, slug: str, feature_id: str) -> HttpResponse:
    by = signed_in(request)
    layer, audience = queries.layer_for(slug, by)
    body = body_as(StateIn, request)
    actions.state_set(
        layer=layer,
        feature_id=_known(feature_id),
        values=body.said(),
        source_as_of=body.source_as_of,
        by=by,
    )
    scope = situations.scope_of(layer, by)
    return geojson(features.feature(layer, feature_id, audience, scope))


def _known(feature_id: str) -> str:
    if "\x00" in feature_id:
        raise Problem("feature_unknown")
    return feature_id
