"""Headquarters accepts a report: the crew is told who has it, and when; once."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import httpx
import pytest

from gspace import access
from reports.models import Report
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    """Two programs of headquarters, and the crew whose rescue it is about."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.incident = builders.make_incident()
        self.crew, crew_token = builders.device(self.incident)
        self.report = builders.make_report(self.incident, self.crew, category="rescue")
        home = builders.headquarters(self.incident)
        self.alice = self.client(builders.api_token(home, "operator"))
        self.phone = self.client(crew_token)
        self.other = self.client(builders.device(self.incident)[1])

    def client(self, token: str) -> httpx.Client:
        return httpx.Client(base_url=f"{self.server}/api/v1", headers=builders.bearer(token))

    def accept(self, by: httpx.Client | None = None) -> httpx.Response:
        return (by or self.alice).post(f"/reports/{self.report}/accept")

    def send(self, method: str, path: str = "", *, seen: int, **body) -> dict:
        answer = self.alice.request(
            method, f"/reports/{self.report}{path}", json=body, headers={"If-Match": f'"{seen}"'}
        )
        assert answer.is_success, answer.text
        return answer.json()["properties"]

    def own(self) -> dict:
        """What the crew reads of its own report."""
        return self.phone.get(f"/reports/{self.report}").json()["properties"]


@pytest.fixture
def desk(server: str) -> Desk:
    return Desk(server)


def test_the_crew_reads_who_has_it_and_when(desk: Desk) -> None:
    assert (desk.own()["accepted_at"], desk.own()["accepted_by"]) == (None, None)
    answer = desk.accept()
    told = answer.json()["properties"]
    assert (told["status"], told["version"], answer.headers["etag"]) == ("received", 2, '"2"')
    assert (told["accepted_by"], desk.own()["accepted_by"]) == ("test", "test")
    age = datetime.now().astimezone() - datetime.fromisoformat(desk.own()["accepted_at"])
    assert 0 <= age.total_seconds() < 20


def test_the_first_one_stays_and_the_version_rises_once(desk: Desk) -> None:
    first = desk.accept().json()["properties"]
    again = desk.accept().json()["properties"]
    names = ("accepted_at", "accepted_by", "version", "seq")
    assert [first[n] for n in names] == [again[n] for n in names]


def test_two_at_once_are_one(desk: Desk) -> None:
    with ThreadPoolExecutor(4) as pool:
        codes = [a.status_code for a in pool.map(lambda _: desk.accept(), range(4))]
    assert codes == [200] * 4
    assert Report.objects.get(id=desk.report).version == 2


@pytest.mark.parametrize("status", ["verified", "in_progress", "handed_over", "resolved"])
def test_every_step_out_of_received_accepts(desk: Desk, status: str) -> None:
    desk.send("PATCH", seen=1, status=status)
    assert desk.own()["accepted_by"] == "test"


def test_rejecting_and_merging_have_seen_it_too(desk: Desk) -> None:
    other = builders.make_report(desk.incident, desk.crew)
    desk.send("POST", "/merge", seen=1, into=str(other))
    assert desk.own()["accepted_by"] == "test"
    desk.report = other
    desk.send("PATCH", seen=1, status="rejected", reason="訓練の写真")
    assert desk.own()["accepted_by"] == "test"


def test_a_step_does_not_change_who_accepted(desk: Desk) -> None:
    desk.accept()
    Report.objects.filter(id=desk.report).update(accepted_by="Bob")
    assert desk.send("PATCH", seen=2, status="in_progress")["accepted_by"] == "Bob"


def test_other_edits_do_not_accept(desk: Desk) -> None:
    desk.send("PATCH", seen=1, severity="critical")
    assert desk.own()["accepted_at"] is None


def test_undo_takes_it_back_and_history_tells(desk: Desk) -> None:
    desk.accept()
    told = desk.send("POST", "/undo", seen=2)
    assert (told["accepted_at"], told["accepted_by"], told["version"]) == (None, None, 3)
    lines = desk.alice.get(f"/reports/{desk.report}/history").json()["items"]
    assert [line["changed"]["accepted_by"] for line in lines] == [["test", None], [None, "test"]]


def test_undoing_a_later_change_keeps_it(desk: Desk) -> None:
    desk.accept()
    desk.send("PATCH", seen=2, severity="critical")
    assert desk.send("POST", "/undo", seen=3)["accepted_by"] == "test"


def test_names_are_for_headquarters_and_the_author(desk: Desk) -> None:
    plain = builders.make_report(desk.incident, desk.crew)
    desk.report = plain
    desk.accept()
    seen = desk.other.get(f"/reports/{plain}").json()["properties"]
    assert seen["accepted_at"] and "accepted_by" not in seen
    listed = httpx.get(f"{desk.server}/api/v1/incidents/{desk.incident.slug}/reports")
    assert "accepted" not in listed.text


def test_a_volunteer_reads_their_own_like_anybody_who_reports(desk: Desk) -> None:
    _, token = builders.device(desk.incident, "volunteer")
    desk.phone, by = desk.client(token), access.caller_from_token(token)
    desk.report = builders.make_report(desk.incident, by, comment="動けません")
    desk.accept()
    assert (desk.own()["accepted_by"], desk.own()["comment"]) == ("test", "動けません")


def test_the_field_does_not_accept(desk: Desk) -> None:
    assert desk.accept(desk.phone).status_code == 404
    assert desk.accept(httpx.Client(base_url=f"{desk.server}/api/v1")).status_code == 401
    desk.report = uuid.uuid4()
    assert desk.accept().status_code == 404
