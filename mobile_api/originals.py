"""PUT /api/v1/photos/{uuid}/original: the body is streamed to disk while it is hashed.

The bytes are complete, checked, fsynced and renamed before the row is written (DESIGN section 3,
3). For clients that send a photo in one go; mobile_api.tus resumes.
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from typing import Any

from django.conf import settings

from gspace import disk
from gspace.problems import Problem
from mobile_api.streams import Answer, Part, answered, caller_of, headers_of, in_thread, pour
from reports import actions, blobs
from reports.models import Photo
from reports.receipt_json import photo_receipt

PATH = re.compile(r"^/api/v1/photos/([0-9a-fA-F-]{36})/original$")
DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]+):")


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """ASGI. Answers 201 (stored now) or 200 (same bytes were here) with the photo's receipt."""
    await answered(_put(scope, receive), send, {})


async def _put(scope: dict[str, Any], receive: Any) -> Answer:
    match = PATH.match(scope["path"])
    assert match is not None, "routed here by PATH"
    headers = headers_of(scope)
    digest = _digest(headers.get("repr-digest", ""))
    _announced_length(headers.get("content-length", "0"))
    photo = await in_thread(_photo, scope, match[1])
    # PostgreSQL is not held while the bytes come in, however slowly
    part = await _receive(receive)
    if part.hash.digest() != digest:
        part.path.unlink(missing_ok=True)
        raise Problem("digest_mismatch")
    was_here = photo.stored_at is not None
    stored = await in_thread(_store, photo, part)
    kind = {"content-type": "application/json", "cache-control": "private, no-store"}
    return Answer(200 if was_here else 201, kind, photo_receipt(stored).encode())


def _digest(header: str) -> bytes:
    """The SHA-256 of Repr-Digest (RFC 9530). Raises Problem digest_missing."""
    match = DIGEST.search(header)
    try:
        found = base64.b64decode(match[1], validate=True) if match else b""
    except binascii.Error:
        found = b""
    if len(found) != 32:
        raise Problem("digest_missing", field="Repr-Digest")
    return found


def _announced_length(length: str) -> None:
    if length.isdigit() and int(length) > settings.LIMIT_ORIGINAL_BYTES:
        raise Problem("too_large")


def _photo(scope: dict[str, Any], ident: str) -> Photo:
    """The announced photo, decided before a byte of the body is read."""
    try:
        photo_id = uuid.UUID(ident)
    except ValueError:
        raise Problem("photo_unknown") from None
    by = caller_of(scope)
    if disk.is_full():
        raise Problem("disk_full")
    return actions.announced(photo_id, by)


async def _receive(receive: Any) -> Part:
    """The body in a part file. Raises Problem too_large / too_slow; leaves no file then."""
    part = Part(blobs.new_part())
    try:
        await pour(receive, part.add, limit=settings.LIMIT_ORIGINAL_BYTES)
    except BaseException:
        part.close()
        part.path.unlink(missing_ok=True)
        raise
    part.close()
    return part


def _store(photo: Photo, part: Part) -> Photo:
    return actions.photo_store(
        photo=photo, part=part.path, sha256=part.hash.hexdigest(), size=part.size
    )
