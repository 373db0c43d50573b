"""ASGI wrapper: no NUL gets in by address, query or cookie.

PostgreSQL's text cannot hold it, so each forgotten check would be a 500. Bodies are JSON, in
which NUL is checked with all other text (reports.payload.Text).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from gspace.bodies import refuse
from gspace.problems import Problem


def without_nul(app: Any) -> Any:
    """Wrap an ASGI application: 404 for such a path, 422 naming the parameter of such a query.

    A cookie with NUL is nobody's: all cookies of that request are dropped.
    """

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if problem := _found(scope) if scope["type"] == "http" else None:
            await refuse(problem, receive, send)
        else:
            await app(_cookies_checked(scope), receive, send)

    return application


def _found(scope: dict[str, Any]) -> Problem | None:
    if "\x00" in scope["path"]:
        return Problem("not_found")
    query = scope["query_string"]
    if b"%00" not in query and b"\x00" not in query:
        return None
    for pair in query.decode("latin-1").split("&"):
        if "\x00" in unquote(pair):
            field = unquote(pair.partition("=")[0]).replace("\x00", "")
            return Problem("invalid", "NUL is not text.", field=field)
    return None


def _cookies_checked(scope: dict[str, Any]) -> dict[str, Any]:
    # a quoted cookie may spell it as an octal number (RFC 2109)
    if any(name == b"cookie" and b"\\000" in value for name, value in scope["headers"]):
        return scope | {"headers": [h for h in scope["headers"] if h[0] != b"cookie"]}
    return scope
