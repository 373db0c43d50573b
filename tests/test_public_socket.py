"""The public pages' socket: it knows nobody, whoever opens it, and visitors are counted."""

from __future__ import annotations

from typing import Any

import pytest
import websockets
from django.conf import settings
from django.test import Client

from gspace import consumer
from tests import builders
from tests.test_live_socket import World, closed_with, frame, in_database, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db(transaction=True)


def address(server: str, world: World, since: int, more: str = "") -> str:
    base = f"{server.replace('http', 'ws')}/ws/incidents/{world.incident.slug}/"
    return f"{base}?since={since}&epoch={world.epoch}{more}"


async def test_staff_hear_as_public_what_everybody_hears(server: str, world: World) -> None:
    start = await in_database(world.head)
    protocols: Any = [f"gspace.bearer.{world.hq_token}"]
    client = Client()
    user = await in_database(
        builders.make_user, await in_database(builders.headquarters, world.incident)
    )
    await in_database(client.force_login, user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
    at = address(server, world, start, "&as=public")
    async with websockets.connect(at, additional_headers=cookie) as link:
        await in_database(builders.make_report, world.incident, world.crew, comment="inner words")
        told = await frame(link)
    assert told["audience"] == "public" and told["items"] == [] and told["gone"] == []
    with_rights = address(server, world, start)
    async with websockets.connect(with_rights, subprotocols=protocols) as link:
        assert (await frame(link))["audience"] == "hq"


async def test_nothing_but_public_can_be_asked_for(server: str, world: World) -> None:
    at = address(server, world, 0, "&as=hq")
    async with websockets.connect(at) as link:
        assert (await frame(link))["audience"] == "public"


async def test_visitors_are_counted_and_the_last_are_sent_to_ask(
    server: str, world: World, settings: Any
) -> None:
    start = await in_database(world.head)
    settings.LIMIT_PUBLIC_SOCKETS = consumer._open.get("", 0) + 2
    at = address(server, world, start, "&as=public")
    async with websockets.connect(at) as one, websockets.connect(at):
        await in_database(builders.make_report, world.incident, world.crew)
        await frame(one)
        async with websockets.connect(at) as third:
            assert await closed_with(third) == consumer.TOO_SLOW
        staff: Any = [f"gspace.bearer.{world.hq_token}"]
        async with websockets.connect(address(server, world, start), subprotocols=staff) as link:
            assert (await frame(link))["items"]
