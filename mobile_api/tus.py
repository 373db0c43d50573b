"""tus 1.0 at /api/v1/uploads/: an original that survives any number of cuts.

Core, creation, expiration, checksum (sha1, sha256) and termination of https://tus.io/protocols/
resumable-upload, 1.0.0. `Upload-Metadata: photo <base64 of the photo's uuid>`; a report of the same
author must have announced the photo. The receipt is GET /api/v1/photos/{uuid}.
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.http import http_date

from gspace import disk
from gspace.problems import Problem
from mobile_api.streams import Answer, answered, caller_of, headers_of, in_thread, pour
from reports import actions, parts, queries
from reports.models import Upload

ROOT = "/api/v1/uploads/"
PATH = re.compile(r"^/api/v1/uploads(?:/([^/]*))?/?$")
VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
CHECKSUMS = {"sha1": 20, "sha256": 32}
TYPE = "application/offset+octet-stream"


@dataclass
class Call:
    """One request. ident: the upload's id as written, "" for the collection."""

    scope: dict[str, Any]
    receive: Any
    headers: dict[str, str]
    method: str
    ident: str

    def number(self, name: str) -> int:
        """A header that must be a count of bytes. Raises Problem invalid."""
        text = self.headers.get(name.lower(), "")
        if not re.fullmatch(r"[0-9]{1,18}", text):
            raise Problem("invalid", f"{name} must be a number.", field=name)
        return int(text)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """ASGI. Every answer names the version of the protocol."""
    match = PATH.match(scope["path"])
    assert match is not None, "routed here by PATH"
    headers = headers_of(scope)
    # proxies and old clients that know no PATCH
    method = headers.get("x-http-method-override", scope["method"]).upper()
    call = Call(scope, receive, headers, method, match[1] or "")
    always = {"tus-resumable": VERSION, "cache-control": "no-store"}
    await answered(_answer(call), send, always)


async def _answer(call: Call) -> Answer:
    doors = OF_ONE if call.ident else OF_ALL
    door = doors.get(call.method)
    if call.method != "OPTIONS" and call.headers.get("tus-resumable") != VERSION:
        raise Refusal("upload_version", {"tus-version": VERSION})
    if door is None:
        raise Refusal("method_unknown", {"allow": ", ".join(doors)})
    return await door(call)


class Refusal(Problem):
    """A problem whose answer carries headers of the protocol."""

    def __init__(self, code: str, headers: dict[str, str]) -> None:
        super().__init__(code)
        self.headers = headers

    def response(self) -> Any:
        answer = super().response()
        for name, value in self.headers.items():
            answer[name] = value
        return answer


async def _options(call: Call) -> Answer:
    told = {
        "tus-version": VERSION,
        "tus-extension": EXTENSIONS,
        "tus-checksum-algorithm": ",".join(CHECKSUMS),
        "tus-max-size": str(settings.LIMIT_ORIGINAL_BYTES),
    }
    return Answer(204, told)


async def _create(call: Call) -> Answer:
    length = call.number("Upload-Length")
    if length > settings.LIMIT_ORIGINAL_BYTES:
        raise Problem("too_large")
    photo_id = _photo_id(call.headers.get("upload-metadata", ""))
    upload = await in_thread(_opened, call, photo_id, length)
    offset = upload.length if upload.completed_at else 0
    return Answer(201, {"location": f"{ROOT}{upload.id}"} | _state(upload, offset))


def _photo_id(metadata: str) -> uuid.UUID:
    """The photo of Upload-Metadata, also when a client forgot to encode it."""
    pairs = dict(pair.strip().partition(" ")[::2] for pair in metadata.split(","))
    value = pairs.get("photo", "").strip()
    if not value:
        raise Problem("invalid", "photo <base64 of the photo's id> is missing.", field=METADATA)
    try:
        return uuid.UUID(value if "-" in value else base64.b64decode(value).decode("ascii"))
    except ValueError:
        raise Problem("photo_unknown", field=METADATA) from None


METADATA = "Upload-Metadata"


def _opened(call: Call, photo_id: uuid.UUID, length: int) -> Upload:
    by = caller_of(call.scope)
    if disk.is_full():
        raise Problem("disk_full")
    return actions.upload_open(photo_id=photo_id, length=length, by=by)


def _mine(call: Call) -> Upload:
    by = caller_of(call.scope)
    try:
        return queries.upload_for(uuid.UUID(call.ident), by)
    except ValueError:
        raise Problem("upload_unknown") from None


async def _head(call: Call) -> Answer:
    upload = await in_thread(_mine, call)
    offset = await _settled(call, upload)
    encoded = base64.b64encode(str(upload.photo_id).encode()).decode()
    told = {"upload-length": str(upload.length), "upload-metadata": f"photo {encoded}"}
    return Answer(200, told | _state(upload, offset))


async def _settled(call: Call, upload: Upload) -> int:
    """The offset, after whoever held the upload let go; stores what a crash left complete."""
    if upload.completed_at is None:
        try:
            async with parts.held(upload.id, take_over=True) as part:
                if part.size() < upload.length:
                    return part.size()
                await in_thread(actions.upload_finish, upload=upload, part=part)
        except FileNotFoundError:
            await _completed_meanwhile(call)
    return upload.length


async def _completed_meanwhile(call: Call) -> None:
    """A part goes away when its upload is complete, or has been ended."""
    if (await in_thread(_mine, call)).completed_at is None:
        raise Problem("upload_unknown")


async def _patch(call: Call) -> Answer:
    if call.headers.get("content-type", "").strip().lower() != TYPE:
        raise Problem("upload_type", field="Content-Type")
    offset = call.number("Upload-Offset")
    checksum = _checksum(call.headers.get("upload-checksum"))
    upload = await in_thread(_writable, call)
    reached = upload.length
    if upload.completed_at is not None:
        _same(offset, upload.length)
    else:
        try:
            async with parts.held(upload.id, take_over=False) as part:
                reached = await _append(call, upload, part, offset, checksum)
        except FileNotFoundError:
            await _completed_meanwhile(call)
            _same(offset, upload.length)
    return Answer(204, _state(upload, reached))


def _writable(call: Call) -> Upload:
    upload = _mine(call)
    if disk.is_full():
        raise Problem("disk_full")
    return upload


def _same(offset: int, found: int) -> None:
    if offset != found:
        raise Refusal("upload_offset", {"upload-offset": str(found)})


async def _append(
    call: Call, upload: Upload, part: parts.Held, offset: int, checksum: tuple[str, bytes] | None
) -> int:
    _same(offset, part.size())
    room = upload.length - offset
    if int(call.headers.get("content-length") or 0) > room:
        raise Problem("too_large", "These are more bytes than Upload-Length announced.")
    if checksum is None:
        await pour(call.receive, part.add, limit=room, unwanted=part.is_wanted)
    else:
        await _append_proven(call, part, room, *checksum)
    await in_thread(part.sync)
    if part.size() == upload.length:
        await in_thread(actions.upload_finish, upload=upload, part=part)
        return upload.length
    return part.size()


async def _append_proven(call: Call, part: parts.Held, room: int, kind: str, digest: bytes) -> None:
    chunk = parts.Proven(part, kind, digest)
    try:
        await pour(call.receive, chunk.add, limit=room, unwanted=part.is_wanted)
        await in_thread(chunk.keep)
    finally:
        chunk.close()


def _checksum(header: str | None) -> tuple[str, bytes] | None:
    """(sha1 or sha256, digest) of Upload-Checksum. Raises Problem checksum_unknown."""
    if header is None:
        return None
    kind, _, value = header.strip().partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        digest = b""
    if len(digest) != CHECKSUMS.get(kind.lower()):
        raise Problem("checksum_unknown", field="Upload-Checksum")
    return kind.lower(), digest


async def _delete(call: Call) -> Answer:
    upload = await in_thread(_mine, call)
    try:
        async with parts.held(upload.id, take_over=True):
            await in_thread(actions.upload_end, upload_id=upload.id)
    except FileNotFoundError:
        await in_thread(actions.upload_end, upload_id=upload.id)
    return Answer(204)


def _state(upload: Upload, offset: int) -> dict[str, str]:
    told = {"upload-offset": str(offset)}
    if offset < upload.length:
        told["upload-expires"] = http_date(_expires(upload).timestamp())
    return told


def _expires(upload: Upload) -> datetime:
    last = parts.last_byte_at(upload.id) or timezone.now()
    return last + timedelta(days=settings.LIMIT_UPLOAD_DAYS)


Door = Callable[[Call], Awaitable[Answer]]
OF_ALL: dict[str, Door] = {"OPTIONS": _options, "POST": _create}
OF_ONE: dict[str, Door] = {
    "OPTIONS": _options,
    "HEAD": _head,
    "PATCH": _patch,
    "DELETE": _delete,
}
