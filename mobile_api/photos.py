"""Photo bytes over HTTP, except the uploads of originals, which stream (originals, tus)."""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router

from gspace import access
from gspace.attachments import attachment
from gspace.doors import as_json, signed_in
from gspace.problems import Problem
from reports import actions, blobs, queries
from reports.models import Photo
from reports.receipt_json import photo_receipt

router = Router(tags=["photos"])
Answer = TypeVar("Answer", bound=HttpResponseBase)

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/avif": "avif",
}


@router.put("/photos/{uuid:photo_id}/preview", summary="Send a small JPEG ahead of the original")
def put_preview(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    photo = actions.announced(photo_id, by)
    actions.preview_store(photo=photo, content=request.body)
    return as_json(photo_receipt(queries.photo_for(photo_id)))


@router.get("/photos/{uuid:photo_id}", summary="The receipt: what is stored of this photo")
def get_photo(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    photo = queries.photo_for(photo_id)
    _may_see(request, photo)
    return as_json(photo_receipt(photo))


@router.get("/photos/{uuid:photo_id}/original", summary="The original, as attachment (HQ only)")
def get_original(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    photo, by = queries.photo_for(photo_id), signed_in(request)
    access.require_hq(by, photo.report.incident)
    if photo.stored_at is None:
        raise Problem("photo_not_ready")
    actions.original_opened(photo=photo, by=by)
    kind = photo.media_type if photo.media_type in EXTENSIONS else ""
    name = f"{photo.report.receipt}-{photo.ordinal + 1}.{EXTENSIONS.get(kind, 'bin')}"
    # bytes of a stranger are never offered as something a browser would open
    stored = blobs.original_name(photo.sha256)
    answer = attachment(
        lambda: blobs.open_file(stored),
        name=name,
        kind="application/octet-stream",
        size=photo.size,
    )
    return sealed(answer)


def _copy(request: HttpRequest, photo_id: uuid.UUID, which: str) -> HttpResponse:
    photo = queries.photo_for(photo_id)
    _may_see(request, photo)
    try:
        with blobs.open_file(blobs.copy_name(photo.id, which)) as stream:
            answer = HttpResponse(stream.read(), content_type="image/jpeg")
    except FileNotFoundError:
        raise Problem("photo_not_ready") from None
    sealed(answer)
    # copies never change under their name, but they may be taken back
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@router.get("/photos/{uuid:photo_id}/preview", summary="The phone's small picture, re-encoded")
def get_preview(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    return _copy(request, photo_id, "preview")


@router.get("/photos/{uuid:photo_id}/display", summary="At most 1280 px, without metadata")
def get_display(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    return _copy(request, photo_id, "display")


@router.get("/photos/{uuid:photo_id}/thumb", summary="At most 320 px, without metadata")
def get_thumb(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    return _copy(request, photo_id, "thumb")


def _may_see(request: HttpRequest, photo: Photo) -> None:
    if not queries.may_see_photo(access.caller_from_request(request), photo.report):
        raise Problem("photo_unknown")


def sealed(answer: Answer) -> Answer:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
