"""A server that can be killed dozens of times a minute: loaded once, forked for each life.

`python -m tests.hostile.phoenix PORT` prints the process id of each life. The listening socket
belongs to the parent, so that callers wait for the next life instead of being refused.
"""

from __future__ import annotations

import os
import signal
import socket
import sys

import uvicorn


def main() -> None:
    from gspace.asgi import application

    # nothing is left behind when the test that started this is gone
    signal.signal(signal.SIGTERM, _end)
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("127.0.0.1", int(sys.argv[1])))
    door.listen(128)
    while True:
        _life.clear()
        if (child := os.fork()) == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            config = uvicorn.Config(application, log_level="critical", lifespan="off")
            uvicorn.Server(config).run(sockets=[door])
            os._exit(0)
        _life.append(child)
        print(child, flush=True)
        os.waitpid(child, 0)


_life: list[int] = []


def _end(number: int, frame: object) -> None:
    for child in _life:
        os.kill(child, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main()
