"""What the streamed doors share: who is calling, the body on its way to disk, the answer.

They are ASGI applications beside Django, which reads a whole body before a view may say no.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import io
import os
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import OperationalError, connections
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gspace import access
from gspace.access import Caller
from gspace.doors import caller
from gspace.problems import Problem

# The most that waits in memory for the disk, in bytes, per request.
BATCH = 512 * 1024
# How soon a request that gets no bytes notices that it shall let go, in seconds.
POLL_S = 0.2
# What was on its way when the link was lost may still come in for so long, in seconds.
GRACE_S = 1.0
FULL = {errno.ENOSPC, errno.EDQUOT}
_threads = ThreadPoolExecutor(4, thread_name_prefix="stream")


class Part:
    """Bytes on their way: file, running SHA-256, size."""

    def __init__(self, path: Path) -> None:
        self.path, self.size, self.hash = path, 0, hashlib.sha256()
        self.handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)

    def add(self, chunks: list[bytes]) -> None:
        for chunk in chunks:
            self.hash.update(chunk)
            self.size += len(chunk)
            write_all(self.handle, chunk)

    def close(self) -> None:
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1


def write_all(handle: int, chunk: bytes) -> None:
    while chunk:
        chunk = chunk[os.write(handle, chunk) :]


@dataclass
class Answer:
    """status, headers (lower-case names), body."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


async def answered(making: Awaitable[Answer], send: Any, always: dict[str, str]) -> None:
    """Send what `making` gives, or the problem it raises; `always` goes into both."""
    try:
        found = await making
    except Problem as problem:
        found = _told(problem)
    except OSError as error:
        if error.errno not in FULL:
            raise
        found = _told(Problem("disk_full"))
    headers = always | found.headers
    if found.status != 204:
        headers["content-length"] = str(len(found.body))
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": found.status, "headers": pairs})
    await send({"type": "http.response.body", "body": found.body})


def _told(problem: Problem) -> Answer:
    answer = problem.response()
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status_code, headers, answer.content)


class _Anonymous:
    """Stands where the session middleware would put a user; cookies are read on their own."""

    is_authenticated = False


def caller_of(scope: dict[str, Any]) -> Caller:
    """Who sends this request. Raises Problem not_signed_in for nobody. Reads the database."""
    request = ASGIRequest(scope, io.BytesIO())
    request.user = _Anonymous()  # type: ignore[assignment]
    if not request.headers.get("Authorization"):
        request.gspace_caller = access.caller_from_cookies(request.COOKIES)  # type: ignore
    by = caller(request)
    if not by.key:
        raise Problem("not_signed_in")
    return by


def headers_of(scope: dict[str, Any]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): v.decode("latin-1") for name, v in scope["headers"]}


async def in_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run what waits for database or disk beside the event loop. Raises Problem busy."""

    def run() -> Any:
        try:
            return function(*args, **kwargs)
        except (OperationalError, PoolTimeout):
            raise Problem("busy") from None
        finally:
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(_threads, run)


class _Writer:
    """Hands pieces to a thread in their order, as soon as the disk is free for the next ones."""

    def __init__(self, add: Callable[[list[bytes]], None]) -> None:
        self.add, self.waiting = add, 0
        self.chunks: list[bytes] = []
        self.busy: asyncio.Future[None] | None = None

    async def take(self, chunk: bytes) -> None:
        self.chunks.append(chunk)
        self.waiting += len(chunk)
        if self.busy is None or self.busy.done() or self.waiting >= BATCH:
            await self._hand_over()

    async def _hand_over(self) -> None:
        await self._written()
        chunks, self.chunks, self.waiting = self.chunks, [], 0
        self.busy = asyncio.get_running_loop().run_in_executor(_threads, self.add, chunks)

    async def finish(self) -> None:
        if self.chunks:
            await self._hand_over()
        await self._written()

    async def _written(self) -> None:
        # A thread cannot be called off: the file stays open until it is done with it.
        if self.busy is not None:
            await asyncio.shield(self.busy)


def _never() -> bool:
    return False


async def pour(
    receive: Any,
    add: Callable[[list[bytes]], None],
    *,
    limit: int,
    unwanted: Callable[[], bool] = _never,
) -> None:
    """Give a request's body to `add` as it comes, also what came before a cut. limit: bytes.

    Raises Problem too_large, too_slow (also cut), upload_locked when `unwanted` becomes true.
    """
    writer, total, more, leave_at = _Writer(add), 0, True, 0.0
    try:
        while more:
            message = await _next(receive, unwanted)
            if message["type"] == "http.disconnect":
                raise Problem("too_slow", "The connection was cut.")
            more = message.get("more_body", False)
            chunk = message.get("body", b"")
            total += len(chunk)
            if total > limit:
                raise Problem("too_large")
            await writer.take(chunk)
            if more and unwanted():
                leave_at = leave_at or time.monotonic() + GRACE_S
                if time.monotonic() > leave_at:
                    raise Problem("upload_locked")
    finally:
        await writer.finish()


async def _next(receive: Any, unwanted: Callable[[], bool]) -> dict[str, Any]:
    asked = asyncio.ensure_future(receive())
    until = time.monotonic() + settings.LIMIT_BODY_IDLE_S
    try:
        while True:
            await asyncio.wait({asked}, timeout=POLL_S)
            if asked.done():
                return dict(asked.result())
            if unwanted():
                raise Problem("upload_locked")
            if time.monotonic() > until:
                raise Problem("too_slow")
    finally:
        asked.cancel()
