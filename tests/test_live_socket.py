"""The live channel: frames, resume, reset, rights, close codes; over a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import websockets
from django.conf import settings
from django.db import connections

from gspace import actions as trunk
from gspace import consumer, feed, live
from gspace.models import Device
from reports import actions
from reports.models import Report
from reports.payload import HqEdit
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


def in_database(function: Any, *args: Any, **kwargs: Any) -> Any:
    def run() -> Any:
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    return asyncio.to_thread(run)


class World:
    def __init__(self) -> None:
        self.incident = builders.make_incident()
        self.hq = builders.operator(self.incident)
        self.crew, self.crew_token = builders.device(self.incident)
        self.hq_token = builders.api_token(builders.headquarters(self.incident), "operator")
        self.epoch = feed.epoch()

    def head(self) -> int:
        return feed.head(self.incident.id)


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


@contextlib.asynccontextmanager
async def socket(
    server: str, world: World, token: str = "", since: int = 0, epoch: str | None = None
) -> AsyncIterator[Any]:
    epoch = world.epoch if epoch is None else epoch
    address = f"{server.replace('http', 'ws')}/ws/incidents/{world.incident.slug}/"
    protocols = [f"gspace.bearer.{token}"] if token else None
    async with websockets.connect(
        f"{address}?since={since}&epoch={epoch}", subprotocols=protocols
    ) as found:
        yield found


async def frame(link: Any, timeout: float = 5) -> dict[str, Any]:
    """The next frame that is no heartbeat."""
    while True:
        told = json.loads(await asyncio.wait_for(link.recv(), timeout))
        if "heartbeat" not in told:
            return told


async def closed_with(link: Any, timeout: float = 5) -> int:
    with pytest.raises(websockets.ConnectionClosed) as closing:
        while True:
            await asyncio.wait_for(link.recv(), timeout)
    return closing.value.rcvd.code


async def test_a_report_arrives_by_itself(server: str, world: World) -> None:
    start = await in_database(world.head)
    async with socket(server, world, world.hq_token, since=start) as link:
        ident = await in_database(builders.make_report, world.incident, world.crew)
        told = await frame(link)
    assert [item["id"] for item in told["items"]] == [str(ident)]
    assert (told["from"], told["epoch"]) == (start, world.epoch)
    assert told["items"][0]["feature"]["properties"]["category"] == "road_blocked"
    assert told["to"] == told["head"] == told["items"][0]["seq"]


async def test_resume_closes_the_gap(server: str, world: World) -> None:
    start = await in_database(world.head)
    sent = [await in_database(builders.make_report, world.incident, world.crew) for _ in range(7)]
    async with socket(server, world, world.hq_token, since=start) as link:
        told = await frame(link)
    assert {item["id"] for item in told["items"]} == {str(i) for i in sent}


async def test_frames_hold_at_most_200(server: str, world: World, settings: Any) -> None:
    settings.LIMIT_FRAME_ITEMS = 3
    start = await in_database(world.head)
    sent = {str(await in_database(builders.make_report, world.incident)) for _ in range(8)}
    seen: set[str] = set()
    cursor = start
    async with socket(server, world, world.hq_token, since=start) as link:
        while cursor < await in_database(world.head):
            told = await frame(link)
            assert told["from"] == cursor and len(told["items"]) <= 3
            cursor = told["to"]
            seen |= {item["id"] for item in told["items"]}
    assert seen == sent


async def test_audiences_never_share_a_frame(server: str, world: World) -> None:
    start = await in_database(world.head)
    async with (
        socket(server, world, world.hq_token, since=start) as hq,
        socket(server, world, world.crew_token, since=start) as crew,
        socket(server, world, since=start) as public,
    ):
        ident = await in_database(
            builders.make_report, world.incident, None, category="rescue", comment="秘密"
        )
        at_hq = await frame(hq)
        others = [await frame(crew), await frame(public)]
    assert at_hq["items"][0]["id"] == str(ident)
    for told in others:
        assert (told["items"], told["gone"]) == ([], [])
        assert told["to"] == at_hq["to"]
        assert "秘密" not in json.dumps(told)


async def test_an_unknown_epoch_and_a_cursor_ahead_are_reset(server: str, world: World) -> None:
    head = await in_database(world.head)
    for since, epoch in ((head, "another"), (head + 1000, None)):
        async with socket(server, world, world.hq_token, since=since, epoch=epoch) as link:
            told = await frame(link)
        assert told["reset"] is True
        assert told["epoch"] == world.epoch


async def test_a_wrong_token_is_told_so(server: str, world: World) -> None:
    async with socket(server, world, "nonsense") as link:
        assert await closed_with(link) == 4401


async def test_an_unknown_incident_is_not_allowed(server: str, world: World) -> None:
    world.incident.slug = "there-is-none"
    async with socket(server, world, world.hq_token) as link:
        assert await closed_with(link) == 4403


async def test_talking_to_it_is_a_bad_frame(server: str, world: World) -> None:
    async with socket(server, world, world.hq_token) as link:
        await link.send("hello")
        assert await closed_with(link) == 4400


async def test_a_foreign_page_is_refused(server: str, world: World) -> None:
    address = f"{server.replace('http', 'ws')}/ws/incidents/{world.incident.slug}/?since=0"
    with pytest.raises(websockets.InvalidStatus):
        async with websockets.connect(address, origin="https://evil.example"):
            pass


async def test_revoked_means_closed_within_a_heartbeat(
    server: str, world: World, settings: Any
) -> None:
    settings.HEARTBEAT_S = 1
    async with socket(server, world, world.crew_token) as link:
        await frame(link)
        device = await in_database(Device.objects.get, id=world.crew.device)
        await in_database(trunk.device_revoke, device=device)
        assert await closed_with(link, 6) == 4401


async def test_the_heartbeat_tells_the_head(server: str, world: World, settings: Any) -> None:
    settings.HEARTBEAT_S = 1
    start = await in_database(world.head)
    async with socket(server, world, world.hq_token, since=start) as link:
        told = json.loads(await asyncio.wait_for(link.recv(), 5))
    assert told == {
        "heartbeat": True,
        "head": start,
        "epoch": world.epoch,
        "audience": "hq",
    }


async def test_lost_doorbells_cost_seconds_not_data(
    server: str, world: World, settings: Any
) -> None:
    """The trigger's NOTIFY is taken away: the poll still finds everything."""
    settings.FEED_POLL_S = 1

    def silence() -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(feed.TOUCH_SQL.replace("PERFORM pg_notify('gspace', '');", ""))

    def ring_again() -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(feed.TOUCH_SQL)

    start = await in_database(world.head)
    await in_database(silence)
    try:
        async with socket(server, world, world.hq_token, since=start) as link:
            ident = await in_database(builders.make_report, world.incident)
            told = await frame(link, 6)
        assert told["items"][0]["id"] == str(ident)
    finally:
        await in_database(ring_again)


async def test_sockets_hold_no_connection(server: str, world: World) -> None:
    from tests.test_parallel_requests import backends

    async with contextlib.AsyncExitStack() as stack:
        for _ in range(settings.LIMIT_SOCKETS_PER_CALLER):
            await stack.enter_async_context(socket(server, world, world.hq_token))
        assert await in_database(backends) <= settings.POOL_SIZE + 1


async def test_one_caller_cannot_take_all_sockets(server: str, world: World, settings: Any) -> None:
    settings.LIMIT_SOCKETS_PER_CALLER = 2
    async with (
        socket(server, world, world.hq_token),
        socket(server, world, world.hq_token),
        socket(server, world, world.hq_token) as third,
    ):
        assert await closed_with(third) == 4403


async def test_who_is_gone_before_coming_in_takes_no_place(world: World) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        raise ConnectionError("the browser has gone")

    scope = {
        "type": "websocket", "path": "/", "headers": [], "query_string": b"", "subprotocols": [],
        "url_route": {"args": (), "kwargs": {"slug": world.incident.slug}}, "cookies": {},
    }  # fmt: skip
    before = dict(consumer._open)
    with pytest.raises(ConnectionError):
        await consumer.LiveConsumer.as_asgi()(scope, receive, send)
    assert consumer._open.get("", 0) == before.get("", 0)
    assert not live.hub().channels


async def test_a_release_is_told_and_taken_back(server: str, world: World) -> None:
    ident = await in_database(builders.make_report, world.incident)
    start = await in_database(world.head)

    def change(**edit: Any) -> None:
        seen = Report.objects.get(id=ident).version
        actions.report_change(report_id=ident, edit=HqEdit(**edit), seen=seen, by=world.hq)

    async with socket(server, world, since=start) as public:
        await in_database(change, release="public", public_text="通行止め")
        told = await frame(public)
        assert told["items"][0]["feature"]["properties"]["comment"] == "通行止め"
        await in_database(change, release="none")
        told = await frame(public)
        assert [gone["id"] for gone in told["gone"]] == [str(ident)]
