"""Django behind ASGI with one thread hop a request, on a bounded set of threads.

Django's own handler hops to a thread for every synchronous middleware and makes a new thread for
each request: 6.8 ms of CPU against 3.7 ms for one report (docs/performance.md). All our views
are synchronous, so the whole stack runs in one go on one of POOL_SIZE threads; as many threads as
database connections, so that no request waits for a connection while holding a thread.
"""

from __future__ import annotations

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix


class OneHopHandler(ASGIHandler):
    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        self.threads = ThreadPoolExecutor(settings.POOL_SIZE, thread_name_prefix="request")

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        request, refused = self.create_request(scope, body)
        if request is None:
            body.close()
            await self.send_response(refused, send)
            return
        response = await self._in_thread(self._respond, scope, request)
        try:
            await self.send_response(response, send)
        finally:
            # a streamed body is only now at its end
            if response.streaming:
                await self._in_thread(response.close)

    def _respond(self, scope: dict[str, Any], request: Any) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        response = self.get_response(request)
        if response.streaming:
            # the connection is not held while a slow client reads
            close_old_connections()
        else:
            response.close()
        return response

    async def _in_thread(self, function: Any, *args: Any) -> Any:
        """Each request has a context of its own, so that no language or prefix stays behind."""
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, context.run, function, *args)


def application() -> OneHopHandler:
    """Set Django up and return its ASGI application."""
    django.setup(set_prefix=False)
    return OneHopHandler()
