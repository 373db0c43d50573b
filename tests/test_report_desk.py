"""Headquarters works on a report: status, place, merge, undo, notes, history."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from django.db import connection

from reports.models import Report
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
AREA = {
    "type": "Polygon",
    "coordinates": [[[130.7, 32.7], [130.8, 32.7], [130.8, 32.8], [130.7, 32.7]]],
}


class Desk:
    def __init__(self, server: str) -> None:
        self.server = server
        self.incident = builders.make_incident()
        self.author, self.author_token = builders.device(self.incident)
        token = builders.api_token(builders.headquarters(self.incident), "operator")
        self.http = httpx.Client(base_url=f"{server}/api/v1", headers=builders.bearer(token))
        self.report = builders.make_report(self.incident, self.author)

    def send(self, method: str, path: str = "", seen: int | None = 1, **body) -> httpx.Response:
        headers = {} if seen is None else {"If-Match": f'"{seen}"'}
        return self.http.request(
            method, f"/reports/{self.report}{path}", json=body, headers=headers
        )

    def patch(self, seen: int | None = 1, **edit) -> httpx.Response:
        return self.send("PATCH", seen=seen, **edit)


@pytest.fixture
def desk(server: str) -> Desk:
    return Desk(server)


def test_verify(desk: Desk) -> None:
    answer = desk.patch(status="verified", severity="critical", comment_hq="現地確認済み")
    told = answer.json()["properties"]
    assert (told["status"], told["severity"], told["version"]) == ("verified", "critical", 2)
    assert answer.headers["etag"] == '"2"'


def test_without_if_match_nothing_changes(desk: Desk) -> None:
    answer = desk.patch(seen=None, status="verified")
    assert (answer.status_code, answer.json()["code"]) == (428, "if_match_missing")
    assert Report.objects.get(id=desk.report).status == "received"


def test_a_stale_version_is_shown_the_current_one(desk: Desk) -> None:
    desk.patch(status="verified")
    answer = desk.patch(seen=1, status="rejected", reason="x")
    assert answer.status_code == 412
    assert answer.json()["current"]["properties"]["status"] == "verified"


def test_rejecting_needs_a_reason(desk: Desk) -> None:
    answer = desk.patch(status="rejected")
    assert (answer.status_code, answer.json()["field"]) == (422, "reason")


@pytest.mark.parametrize("status", ["duplicate", "withdrawn"])
def test_some_steps_are_not_taken_by_status(desk: Desk, status: str) -> None:
    answer = desk.patch(status=status)
    assert (answer.status_code, answer.json()["code"]) == (409, "transition_invalid")


def test_the_operators_place_wins_and_is_any_geometry(desk: Desk) -> None:
    told = desk.patch(geometry=AREA, geometry_note="校区のどこか").json()
    assert told["geometry"]["type"] == "Polygon"
    positions = told["properties"]["positions"]
    assert positions["chosen"] == "operator"
    assert positions["device"]["lon"] == 130.75, "the raw fix is kept"
    told = desk.patch(seen=2, geometry=None).json()
    assert told["properties"]["positions"]["chosen"] == "device"


def test_heights_are_dropped(desk: Desk) -> None:
    told = desk.patch(geometry={"type": "Point", "coordinates": [130.7, 32.8, 41.5]}).json()
    assert told["geometry"]["coordinates"] == [130.7, 32.8]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [200, 32]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Point", "coordinates": [[[[130, 32]]]]},
        {"type": "Polygon", "coordinates": []},
    ],
)
def test_a_bad_geometry_names_its_field(desk: Desk, geometry: dict) -> None:
    answer = desk.patch(geometry=geometry)
    assert (answer.status_code, answer.json()["field"]) == (422, "geometry")


def test_merge_keeps_both_and_can_be_undone(desk: Desk) -> None:
    other = builders.make_report(desk.incident, desk.author)
    told = desk.send("POST", "/merge", into=str(other)).json()["properties"]
    assert (told["status"], told["merged_into"]) == ("duplicate", str(other))
    told = desk.send("POST", "/undo", seen=2).json()["properties"]
    assert (told["status"], told["merged_into"], told["version"]) == ("received", None, 3)


def test_no_merge_in_circles(desk: Desk) -> None:
    other = builders.make_report(desk.incident, desk.author)
    desk.send("POST", "/merge", into=str(other))
    answer = desk.http.post(
        f"/reports/{other}/merge", json={"into": str(desk.report)}, headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 409
    assert desk.send("POST", "/merge", seen=2, into=str(desk.report)).status_code == 409


def test_undo_takes_back_what_people_did_and_keeps_what_arrived(desk: Desk) -> None:
    desk.patch(severity="minor")
    desk.patch(seen=2, status="verified", comment_hq="a")
    told = desk.send("POST", "/undo", seen=3).json()["properties"]
    assert (told["status"], told["severity"], told["comment_hq"]) == ("received", "minor", None)
    assert desk.send("POST", "/undo", seen=9).status_code == 412


def undo(desk: Desk, seen: int) -> dict[str, Any]:
    return desk.send("POST", "/undo", seen=seen).json().get("properties", {})


def test_undo_after_undo_goes_further_back_and_never_redoes(desk: Desk) -> None:
    desk.patch(status="verified")
    desk.patch(seen=2, severity="critical")
    desk.patch(seen=3, comment_hq="a")
    told = undo(desk, 4)
    assert (told["comment_hq"], told["severity"], told["version"]) == (None, "critical", 5)
    told = undo(desk, 5)
    assert (told["status"], told["severity"]) == ("verified", "serious")
    desk.patch(seen=6, floor="2")
    told = undo(desk, 7)
    assert (told["status"], told["floor"], told["severity"]) == ("verified", None, "serious")
    told = undo(desk, 8)
    assert (told["status"], told["accepted_at"], told["version"]) == ("received", None, 9)
    answer = desk.send("POST", "/undo", seen=9)
    assert (answer.status_code, answer.json()["code"]) == (409, "transition_invalid")


def test_undo_kept_without_its_aim_went_one_back(desk: Desk) -> None:
    desk.patch(status="verified")
    desk.patch(seen=2, severity="critical")
    undo(desk, 3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pghistory_context SET metadata = metadata - 'undo_to'")
    assert undo(desk, 4)["status"] == "received"


def test_somebody_elses_change_since_is_not_undone(desk: Desk) -> None:
    desk.patch(status="verified")
    desk.patch(seen=2, severity="critical")
    undo(desk, 3)
    desk.patch(seen=4, comment_hq="b")
    assert desk.send("POST", "/undo", seen=4).status_code == 412


def test_nothing_to_undo_is_said(desk: Desk) -> None:
    answer = desk.send("POST", "/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "transition_invalid")


def test_history_tells_who_changed_what(desk: Desk) -> None:
    desk.patch(status="verified")
    desk.patch(seen=2, severity="minor")
    lines = desk.http.get(f"/reports/{desk.report}/history").json()["items"]
    assert lines[0]["changed"] == {"severity": ["serious", "minor"]}
    assert lines[1]["changed"]["status"] == ["received", "verified"]
    assert {line["by"] for line in lines} == {"test"}


def test_a_detail_goes_with_its_category_and_undo_brings_both_back(desk: Desk) -> None:
    desk.patch(category="road_blocked", detail="debris")
    told = desk.patch(seen=2, category="fire").json()["properties"]
    assert (told["category"], told["detail"]) == ("fire", None)
    lines = desk.http.get(f"/reports/{desk.report}/history").json()["items"]
    assert lines[0]["changed"]["detail"] == ["debris", None]
    told = desk.send("POST", "/undo", seen=3).json()["properties"]
    assert (told["category"], told["detail"]) == ("road_blocked", "debris")


def test_a_detail_that_the_new_category_has_too_stays(desk: Desk) -> None:
    desk.patch(category="road_blocked", detail="cracked")
    assert desk.patch(seen=2, category="building").json()["properties"]["detail"] == "cracked"


def test_a_detail_of_another_category_is_refused(desk: Desk) -> None:
    answer = desk.patch(category="fire", detail="debris")
    assert (answer.status_code, answer.json()["field"]) == (422, "detail")
    assert Report.objects.get(id=desk.report).version == 1


def test_a_detail_unknown_here_stays_beside_the_category_it_came_with(desk: Desk) -> None:
    Report.objects.filter(id=desk.report).update(category="fire", detail="of_a_newer_app")
    told = desk.patch(category="fire", severity="minor").json()["properties"]
    assert told["detail"] == "of_a_newer_app"
    assert desk.patch(seen=2, detail=None).json()["properties"]["detail"] is None


def test_history_keeps_an_earlier_place_and_names_what_it_was_merged_into(desk: Desk) -> None:
    other = builders.make_report(desk.incident, desk.author)
    first = {"type": "Point", "coordinates": [130.8, 32.8]}
    desk.patch(geometry=first)
    desk.patch(seen=2, geometry=AREA)
    desk.send("POST", "/merge", seen=3, into=str(other))
    merge, second, move = desk.http.get(f"/reports/{desk.report}/history").json()["items"]
    assert move["places"]["geometry"][1] == first
    assert second["places"]["geometry"] == [first, AREA]
    assert "places" not in merge
    assert merge["changed"]["merged_into"] == [None, str(other)]
    assert merge["receipts"] == {str(other): Report.objects.get(id=other).receipt}


def test_questions_reach_the_author_and_notes_do_not(desk: Desk) -> None:
    desk.send("POST", "/notes", kind="note", text="内部の話")
    desk.send("POST", "/notes", kind="question", text="けが人はいますか")
    phone = httpx.Client(
        base_url=f"{desk.server}/api/v1", headers=builders.bearer(desk.author_token)
    )
    seen = phone.get(f"/reports/{desk.report}/notes").json()["items"]
    assert [note["text"] for note in seen] == ["けが人はいますか"]
    answer = phone.post(
        f"/reports/{desk.report}/notes", json={"kind": "answer", "text": "いません"}
    )
    assert answer.status_code == 200
    assert phone.post(f"/reports/{desk.report}/notes", json={"text": "x"}).status_code == 403
    assert len(desk.http.get(f"/reports/{desk.report}/notes").json()["items"]) == 3


def test_field_staff_do_not_work_the_desk(desk: Desk) -> None:
    answer = httpx.patch(
        f"{desk.server}/api/v1/reports/{desk.report}",
        json={"status": "verified"},
        headers={**builders.bearer(desk.author_token), "If-Match": '"1"'},
    )
    assert answer.status_code == 403


def test_a_session_changes_things_only_with_its_csrf_token(desk: Desk) -> None:
    user = builders.make_user(builders.headquarters(desk.incident))
    browser = httpx.Client(base_url=desk.server)
    page = browser.get("/accounts/login/")
    assert page.status_code == 200
    form = {"login": user.username, "password": "long-enough-123"}
    form["csrfmiddlewaretoken"] = browser.cookies["csrftoken"]
    browser.post("/accounts/login/", data=form)
    path, seen = f"/api/v1/reports/{desk.report}", {"If-Match": '"1"'}
    refused = browser.patch(path, json={"status": "verified"}, headers=seen)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    token = {"X-CSRFToken": browser.cookies["csrftoken"]}
    assert browser.patch(path, json={"status": "verified"}, headers={**seen, **token}).is_success
