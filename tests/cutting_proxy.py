"""A TCP proxy that cuts connections at chosen bytes, as a hillside does; it counts what is sent."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

PIECE = 16 * 1024
# SO_LINGER on, 0 seconds: close() sends a reset
ABRUPT = struct.pack("ii", 1, 0)


class CuttingProxy:
    """cuts: counts of bytes from client to service, over all connections together.

    how: "close" (both ends told politely), "reset" (both ends abruptly), "vanish" (the client is
    reset, the service hears nothing at all any more: a lost radio link).
    """

    def __init__(self, server: str, cuts: Sequence[int], how: str) -> None:
        address = urlsplit(server)
        self.target = (address.hostname, address.port)
        self.cuts, self.how = sorted(cuts), how
        self.sent, self.made = 0, 0
        self.url = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._vanished: list[asyncio.StreamWriter] = []

    @contextlib.contextmanager
    def running(self) -> Iterator[CuttingProxy]:
        ready, self._stop = threading.Event(), asyncio.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        thread.start()
        assert ready.wait(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._stop.set)
            thread.join(10)

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        listener = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
        ready.set()
        await self._stop.wait()
        listener.close()
        for task in self._tasks:
            task.cancel()
        for writer in self._vanished:
            writer.close()

    async def _accept(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        up_reader, service = await asyncio.open_connection(*self.target)
        back = asyncio.ensure_future(self._answers(up_reader, client))
        self._tasks |= {back, asyncio.current_task()}
        # asyncio's streams complain about a cancelled callback
        with contextlib.suppress(OSError, asyncio.CancelledError):
            if await self._requests(reader, service):
                self._cut(client, service, back)
                return
        service.close()

    async def _requests(self, reader: asyncio.StreamReader, service: asyncio.StreamWriter) -> bool:
        """Forward until the client ends (False) or the next cut is reached (True)."""
        while piece := await reader.read(PIECE):
            due = bool(self.cuts) and self.sent + len(piece) >= self.cuts[0]
            if due:
                piece = piece[: max(0, self.cuts.pop(0) - self.sent)]
            self.sent += len(piece)
            service.write(piece)
            await service.drain()
            if due:
                return True
        return False

    def _cut(
        self, client: asyncio.StreamWriter, service: asyncio.StreamWriter, back: asyncio.Task[None]
    ) -> None:
        self.made += 1
        back.cancel()
        if self.how == "vanish":
            self._vanished.append(service)
        else:
            self._end(service, abruptly=self.how == "reset")
        self._end(client, abruptly=self.how != "close")

    @staticmethod
    def _end(writer: asyncio.StreamWriter, *, abruptly: bool) -> None:
        if abruptly:
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABRUPT)
        writer.close()

    @staticmethod
    async def _answers(reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(PIECE):
                client.write(piece)
                await client.drain()
            client.close()
