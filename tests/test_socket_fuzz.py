"""Nonsense at the live socket (reliability.md P15): a close code, never a traceback."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import websockets
from websockets.typing import Subprotocol

from tests import builders
from tests import test_live_socket as live_socket

pytestmark = pytest.mark.django_db(transaction=True)

SOCKETS = [
    "since=-1", "since=9223372036854775807", "since=9223372036854775808", "since=" + "9" * 5000,
    "since=NaN", "since=%00", "since=1e3", "since=&epoch=%00", "epoch=" + "x" * 5000, "since=%ff",
    "since=0&since=x", "=&=&;", "%", "since=0&epoch=%F0%9F%92%A9", "since=١",
]  # fmt: skip


@pytest.mark.parametrize("query", SOCKETS, ids=lambda q: q[:30])
async def test_sockets_survive_nonsense_in_their_address(
    server: str, transactional_db: None, caplog: pytest.LogCaptureFixture, query: str
) -> None:
    incident = await live_socket.in_database(builders.make_incident)
    await live_socket.in_database(builders.make_report, incident)
    address = f"{server.replace('http', 'ws')}/ws/incidents/{incident.slug}/?{query}"
    async with websockets.connect(address) as link:
        try:
            told = json.loads(await asyncio.wait_for(link.recv(), 10))
            assert told["to"] >= 0
        except websockets.ConnectionClosed as closed:
            assert closed.rcvd is not None and closed.rcvd.code == 4400
    assert not [r for r in caplog.records if r.exc_info], caplog.text


FRAMES: list[Any] = [b"\x00", b"", "", "{}", "[" * 5000, '{"since":1}', "\x00", b"\xff" * 60_000]
TOKENS = ["", "x", "x" * 3000, "~!#$%&'*+-.^_`|", "0" * 43]


async def test_frames_of_nonsense_close_with_their_code(
    server: str, transactional_db: None, caplog: pytest.LogCaptureFixture
) -> None:
    incident = await live_socket.in_database(builders.make_incident)
    address = f"{server.replace('http', 'ws')}/ws/incidents/{incident.slug}/"
    for content in FRAMES:
        async with websockets.connect(address) as link:
            await link.send(content)
            assert await live_socket.closed_with(link) == 4400
    assert not [r for r in caplog.records if r.exc_info], caplog.text


async def test_tokens_of_nonsense_are_told_no(
    server: str, transactional_db: None, caplog: pytest.LogCaptureFixture
) -> None:
    incident = await live_socket.in_database(builders.make_incident)
    address = f"{server.replace('http', 'ws')}/ws/incidents/{incident.slug}/"
    for token in TOKENS:
        protocols = [Subprotocol(f"gspace.bearer.{token}")]
        async with websockets.connect(address, subprotocols=protocols) as link:
            assert await live_socket.closed_with(link) == 4401
    assert not [r for r in caplog.records if r.exc_info], caplog.text


async def test_an_unknown_subprotocol_is_not_taken_up(server: str, transactional_db: None) -> None:
    incident = await live_socket.in_database(builders.make_incident)
    address = f"{server.replace('http', 'ws')}/ws/incidents/{incident.slug}/"
    async with websockets.connect(address, subprotocols=[Subprotocol("graphql-ws")]) as link:
        assert link.subprotocol is None
