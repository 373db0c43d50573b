"""The limit of fan-out in Python: the `websockets` server and its broadcast(), nothing else.

usage: python -m benchmarks.broadcast_anchor PORT
"""

from __future__ import annotations

import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

listeners: set[ServerConnection] = set()


async def answer(connection: ServerConnection) -> None:
    assert connection.request
    if connection.request.path == "/listen":
        listeners.add(connection)
        await connection.wait_closed()
        listeners.discard(connection)
    else:
        async for text in connection:
            broadcast(listeners, text)


async def main(port: int) -> None:
    async with serve(answer, "127.0.0.1", port, compression=None, backlog=2048):
        await asyncio.Future()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
