"""Exports over HTTP: asked for, followed, taken away. For headquarters alone."""

from __future__ import annotations

import json
import uuid
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from gspace import access
from gspace.attachments import attachment
from gspace.doors import as_json, body_as, incident_of, signed_in
from reports import actions, blobs, exports
from reports.outgoing import Export

router = Router(tags=["exports"])


class ExportIn(BaseModel):
    """filters: of `GET /incidents/{slug}/reports`. photos: which come along in a ZIP; originals
    count as opened by you."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["geojson", "csv", "gpkg", "kml", "zip"]
    filters: dict[Annotated[str, Field(max_length=40)], str | int | bool | None] = {}
    photos: Literal["none", "display", "original"] = "none"


@router.post("/incidents/{slug}/exports", summary="Make a file of the reports of a view")
def post_export(request: HttpRequest, slug: str) -> HttpResponse:
    by, incident = signed_in(request), incident_of(slug)
    access.require_hq(by, incident)
    said: ExportIn = body_as(ExportIn, request)
    export = actions.export_create(
        incident=incident,
        kind=said.kind,
        filters=said.filters,
        photos=said.photos,
        language=get_language() or "ja",
        by=by,
    )
    answer = _told(export)
    answer.status_code = 202
    return answer


@router.get("/incidents/{slug}/exports", summary="Exports of the last hours, newest first")
def get_exports(request: HttpRequest, slug: str) -> HttpResponse:
    incident = incident_of(slug)
    access.require_hq(signed_in(request), incident)
    items = [exports.as_json(export) for export in exports.recent(incident)]
    return as_json(json.dumps({"items": items}, ensure_ascii=False))


@router.get("/exports/{uuid:export_id}", summary="How far it is")
def get_export(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    return _told(exports.export_for(export_id, signed_in(request)))


@router.delete("/exports/{uuid:export_id}", summary="Cancel it, or remove its file")
def delete_export(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    actions.export_cancel(export_id=export_id, by=signed_in(request))
    return HttpResponse(status=204)


@router.get("/exports/{uuid:export_id}/file", summary="The file, as attachment")
def get_export_file(request: HttpRequest, export_id: uuid.UUID) -> HttpResponseBase:
    by = signed_in(request)
    export = exports.export_for(export_id, by)
    name = exports.file_of(export)
    actions.export_opened(export=export, by=by)
    answer = attachment(
        lambda: blobs.open_file(name),
        name=exports.called(export),
        kind=exports.MEDIA_TYPES[export.kind],
        size=export.size,
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _told(export: Export) -> HttpResponse:
    told: dict[str, Any] = exports.as_json(export)
    return as_json(json.dumps(told, ensure_ascii=False))
