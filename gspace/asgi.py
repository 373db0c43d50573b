"""The composition root of the server: HTTP, streamed uploads and the live sockets."""

# ruff: noqa: E402 - Django must be set up before its parts are imported

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gspace.settings")

from gspace import handler

django_application = handler.application()

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import CookieMiddleware
from django.urls import path

from gspace.bodies import capped
from gspace.checks import refuse_unsafe_start
from gspace.consumer import LiveConsumer
from gspace.gate import without_nul
from gspace.headers import with_headers
from mobile_api import originals, tus

refuse_unsafe_start()


async def http(scope, receive, send):  # type: ignore[no-untyped-def]
    """Streamed uploads go past Django, which would read the whole body first."""
    if scope["method"] == "PUT" and originals.PATH.match(scope["path"]):
        await originals.application(scope, receive, send)
    elif tus.PATH.match(scope["path"]):
        await tus.application(scope, receive, send)
    else:
        await django_application(scope, receive, send)


def program_origin(application):  # type: ignore[no-untyped-def]
    """Programs send no Origin; browsers always do, and theirs must be one of our hosts."""
    checked = AllowedHostsOriginValidator(application)

    async def route(scope, receive, send):  # type: ignore[no-untyped-def]
        has_origin = any(name == b"origin" for name, _ in scope["headers"])
        await (checked if has_origin else application)(scope, receive, send)

    return route


sockets = URLRouter([path("ws/incidents/<slug:slug>/", LiveConsumer.as_asgi())])
application = ProtocolTypeRouter(
    {
        "http": with_headers(without_nul(capped(http))),
        "websocket": without_nul(program_origin(CookieMiddleware(sockets))),
    }
)
