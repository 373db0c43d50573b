"""Hand edits over HTTP: places added, corrected, withdrawn, and what was done taken back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from gspace.access import Caller
from gspace.doors import body_as, geojson, signed_in
from gspace.problems import Problem
from layers import actions, edits, features, queries, situations
from layers.api.answers import answer, known, own_layer

# one address, one view: reading and writing a feature share it
from layers.api.features import router
from layers.models import Layer
from layers.payload import FeatureChange, FeatureNew

FILTERS = ("feature", "limit", "cursor")


@router.get("/layers/{slug}/edits", summary="What was changed by hand, newest first")
def get_edits(request: HttpRequest, slug: str) -> HttpResponse:
    layer = own_layer(slug, signed_in(request))
    filters = {name: request.GET[name] for name in FILTERS if name in request.GET}
    return answer(edits.listed(layer, filters))


@router.post("/layers/{slug}/edits/{int:edit_id}/undo", summary="Take an edit back")
def undo_edit(request: HttpRequest, slug: str, edit_id: int) -> HttpResponse:
    by = signed_in(request)
    layer = own_layer(slug, by)
    if edit_id >= 2**63:
        raise Problem("edit_unknown")
    done = actions.edit_undo(layer=layer, edit_id=edit_id, by=by)
    return answer({"id": done.id, "feature": done.feature_id, "what": edits.what(done)})


@router.post("/layers/{slug}/features", summary="Add a place by hand")
def post_feature(request: HttpRequest, slug: str) -> HttpResponse:
    by = signed_in(request)
    layer = own_layer(slug, by)
    body = body_as(FeatureNew, request)
    ident = actions.feature_add(
        layer=layer, values=body.placed(), state=body.said(), source_as_of=body.source_as_of, by=by
    )
    return _feature(layer, ident, by, status=201)


@router.patch(
    "/layers/{slug}/features/{path:feature_id}", summary="Correct a place, or say how it is"
)
def patch_feature(request: HttpRequest, slug: str, feature_id: str) -> HttpResponse:
    by = signed_in(request)
    layer = own_layer(slug, by)
    body = body_as(FeatureChange, request)
    actions.feature_change(
        layer=layer,
        feature_id=known(feature_id),
        values=body.placed(),
        state=body.said(),
        source_as_of=body.source_as_of,
        by=by,
    )
    return _feature(layer, feature_id, by)


@router.delete("/layers/{slug}/features/{path:feature_id}", summary="Withdraw a place by hand")
def delete_feature(request: HttpRequest, slug: str, feature_id: str) -> HttpResponse:
    by = signed_in(request)
    layer = own_layer(slug, by)
    actions.feature_withdraw(layer=layer, feature_id=known(feature_id), by=by)
    return HttpResponse(status=204)


def _feature(layer: Layer, ident: str, by: Caller, *, status: int = 200) -> HttpResponse:
    layer, audience = queries.layer_for(layer.slug, by)
    scope = situations.scope_of(layer, by)
    return geojson(features.feature(layer, ident, audience, scope), status=status)
