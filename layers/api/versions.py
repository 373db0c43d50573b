"""Versions over HTTP: a file is sent, looked at, published, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router
from pydantic import ValidationError

from gspace import access
from gspace.access import Caller
from gspace.doors import body_as, geojson, invalid, signed_in
from gspace.problems import Problem
from layers import actions, intake, preview, queries, rereading, sight, versions
from layers.api.answers import answer, download, own_layer
from layers.models import Layer, LayerVersion
from layers.payload import LIMIT_HEADER, ReadAgain, StateIn

router = Router(tags=["layers"])


@router.put("/layers/{slug}/data", summary="A file in place of the layer's data, as it is")
def put_data(
    request: HttpRequest,
    slug: str,
    filename: str = "",
    publish: bool = True,
    crs: str = "",
    header: int | None = None,
) -> HttpResponse:
    by = signed_in(request)
    if header is not None and not 0 <= header <= LIMIT_HEADER:
        raise Problem("invalid", f"header is 0 to {LIMIT_HEADER:,}.", field="header")
    version = intake.take(
        layer=own_layer(slug, by),
        source_as_of=_source_as_of(request),
        # as a stream: Django caps `request.body` at 2 MB, and nobody needs the whole in memory
        raw=request,
        filename=filename,
        publish=publish,
        crs=crs,
        header=header,
        by=by,
    )
    return answer({"version": version.number, "state": version.state}, status=202)


@router.get("/layers/{slug}/versions", summary="Versions of a layer, newest first")
def get_versions(request: HttpRequest, slug: str) -> HttpResponse:
    caller = access.caller_from_request(request)
    layer, _ = queries.layer_for(slug, caller)
    return answer(versions.listed(layer, caller, _filters(request, "limit", "cursor")))


@router.get("/layers/{slug}/versions/{int:number}", summary="What became of a file")
def get_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    caller = access.caller_from_request(request)
    layer, _ = queries.layer_for(slug, caller)
    own = sight.is_own(caller, layer.publisher_id)
    return answer(versions.told(queries.version_for(layer, number, caller), own=own))


@router.get(
    "/layers/{slug}/versions/{int:number}/features",
    summary="What a version holds, before it is public",
)
def get_version_features(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    layer, version, _ = _own(request, slug, number)
    return geojson(preview.collection(layer, version, _filters(request, *preview.FILTERS)))


@router.get("/layers/{slug}/versions/{int:number}/diff", summary="What a version changes")
def get_version_diff(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    layer, version, _ = _own(request, slug, number)
    return answer(versions.changes(layer, version, _filters(request, "limit", "against")))


@router.get("/layers/{slug}/versions/{int:number}/file", summary="The file as it was sent")
def get_version_file(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    _, version, _ = _own(request, slug, number)
    return download(rereading.bytes_of(version), version.filename or f"{slug}-{number}")


@router.post("/layers/{slug}/versions/{int:number}/read", summary="Read the same file otherwise")
def read_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    layer, version, by = _own(request, slug, number)
    body = body_as(ReadAgain, request) if request.body else ReadAgain()
    made = rereading.again(layer, version, body, by)
    return answer({"version": made.number, "state": made.state}, status=202)


@router.post("/layers/{slug}/versions/{int:number}/publish", summary="Publish a version")
def publish_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    by = signed_in(request)
    layer, _ = queries.layer_for(slug, by)
    version = actions.version_publish(layer=layer, number=number, by=by)
    return answer({"version": version.number, "state": version.state})


@router.post(
    "/layers/{slug}/rollback", summary="Back to the version before, or to one; states stay"
)
def rollback(
    request: HttpRequest, slug: str, seen: int | None = None, to: int | None = None
) -> HttpResponse:
    by = signed_in(request)
    layer, _ = queries.layer_for(slug, by)
    version = actions.layer_rollback(layer=layer, by=by, seen=seen, to=to)
    return answer({"version": version.number, "state": version.state})


def _own(request: HttpRequest, slug: str, number: int) -> tuple[Layer, LayerVersion, Caller]:
    by = signed_in(request)
    layer = own_layer(slug, by)
    return layer, queries.version_for(layer, number, by), by


def _filters(request: HttpRequest, *names: str) -> dict[str, Any]:
    return {name: request.GET[name] for name in names if name in request.GET}


def _source_as_of(request: HttpRequest) -> datetime | None:
    """?source_as_of=: as of when the whole file is so; a "+" may have become a blank."""
    text = request.GET.get("source_as_of", "").strip().replace(" ", "+")
    try:
        return StateIn.model_validate({"source_as_of": text or None}).source_as_of
    except ValidationError as error:
        raise invalid(error) from None
