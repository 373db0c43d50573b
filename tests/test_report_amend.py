"""The author corrects, completes and withdraws a report after sending it."""

from __future__ import annotations

import uuid

import httpx
import pytest

from reports.models import Report
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


class Author:
    def __init__(self, server: str) -> None:
        self.incident = builders.make_incident()
        self.caller, token = builders.device(self.incident)
        self.http = httpx.Client(base_url=f"{server}/api/v1", headers=builders.bearer(token))
        self.report = builders.make_report(self.incident, self.caller)

    def patch(self, **edit) -> httpx.Response:
        edit.setdefault("edit_id", str(uuid.uuid4()))
        return self.http.patch(f"/reports/{self.report}", json=edit)


@pytest.fixture
def author(server: str) -> Author:
    return Author(server)


def test_a_better_place_comes_later(author: Author) -> None:
    answer = author.patch(pin={"lon": 130.80, "lat": 32.81})
    told = answer.json()
    assert answer.status_code == 200
    assert told["geometry"]["coordinates"] == [130.80, 32.81]
    assert told["properties"]["positions"]["chosen"] == "pin"
    assert told["properties"]["version"] == 2
    assert answer.headers["etag"] == '"2"'


def test_the_same_edit_twice_is_one(author: Author) -> None:
    edit = {"edit_id": str(uuid.uuid4()), "comment": "直しました"}
    versions = [author.patch(**edit).json()["properties"]["version"] for _ in range(3)]
    assert versions == [2, 2, 2]
    answer = author.patch(**{**edit, "comment": "別の言葉"})
    assert (answer.status_code, answer.json()["code"]) == (409, "edit_differs")


def test_a_report_without_place_gets_one(author: Author) -> None:
    author.report = builders.make_report(author.incident, author.caller, device_fix=None)
    told = author.http.get(f"/reports/{author.report}").json()
    assert told["geometry"] is None
    fix = {"lon": 130.7, "lat": 32.8, "accuracy_m": 900, "fixed_at": "2016-04-16T02:11:05+09:00"}
    told = author.patch(device_fix=fix).json()
    assert told["geometry"]["coordinates"] == [130.7, 32.8]
    assert told["properties"]["positions"]["rule"] == "device_coarse"


def test_photos_can_be_added(author: Author) -> None:
    photo = builders.announce(builders.jpeg(5))
    told = author.patch(photos_add=[photo]).json()
    assert [p["id"] for p in told["properties"]["photos"]] == [photo["id"]]
    assert told["properties"]["photos"][0]["state"] == "awaited"


def test_withdrawn_with_a_reason_and_then_settled(author: Author) -> None:
    told = author.patch(withdrawn=True, reason="場所を間違えた").json()["properties"]
    assert (told["status"], told["reason"]) == ("withdrawn", "場所を間違えた")
    answer = author.patch(comment="やはり")
    assert (answer.status_code, answer.json()["code"]) == (409, "report_settled")


def test_others_find_nothing(author: Author, server: str) -> None:
    _, token = builders.device(author.incident)
    answer = httpx.patch(
        f"{server}/api/v1/reports/{author.report}",
        json={"edit_id": str(uuid.uuid4()), "comment": "x"},
        headers=builders.bearer(token),
    )
    assert answer.status_code == 404
    assert Report.objects.get(id=author.report).version == 1


def test_an_unknown_member_is_named(author: Author) -> None:
    answer = author.patch(colour="red")
    assert (answer.status_code, answer.json()["field"]) == (422, "colour")
