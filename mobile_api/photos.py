"""Photo bytes over HTTP, except the original's upload, which streams (mobile_api.originals)."""

from __future__ import annotations

import uuid

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Router

from gspace import access
from gspace.doors import as_json, signed_in
from gspace.problems import Problem
from reports import actions, blobs, queries
from reports.models import Photo
from reports.receipt_json import photo_receipt

router = Router(tags=["photos"])

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
def get_original(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    photo, by = queries.photo_for(photo_id), signed_in(request)
    access.require_hq(by, photo.report.incident)
    if photo.stored_at is None:
        raise Problem("photo_not_ready")
    actions.original_opened(photo=photo, by=by)
    kind = photo.media_type if photo.media_type in EXTENSIONS else ""
    name = f"{photo.report.receipt}-{photo.ordinal + 1}.{EXTENSIONS.get(kind, 'bin')}"
    answer = FileResponse(
        blobs.open_file(blobs.original_name(photo.sha256)),
        as_attachment=True,
        filename=name,
        # bytes of a stranger are never offered as something a browser would open
        content_type="application/octet-stream",
    )
    return _sealed(answer)


@router.get("/photos/{uuid:photo_id}/{which}", summary="preview, display (1280 px) or thumb (320 px)")
def get_copy(request: HttpRequest, photo_id: uuid.UUID, which: str) -> HttpResponse:
    if which not in ("preview", "display", "thumb"):
        raise Problem("not_found")
    photo = queries.photo_for(photo_id)
    _may_see(request, photo)
    try:
        stream = blobs.open_file(blobs.copy_name(photo.id, which))
    except FileNotFoundError:
        raise Problem("photo_not_ready") from None
    answer = _sealed(FileResponse(stream, content_type="image/jpeg"))
    # copies never change under their name, but they may be taken back
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def _may_see(request: HttpRequest, photo: Photo) -> None:
    """Photos are for hq, partner and field (reports they may see) and the author; not public."""
    by = access.caller_from_request(request)
    report = photo.report
    if by.key and report.author_key == by.key:
        return
    audience = access.audience(by, report.incident)
    if audience == "public" or not report.audiences & access.BITS[audience]:
        raise Problem("photo_unknown")


def _sealed(answer: FileResponse) -> FileResponse:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
