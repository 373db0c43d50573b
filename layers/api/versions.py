"""Versions over HTTP: a file is sent, looked at, published, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Router
from pydantic import ValidationError

from gspace import access
from gspace.doors import invalid, signed_in
from gspace.problems import Problem
from layers import actions, findings, intake, queries, sight
from layers.api.answers import answer
from layers.models import LayerVersion
from layers.payload import StateIn

router = Router(tags=["layers"])


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
    return answer({"version": version.number, "state": version.state}, status=202)


@router.get("/layers/{slug}/versions/{int:number}", summary="What became of a file")
def get_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    caller = access.caller_from_request(request)
    layer, _ = queries.layer_for(slug, caller)
    own = sight.is_own(caller, layer.publisher_id)
    return answer(_version(queries.version_for(layer, number, caller), own=own))


@router.post("/layers/{slug}/versions/{int:number}/publish", summary="Publish a version")
def publish_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    by = signed_in(request)
    layer, _ = queries.layer_for(slug, by)
    version = actions.version_publish(layer=layer, number=number, by=by)
    return answer({"version": version.number, "state": version.state})


@router.post("/layers/{slug}/rollback", summary="Back to the version before; states stay")
def rollback(request: HttpRequest, slug: str, seen: int | None = None) -> HttpResponse:
    by = signed_in(request)
    layer, _ = queries.layer_for(slug, by)
    version = actions.layer_rollback(layer=layer, by=by, seen=seen)
    return answer({"version": version.number, "state": version.state})


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
