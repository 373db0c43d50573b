"""A closed loop of HTTP requests over N kept-alive connections, in one thread.

Written on bare sockets so that the generator costs some ten microseconds a request: on two
cores whatever the client spends is missing at the server.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
ANSWER_SECONDS = 60


@dataclass
class Load:
    """What came of it: seconds from the first byte sent to the last answer; each answer's own."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds


class Connection:
    """One request at a time."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.unsent, self.answer, self.began = memoryview(b""), bytearray(), 0.0

    def fileno(self) -> int:
        return self.socket.fileno()

    def ask(self, request: bytes) -> None:
        self.unsent, self.answer, self.began = memoryview(request), bytearray(), time.perf_counter()
        self.push()

    def push(self) -> None:
        while self.unsent:
            try:
                self.unsent = self.unsent[self.socket.send(self.unsent) :]
            except BlockingIOError:
                return

    def pull(self) -> bool:
        """True when the answer is complete. Raises RuntimeError for any that is not 2xx."""
        part = self.socket.recv(1 << 18)
        self.answer += part
        end = self.answer.find(b"\r\n\r\n")
        length = LENGTH.search(self.answer, 0, end) if end >= 0 else None
        complete = bool(length) and len(self.answer) >= end + 4 + int(length[1])
        if not part or (complete and not self.answer.startswith(b"HTTP/1.1 2")):
            raise RuntimeError(f"the server answered {bytes(self.answer[:1000])!r}")
        return complete


def drive(port: int, requests: Iterator[bytes], connections: int, seconds: float = 3600.0) -> Load:
    """Send until the requests or the seconds are used up; every request sent is answered."""
    load, watch = Load(), selectors.DefaultSelector()
    wires = [Connection(port) for _ in range(connections)]
    began = time.perf_counter()
    for wire in wires:
        watch.register(wire, 0x3)
        _next(wire, requests, watch)
    while watch.get_map():
        ready = watch.select(ANSWER_SECONDS)
        if not ready:
            raise RuntimeError("the server does not answer")
        for key, events in ready:
            wire = key.fileobj
            if events & selectors.EVENT_WRITE:
                _push(wire, watch)
            if events & selectors.EVENT_READ and wire.pull():
                now = time.perf_counter()
                load.latencies.append(now - wire.began)
                over = now - began > seconds
                _next(wire, iter(()) if over else requests, watch)
    load.seconds = time.perf_counter() - began
    return load


def _next(wire: Connection, requests: Iterator[bytes], watch: selectors.BaseSelector) -> None:
    request = next(requests, None)
    if request is None:
        watch.unregister(wire)
        wire.socket.close()
        return
    wire.ask(request)
    _push(wire, watch)


def _push(wire: Connection, watch: selectors.BaseSelector) -> None:
    wire.push()
    wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if wire.unsent else 0)
    if watch.get_key(wire).events != wanted:
        watch.modify(wire, wanted)


def put(path: str, body: bytes, token: str, **headers: str) -> bytes:
    """A PUT (or with method=POST another) request as bytes, ready to send."""
    method = headers.pop("method", "PUT")
    kind = headers.pop("kind", "application/json")
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    )
    return head.encode() + body
