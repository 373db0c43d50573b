"""Views kept under a name: one's own, and those of the organisation."""

from __future__ import annotations

import uuid

import httpx
import pytest

from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


class Desks:
    """Alice and Bob are programs of headquarters, Charlie of a partner."""

    def __init__(self, server: str) -> None:
        self.incident = builders.make_incident()
        self.house = builders.headquarters(self.incident)
        partner = builders.make_organisation()
        builders.join(self.incident, partner, "partner")
        self.url = f"{server}/api/v1/incidents/{self.incident.slug}/views"
        tokens = {
            "alice": builders.api_token(self.house, "operator"),
            "bob": builders.api_token(self.house, "operator"),
            "charlie": builders.api_token(partner, "partner"),
        }
        self.http = {who: httpx.Client(headers=builders.bearer(t)) for who, t in tokens.items()}

    def keep(self, who: str, ident: str = "", **more) -> httpx.Response:
        body = {"name": "断水", "query": "q=%E6%96%AD%E6%B0%B4", **more}
        return self.http[who].put(f"{self.url}/{ident or uuid.uuid4()}", json=body)

    def names(self, who: str) -> list[str]:
        return [view["name"] for view in self.http[who].get(self.url).json()["items"]]


@pytest.fixture
def desks(server: str) -> Desks:
    return Desks(server)


def test_the_own_are_seen_by_nobody_else(desks: Desks) -> None:
    kept = desks.keep("alice")
    assert kept.status_code == 201
    assert kept.json()["query"] == "q=%E6%96%AD%E6%B0%B4" and kept.json()["organisation"] is None
    assert (desks.names("alice"), desks.names("bob"), desks.names("charlie")) == (["断水"], [], [])
    ident = kept.json()["id"]
    assert desks.keep("bob", ident, name="taken").status_code == 404
    assert desks.http["bob"].delete(f"{desks.url}/{ident}").status_code == 404
    assert desks.names("alice") == ["断水"]


def test_an_organisations_are_all_its_people_s(desks: Desks) -> None:
    kept = desks.keep("alice", organisation=desks.house.slug).json()
    assert (desks.names("bob"), desks.names("charlie")) == (["断水"], [])
    (seen,) = desks.http["bob"].get(desks.url).json()["items"]
    assert (seen["mine"], kept["mine"]) == (False, True)
    assert desks.http["bob"].delete(f"{desks.url}/{kept['id']}").status_code == 403
    assert desks.keep("charlie", organisation=desks.house.slug).status_code == 403
    assert desks.keep("alice", organisation="no-such").status_code == 403


def test_the_same_id_changes_it_and_it_can_go(desks: Desks) -> None:
    ident = str(uuid.uuid4())
    assert [desks.keep("alice", ident, name=n).status_code for n in ("one", "two")] == [201, 200]
    assert desks.names("alice") == ["two"]
    assert [desks.http["alice"].delete(f"{desks.url}/{ident}").status_code for _ in "ab"] == [
        204,
        404,
    ]
    assert desks.names("alice") == []


def test_there_is_an_end_to_it(desks: Desks, settings) -> None:
    settings.LIMIT_SAVED_VIEWS = 2
    codes = [desks.keep("alice").status_code for _ in range(3)]
    assert codes == [201, 201, 409]
    assert desks.keep("bob").status_code == 201


def test_a_view_needs_a_name(desks: Desks) -> None:
    for wrong in ({"name": ""}, {"name": "x" * 81}, {"query": "x" * 2001}, {"shared": True}):
        answer = desks.keep("alice", **wrong)
        assert (answer.status_code, answer.json()["field"]) == (422, next(iter(wrong)))
