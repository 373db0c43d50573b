"""ASGI wrapper: caps every body by path, before Django reads it whole.

Django reads 800 MB before a view may answer 403 (measured); this stops at the first byte too many.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

from django.conf import settings

from gspace.problems import Problem

CAPS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"^/api/v1/photos/[^/]+/original$"), "LIMIT_ORIGINAL_BYTES"),
    (re.compile(r"^/api/v1/uploads(/|$)"), "LIMIT_ORIGINAL_BYTES"),
    (re.compile(r"^/api/v1/photos/[^/]+/preview$"), "LIMIT_PREVIEW_BYTES"),
    (re.compile(r"^/api/v1/layers/[^/]+/data$"), "LIMIT_LAYER_BYTES"),
    (re.compile(r"^/api/v1/reports/"), "LIMIT_REPORT_BYTES"),
    # the plain form carries its photo in the form
    (re.compile(r"^/m/form/"), "LIMIT_ORIGINAL_BYTES"),
    (re.compile(r"^/publish/"), "LIMIT_LAYER_BYTES"),
]


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def cap_of(path: str) -> int:
    for pattern, name in CAPS:
        if pattern.match(path):
            return int(getattr(settings, name))
    return int(settings.LIMIT_BODY_BYTES)


def capped(app: Any) -> Any:
    """Wrap an ASGI HTTP application with the byte cap and the idle deadline of its path."""

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        started = False

        async def sending(message: dict[str, Any]) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            cap = cap_of(scope["path"])
            length = dict(scope["headers"]).get(b"content-length", b"0")
            if length.isdigit() and int(length) > cap:
                raise _Refused(Problem("too_large"))
            await app(scope, _counted(receive, cap), sending)
        except _Refused as refused:
            if not started:
                await refuse(refused.problem, receive, send)

    return application


def _counted(receive: Any, cap: int) -> Any:
    seen, done = 0, False

    async def counted() -> dict[str, Any]:
        nonlocal seen, done
        if done:
            # waiting for the client to go away is no slow body
            return dict(await receive())
        try:
            message: dict[str, Any] = await asyncio.wait_for(receive(), settings.LIMIT_BODY_IDLE_S)
        except TimeoutError:
            raise _Refused(Problem("too_slow")) from None
        seen += len(message.get("body", b""))
        done = not message.get("more_body", False)
        if seen > cap:
            raise _Refused(Problem("too_large"))
        return message

    return counted


# A body is thrown away up to here before the connection is closed on it.
LINGER_BYTES = 2 * 1024 * 1024
LINGER_S = 3


async def refuse(problem: Problem, receive: Any, send: Any) -> None:
    """Answer an ASGI HTTP request whose body has not been read."""
    answer = problem.response()
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
    # the rest of the body is not read, so the connection cannot be used again
    headers += [(b"connection", b"close"), (b"content-length", str(len(answer.content)).encode())]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content, "more_body": True})
    # closing on unread bytes resets the connection, and the phone never reads why
    try:
        await asyncio.wait_for(_throw_away(receive), LINGER_S)
    except TimeoutError:
        pass
    await send({"type": "http.response.body", "body": b""})


async def _throw_away(receive: Any) -> None:
    seen, more = 0, True
    while more and seen < LINGER_BYTES:
        message = await receive()
        seen += len(message.get("body", b""))
        more = message.get("more_body", False)
