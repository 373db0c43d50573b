"""ASGI wrapper: every answer carries the browser's protections, whichever part of us made it.

Django's middlewares set their own (a page's CSP with its nonce); uploads, early refusals and
static files do not pass through all of them.
"""

from __future__ import annotations

from typing import Any

ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"strict-origin-when-cross-origin",
    # the phone's page needs both, nobody else's page may ask in our name
    b"permissions-policy": b"camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}
# Static files are for everybody, and a worker's script would take the policy for its own.
NOT_STATIC = {
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"cross-origin-resource-policy": b"same-origin",
    b"x-frame-options": b"DENY",
}


FRAMED = b"frame-ancestors *"


def with_headers(app: Any) -> Any:
    """Wrap an ASGI HTTP application; headers that are there already stay as they are."""

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def sending(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = message | {"headers": _completed(list(message.get("headers", [])))}
            await send(message)

        await app(scope, receive, sending)

    return application


def _completed(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    there = {name.lower() for name, _ in headers}
    if any(
        name.lower() == b"content-security-policy" and FRAMED in value for name, value in headers
    ):
        # a page made to stand in others' pages says so itself
        there |= {b"x-frame-options", b"cross-origin-resource-policy"}
    static = b"access-control-allow-origin" in there
    wanted = ALWAYS if static else ALWAYS | NOT_STATIC
    return headers + [(name, value) for name, value in wanted.items() if name not in there]
