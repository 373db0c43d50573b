"""Many websocket clients in one process, by epoll: a few microseconds a frame.

usage: python -m benchmarks.listeners PORT PATH CLIENTS [SUBPROTOCOL]
Prints `ready`, then a line for each frame that reached every socket: monotonic nanoseconds of its
first and its last arrival, and its bytes. Heartbeats do not count. Ends with its standard input.
"""

from __future__ import annotations

import select
import socket
import sys
import time

from benchmarks.frames import PING, TEXT, pong, request_upgrade, split, upgraded

AT_ONCE = 25  # handshakes in flight


class Listeners:
    """Sockets by file number; what came of the frame that is on its way to all of them."""

    def __init__(self) -> None:
        self.poll = select.epoll()
        self.wires: dict[int, socket.socket] = {}
        self.rest: dict[int, bytes] = {}
        self.first = self.arrived = 0

    def join(self, port: int, path: str, clients: int, protocol: str) -> None:
        for start in range(0, clients, AT_ONCE):
            number = min(AT_ONCE, clients - start)
            for wire in [request_upgrade(port, path, protocol) for _ in range(number)]:
                self.rest[wire.fileno()] = upgraded(wire)
                self.wires[wire.fileno()] = wire
                self.poll.register(wire.fileno(), select.EPOLLIN)

    def listen(self) -> None:
        self.poll.register(sys.stdin.fileno(), select.EPOLLIN)
        while True:
            for number, _ in self.poll.poll():
                if number == sys.stdin.fileno():
                    return
                self.read(number)

    def read(self, number: int) -> None:
        part = self.wires[number].recv(1 << 18)
        if not part:
            raise ConnectionError(f"the server closed a socket: {self.rest[number]!r}")
        frames, self.rest[number] = split(self.rest[number] + part)
        for opcode, payload in frames:
            if opcode == PING:
                self.wires[number].send(pong(payload))
            elif opcode == TEXT and not payload.startswith(b'{"heartbeat"'):
                self.count(payload)

    def count(self, payload: bytes) -> None:
        """Whoever publishes waits for the line before the next frame: arrivals never mix."""
        now = time.monotonic_ns()
        self.first = self.first if self.arrived else now
        self.arrived += 1
        if self.arrived == len(self.wires):
            self.arrived = 0
            print(self.first, now, len(payload), flush=True)


def main() -> None:
    port, path, clients, *protocol = sys.argv[1:]
    listeners = Listeners()
    listeners.join(int(port), path, int(clients), protocol[0] if protocol else "")
    print("ready", flush=True)
    listeners.listen()


if __name__ == "__main__":
    main()
