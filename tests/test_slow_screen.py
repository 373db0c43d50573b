"""P5: a screen that never reads is dropped, and harms nobody else."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from gspace import consumer, feed
from tests import builders
from tests.test_live_socket import World, frame, in_database
from tests.test_live_socket import socket as open_socket

pytestmark = pytest.mark.django_db(transaction=True)

COUNT, ROUNDS = 60, 12


def deaf_screen(server: str, slug: str, since: int, epoch: str) -> socket.socket:
    """A websocket client that shakes hands and then never reads."""
    address = urlsplit(server)
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.connect((address.hostname, address.port))
    key = base64.b64encode(os.urandom(16)).decode()
    link.sendall(
        f"GET /ws/incidents/{slug}/?since={since}&epoch={epoch} HTTP/1.1\r\n"
        f"Host: {address.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    return link


def touch_all(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_report SET public_text = %s", [f"{number} " + "水" * 3900])


def release_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_report SET release = 'public'")


def behind(cursor: int) -> list[consumer.LiveConsumer]:
    return [c for found in consumer._watched.values() for c in found if c.cursor < cursor]


async def until(condition: Any, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        await asyncio.sleep(0.1)
    return False


async def test_it_is_dropped_and_the_others_hear_everything(server: str, settings: Any) -> None:
    # longer than all rounds take, so that the deaf screen is seen hanging before it is let go
    settings.SEND_TIMEOUT_S = 8
    world = await in_database(World)
    for _ in range(COUNT):
        await in_database(builders.make_report, world.incident, world.crew)
    await in_database(release_all)
    start = await in_database(world.head)
    deaf = deaf_screen(server, world.incident.slug, start, world.epoch)
    assert await until(lambda: any(consumer._watched.values()), 5)
    async with open_socket(server, world, since=start) as healthy:
        cursor = start
        for number in range(ROUNDS):
            await in_database(touch_all, number)
            head = await in_database(feed.head, world.incident.id)
            while cursor < head:
                cursor = (await frame(healthy))["to"]
        assert await until(lambda: len(behind(cursor)) == 1, 5), "the deaf screen's send hangs"
        assert await until(lambda: not behind(cursor), 12), "and it is let go"
        await in_database(touch_all, ROUNDS)
        assert (await frame(healthy))["items"], "the healthy one is still told"
    deaf.close()
