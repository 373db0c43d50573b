"""The one websocket consumer: `/ws/incidents/{slug}/?since=N&epoch=E` (DESIGN 4.5)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from gspace import access, feed, live
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem

BAD_FRAME, NOT_SIGNED_IN, NOT_ALLOWED, TOO_SLOW = 4400, 4401, 4403, 4008
SUBPROTOCOL = "gspace.bearer."


class LiveConsumer(AsyncWebsocketConsumer):
    """Sends frames in the `changes` shape, and a heartbeat. Accepts nothing from the client.

    Audience follows the caller's rights, asked again at every heartbeat.
    """

    channel: live.Channel | None = None
    task: asyncio.Task[None] | None = None
    sending_since: float | None = None
    protocol: str | None = None
    admitted = False
    as_public = False
    caller = access.NOBODY
    audience: access.Audience = "public"

    async def connect(self) -> None:
        self.slug = self.scope["url_route"]["kwargs"]["slug"]
        query = parse_qs(self.scope["query_string"].decode("ascii", "replace"))
        # browsers send cookies with sockets; the public page shows to staff what others see
        self.as_public = query.get("as") == ["public"]
        try:
            self.cursor = int(query.get("since", ["0"])[0])
            self.epoch = query.get("epoch", [""])[0]
            self.caller, incident_id, self.audience = await live.in_database(self._rights)
        except (Problem, ValueError) as refused:
            await self._refuse(refused)
            return
        if not admitted(self.caller.key):
            await self._full()
            return
        self.admitted = True
        try:
            self.channel = await live.hub().join(incident_id, self.audience, device=self.is_device)
            await self.accept(self.protocol)
        except BaseException:
            # who never came in is not told to have left
            self.leave()
            raise
        self.task = asyncio.create_task(self._run(self.channel))
        watch(self)

    @property
    def is_device(self) -> bool:
        return self.caller.device is not None

    async def _refuse(self, why: Exception) -> None:
        """Accept first: a refused handshake reaches the browser as 1006 without the reason."""
        await self.accept(self.protocol)
        status = why.status if isinstance(why, Problem) else 400
        await self.close({400: BAD_FRAME, 401: NOT_SIGNED_IN}.get(status, NOT_ALLOWED))

    async def _full(self) -> None:
        """One caller has too many; or all visitors together do, who then ask over HTTP."""
        if self.caller.key:
            await self._refuse(Problem("not_allowed"))
            return
        await self.accept(self.protocol)
        await self.close(TOO_SLOW)

    def _rights(self) -> tuple[Caller, int, access.Audience]:
        """Who this socket is now and what it may see; in a database thread."""
        caller = self._caller()
        incident = Incident.objects.filter(slug=self.slug).first()
        if incident is None:
            raise Problem("incident_unknown")
        return caller, incident.id, access.audience(caller, incident)

    def _caller(self) -> Caller:
        if self.as_public:
            return access.NOBODY
        for name in self.scope.get("subprotocols", []):
            if name.startswith(SUBPROTOCOL):
                self.protocol = name
                return access.caller_from_token(name.removeprefix(SUBPROTOCOL))
        return access.caller_from_cookies(self.scope.get("cookies", {}))

    async def _run(self, channel: live.Channel) -> None:
        """The socket's one task: send what is after the cursor, then wait for news."""
        if self.cursor > 0 and (self.epoch != channel.epoch or self.cursor > channel.to):
            head = await live.in_database(feed.head, channel.incident_id)
            if self.epoch != channel.epoch or self.cursor > head:
                await self._reset(channel, head)
        self.epoch = channel.epoch
        while True:
            if channel.epoch != self.epoch:
                self.epoch = channel.epoch
                await self._reset(channel, channel.to)
            elif self.cursor < channel.to:
                await self._next(channel)
            else:
                await channel.news()

    async def _next(self, channel: live.Channel) -> None:
        ready = channel.ready(self.cursor, authors=self.is_device)
        frame = ready or await channel.frame_after(self.cursor)
        await self._send(frame.text)
        self.cursor = max(frame.to, self.cursor)
        if self.is_device and frame.concerns(self.caller.key):
            await self._send(live.DOORBELL)

    async def _reset(self, channel: live.Channel, head: int) -> None:
        """The cursor is of another history: go on from the head, the client takes a snapshot."""
        await self._send(feed.reset_text(channel.epoch, self.audience, head))
        self.cursor = head
        # what was changed in between, nobody scans for this device any more
        if self.is_device:
            await self._send(live.DOORBELL)

    async def _send(self, text: str) -> None:
        """Plain awaited send; the watchdog looks at `sending_since` instead of a timer per send."""
        self.sending_since = time.monotonic()
        await self.base_send({"type": "websocket.send", "text": text})
        self.sending_since = None

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.close(BAD_FRAME)

    async def disconnect(self, code: int) -> None:
        self.leave()

    def leave(self) -> None:
        """Let go of everything this socket holds; twice is harmless."""
        unwatch(self)
        if self.task:
            self.task.cancel()
        if self.channel:
            live.hub().leave(self.channel, device=self.is_device)
            self.channel = None
        if self.admitted:
            self.admitted = False
            dismissed(self.caller.key)

    async def recheck(self, rights: Any) -> None:
        """Close when the rights of this socket are not what they were."""
        if isinstance(rights, Problem):
            code = NOT_SIGNED_IN if rights.status == 401 else NOT_ALLOWED
            await self.close(code)
        elif rights[0].key != self.caller.key:
            await self.close(NOT_SIGNED_IN)
        elif rights[2] != self.audience:
            await self.close(NOT_ALLOWED)


# --- per caller limit ----------------------------------------------------------------------
_open: dict[str, int] = {}


def admitted(key: str) -> bool:
    """Count a caller's sockets; a runaway page must not take everybody's. "": all visitors."""
    most = settings.LIMIT_SOCKETS_PER_CALLER if key else settings.LIMIT_PUBLIC_SOCKETS
    if _open.get(key, 0) >= most:
        return False
    _open[key] = _open.get(key, 0) + 1
    return True


def dismissed(key: str) -> None:
    if _open.get(key, 0) > 0:
        _open[key] -= 1


# --- the watchdog: heartbeat, rights, hanging sends -----------------------------------------
_watched: dict[int, set[LiveConsumer]] = {}
_dogs: dict[int, asyncio.Task[None]] = {}


_running: set[asyncio.Task[Any]] = set()


def _spawn(work: Coroutine[Any, Any, Any]) -> None:
    """Start and keep hold of a task: the loop itself keeps only a weak reference."""
    task = asyncio.get_running_loop().create_task(work)
    _running.add(task)
    task.add_done_callback(_running.discard)


def watch(consumer: LiveConsumer) -> None:
    loop = id(asyncio.get_running_loop())
    _watched.setdefault(loop, set()).add(consumer)
    if loop not in _dogs or _dogs[loop].done():
        _dogs[loop] = asyncio.create_task(_patrol(loop))


def unwatch(consumer: LiveConsumer) -> None:
    for sockets in _watched.values():
        sockets.discard(consumer)


async def _patrol(loop: int) -> None:
    """One task a process: a timer per send would cost twice as much (measured)."""
    beat = time.monotonic()
    while _watched.get(loop):
        await asyncio.sleep(1)
        now = time.monotonic()
        for consumer in list(_watched[loop]):
            since = consumer.sending_since
            if since is not None and now - since > settings.SEND_TIMEOUT_S:
                consumer.sending_since = None
                _spawn(_drop(consumer))
        if now - beat >= settings.HEARTBEAT_S:
            beat = now
            _spawn(_beat(list(_watched[loop])))


async def _drop(consumer: LiveConsumer) -> None:
    """Nothing waits for a screen that does not read. The server's own ping ends its connection."""
    consumer.leave()
    try:
        await asyncio.wait_for(consumer.close(TOO_SLOW), 1)
    except TimeoutError:
        pass


async def _beat(sockets: list[LiveConsumer]) -> None:
    """Heartbeat to everybody; rights are asked once per caller and incident, not per socket."""
    known: dict[tuple[str, str], Any] = {}
    for consumer in sockets:
        key = (consumer.caller.key, consumer.slug)
        if key not in known:
            known[key] = await live.in_database(_rights_or_problem, consumer)
        await consumer.recheck(known[key])
        if consumer.channel and consumer.sending_since is None:
            text = live.heartbeat(consumer.channel)
            _spawn(consumer.base_send({"type": "websocket.send", "text": text}))


def _rights_or_problem(consumer: LiveConsumer) -> Any:
    try:
        return consumer._rights()
    except Problem as problem:
        return problem
