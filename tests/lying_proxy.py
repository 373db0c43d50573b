"""An HTTP proxy that lies as networks do: login pages, redirects, silence, lost answers."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

Lie = Callable[[str, str], str]

LOGIN_PAGE = b"<html><title>Free Wi-Fi</title><form>Please sign in</form></html>"
# kind -> status line and headers; bodies follow below
ANSWERS = {
    "login_page": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: http://login.invalid/\r\n",
    "too_large": b"HTTP/1.1 413 Content Too Large\r\nContent-Type: text/html\r\n",
    "too_many": b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\n",
    "broken": b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n",
    "failed": b"HTTP/1.1 500 Internal Server Error\r\n",
    "other_json": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
}
BODIES = {"other_json": b'{"ok":true}', "redirect": b"", "too_many": b"", "failed": b""}
# "lost_answer": the service hears and does everything, and the phone never learns of it
KINDS = (*ANSWERS, "cut", "silence", "lost_answer")


class LyingProxy:
    """lie(method, path) -> one of KINDS, or "" for the truth; may be changed at any time.

    told: how often each kind was told. silence_s: how long a silence lasts.
    """

    def __init__(self, server: str, lie: Lie, *, silence_s: float = 30) -> None:
        address = urlsplit(server)
        self.target = (address.hostname, address.port)
        self.lie, self.silence_s = lie, silence_s
        self.told: Counter[str] = Counter()
        self.url = ""
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.contextmanager
    def running(self) -> Iterator[LyingProxy]:
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
        listener = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=1 << 20)
        self.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
        ready.set()
        await self._stop.wait()
        listener.close()
        for task in list(self._tasks):
            task.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._one(reader, writer)
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection: the browser opens another one for its next."""
        head = await reader.readuntil(b"\r\n\r\n")
        method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        kind = self.lie(method, path)
        self.told[kind] += bool(kind)
        if kind == "cut":
            return
        if kind == "silence":
            await asyncio.sleep(self.silence_s)
        elif kind in ANSWERS:
            await _body_of(reader, head)
            body = BODIES.get(kind, LOGIN_PAGE)
            length = b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
            writer.write(ANSWERS[kind] + length + body)
            await writer.drain()
        else:
            await self._forward(head, reader, writer, answer=kind != "lost_answer")

    async def _forward(
        self,
        head: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        answer: bool,
    ) -> None:
        service_reader, service = await asyncio.open_connection(*self.target)
        upgrade = b"\r\nupgrade:" in head.lower()
        service.write(head if upgrade else _closing(head))
        up = asyncio.ensure_future(_pipe(reader, service))
        try:
            if answer:
                await _pipe(service_reader, writer)
            else:
                # the whole answer is awaited, so that the service has surely done its part
                await service_reader.read()
        finally:
            up.cancel()
            service.close()


def _closing(head: bytes) -> bytes:
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([lines[0], b"Connection: close", *lines[1:]])


async def _body_of(reader: asyncio.StreamReader, head: bytes) -> None:
    """A browser whose request is not read to the end may not look at the answer."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            await reader.readexactly(int(value))


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await source.read(64 * 1024):
            target.write(piece)
            await target.drain()
