"""Reports told to headquarters by phone, radio, fax, at the counter: honest places, like all
others everywhere, and who called is headquarters' knowledge only."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import shapely
from django.core.management import call_command
from pyproj import Geod
from shapely.geometry import shape

from gspace.models import Municipality, Place
from reports.export_rows import COLUMNS, Speaker
from reports.models import Report
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
CALLER = "山田花子 090-0000-0000"
LINE = {"type": "LineString", "coordinates": [[130.70, 32.80], [130.71, 32.80], [130.72, 32.81]]}
CIRCLE = {
    "type": "Polygon",
    "coordinates": [[[130.75, 32.78], [130.76, 32.78], [130.76, 32.79], [130.75, 32.78]]],
}
# the one that POINT lies in
TILE = "/tiles/reports/{}/14/14142/6611.mvt"
POINT = {"type": "Point", "coordinates": [130.757, 32.7858]}


class Desk:
    def __init__(self, server: str) -> None:
        self.server = server
        self.incident = builders.make_incident()
        self.http = self.signed_in("operator")
        self.root = f"/incidents/{self.incident.slug}"

    def signed_in(self, role: str) -> httpx.Client:
        token = builders.api_token(builders.headquarters(self.incident), role)
        return httpx.Client(base_url=f"{self.server}/api/v1", headers=builders.bearer(token))

    def enter(self, ident: uuid.UUID | None = None, **more: Any) -> httpx.Response:
        body = {"channel": "phone", "category": "road_blocked", "told_by": CALLER, **more}
        return self.http.put(f"{self.root}/entered/{ident or uuid.uuid4()}", json=body)


@pytest.fixture
def desk(server: str) -> Desk:
    return Desk(server)


@pytest.fixture
def gazetteer(transactional_db: None) -> Iterator[None]:
    call_command("load_places", stdout=StringIO())
    yield
    Place.objects.all().delete()
    Municipality.objects.all().delete()


def test_told_by_phone_it_is_a_report_like_all_others(desk: Desk) -> None:
    answer = desk.enter(severity="serious", comment="木が倒れている", geometry=LINE)
    told = answer.json()["properties"]
    assert answer.status_code == 201
    assert (told["channel"], told["told_by"], told["status"]) == ("phone", CALLER, "received")
    listed = desk.http.get(f"{desk.root}/reports", params={"severity": "serious"}).json()
    assert [one["id"] for one in listed["features"]] == [answer.json()["id"]]
    assert listed["features"][0]["geometry"]["type"] == "LineString"
    changes = desk.http.get(f"{desk.root}/changes", params={"since": 0}).json()["items"]
    assert [item["id"] for item in changes if item["kind"] == "report"] == [answer.json()["id"]]
    assert desk.http.get(f"{desk.root}/counts").json()["total"] == 1


def test_sent_twice_it_is_one_and_other_words_are_refused(desk: Desk) -> None:
    ident = uuid.uuid4()
    codes = [desk.enter(ident).status_code for _ in range(2)]
    other = desk.enter(ident, comment="別の話")
    assert (codes, other.status_code, other.json()["code"]) == ([201, 200], 409, "report_differs")
    desk.http.delete(f"/reports/{ident}")
    assert desk.enter(ident).status_code == 410


def test_a_point_is_taken_only_where_somebody_says_exactly_here(desk: Desk) -> None:
    refused = desk.enter(geometry=POINT)
    assert (refused.status_code, refused.json()["field"]) == (422, "exact")
    assert not Report.objects.exists()
    told = desk.enter(geometry=POINT, exact=True).json()
    assert told["geometry"]["type"] == "Point"
    assert told["properties"]["positions"]["chosen"] == "operator"


def test_an_area_is_as_uncertain_as_it_is_wide(desk: Desk) -> None:
    as_told = desk.enter(geometry=CIRCLE, accuracy_m=800, geometry_note="健軍本町のどこか").json()
    assert as_told["properties"]["accuracy_m"] == 800
    assert as_told["properties"]["geometry_note"] == "健軍本町のどこか"
    measured = desk.enter(geometry=CIRCLE).json()["properties"]["accuracy_m"]
    half = Geod(ellps="WGS84").inv(130.75, 32.78, 130.76, 32.79)[2] / 2
    assert half <= measured < half + 1


def test_without_any_place_it_needs_one_and_gets_it_later(desk: Desk) -> None:
    told = desk.enter().json()
    assert (told["geometry"], told["properties"]["needs_place"]) == (None, True)
    edit = {"geometry": CIRCLE, "accuracy_m": 700, "geometry_note": "電話で確認"}
    path, seen = f"/reports/{told['id']}", {"If-Match": '"1"'}
    moved = desk.http.patch(path, json=edit, headers=seen).json()["properties"]
    assert (moved["needs_place"], moved["accuracy_m"]) == (False, 700)
    back = desk.http.post(f"{path}/undo", headers={"If-Match": '"2"'}).json()
    assert (back["geometry"], back["properties"]["accuracy_m"]) == (None, None)


def test_a_later_change_keeps_how_uncertain_the_place_is(desk: Desk) -> None:
    ident = desk.enter(geometry=CIRCLE, accuracy_m=800).json()["id"]
    edit = {"status": "verified"}
    told = desk.http.patch(f"/reports/{ident}", json=edit, headers={"If-Match": '"1"'}).json()
    assert told["properties"]["accuracy_m"] == 800
    assert told["properties"]["positions"]["operator"]["accuracy_m"] == 800


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("channel", "pigeon"),
        ("category", "x"),
        ("captured_at", "2016-04-16T02:11:00"),
        ("accuracy_m", -1),
        ("told_by", "x" * 201),
        ("geometry", {"type": "LineString", "coordinates": [[130.7, 32.8]]}),
        ("caller", "x"),
    ],
    ids=["channel", "category", "time", "accuracy", "long", "line", "unknown"],
)
def test_what_is_wrong_is_named(desk: Desk, field: str, wrong: Any) -> None:
    answer = desk.enter(**{field: wrong})
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not Report.objects.exists()


def test_nobody_but_headquarters_reads_who_called(desk: Desk) -> None:
    ident = desk.enter(comment="木が倒れている", geometry=CIRCLE).json()["id"]
    edit = {"status": "verified", "release": "public", "public_text": "倒木"}
    desk.http.patch(f"/reports/{ident}", json=edit, headers={"If-Match": '"1"'})
    partner = desk.signed_in("partner")
    _, token = builders.device(desk.incident)
    crew = httpx.Client(base_url=f"{desk.server}/api/v1", headers=builders.bearer(token))
    public = httpx.Client(base_url=f"{desk.server}/api/v1")
    for who, channel in ((partner, "phone"), (crew, "phone"), (public, None)):
        for path in (f"/reports/{ident}", f"{desk.root}/reports", f"{desk.root}/changes?since=0"):
            assert CALLER not in who.get(path).text
        told = who.get(f"/reports/{ident}").json()["properties"]
        assert (told.get("channel"), "told_by" in told) == (channel, False)
    assert partner.put(f"{desk.root}/entered/{uuid.uuid4()}", json={}).status_code == 403


def test_who_called_is_found_by_headquarters_alone(desk: Desk) -> None:
    """Not by a name whole or in part, nor beside words that the others may read."""
    ident = desk.enter(comment="木が倒れている", geometry=POINT, exact=True).json()["id"]
    _, token = builders.device(desk.incident)
    crew = httpx.Client(base_url=f"{desk.server}/api/v1", headers=builders.bearer(token))
    staff = (desk.signed_in("partner"), crew)
    # with no other words of headquarters, and with some
    for edit in ({"status": "verified"}, {"release": "public", "public_text": "倒木"}):
        now = desk.http.patch(f"/reports/{ident}", json=edit, headers=_as_it_is(desk, ident))
        assert now.status_code == 200
        for who in staff:
            assert _finds_nobody(desk, who, "木が倒れ")
    assert _finds_nobody(desk, httpx.Client(base_url=f"{desk.server}/api/v1"), "倒木")
    for words in ("山田花子", "0000", "木が倒れ 山田"):
        assert _found(desk, desk.http, words) == (1, 1, True), words


def _as_it_is(desk: Desk, ident: str) -> dict[str, str]:
    version = desk.http.get(f"/reports/{ident}").json()["properties"]["version"]
    return {"If-Match": f'"{version}"'}


def _finds_nobody(desk: Desk, who: httpx.Client, own: str) -> bool:
    """own: what they may read they find: nobody is merely locked out."""
    asked = ("山田花子", "0000", "花", f"{own} 山田")
    return _found(desk, who, own) == (1, 1, True) and all(
        _found(desk, who, words) == (0, 0, False) for words in asked
    )


def _found(desk: Desk, who: httpx.Client, words: str) -> tuple[int, int, bool]:
    """In the list, in counts, in a tile."""
    asked = {"q": words}
    listed = who.get(f"{desk.root}/reports", params=asked).json()["features"]
    counted = who.get(f"{desk.root}/counts", params=asked).json()["total"]
    tile = who.get(f"{desk.server}{TILE.format(desk.incident.slug)}", params=asked)
    assert tile.is_success
    return len(listed), counted, bool(tile.content)


def test_two_calls_taken_down_by_one_person_are_not_of_one_sender(desk: Desk) -> None:
    """Else all that one operator writes down in a quarter of an hour would look alike."""
    one = desk.enter(geometry=LINE, category="fire").json()["id"]
    desk.enter(geometry=LINE, category="fire", comment="x")
    found = desk.http.get(f"/reports/{one}/duplicates").json()["items"]
    reasons = {reason["code"] for item in found for reason in item["reasons"]}
    assert reasons
    assert "device" not in reasons


def test_the_export_says_how_it_came(desk: Desk) -> None:
    feature = desk.enter().json()
    speaker = Speaker("ja", ZoneInfo("Asia/Tokyo"))
    row = {name: cell(feature, speaker) for name, _, cell in COLUMNS}
    assert (row["channel"], row["channel_words"], row["told_by"]) == ("phone", "電話", CALLER)


def test_an_address_is_the_area_of_its_town(desk: Desk, gazetteer: None) -> None:
    """Every way to say it finds the town; the house is not known here."""
    for words in ("健軍本町", "熊本市東区健軍本町5-3", "東区 健軍本町"):
        found = desk.http.get(f"{desk.root}/areas", params={"q": words}).json()["items"]
        assert found[0]["name"] == "健軍本町", words
    town = found[0]
    assert (town["kind"], town["municipality"]) == ("town", "熊本市東区")
    area, metres = shape(town["area"]), town["accuracy_m"]
    assert area.contains(shapely.Point(town["lon"], town["lat"]))
    reach = [
        Geod(ellps="WGS84").inv(town["lon"], town["lat"], *at)[2] for at in area.exterior.coords
    ]
    assert metres >= 150
    assert min(reach) > metres * 0.95
    assert max(reach) < metres * 1.02
    chome = desk.http.get(f"{desk.root}/areas", params={"q": "上水前寺2丁目"}).json()["items"]
    assert chome[0]["name"] == "上水前寺二丁目"


def test_a_municipality_is_its_outline_where_one_is_loaded(desk: Desk, gazetteer: None) -> None:
    found = desk.http.get(f"{desk.root}/areas", params={"q": "益城町"}).json()["items"][0]
    assert (found["kind"], found["name"]) == ("municipality", "益城町")
    outline = Municipality.objects.get(name="益城町").boundary
    area = shape(found["area"])
    if outline is None:
        assert found["accuracy_m"] > 1_000
    else:
        whole = shapely.from_wkt(outline.wkt)
        assert area.intersection(whole).area > 0.95 * whole.area
    entered = desk.enter(geometry=found["area"], accuracy_m=found["accuracy_m"])
    assert entered.status_code == 201, entered.text
    assert len(json.dumps(found["area"])) < 12_000, "fits into a small body"


def test_what_is_here(desk: Desk, gazetteer: None) -> None:
    at = {"lon": 130.757042, "lat": 32.785832}
    told = desk.http.get(f"{desk.root}/here", params=at).json()
    assert told["place"] == "熊本市東区健軍本町 付近"
    assert told["municipality"] == "431028"
    assert [area["kind"] for area in told["areas"]] == ["town", "municipality"]
    assert told["areas"][0]["name"] == "健軍本町"
    at_sea = desk.http.get(f"{desk.root}/here", params={"lon": 129.0, "lat": 31.5}).json()
    assert (at_sea["municipality"], at_sea["areas"]) == (None, [])
    wrong = desk.http.get(f"{desk.root}/here", params={"lon": 200, "lat": 32})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "lon")
