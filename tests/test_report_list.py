"""The list of reports: filters, paging, snapshot position, what each audience reads."""

from __future__ import annotations

import httpx
import pytest

from gspace.access import BITS
from reports import actions
from reports.models import Report
from reports.payload import HqEdit
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


class Lists:
    def __init__(self, server: str) -> None:
        self.server, self.incident = server, builders.make_incident()
        house = builders.headquarters(self.incident)
        self.crew, crew_token = builders.device(self.incident)
        self.tokens = {
            "hq": builders.api_token(house, "operator"),
            "partner": builders.api_token(house, "partner"),
            "field": crew_token,
            "public": "",
        }

    def get(self, audience: str = "hq", path: str = "reports", **query) -> httpx.Response:
        token = self.tokens[audience]
        return httpx.get(
            f"{self.server}/api/v1/incidents/{self.incident.slug}/{path}",
            params=query,
            headers=builders.bearer(token) if token else {},
        )

    def ids(self, audience: str = "hq", **query) -> set[str]:
        return {f["id"] for f in self.get(audience, **query).json()["features"]}

    def make(self, **more) -> str:
        return str(builders.make_report(self.incident, self.crew, **more))


@pytest.fixture
def lists(server: str) -> Lists:
    return Lists(server)


def test_filters(lists: Lists) -> None:
    near = lists.make(category="fire", comment="ｶﾞｽの臭い")
    far = lists.make(device_fix=None, pin={"lon": 141.3, "lat": 43.1}, severity="minor")
    no_place = lists.make(device_fix=None)
    assert lists.ids() == {near, far, no_place}
    assert lists.ids(bbox="130,32,131,33") == {near}
    assert lists.ids(category="fire,flooding") == {near}
    assert lists.ids(severity="minor") == {far}
    assert lists.ids(q="ガス") == {near}, "half-width and full-width kana are alike"
    assert lists.ids(captured_since="2016-04-16T02:12:00+09:00") == set()
    assert lists.ids(status="received") == {near, far, no_place}
    assert lists.ids(since="2099-01-01T00:00:00Z") == set()
    assert lists.ids("field", mine="1") == {near, far, no_place}


def test_a_volunteer_reads_the_own_reports_in_full(lists: Lists) -> None:
    by, token = builders.device(lists.incident, "volunteer")
    lists.tokens["volunteer"] = token
    own = str(builders.make_report(lists.incident, by, comment="助けてください"))
    (found,) = lists.get("volunteer", mine="1").json()["features"]
    assert (found["id"], found["properties"]["comment"]) == (own, "助けてください")
    assert lists.ids("volunteer") == set()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "1,9,3,4"}, "bbox"),
        ({"category": "volcano"}, "category"),
        ({"since": "2016-04-16T02:12:00"}, None),
        ({"since": "yesterday"}, "since"),
        ({"limit": "0"}, "limit"),
        ({"cursor": "x"}, "cursor"),
    ],
)
def test_a_bad_filter_is_named(lists: Lists, query: dict, field: str | None) -> None:
    answer = lists.get(**query)
    assert answer.status_code == 422
    if field:
        assert answer.json()["field"] == field


def test_pages_hold_everything_once(lists: Lists) -> None:
    made = {lists.make() for _ in range(7)}
    seen, cursor = [], None
    while True:
        page = lists.get(limit=3, **({"cursor": cursor} if cursor else {})).json()
        seen += [f["id"] for f in page["features"]]
        cursor = page["cursor"]
        if cursor is None or not page["features"]:
            break
    assert len(seen) == len(set(seen)) == 7 and set(seen) == made


def test_the_snapshot_says_where_the_feed_stands(lists: Lists) -> None:
    lists.make()
    page = lists.get().json()
    changes = lists.get(path="changes", since=page["head"], epoch=page["epoch"]).json()
    assert (changes["items"], changes["from"], changes["to"]) == ([], page["head"], page["head"])
    new = lists.make()
    changes = lists.get(path="changes", since=page["head"], epoch=page["epoch"]).json()
    assert [item["id"] for item in changes["items"]] == [new]
    state = lists.get(path="state").json()
    assert state["head"] == changes["head"]
    assert state["counts"]["total"] == 2


def test_what_each_audience_may_see(lists: Lists) -> None:
    road = lists.make(comment="秘密の言葉")
    home = lists.make(category="building")
    rescue = lists.make(category="rescue")
    hq = builders.operator(lists.incident)
    for ident in (road, home):
        actions.report_change(
            report_id=ident,
            edit=HqEdit(release="public", public_text="公開の言葉", comment_hq="内部"),
            seen=1,
            by=hq,
        )
    seen = {audience: lists.ids(audience) for audience in BITS}
    assert seen == {
        "hq": {road, home, rescue},
        "partner": {road, home, rescue},
        "field": {road},
        "public": {road, home},
    }
    told = {f["id"]: f for f in lists.get("public").json()["features"]}
    assert told[road]["properties"]["comment"] == "公開の言葉"
    assert told[road]["geometry"]["coordinates"] == [130.75, 32.79]
    assert told[home]["geometry"]["coordinates"] != [130.75, 32.79], "homes are rounded"
    text = lists.get("public").text
    assert "秘密" not in text and "内部" not in text and "device" not in text
    assert "内部" not in lists.get("partner").text
    assert "reporter" not in lists.get("field").text


def test_a_home_is_not_found_by_searching_its_exact_place(lists: Lists) -> None:
    home = lists.make(category="building", comment="田中さんの家")
    actions.report_change(
        report_id=home,
        edit=HqEdit(release="public"),
        seen=1,
        by=builders.operator(lists.incident),
    )
    assert lists.ids("public", bbox="130.7499,32.7899,130.7501,32.7901") == set()
    assert lists.ids("public", q="田中") == set()
    assert Report.objects.get(id=home).audiences == BITS["hq"] | BITS["partner"] | BITS["public"]


def test_an_unknown_incident_is_404(lists: Lists) -> None:
    lists.incident.slug = "none"
    for path in ("state", "reports", "changes"):
        assert lists.get(path=path).status_code == 404
