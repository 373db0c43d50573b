"""To whom headquarters hands a report: teams, bodies and persons, with the work they have."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from gspace import actions, teams
from gspace.models import Team
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    """Alice, a program of headquarters, and a partner that works beside it."""

    def __init__(self, server: str) -> None:
        self.incident = builders.make_incident()
        self.house = builders.headquarters(self.incident)
        self.partner = builders.make_organisation("fire-service")
        builders.join(self.incident, self.partner, "partner")
        self.api = f"{server}/api/v1"
        token = builders.api_token(self.house, "operator")
        self.http = httpx.Client(headers=builders.bearer(token))

    def read(self) -> dict[str, list[dict[str, Any]]]:
        return self.http.get(f"{self.api}/incidents/{self.incident.slug}/assignees").json()

    def change(self, report: uuid.UUID, **edit: Any) -> httpx.Response:
        url = f"{self.api}/reports/{report}"
        seen = {"If-Match": self.http.get(url).headers["ETag"]}
        return self.http.patch(url, json=edit, headers=seen)


@pytest.fixture
def desk(server: str) -> Desk:
    return Desk(server)


def test_the_usual_teams_are_made_once(desk: Desk) -> None:
    call_command("usual_teams", organisation=desk.house.slug)
    Team.objects.filter(name="建設班").update(name_en="Roads", position=0)
    assert actions.teams_begin(organisation=desk.house) == 0
    named = [team["name"] for team in desk.read()["teams"]]
    assert len(named) == len(teams.USUAL) and named[0] == "建設班"
    assert desk.read()["teams"][0]["name_en"] == "Roads"
    with pytest.raises(CommandError):
        call_command("usual_teams", organisation="no-such")


def test_only_headquarters_own_teams(desk: Desk) -> None:
    actions.teams_begin(organisation=desk.partner)
    assert desk.read()["teams"] == []


def test_everybody_carries_their_open_work(desk: Desk) -> None:
    actions.teams_begin(organisation=desk.house)
    works = f"{desk.house.name} 建設班"
    late, soon, done, other = (builders.make_report(desk.incident) for _ in range(4))
    past = (timezone.now() - timedelta(minutes=1)).isoformat()
    assert desk.change(late, assigned_to=works, due_at=past).is_success
    assert desk.change(soon, assigned_to=works).is_success
    assert desk.change(done, assigned_to=works, due_at=past, status="resolved").is_success
    assert desk.change(other, assigned_to="町内会長").is_success
    found = desk.read()
    (team,) = [t for t in found["teams"] if t["name"] == "建設班"]
    assert (team["value"], team["open"], team["overdue"]) == (works, 2, 1)
    assert [(o["value"], o["open"]) for o in found["others"]] == [("町内会長", 1)]


def test_people_and_bodies(desk: Desk) -> None:
    alice = builders.make_user(desk.house)
    bob = builders.make_user(desk.house)
    bob.first_name, bob.last_name = "坂本", "由美"
    bob.save()
    gone = builders.make_user(desk.house)
    gone.is_active = False
    gone.save()
    builders.make_user(desk.partner, "partner")
    found = desk.read()
    assert sorted(p["value"] for p in found["persons"]) == sorted([alice.username, "坂本 由美"])
    assert [o["value"] for o in found["organisations"]] == [desk.house.name, desk.partner.name]


def test_a_hand_over_is_one_change(desk: Desk) -> None:
    """Status, body and reason arrive together; the history tells them as one."""
    report = builders.make_report(desk.incident)
    edit = {"status": "handed_over", "assigned_to": "fire-service", "reason": "隊が到着"}
    changed = desk.change(report, **edit).json()["properties"]
    assert {name: changed[name] for name in edit} == edit and changed["version"] == 2
    lines = desk.http.get(f"{desk.api}/reports/{report}/history").json()["items"]
    assert set(edit) <= set(lines[0]["changed"])
