"""Layers over HTTP: what they are called, who sees them, whether they are there at all."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gspace import access
from gspace.access import Caller
from gspace.doors import body_as, incident_of, signed_in
from gspace.models import Organisation
from gspace.problems import Problem
from layers import actions, queries, sight
from layers.api.answers import answer
from layers.payload import LayerEdit, LayerIn

router = Router(tags=["layers"])


@router.get("/layers", summary="Layers of an incident, or all; the standing ones included")
def get_layers(request: HttpRequest, incident: str | None = None) -> HttpResponse:
    caller = access.caller_from_request(request)
    found = queries.summaries_for(caller, incident_of(incident) if incident else None)
    return answer({"items": found})


@router.post("/layers", summary="A new layer")
def post_layer(request: HttpRequest) -> HttpResponse:
    by = signed_in(request)
    body = body_as(LayerIn, request)
    layer = actions.layer_create(
        slug=body.slug,
        kind=body.kind,
        publisher=publisher_of(by, body.publisher),
        incident=incident_of(body.incident) if body.incident else None,
        by=by,
        **body.metadata(),
    )
    return answer(queries.summary(layer), status=201)


@router.get("/layers/{slug}", summary="One layer")
def get_layer(request: HttpRequest, slug: str) -> HttpResponse:
    layer, _ = queries.layer_for(slug, access.caller_from_request(request))
    return answer(queries.summary(layer))


@router.patch("/layers/{slug}", summary="Describe a layer anew, or change who sees it")
def patch_layer(request: HttpRequest, slug: str) -> HttpResponse:
    by = signed_in(request)
    layer, _ = queries.layer_for(slug, by)
    edit = body_as(LayerEdit, request)
    actions.layer_change(layer=layer, by=by, **edit.model_dump(include=edit.model_fields_set))
    return answer(queries.summary(layer))


@router.post("/layers/{slug}/withdraw", summary="Take a layer off every map")
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    by = signed_in(request)
    layer, _ = queries.layer_for(slug, by)
    actions.layer_withdraw(layer=layer, by=by)
    return answer(queries.summary(layer))


@router.post("/layers/{slug}/restore", summary="Put a withdrawn layer back")
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    by = signed_in(request)
    layer, _ = queries.layer_for(slug, by)
    actions.layer_restore(layer=layer, by=by)
    return answer(queries.summary(layer))


def publisher_of(by: Caller, slug: str | None) -> Organisation:
    """The organisation a new layer belongs to: the caller's own, named when there are several."""
    own = Organisation.objects.filter(id__in=sight.publishing_for(by))
    found = list(Organisation.objects.filter(slug=slug) if slug and by.superuser else own)
    if slug:
        found = [o for o in found if o.slug == slug]
    if not found:
        raise Problem("not_allowed")
    if len(found) > 1:
        slugs = ", ".join(sorted(o.slug for o in found))
        raise Problem("invalid", f"Say for whom: {slugs}.", field="publisher")
    return found[0]
