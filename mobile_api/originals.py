"""PUT /api/v1/photos/{uuid}/original: the body is streamed to disk while it is hashed.

An ASGI application of its own, because Django reads a whole body before a view may say no. The
bytes are complete, checked, fsynced and renamed before the row is written (DESIGN section 3, 3).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import io
import os
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import OperationalError, connections
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gspace import access, disk
from gspace.doors import caller
from gspace.problems import Problem
from reports import actions, blobs
from reports.models import Photo
from reports.receipt_json import photo_receipt

PATH = re.compile(r"^/api/v1/photos/([0-9a-fA-F-]{36})/original$")
DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]+):")
# One hop to a thread per this many bytes: hashing and writing never hold up the event loop.
BATCH = 512 * 1024
_threads = ThreadPoolExecutor(4, thread_name_prefix="original")


class Part:
    """Bytes on their way: file, running SHA-256, size."""

    def __init__(self, path: Path) -> None:
        self.path, self.size, self.hash = path, 0, hashlib.sha256()
        self.handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)

    def add(self, chunks: list[bytes]) -> None:
        for chunk in chunks:
            self.hash.update(chunk)
            self.size += len(chunk)
            while chunk:
                chunk = chunk[os.write(self.handle, chunk) :]

    def close(self) -> None:
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """ASGI. Answers 201 (stored now) or 200 (same bytes were here) with the photo's receipt."""
    try:
        status, body = await _put(scope, receive)
    except Problem as problem:
        answer = problem.response()
        status, body = answer.status_code, answer.content
        extra = [(k.lower().encode(), v.encode()) for k, v in answer.headers.items()]
    else:
        extra = [(b"content-type", b"application/json"), (b"cache-control", b"private, no-store")]
    extra += [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": extra})
    await send({"type": "http.response.body", "body": body})


async def _put(scope: dict[str, Any], receive: Any) -> tuple[int, bytes]:
    match = PATH.match(scope["path"])
    assert match is not None, "routed here by PATH"
    headers = {name: value for name, value in scope["headers"]}
    digest = _digest(headers.get(b"repr-digest", b"").decode("latin-1"))
    _announced_length(headers)
    photo = await _in_thread(_photo, scope, match[1])
    # PostgreSQL is not held while the bytes come in, however slowly
    part = await _receive(receive)
    if part.hash.digest() != digest:
        part.path.unlink(missing_ok=True)
        raise Problem("digest_mismatch")
    was_here = photo.stored_at is not None
    stored = await _in_thread(_store, photo, part)
    return 200 if was_here else 201, photo_receipt(stored).encode()


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


def _announced_length(headers: dict[bytes, bytes]) -> None:
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > settings.LIMIT_ORIGINAL_BYTES:
        raise Problem("too_large")


def _photo(scope: dict[str, Any], ident: str) -> Photo:
    """The announced photo, decided before a byte of the body is read."""
    try:
        photo_id = uuid.UUID(ident)
    except ValueError:
        raise Problem("photo_unknown") from None
    request = ASGIRequest(scope, io.BytesIO())
    request.user = _Anonymous()  # type: ignore[assignment]
    if not request.headers.get("Authorization"):
        request.gspace_caller = access.caller_from_cookies(request.COOKIES)  # type: ignore
    by = caller(request)
    if not by.key:
        raise Problem("not_signed_in")
    if disk.is_full():
        raise Problem("disk_full")
    return actions.announced(photo_id, by)


class _Anonymous:
    """Stands where the session middleware would put a user; cookies are read on their own."""

    is_authenticated = False


async def _receive(receive: Any) -> Part:
    """The body in a part file. Raises Problem too_large / too_slow; leaves no file then."""
    part = Part(blobs.new_part())
    try:
        await _drain(receive, part)
    except BaseException:
        part.close()
        part.path.unlink(missing_ok=True)
        raise
    part.close()
    return part


async def _drain(receive: Any, part: Part) -> None:
    loop = asyncio.get_running_loop()
    chunks: list[bytes] = []
    waiting, total, more = 0, 0, True
    while more:
        try:
            message = await asyncio.wait_for(receive(), settings.LIMIT_BODY_IDLE_S)
        except TimeoutError:
            raise Problem("too_slow") from None
        if message["type"] == "http.disconnect":
            raise Problem("too_slow", "The connection was cut.")
        more = message.get("more_body", False)
        chunks.append(message.get("body", b""))
        waiting += len(chunks[-1])
        total += len(chunks[-1])
        if total > settings.LIMIT_ORIGINAL_BYTES:
            raise Problem("too_large")
        if waiting >= BATCH or not more:
            await loop.run_in_executor(_threads, part.add, chunks)
            chunks, waiting = [], 0


def _store(photo: Photo, part: Part) -> Photo:
    return actions.photo_store(
        photo=photo, part=part.path, sha256=part.hash.hexdigest(), size=part.size
    )


async def _in_thread(function: Any, *args: Any) -> Any:
    def run() -> Any:
        try:
            return function(*args)
        except (OperationalError, PoolTimeout):
            raise Problem("busy") from None
        finally:
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(_threads, run)
