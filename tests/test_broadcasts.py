"""Headquarters tells all crews at once, sees who has read it, and takes it back."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from gspace import actions as trunk
from gspace.models import Broadcast, BroadcastRead, Device
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
SAID = {"kind": "withdraw", "text": "余震のおそれ。全員、撤収してください。"}
AREA = {
    "type": "Polygon",
    "coordinates": [[[130.7, 32.7], [130.8, 32.7], [130.8, 32.8], [130.7, 32.7]]],
}
NOON = "2016-04-16T12:00:00+09:00"


class World:
    """Headquarters with two crews and a volunteer; a supporting city whose crew has no part."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.incident = builders.make_incident()
        self.home = builders.headquarters(self.incident)
        self.by = builders.operator(self.incident)
        self.hq = self.client(builders.api_token(self.home, "operator"))
        self.crews = [self.enrol(self.home, label) for label in ("東1班", "東2班")]
        self.helper = self.enrol(self.home, "ボランティア", "volunteer")
        city = builders.make_organisation()
        builders.join(self.incident, city, "support")
        self.stranger = self.enrol(city, "応援")

    def client(self, token: str) -> httpx.Client:
        return httpx.Client(base_url=f"{self.server}/api/v1", headers=builders.bearer(token))

    def enrol(self, organisation: Any, label: str, audience: str = "field") -> httpx.Client:
        _, token = trunk.device_create(organisation=organisation, label=label, audience=audience)
        return self.client(token)

    @property
    def path(self) -> str:
        return f"/incidents/{self.incident.slug}/broadcasts"

    def tell(self, **more: Any) -> httpx.Response:
        return self.hq.post(self.path, json={**SAID, **more})

    def listed(self) -> list[dict[str, Any]]:
        return self.hq.get(self.path).json()["items"]

    def read(self, by: httpx.Client, ident: str, at: str = NOON) -> httpx.Response:
        return by.put(f"/broadcasts/{ident}/read", json={"read_at": at})

    def lane(self, by: httpx.Client) -> list[dict[str, Any]]:
        items = by.get("/devices/me/changes").json()["items"]
        return [item["feature"] for item in items if item["kind"] == "broadcast"]


@pytest.fixture
def world(server: str) -> World:
    return World(server)


def test_every_crew_gets_it(world: World) -> None:
    answer = world.tell(area=AREA, area_name="東区")
    told = answer.json()
    assert answer.status_code == 201
    assert {n: told[n] for n in ("incident", "kind", "text", "area_name", "author")} == {
        "incident": world.incident.slug, **SAID, "area_name": "東区", "author": "test",
    }  # fmt: skip
    assert told["area"] == AREA and told["withdrawn_at"] is None and "read_at" not in told
    for phone in (*world.crews, world.helper):
        assert world.lane(phone) == [told | {"read_at": None}]
    assert world.lane(world.stranger) == []


def test_who_has_not_read_it_is_told_by_name(world: World) -> None:
    ident = world.tell().json()["id"]
    assert world.read(world.crews[1], ident).json() == {
        "id": ident, "read_at": "2016-04-16T03:00:00+00:00",
    }  # fmt: skip
    (told,) = world.listed()
    assert [(r["label"], r["read_at"]) for r in told["reads"]] == [
        ("東2班", "2016-04-16T03:00:00+00:00")
    ]
    assert [device["label"] for device in told["unread"]] == ["ボランティア", "東1班"]
    assert world.lane(world.crews[1])[0]["read_at"] and not world.lane(world.crews[0])[0]["read_at"]


def test_a_locked_out_phone_is_not_waited_for_but_its_receipt_stays(world: World) -> None:
    ident = world.tell().json()["id"]
    world.read(world.crews[0], ident)
    for device in Device.objects.filter(organisation=world.home, audience="field"):
        trunk.device_revoke(device=device)
    (told,) = world.listed()
    assert [r["label"] for r in told["reads"]] == ["東1班"]
    assert [device["label"] for device in told["unread"]] == ["ボランティア"]


def test_the_first_receipt_stays(world: World) -> None:
    ident = world.tell().json()["id"]
    world.read(world.crews[0], ident)
    with ThreadPoolExecutor(4) as pool:
        later = "2016-04-16T13:00:00+09:00"
        answers = list(pool.map(lambda _: world.read(world.crews[0], ident, later), range(4)))
    assert {a.json()["read_at"] for a in answers} == {"2016-04-16T03:00:00+00:00"}
    assert BroadcastRead.objects.count() == 1


def test_told_once_for_one_id(world: World) -> None:
    ident = str(uuid.uuid4())
    first, again = world.tell(id=ident, area=AREA), world.tell(id=ident, area=AREA)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    for other in ({"text": "別の話"}, {"kind": "info"}, {"area": None}):
        answer = world.tell(**{"id": ident, "area": AREA, **other})
        assert (answer.status_code, answer.json()["code"]) == (409, "broadcast_differs")
    assert Broadcast.objects.count() == 1


def test_withdrawn_it_leaves_the_phones_and_stays_in_the_list(world: World) -> None:
    ident = world.tell().json()["id"]
    first = world.hq.post(f"/broadcasts/{ident}/withdraw").json()
    again = world.hq.post(f"/broadcasts/{ident}/withdraw").json()
    assert first["withdrawn_at"] == again["withdrawn_at"] is not None
    assert world.lane(world.crews[0]) == []
    assert [told["withdrawn_at"] for told in world.listed()] == [first["withdrawn_at"]]
    # somebody who had it on the screen when it went
    assert world.read(world.crews[0], ident).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"text": ""}, "text"), ({"text": "  "}, "text"), ({"text": "x" * 1001}, "text"),
     ({"kind": "party"}, "kind"), ({"area": {"type": "Point"}}, "area"), ({"id": "1"}, "id"),
     ({"area": {"type": "Point", "coordinates": [500, 1]}}, "area")],
)  # fmt: skip
def test_what_is_wrong_is_named(world: World, wrong: dict, field: str) -> None:
    answer = world.tell(**wrong)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not Broadcast.objects.exists()


def test_a_time_without_offset_is_refused(world: World) -> None:
    ident = world.tell().json()["id"]
    answer = world.read(world.crews[0], ident, "2016-04-16T12:00:00")
    assert (answer.status_code, answer.json()["code"]) == (422, "time_without_offset")


def test_a_closed_incident_is_quiet(world: World) -> None:
    ident = world.tell().json()["id"]
    world.incident.state = "closed"
    world.incident.save()
    assert world.tell().json()["code"] == "incident_closed"
    assert world.tell(id=ident).status_code == 200, "what was acknowledged stays so"
    assert world.lane(world.crews[0]) == []


def test_others_neither_speak_nor_listen(world: World) -> None:
    ident = world.tell().json()["id"]
    for by, code in ((world.crews[0], 403), (world.stranger, 403)):
        assert by.post(world.path, json=SAID).status_code == code
        assert by.get(world.path).status_code == code
    assert world.crews[0].post(f"/broadcasts/{ident}/withdraw").status_code == 403
    assert world.stranger.post(f"/broadcasts/{ident}/withdraw").status_code == 404
    assert world.read(world.stranger, ident).status_code == 404
    assert world.read(world.hq, ident).status_code == 403, "a desk is no crew"
    assert world.read(world.crews[0], str(uuid.uuid4())).status_code == 404


def test_headquarters_is_told_in_its_feed_and_receipts_ring_no_bell(world: World) -> None:
    ident = world.tell().json()["id"]
    changes = f"/incidents/{world.incident.slug}/changes"
    frame = world.hq.get(changes).json()
    (item,) = [item for item in frame["items"] if item["kind"] == "broadcast"]
    assert (item["id"], item["version"], item["feature"]["text"]) == (ident, 1, SAID["text"])
    world.read(world.crews[0], ident)
    assert world.hq.get(changes).json()["head"] == frame["head"]
    world.hq.post(f"/broadcasts/{ident}/withdraw")
    after = world.hq.get(changes, params={"since": frame["head"], "epoch": frame["epoch"]}).json()
    assert [(i["version"], bool(i["feature"]["withdrawn_at"])) for i in after["items"]] == [
        (2, True)
    ]
