"""Lists, changes, searches and sockets show each role exactly what single objects do (P16, P18)."""

from __future__ import annotations

import pytest
import websockets
from django.test import Client
from websockets.typing import Subprotocol

from gspace import actions as trunk
from gspace.models import Device
from reports.models import Note
from tests import builders
from tests import test_live_socket as live_socket
from tests.access_world import OBJECTS, ROLES, SECRETS, World, rows, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db


def expected_reports(world: World, role: str) -> set[str]:
    """The reports whose row says 200, as every list must show them."""
    at = ROLES.index(role)
    names = [row.split(" ")[1] for row in rows(OBJECTS) if row.startswith("report ")]
    seen = {n for n in names if rows(OBJECTS)[f"report {n}"][at] == 200}
    # one's own is found one by one, not among those of the audience
    return {str(world.named(name)) for name in seen - ({"own-of-volunteer"} if at == 1 else set())}


def test_lists_and_changes_show_exactly_those_reports(world: World) -> None:
    for role in ROLES:
        client, wanted = world.clients[role], expected_reports(world, role)
        listed = client.get("/api/v1/incidents/quake/reports").json()
        assert {feature["id"] for feature in listed["features"]} == wanted, role
        told = client.get("/api/v1/incidents/quake/changes").json()
        assert {i["id"] for i in told["items"] if i["kind"] == "report"} == wanted, role
        assert told["gone"] == []
        state = client.get("/api/v1/incidents/quake/state").json()
        assert state["counts"]["total"] == len(wanted), role


def test_notes_travel_to_headquarters_only(world: World) -> None:
    notes = {str(note.id) for note in Note.objects.all()}
    for role in ROLES:
        told = world.clients[role].get("/api/v1/incidents/quake/changes").json()
        seen = {item["id"] for item in told["items"] if item["kind"] == "note"}
        assert seen == (notes if role == "operator" else set()), role


def test_broadcasts_travel_to_headquarters_and_in_the_crews_own_lanes(world: World) -> None:
    for role in ROLES:
        for path in ("incidents/quake", "devices/me"):
            told = world.clients[role].get(f"/api/v1/{path}/changes").json()
            seen = {i["id"] for i in told.get("items", []) if i["kind"] == "broadcast"}
            may = role in (("volunteer", "field") if path == "devices/me" else ("operator",))
            assert seen == ({str(world.broadcast.id)} if may else set()), (role, path)


MAY_READ = {
    "reporter": {"operator"},
    "hq": {"operator", "partner"},
    "comment": {"operator", "partner", "field", "volunteer"},
    "crews": {"operator", "field", "volunteer"},
}


def everything(world: World, role: str) -> str:
    """All that a role gets to read, from every readable route, in one text."""
    paths = [f"/api/v1/reports/{ident}" for ident in world.reports.values()]
    paths += [f"{path}/{more}" for path in paths for more in ("notes", "history")]
    paths += [f"/api/v1/incidents/quake/{name}" for name in ("reports", "changes", "state")]
    paths += ["/api/v1/incidents/quake/broadcasts", "/api/v1/devices/me/changes"]
    paths += ["/", "/i/quake/", "/i/quake/?list=reports", "/hq/quake/", "/m/", "/m/form/"]
    paths += [f"/m/sent/{ident}/" for ident in world.own.values()]
    return "".join(world.clients[role].get(path).content.decode() for path in paths)


def test_secrets_reach_only_those_whose_business_they_are(world: World) -> None:
    for role in ROLES:
        text = everything(world, role)
        found = {
            name for name, words in SECRETS.items() if words in text or ascii(words)[1:-1] in text
        }
        assert found <= {name for name, roles in MAY_READ.items() if role in roles}, role
    assert set(SECRETS) == {n for n, w in SECRETS.items() if w in everything(world, "operator")}


def test_a_search_does_not_tell_what_may_not_be_read(world: World) -> None:
    for role in ROLES:
        for name, words in SECRETS.items():
            found = world.clients[role].get("/api/v1/incidents/quake/reports", {"q": words}).json()
            if found["features"]:
                assert role in MAY_READ[name], (role, name)


def test_ones_own_are_listed_whatever_the_audience(world: World) -> None:
    for role in ("volunteer", "field"):
        listed = world.clients[role].get("/api/v1/incidents/quake/reports", {"mine": "1"}).json()
        assert [feature["id"] for feature in listed["features"]] == [str(world.own[role])]
    answer = world.clients["nobody"].get("/api/v1/incidents/quake/reports", {"mine": "1"})
    assert answer.status_code == 401


def test_a_token_is_the_same_person_as_the_session(world: World) -> None:
    """The tables above were asked with cookies; programs send bearer tokens."""
    for role, token in world.tokens.items():
        for name in ("plain", "rescue", "released", "erased"):
            path = f"/api/v1/reports/{world.reports[name]}"
            told = Client().get(path, headers=builders.bearer(token)).status_code
            assert told == rows(OBJECTS)[f"report {name}"][ROLES.index(role)], (role, name)


def test_revoked_is_gone_at_once(world: World) -> None:
    """reliability.md P18; the socket's part is in test_live_socket.py."""
    device = Device.objects.get(id=world.devices["field"].device)
    paths = [f"/api/v1/photos/{world.photo(world.own['field'])}/display"]
    paths += [f"/api/v1/reports/{world.own['field']}"]
    bearer = builders.bearer(world.tokens["field"])
    assert [Client().get(path, headers=bearer).status_code for path in paths] == [200, 200]
    trunk.device_revoke(device=device)
    assert [Client().get(path, headers=bearer).status_code for path in paths] == [401, 401]
    assert [world.clients["field"].get(path).status_code for path in paths] == [404, 404]


@pytest.mark.django_db(transaction=True)
async def test_sockets_tell_exactly_those_reports(server: str, transactional_db: None) -> None:
    world = await live_socket.in_database(World)
    for role in ROLES:
        address = f"{server.replace('http', 'ws')}/ws/incidents/quake/?since=0"
        token = world.tokens.get(role)
        protocols = [Subprotocol(f"gspace.bearer.{token}")] if token else None
        async with websockets.connect(address, subprotocols=protocols) as link:
            told = await live_socket.frame(link)
        seen = {item["id"] for item in told["items"] if item["kind"] == "report"}
        assert seen == await live_socket.in_database(expected_reports, world, role), role
        layers = {item["id"] for item in told["items"] if item["kind"] == "layer"}
        assert layers == {
            f"layer-{name}" for name in ("public", "partner", "hq")
            # a publisher's own come beside the public feed, over GET /layers
            if rows(OBJECTS)[f"layer {name}"][ROLES.index(role)] == 200
            and (role != "publisher" or name == "public")
        }, role  # fmt: skip
