"""The live hub: one doorbell listener, one reader per incident and audience, in each process.

Channels gives routing, sessions and origin checks; its group layer carries nothing. A frame is
serialised once. Every socket has one task and one number, its cursor: a slow socket skips
frames' worth of time, never frames' worth of data, and costs no queue.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg2
import psycopg2.extensions
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, connections

from gspace import feed
from gspace.access import Audience

log = logging.getLogger("gspace.live")

# Frames kept for sockets that are a little behind; older cursors read the table themselves.
RING = 64
# To a device: your own lane has news. It says nothing more, as others share what is sent here.
DOORBELL = '{"doorbell":true}'
# Threads for the hub's own reads; bounded so that sockets never eat the request pool.
READERS = 2
_threads = ThreadPoolExecutor(READERS, thread_name_prefix="feed")


def _in_database(function: Any, *args: Any) -> Any:
    try:
        return function(*args)
    finally:
        # gives the connection back to the pool; a socket never holds one
        connections.close_all()


async def in_database(function: Any, *args: Any, **kwargs: Any) -> Any:
    """Run a function of the database on the hub's few threads."""
    call = sync_to_async(_in_database, thread_sensitive=False, executor=_threads)
    return await call(lambda: function(*args, **kwargs))


class Channel:
    """What one audience of one incident is told. Sockets wait on `news`."""

    def __init__(self, incident_id: int, audience: Audience) -> None:
        self.incident_id, self.audience = incident_id, audience
        self.ring: deque[feed.Frame] = deque(maxlen=RING)
        self.epoch, self.to, self.head = "", -1, 0
        self.bell = asyncio.Event()
        self.waiting: list[asyncio.Future[None]] = []
        self.sockets = self.devices = 0
        self.task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Read when the doorbell rings, and every FEED_POLL_S seconds in case a ring got lost."""
        while True:
            try:
                await asyncio.wait_for(self.bell.wait(), settings.FEED_POLL_S)
            except TimeoutError:
                pass
            self.bell.clear()
            try:
                await self.read()
            except Exception:
                log.exception("feed reader of incident %s", self.incident_id)
                await asyncio.sleep(1)

    async def start(self) -> None:
        """Begin at the head: what is older, sockets fetch for themselves."""
        self.epoch = await in_database(feed.epoch)
        self.to = self.head = await in_database(feed.head, self.incident_id)
        self.task = asyncio.create_task(self.run())

    async def read(self) -> None:
        more = True
        while more:
            frame = await self.frame_after(self.to)
            if frame.epoch != self.epoch:
                await self.restart(frame.epoch)
                return
            if frame.to <= self.to:
                return
            self.ring.append(frame)
            self.to, self.head, more = frame.to, frame.head, frame.more
            self.wake()

    async def restart(self, epoch: str) -> None:
        """Another history (a restore): every socket is told to take a fresh snapshot."""
        self.ring.clear()
        self.to = self.head = await in_database(feed.head, self.incident_id)
        self.epoch = epoch
        self.wake()

    async def frame_after(self, since: int) -> feed.Frame:
        return await in_database(
            feed.read,
            self.incident_id,
            self.audience,
            since,
            settings.LIMIT_FRAME_ITEMS,
            authors=self.devices > 0,
        )

    def news(self) -> asyncio.Future[None]:
        """Done when there is something new; one of its own for each socket that waits."""
        found: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append(found)
        return found

    def wake(self) -> None:
        waiting, self.waiting = self.waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def ready(self, since: int, *, authors: bool) -> feed.Frame | None:
        """The kept frame that begins at this cursor, if there is one (that knows its authors)."""
        for frame in reversed(self.ring):
            if frame.since == since and (frame.authors is not None or not authors):
                return frame
        return None


class Hub:
    """One per process and event loop."""

    def __init__(self) -> None:
        self.channels: dict[tuple[int, str], Channel] = {}
        self.starting = asyncio.Lock()
        self.listener: asyncio.Task[None] | None = None

    async def join(self, incident_id: int, audience: Audience, *, device: bool) -> Channel:
        key = (incident_id, audience)
        async with self.starting:
            channel = self.channels.get(key)
            if channel is None:
                channel = Channel(incident_id, audience)
                await channel.start()
                self.channels[key] = channel
            channel.sockets += 1
            channel.devices += device
            if self.listener is None or self.listener.done():
                self.listener = asyncio.create_task(self.listen())
        return channel

    def leave(self, channel: Channel, *, device: bool) -> None:
        channel.sockets -= 1
        channel.devices -= device
        if channel.sockets == 0:
            self.channels.pop((channel.incident_id, channel.audience), None)
            if channel.task:
                channel.task.cancel()

    def ring(self) -> None:
        for channel in self.channels.values():
            channel.bell.set()

    async def listen(self) -> None:
        """One LISTEN connection of its own; while it is gone, the readers' poll carries on."""
        loop = asyncio.get_running_loop()
        while self.channels or self.starting.locked():
            try:
                doorbell = await asyncio.to_thread(_listen)
            except psycopg2.Error:
                log.warning("doorbell out of reach, polling")
                await asyncio.sleep(settings.FEED_POLL_S)
                continue
            rung = asyncio.Event()
            loop.add_reader(doorbell.fileno(), rung.set)
            try:
                await self._answer(doorbell, rung)
            except psycopg2.Error:
                log.warning("doorbell lost, connecting again")
            finally:
                loop.remove_reader(doorbell.fileno())
                doorbell.close()

    async def _answer(self, doorbell: Any, rung: asyncio.Event) -> None:
        self.ring()
        while self.channels:
            try:
                await asyncio.wait_for(rung.wait(), 30)
            except TimeoutError:
                continue
            rung.clear()
            doorbell.poll()
            if doorbell.notifies:
                doorbell.notifies.clear()
                self.ring()


def _listen() -> Any:
    """A connection outside the pool, for one LISTEN for as long as the process lives."""
    params = connection.get_connection_params()
    params.pop("cursor_factory", None)
    doorbell = psycopg2.connect(**params)
    doorbell.set_isolation_level(psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT)
    with doorbell.cursor() as cursor:
        cursor.execute(f"LISTEN {feed.CHANNEL}")
    return doorbell


_hubs: dict[int, Hub] = {}


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    found = _hubs.get(id(loop))
    if found is None:
        found = _hubs[id(loop)] = Hub()
    return found


def heartbeat(channel: Channel) -> str:
    told = {"heartbeat": True, "head": channel.head, "epoch": channel.epoch}
    return json.dumps(told | {"audience": channel.audience})
