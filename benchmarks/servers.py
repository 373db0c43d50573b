"""Real servers in processes of their own, started with the words `make run` starts the web with."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from gspace.children import Child
from gspace.serve import WEB

START_SECONDS = 60
OURS = "gspace.asgi:application"


@contextmanager
def serving(application: str = OURS) -> Iterator[int]:
    """One uvicorn process with this ASGI application, in the flags of `make run`; its port."""
    port = free_port()
    words = [application if word == OURS else word for word in WEB]
    with running([*words, "--host", "127.0.0.1", "--port", str(port)], port):
        yield port


@contextmanager
def running(words: list[str], port: int) -> Iterator[None]:
    """A Python process for the length of a `with`, once it listens on the port."""
    child = Child("server", words)
    child.start()
    try:
        until = time.monotonic() + START_SECONDS
        while not _listens(port):
            if not child.is_alive() or time.monotonic() > until:
                raise RuntimeError(f"{' '.join(words)} did not start")
            time.sleep(0.1)
        yield
    finally:
        Child.stop_all([child])


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0
