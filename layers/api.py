"""Layers over HTTP (DESIGN 4.3): thin handlers over layers.actions and layers.queries."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Router
from pydantic import ValidationError

from gspace import access, feed
from gspace.access import Caller
from gspace.doors import as_json, body_as, geojson, incident_of, invalid, signed_in
from gspace.models import Organisation
from gspace.problems import Problem
from layers import actions, features, findings, intake, queries, sight, situations
from layers.models import LayerVersion
from layers.payload import LayerEdit, LayerIn, StateIn

router = Router(tags=["layers"])
FILTERS = ("bbox", "limit", "cursor")


@router.get("/layers", summary="Layers of an incident, or all; the standing ones included")
def get_layers(request: HttpRequest, incident: str | None = None) -> HttpResponse:
    caller = access.caller_from_request(request)
    found = queries.summaries_for(caller, incident_of(incident) if incident else None)
    return _json({"items": found})


@router.post("/layers", summary="A new layer")
def post_layer(request: HttpRequest) -> HttpResponse:
    by = signed_in(request)
    body = body_as(LayerIn, request)
    layer = actions.layer_create(
        slug=body.slug,
        kind=body.kind,
        publisher=_publisher(by, body.publisher),
        incident=incident_of(body.incident) if body.incident else None,
        by=by,
        **body.metadata(),
    )
    return _json(queries.summary(layer), status=201)


@router.get("/layers/{slug}", summary="One layer")
def get_layer(request: HttpRequest, slug: str) -> HttpResponse:
    layer, _ = queries.layer_for(slug, access.caller_from_request(request))
    return _json(queries.summary(layer))


@router.patch("/layers/{slug}", summary="Describe a layer anew, or change who sees it")
def patch_layer(request: HttpRequest, slug: str) -> HttpResponse:
    by = signed_in(request)
    layer, _ = queries.layer_for(slug, by)
    edit = body_as(LayerEdit, request)
    actions.layer_change(layer=layer, by=by, **edit.model_dump(include=edit.model_fields_set))
    return _json(queries.summary(layer))


@router.put(
    "/layers/{slug}/data", summary="A file in place of the layer's data (CSV, TSV, XLSX, GeoJSON)"
)
def put_data(
    request: HttpRequest, slug: str, filename: str = "", publish: bool = True, crs: str = ""
) -> HttpResponse:
    by = signed_in(request)
    layer, _ = queries.layer_for(slug, by)
    if not sight.is_own(by, layer.publisher_id):
        raise Problem("not_allowed")
    version = intake.take(
        layer=layer,
        source_as_of=_source_as_of(request),
        raw=_body(request),
        filename=filename,
        publish=publish,
        crs=crs,
        by=by,
    )
    return _json({"version": version.number, "state": version.state}, status=202)


@router.get("/layers/{slug}/versions/{int:number}", summary="What became of a file")
def get_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    caller = access.caller_from_request(request)
    layer, _ = queries.layer_for(slug, caller)
    own = sight.is_own(caller, layer.publisher_id)
    return _json(_version(queries.version_for(layer, number, caller), own=own))


@router.post("/layers/{slug}/versions/{int:number}/publish", summary="Publish a version")
def publish_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    by = signed_in(request)
    layer, _ = queries.layer_for(slug, by)
    version = actions.version_publish(layer=layer, number=number, by=by)
    return _json({"version": version.number, "state": version.state})


@router.post("/layers/{slug}/rollback", summary="Back to the version before; states stay")
def rollback(request: HttpRequest, slug: str, seen: int | None = None) -> HttpResponse:
    by = signed_in(request)
    layer, _ = queries.layer_for(slug, by)
    version = actions.layer_rollback(layer=layer, by=by, seen=seen)
    return _json({"version": version.number, "state": version.state})


@router.post("/layers/{slug}/withdraw", summary="Take a layer off every map")
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    by = signed_in(request)
    layer, _ = queries.layer_for(slug, by)
    actions.layer_withdraw(layer=layer, by=by)
    return _json(queries.summary(layer))


@router.post("/layers/{slug}/restore", summary="Put a withdrawn layer back")
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    by = signed_in(request)
    layer, _ = queries.layer_for(slug, by)
    actions.layer_restore(layer=layer, by=by)
    return _json(queries.summary(layer))


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


def _body(request: HttpRequest) -> bytes:
    """The file's bytes; read as a stream, because Django caps `request.body` at 2 MB."""
    raw = request.read(settings.LIMIT_LAYER_BYTES + 1)
    if len(raw) > settings.LIMIT_LAYER_BYTES:
        raise Problem("too_large")
    return raw


def _source_as_of(request: HttpRequest) -> datetime | None:
    """?source_as_of=: as of when the whole file is so; a "+" may have become a blank."""
    text = request.GET.get("source_as_of", "").strip().replace(" ", "+")
    try:
        return StateIn.model_validate({"source_as_of": text or None}).source_as_of
    except ValidationError as error:
        raise invalid(error) from None


def _known(feature_id: str) -> str:
    if "\x00" in feature_id:
        raise Problem("feature_unknown")
    return feature_id


def _publisher(by: Caller, slug: str | None) -> Organisation:
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


def _version(version: LayerVersion, *, own: bool) -> dict[str, Any]:
    """DESIGN 4.3; findings and who sent the file are the publisher's own business."""
    shown = ("number", "state", "reason", "filename", "format", "encoding", "crs", "rows",
             "feature_count", "without_place", "extent", "raw_sha256", "raw_size", "source_as_of",
             "received_at", "published_at", "checked_at")  # fmt: skip
    found = {name: getattr(version, name) for name in shown}
    found["features"] = found.pop("feature_count")
    if own:
        spoken = [findings.spoken(one, gettext) for one in version.findings]
        found |= {"findings": spoken, "uploaded_by": version.uploaded_by}
        # the reason is one of the findings about the whole file: in the reader's language, too
        said = {f["message"]: s["message"] for f, s in zip(version.findings, spoken, strict=True)}
        found["reason"] = said.get(version.reason, version.reason)
    return found


def _json(value: Any, *, status: int = 200) -> HttpResponse:
    answer = as_json(json.dumps(value, default=_plain, ensure_ascii=False))
    answer.status_code = status
    return answer


def _plain(value: Any) -> str:
    return str(value.isoformat())
