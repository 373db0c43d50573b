"""Reading websocket frames off a byte stream; the client's side of RFC 6455, as far as needed."""

from __future__ import annotations

import base64
import os
import socket
import struct

TEXT, CLOSE, PING = 1, 8, 9


def request_upgrade(port: int, path: str, protocol: str) -> socket.socket:
    """A socket with the upgrade request sent; `upgraded` reads the answer."""
    wire = socket.create_connection(("127.0.0.1", port), timeout=60)
    key = base64.b64encode(os.urandom(16)).decode()
    chosen = f"Sec-WebSocket-Protocol: {protocol}\r\n" if protocol else ""
    wire.sendall(
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{chosen}\r\n".encode()
    )
    return wire


def upgraded(wire: socket.socket) -> bytes:
    """Bytes that came after the handshake's end. Raises ConnectionError when it was refused."""
    said = b""
    while b"\r\n\r\n" not in said:
        part = wire.recv(4096)
        said += part
        if not part or not said.startswith(b"HTTP/1.1 101"[: len(said)]):
            raise ConnectionError(f"no websocket: {said!r}")
    wire.setblocking(False)
    return said.split(b"\r\n\r\n", 1)[1]


def pong(payload: bytes) -> bytes:
    """The answer to a ping: the same payload, masked with zeros. Without it servers hang up."""
    return b"\x8a" + bytes([0x80 | len(payload)]) + b"\0\0\0\0" + payload


def split(stream: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """([(opcode, payload)], bytes of a frame still incomplete)."""
    found, at = [], 0
    while len(stream) - at >= 2:
        length, head = stream[at + 1], 2
        if length == 126 and len(stream) - at >= 4:
            (length,), head = struct.unpack_from("!H", stream, at + 2), 4
        elif length == 127 and len(stream) - at >= 10:
            (length,), head = struct.unpack_from("!Q", stream, at + 2), 10
        elif length >= 126:
            break
        end = at + head + length
        if len(stream) < end:
            break
        found.append((stream[at] & 15, stream[at + head : end]))
        at = end
    return found, stream[at:]
