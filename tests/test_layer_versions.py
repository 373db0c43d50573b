"""Versions over HTTP: listed, looked at before they are public, read again, gone back to."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.test import Client

from gspace import feed
from layers.models import Layer
from tests import builders
from tests.layer_builders import make_layer, read_files
from tests.table_builders import sheet

pytestmark = pytest.mark.usefixtures("transactional_db")
API = "/api/v1/layers/hinanjo"
HEAD = "名称,住所,緯度,経度,避難者数"
ROWS = [f"学校{n},熊本県熊本市東区{n},32.79{n},130.74{n},{n}0" for n in range(6)]


class Desk:
    """A publisher with one layer, at the API."""

    def __init__(self) -> None:
        self.incident = builders.make_incident()
        self.layer, _ = make_layer(self.incident, slug="hinanjo")
        self.client = Client()
        self.client.force_login(builders.make_user(self.layer.publisher, "publisher"))

    def send(self, *rows: str, query: str = "", head: str = HEAD) -> dict:
        raw = sheet(head, *(rows or ROWS)).encode()
        answer = self.client.put(f"{API}/data?filename=表.csv{query}", raw, "text/csv")
        assert answer.status_code == 202, answer.content
        read_files()
        return self.get(f"/versions/{answer.json()['version']}")

    def get(self, path: str, *, status: int = 200, client: Client | None = None) -> dict:
        answer = (client or self.client).get(API + path)
        assert answer.status_code == status, answer.content
        return answer.json()

    def post(self, path: str, *, status: int = 200, **body) -> dict:
        answer = self.client.post(API + path, body, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json()

    def names(self) -> list[str]:
        found = self.get("/features")["features"]
        return sorted(f["properties"]["name"] for f in found)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_publisher_sees_the_whole_history_others_what_is_public(desk) -> None:
    desk.send()
    desk.send(*ROWS[:5])
    desk.send("一,,32.79,130.74,1")
    items = desk.get("/versions")["items"]
    assert [(i["number"], i["state"]) for i in items] == [
        (3, "quarantined"), (2, "published"), (1, "superseded")
    ]  # fmt: skip
    assert items[0]["holds"][0]["code"] == "many_removed"
    assert items[0]["reason"] == items[0]["holds"][0]["message"]
    assert items[1]["diff"] | {"against": 1} == items[1]["diff"]
    assert {"uploaded_by", "progress", "raw_sha256"} <= set(items[1])
    (shown,) = desk.get("/versions", client=Client())["items"]
    assert shown["number"] == 2
    assert not {"holds", "diff", "uploaded_by", "findings"} & set(shown)


def test_the_history_is_paged(desk) -> None:
    for _ in range(3):
        desk.send()
    first = desk.get("/versions?limit=2")
    rest = desk.get(f"/versions?limit=2&cursor={first['cursor']}")
    assert [i["number"] for i in first["items"] + rest["items"]] == [3, 2, 1]
    assert rest["cursor"] is None
    assert desk.get("/versions?limit=x", status=422)["field"] == "limit"


def test_a_version_tells_columns_holds_and_diff_in_the_readers_language(desk) -> None:
    version = desk.send()
    assert version["columns"][0] == {
        "name": "名称", "field": "name", "how": "name", "samples": ["学校0", "学校1", "学校2"]
    }  # fmt: skip
    assert [c["field"] for c in version["columns"]] == ["name", "address", "lat", "lon", "persons"]
    assert (version["holds"], version["progress"]) == ([], None)
    assert version["diff"]["added"] == 6
    assert version["asked"] == {"publish": True, "crs": ""}


def test_a_draft_is_looked_at_with_its_rows_before_it_is_public(desk) -> None:
    desk.send()
    draft = desk.send(*ROWS[:5], "新設,熊本県熊本市東区9,,,7", query="&publish=false")
    assert draft["state"] == "ready"
    path = f"/versions/{draft['number']}/features"
    found = desk.get(path)
    assert (found["version"], found["numberMatched"]) == (2, 6)
    by_name = {f["properties"]["name"]: f for f in found["features"]}
    new = by_name["新設"]
    assert (new["properties"]["row"], new["geometry"]) == (7, None)
    assert new["properties"]["state"]["persons"] == 7, "what this file says, not the public one"
    assert "新設" not in desk.names()
    assert desk.get(f"{path}?rows=2,3")["numberMatched"] == 2
    assert desk.get(f"{path}?without_place=1")["numberMatched"] == 1
    assert desk.get(f"{path}?bbox=130.739,32.7,130.7415,32.9")["numberMatched"] == 2
    page = desk.get(f"{path}?limit=4")
    rest = desk.get(f"{path}?limit=4&cursor={page['cursor']}")
    assert len(page["features"]) + len(rest["features"]) == 6
    assert desk.get(f"{path}?rows=x", status=422)["field"] == "rows"


def test_a_draft_is_nobody_elses_business(desk) -> None:
    desk.send()
    desk.send(query="&publish=false")
    other = Client()
    other.force_login(builders.make_user(builders.make_organisation(), "publisher"))
    for path in ("features", "diff", "file"):
        assert desk.get(f"/versions/2/{path}", status=401, client=Client())
        assert desk.get(f"/versions/2/{path}", status=403, client=other)
    assert desk.get("/versions/2", status=404, client=other)["code"] == "version_unknown"


def test_a_diff_is_told_against_the_public_one_or_another(desk) -> None:
    desk.send()
    desk.send(*ROWS[:5])
    desk.send(*ROWS[:4], "新設,熊本県熊本市東区9,32.8,130.7,7", query="&publish=false")
    found = desk.get("/versions/3/diff")
    assert found["counts"]["against"] == 2
    assert [one["name"] for one in found["added"]] == ["新設"]
    assert [one["name"] for one in found["removed"]] == ["学校4"]
    assert len(desk.get("/versions/3/diff?against=1")["removed"]) == 2
    assert desk.get("/versions/2/diff")["counts"]["against"] == 1
    assert desk.get("/versions/1/diff")["counts"]["against"] is None
    assert desk.get("/versions/3/diff?against=9", status=404)["code"] == "version_unknown"


def test_the_bytes_come_back_as_they_went(desk) -> None:
    version = desk.send()
    answer = desk.client.get(f"{API}/versions/1/file")
    raw = b"".join(answer)
    assert raw == sheet(HEAD, *ROWS).encode()
    assert hashlib.sha256(raw).hexdigest() == version["raw_sha256"]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")


def test_what_was_made_by_hand_has_no_bytes(desk) -> None:
    at = {"type": "Point", "coordinates": [130.7, 32.8]}
    assert desk.post("/features", status=201, name="x", geometry=at)
    assert desk.get("/versions/1/file", status=404)["code"] == "file_unknown"
    assert desk.post("/versions/1/read", status=404)["code"] == "file_unknown"


def test_the_same_bytes_are_read_again_otherwise(desk) -> None:
    head = "施設,住所,緯度,経度,メモ"
    first = desk.send(head=head, query="&publish=false")
    made = desk.post(f"/versions/{first['number']}/read", status=202, columns={"メモ": "persons"})
    assert made == {"version": 2, "state": "reading"}
    read_files()
    second = desk.get("/versions/2")
    assert (second["state"], second["raw_sha256"]) == ("ready", first["raw_sha256"])
    assert second["columns"][4] | {"samples": []} == {
        "name": "メモ", "field": "persons", "how": "chosen", "samples": []
    }  # fmt: skip
    people = [
        f["properties"]["state"]["persons"] for f in desk.get("/versions/2/features")["features"]
    ]
    assert sorted(people) == [0, 10, 20, 30, 40, 50]
    desk.post("/versions/2/read", status=202, columns={"住所": None})
    read_files()
    third = desk.get("/versions/3")
    assert third["asked"]["columns"] == {"メモ": "persons", "住所": None}, "choices add up"
    assert third["columns"][1]["field"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"columns": {"住所": "colour"}}, "columns"),
        ({"crs": "EPSG:1"}, "crs"),
        ({"header": -1}, "header"),
        ({"sheet": 2}, "sheet"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(desk, body, field) -> None:
    desk.send()
    assert desk.post("/versions/1/read", status=422, **body)["field"] == field
    assert len(desk.get("/versions")["items"]) == 1


def test_another_row_holds_the_names(desk) -> None:
    version = desk.send("名称,住所,緯度,経度,人数", *ROWS, head="a,b,c,d,e", query="&publish=false")
    number = version["number"]
    desk.post(f"/versions/{number}/read", status=202, header=2)
    read_files()
    found = desk.get(f"/versions/{number + 1}")
    assert [c["name"] for c in found["columns"]] == ["名称", "住所", "緯度", "経度", "人数"]
    desk.post(f"/versions/{number}/read", status=202, header=99)
    read_files()
    refused = desk.get(f"/versions/{number + 2}")
    assert (refused["state"], refused["findings"][0]["code"]) == ("refused", "no_such_row")


# --- going back ------------------------------------------------------------------------------
def test_any_version_that_was_public_can_come_back(desk) -> None:
    for rows in (ROWS, ROWS[:5], ROWS[:4]):
        desk.send(*rows)
    start = feed.head(desk.incident.id)
    assert desk.post("/rollback?to=1&seen=3") == {"version": 1, "state": "published"}
    assert len(desk.names()) == 6
    frame = json.loads(feed.read(desk.incident.id, "public", start, 200).text)
    assert [(i["kind"], i["version"]) for i in frame["items"]] == [("layer", 1)]
    assert desk.post("/rollback?to=3")["version"] == 3
    assert len(desk.names()) == 4
    assert desk.post("/rollback?to=3")["version"] == 3


def test_two_people_do_not_go_back_twice(desk) -> None:
    for rows in (ROWS, ROWS[:5], ROWS[:4]):
        desk.send(*rows)
    desk.post("/rollback?seen=3")
    assert desk.post("/rollback?seen=3", status=412)["code"] == "version_stale"
    assert len(desk.names()) == 5


def test_what_was_never_public_does_not_come_back(desk) -> None:
    desk.send()
    desk.send(query="&publish=false")
    assert desk.post("/rollback?to=2", status=409)["code"] == "version_not_ready"
    assert desk.post("/rollback?to=7", status=404)["code"] == "version_unknown"
    assert Layer.objects.get(slug="hinanjo").published.number == 1
