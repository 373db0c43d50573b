"""A merge keeps every photo, word and reporter, can be taken back, and its reporter is told."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from gspace import feed
from reports.models import Photo, Report
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    """Two crews who reported one landslide, each with a photo, and headquarters."""

    def __init__(self) -> None:
        self.incident = builders.make_incident()
        self.hq = builders.api_token(builders.headquarters(self.incident), "operator")
        (self.first_crew, _), (self.crew, self.token) = (
            builders.device(self.incident) for _ in range(2)
        )
        self.target = self.report(self.first_crew, 1, "道が土砂でふさがれている")
        self.other = self.report(self.crew, 2, "土砂崩れ、車が一台埋まった")

    def report(self, crew: Any, seed: int, comment: str) -> str:
        photos = [builders.announce(builders.jpeg(seed))]
        return str(builders.make_report(self.incident, crew, comment=comment, photos=photos))

    def send(self, method: str, path: str, seen: int | None = None, **body: Any) -> Any:
        headers = builders.bearer(self.hq) | ({"If-Match": f'"{seen}"'} if seen else {})
        kind = {"content_type": "application/json"} if method != "get" else {}
        return getattr(Client(), method)(
            f"/api/v1/reports{path}", body or None, headers=headers, **kind
        )

    def merge(self, report: str = "", into: str = "", seen: int = 1) -> Any:
        path = f"/{report or self.other}/merge"
        return self.send("post", path, seen=seen, into=into or self.target)

    def unmerge(self, seen: int, report: str = "") -> Any:
        return self.send("delete", f"/{report or self.other}/merge", seen=seen)

    def told(self, report: str) -> dict[str, Any]:
        return self.send("get", f"/{report}/duplicates").json()

    def lane(self) -> dict[str, Any]:
        """What the second crew's phone reads of its own report."""
        answer = Client().get("/api/v1/devices/me/changes", headers=builders.bearer(self.token))
        items = answer.json()["items"]
        (mine,) = [item["feature"] for item in items if item["id"] == self.other]
        return mine["properties"]


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def test_photos_words_and_reporters_of_both_are_kept(desk: Desk) -> None:
    before = {photo.id: photo.report_id for photo in Photo.objects.all()}
    assert desk.merge().status_code == 200
    (kept,) = desk.told(desk.target)["merged"]
    assert kept["id"] == desk.other
    assert kept["properties"]["comment"] == "土砂崩れ、車が一台埋まった"
    assert kept["properties"]["reporter"] == desk.crew.name
    assert len(kept["properties"]["photos"]) == 1
    assert {photo.id: photo.report_id for photo in Photo.objects.all()} == before


def test_what_is_merged_is_suggested_no_more(desk: Desk) -> None:
    assert [i["report"]["id"] for i in desk.told(desk.target)["items"]] == [desk.other]
    desk.merge()
    assert desk.told(desk.target)["items"] == desk.told(desk.other)["items"] == []


def test_the_reporters_phone_is_told_and_told_again_when_it_is_taken_back(desk: Desk) -> None:
    assert desk.lane()["status"] == "received"
    desk.merge()
    told = desk.lane()
    assert (told["status"], told["merged_into"]) == ("duplicate", desk.target)
    assert told["accepted_at"] is not None
    desk.unmerge(2)
    told = desk.lane()
    assert (told["status"], told["merged_into"]) == ("received", None)


def test_a_merge_reaches_the_other_desks(desk: Desk) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) FROM feed")
        head = cursor.fetchone()[0]
    desk.merge()
    frame = feed.changes_text(desk.incident.id, "hq", head, 100, feed.epoch())
    assert f'"merged_into" : "{desk.target}"' in frame


def test_it_is_taken_out_whatever_came_in_between(desk: Desk) -> None:
    """The last change is not the merge any more: undoing it would not free the report."""
    desk.send("patch", f"/{desk.other}", seen=1, status="verified")
    desk.merge(seen=2)
    desk.send("patch", f"/{desk.other}", seen=3, comment_hq="同じ場所")
    answer = desk.unmerge(4)
    told = answer.json()["properties"]
    assert (told["status"], told["merged_into"]) == ("verified", None)
    assert (told["comment_hq"], answer["ETag"]) == ("同じ場所", '"5"')
    assert desk.told(desk.target)["merged"] == []


def test_taking_out_is_in_the_history(desk: Desk) -> None:
    desk.merge()
    desk.unmerge(2)
    lines = desk.send("get", f"/{desk.other}/history").json()["items"]
    assert lines[0]["changed"]["status"] == ["duplicate", "received"]
    assert lines[1]["changed"]["status"] == ["received", "duplicate"]


def test_only_what_is_merged_is_taken_out_and_only_as_seen(desk: Desk) -> None:
    refused = desk.unmerge(1)
    assert (refused.status_code, refused.json()["code"]) == (409, "transition_invalid")
    desk.merge()
    stale = desk.unmerge(1)
    assert stale.status_code == 412
    assert stale.json()["current"]["properties"]["merged_into"] == desk.target
    assert desk.send("delete", f"/{desk.other}/merge").status_code == 428


def test_undoing_makes_no_chain(desk: Desk) -> None:
    """Merged, taken out, its old target merged elsewhere: undoing must not merge into that one."""
    third = desk.report(desk.first_crew, 3, "")
    desk.merge()
    desk.unmerge(2)
    desk.merge(desk.target, third)
    answer = desk.send("post", f"/{desk.other}/undo", seen=3)
    assert (answer.status_code, answer.json()["code"]) == (409, "transition_invalid")
    assert Report.objects.get(id=desk.other).status == "received"


def test_undoing_the_taking_out_merges_again_and_then_takes_the_merge_back(desk: Desk) -> None:
    desk.merge()
    desk.unmerge(2)
    told = desk.send("post", f"/{desk.other}/undo", seen=3).json()["properties"]
    assert (told["status"], told["merged_into"]) == ("duplicate", desk.target)
    told = desk.send("post", f"/{desk.other}/undo", seen=4).json()["properties"]
    assert (told["status"], told["merged_into"]) == ("received", None)


def test_undoing_again_does_not_merge_again(desk: Desk) -> None:
    desk.merge()
    desk.send("post", f"/{desk.other}/undo", seen=2)
    answer = desk.send("post", f"/{desk.other}/undo", seen=3)
    assert (answer.status_code, answer.json()["code"]) == (409, "transition_invalid")
    assert Report.objects.get(id=desk.other).status == "received"


def test_erasing_the_one_that_stands_frees_the_others(desk: Desk) -> None:
    desk.merge()
    assert desk.send("delete", f"/{desk.target}").status_code == 204
    freed = Report.objects.get(id=desk.other)
    assert (freed.status, freed.merged_into_id) == ("received", None)


def test_no_merge_over_the_border_of_an_incident(desk: Desk) -> None:
    elsewhere = str(builders.make_report(builders.make_incident()))
    for into in (elsewhere, desk.other, str(uuid.uuid4())):
        answer = desk.merge(into=into)
        assert (answer.status_code, answer.json()["field"]) == (409, "into")
