"""The socket rings for those devices whose own lane has news, says nothing more, and no others."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from gspace import actions as trunk
from gspace import live
from reports import actions
from reports.models import Report
from reports.payload import HqEdit
from tests import builders
from tests import test_live_socket as sockets
from tests.test_live_socket import in_database, socket

pytestmark = pytest.mark.django_db(transaction=True)
BELL = {"doorbell": True}


class World(sockets.World):
    """Two crews and a volunteer; the first crew has sent a rescue, which the others may not see."""

    def __init__(self) -> None:
        super().__init__()
        self.other, self.other_token = builders.device(self.incident)
        self.helper, self.helper_token = builders.device(self.incident, "volunteer")
        self.report = builders.make_report(self.incident, self.crew, category="rescue")
        self.helpers = builders.make_report(self.incident, self.helper)

    def change(self, **edit: Any) -> None:
        seen = Report.objects.get(id=self.report).version
        actions.report_change(report_id=self.report, edit=HqEdit(**edit), seen=seen, by=self.hq)

    def note(self, kind: str) -> None:
        actions.note_add(report_id=self.report, kind=kind, text="何人ですか", by=self.hq)

    def tell(self) -> None:
        trunk.broadcast_create(incident=self.incident, kind="tsunami", text="高台へ", by=self.hq)


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


@contextlib.asynccontextmanager
async def everybody(server: str, world: World) -> AsyncIterator[dict[str, Any]]:
    """A socket of each at the head; public and volunteer share one channel, the crews another."""
    start = await in_database(world.head)
    tokens = {
        "crew": world.crew_token,
        "other": world.other_token,
        "helper": world.helper_token,
        "hq": world.hq_token,
        "public": "",
    }
    async with contextlib.AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(socket(server, world, token, since=start))
            for name, token in tokens.items()
        }


async def heard(link: Any, seconds: float = 1.0) -> list[dict[str, Any]]:
    """All that is said until it is quiet, heartbeats aside."""
    said = []
    with contextlib.suppress(TimeoutError):
        while True:
            told = json.loads(await asyncio.wait_for(link.recv(), seconds))
            if "heartbeat" not in told:
                said.append(told)
    return said


async def rung(links: dict[str, Any]) -> set[str]:
    """For whom the bell rings; a bell has its frame before it, and says nothing else."""
    heard_by = dict(zip(links, await asyncio.gather(*map(heard, links.values())), strict=True))
    for said in heard_by.values():
        assert all(told == BELL for told in said if "doorbell" in told)
        assert "doorbell" not in said[0]
    return {name for name, said in heard_by.items() if BELL in said}


CASES: dict[str, tuple[Callable[[World], object], set[str]]] = {
    "verified": (lambda w: w.change(status="verified"), {"crew"}),
    "rejected": (lambda w: w.change(status="rejected", reason="x"), {"crew"}),
    "accepted": (lambda w: actions.report_accept(report_id=w.report, by=w.hq), {"crew"}),
    "erased": (lambda w: actions.report_erase(report_id=w.report, by=w.hq), {"crew"}),
    "question": (lambda w: w.note("question"), {"crew"}),
    "inner_note": (lambda w: w.note("note"), set()),
    "of_a_volunteer": (
        lambda w: actions.report_accept(report_id=w.helpers, by=w.hq), {"helper"},
    ),
    "of_nobody_here": (lambda w: builders.make_report(w.incident), set()),
    "broadcast": (World.tell, {"crew", "other", "helper"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
async def test_it_rings_for_those_whom_it_concerns(server: str, world: World, name: str) -> None:
    act, wanted = CASES[name]
    async with everybody(server, world) as links:
        await in_database(act, world)
        assert await rung(links) == wanted


async def test_what_was_missed_rings_at_the_next_connect(server: str, world: World) -> None:
    start = await in_database(world.head)
    await in_database(world.note, "question")
    await in_database(builders.make_report, world.incident)
    async with (
        socket(server, world, world.crew_token, since=start) as crew,
        socket(server, world, world.other_token, since=start) as other,
    ):
        assert BELL in await heard(crew)
        assert BELL not in await heard(other)


async def test_a_frame_kept_from_before_the_first_device_is_read_again(
    server: str, world: World
) -> None:
    """Nobody asked whom it concerns while only the public listened."""
    start = await in_database(world.head)
    async with socket(server, world, since=start) as public:
        await in_database(actions.report_accept, report_id=world.helpers, by=world.hq)
        await sockets.frame(public)
        async with socket(server, world, world.helper_token, since=start) as helper:
            assert BELL in await heard(helper)


async def test_a_reset_rings(server: str, world: World) -> None:
    head = await in_database(world.head)
    async with socket(server, world, world.crew_token, since=head, epoch="another") as crew:
        assert [told == BELL for told in await heard(crew)] == [False, True]
    async with socket(server, world, world.hq_token, since=head, epoch="another") as hq:
        assert BELL not in await heard(hq)


async def test_whom_it_concerns_is_asked_only_where_a_device_listens(
    server: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred screens of the public cost no question more."""
    from gspace import feed

    asked: list[str] = []
    real = feed._concerned
    monkeypatch.setattr(feed, "_concerned", lambda rows: asked.append("x") or real(rows))
    start = await in_database(world.head)
    async with socket(server, world, since=start) as public:
        await in_database(world.note, "question")
        await sockets.frame(public)
    assert asked == []


def test_it_says_nothing() -> None:
    assert json.loads(live.DOORBELL) == BELL
