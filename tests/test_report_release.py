"""What headquarters releases: the preview is what the public then gets; taken back, it is gone."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from gspace import feed
from reports.models import Report, ReportEvent  # type: ignore[attr-defined]
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
# these rise with every change, also with the release itself
COUNTERS = {"seq", "version"}
SECRET = "山田さん宅の前で"
TOLD = "県道28号は土砂のため通れません。\n迂回してください。"


class Desk:
    def __init__(self, server: str) -> None:
        self.server = server
        self.incident = builders.make_incident()
        self.author, self.author_token = builders.device(self.incident)
        self.http = self.client(builders.headquarters(self.incident), "operator")

    def client(self, organisation: Any, role: str) -> httpx.Client:
        headers = builders.bearer(builders.api_token(organisation, role))
        return httpx.Client(base_url=f"{self.server}/api/v1", headers=headers)

    def report(self, **more: Any) -> str:
        return str(builders.make_report(self.incident, self.author, comment=SECRET, **more))

    def patch(self, report: str, **edit: Any) -> httpx.Response:
        seen = {"If-Match": f'"{Report.objects.get(id=report).version}"'}
        answer = self.http.patch(f"/reports/{report}", json=edit, headers=seen)
        assert answer.is_success, answer.text
        return answer

    def preview(self, report: str, **values: Any) -> list[dict[str, Any]]:
        answer = self.http.get(f"/reports/{report}/public-preview", params=values)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/geo+json"
        assert answer.json()["type"] == "FeatureCollection"
        return answer.json()["features"]

    def public(self) -> list[dict[str, Any]]:
        """What anybody gets of this incident."""
        address = f"{self.server}/api/v1/incidents/{self.incident.slug}/reports"
        return httpx.get(address).json()["features"]


@pytest.fixture
def desk(server: str) -> Desk:
    return Desk(server)


def lasting(feature: dict[str, Any]) -> dict[str, Any]:
    kept = {k: v for k, v in feature["properties"].items() if k not in COUNTERS}
    return {**feature, "properties": kept}


@pytest.mark.parametrize("home", [True, False])
@pytest.mark.parametrize("category", ["building", "road_blocked"])
@pytest.mark.parametrize("text", [TOLD, ""])
def test_the_preview_is_what_the_public_then_gets(
    desk: Desk, category: str, home: bool, text: str
) -> None:
    report = desk.report(category=category)
    values = {"public_text": text, "private_home": home}
    (shown,) = desk.preview(report, **values)
    desk.patch(report, release="public", **values)
    (got,) = desk.public()
    assert lasting(shown) == lasting(got)
    assert shown["properties"]["comment"] == (text or None)
    exact = [130.75, 32.79]
    assert shown["geometry"]["coordinates"] == ([130.7525, 32.7925] if home else exact)
    assert SECRET not in json.dumps(shown, ensure_ascii=False)
    assert shown["properties"]["photos"] == []


def test_left_out_it_counts_as_stored_and_a_building_as_home(desk: Desk) -> None:
    building, road = desk.report(category="building"), desk.report()
    desk.patch(road, public_text=TOLD)
    assert desk.preview(building)[0]["geometry"]["coordinates"] == [130.7525, 32.7925]
    (shown,) = desk.preview(road)
    assert shown["geometry"]["coordinates"] == [130.75, 32.79]
    assert shown["properties"]["comment"] == TOLD


def test_a_redaction_by_hand_wins(desk: Desk) -> None:
    report = desk.report()
    area = {"type": "Point", "coordinates": [130.7, 32.7]}
    desk.patch(report, redacted_geometry=area)
    for home in (True, False):
        assert desk.preview(report, private_home=home)[0]["geometry"] == area


def test_what_cannot_be_public_has_no_preview(desk: Desk) -> None:
    rescue, rejected, duplicate = desk.report(category="rescue"), desk.report(), desk.report()
    desk.patch(rejected, status="rejected", reason="x")
    into = {"into": desk.report()}
    desk.http.post(f"/reports/{duplicate}/merge", json=into, headers={"If-Match": '"1"'})
    for report in (rescue, rejected, duplicate):
        assert desk.preview(report, public_text=TOLD, private_home=False) == []
        desk.patch(report, release="public", public_text=TOLD)
    assert desk.public() == []


def test_looking_changes_nothing(desk: Desk) -> None:
    report = desk.report(category="building")
    before = Report.objects.values().get(id=report)
    events, head = ReportEvent.objects.count(), feed.head(desk.incident.id)
    desk.preview(report, public_text=TOLD, private_home=False)
    assert Report.objects.values().get(id=report) == before
    assert (ReportEvent.objects.count(), feed.head(desk.incident.id)) == (events, head)
    assert desk.public() == []


def test_only_headquarters_may_look(desk: Desk) -> None:
    report = desk.report()
    liaison = builders.make_organisation()
    builders.join(desk.incident, liaison, "partner")
    elsewhere = builders.make_incident()
    path = f"/reports/{report}/public-preview"
    assert desk.client(liaison, "partner").get(path).status_code == 403
    stranger = desk.client(builders.headquarters(elsewhere), "operator")
    assert stranger.get(path).status_code == 403
    author = builders.bearer(desk.author_token)
    assert httpx.get(f"{desk.server}/api/v1{path}", headers=author).status_code == 403
    assert httpx.get(f"{desk.server}/api/v1{path}").status_code == 401


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"public_text": "a\x00b"}, "public_text"),
        ({"public_text": "長" * 4001}, "public_text"),
        ({"private_home": "perhaps"}, "private_home"),
    ],
)
def test_nonsense_names_its_field(desk: Desk, params: dict[str, str], field: str) -> None:
    answer = desk.http.get(f"/reports/{desk.report()}/public-preview", params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert field in answer.json()["field"]


def test_an_unknown_and_an_erased_report(desk: Desk) -> None:
    report = desk.report()
    desk.http.delete(f"/reports/{report}")
    assert desk.http.get(f"/reports/{report}/public-preview").status_code == 410
    nowhere = "00000000-0000-4000-8000-000000000000"
    assert desk.http.get(f"/reports/{nowhere}/public-preview").status_code == 404


def test_taken_back_it_is_gone_at_once(desk: Desk) -> None:
    report = desk.report()
    desk.patch(report, release="public", public_text=TOLD)
    assert len(desk.public()) == 1
    desk.patch(report, release="none")
    assert desk.public() == []
