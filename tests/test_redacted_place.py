"""How roughly the public is told a place: as chosen, never finer, on every way to find it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from reports.models import Report
from tests.test_report_release import Desk

pytestmark = pytest.mark.django_db(transaction=True)
CELL = [130.7525, 32.7925]
ELSEWHERE = {"type": "Point", "coordinates": [130.7, 32.7]}


@pytest.fixture
def desk(server: str) -> Desk:
    return Desk(server)


def placed(desk: Desk) -> str:
    """A report whose town is known."""
    report = desk.report()
    town = {"ja": "江津2丁目の北", "town_ja": "東区江津", "town_en": "Ezu"}
    Report.objects.filter(id=report).update(place=town)
    return report


def public(desk: Desk, **query: Any) -> list[dict[str, Any]]:
    address = f"{desk.server}/api/v1/incidents/{desk.incident.slug}/reports"
    return httpx.get(address, params=query).json()["features"]


@pytest.mark.parametrize(
    ("edit", "shown"),
    [
        ({"public_place": ""}, [130.75, 32.79]),
        ({"public_place": "rounded"}, CELL),
        ({"public_place": "", "private_home": True}, CELL),
        ({"public_place": "rounded", "redacted_geometry": ELSEWHERE}, [130.7, 32.7]),
        ({"public_place": "municipality"}, None),
        ({"public_place": "municipality", "redacted_geometry": ELSEWHERE}, None),
    ],
    ids=["exact", "rounded", "home", "drawn", "words", "words-win"],
)
def test_the_preview_tells_the_place_that_is_then_shown(
    desk: Desk, edit: dict[str, Any], shown: list[float] | None
) -> None:
    report = placed(desk)
    asked = {k: v for k, v in edit.items() if k != "redacted_geometry"}
    if "redacted_geometry" in edit:
        asked["redacted_geometry"] = '{"type": "Point", "coordinates": [130.7, 32.7]}'
    (told,) = desk.preview(report, **asked)
    desk.patch(report, release="public", **edit)
    (got,) = desk.public()
    assert told["geometry"] == got["geometry"]
    assert (got["geometry"] and got["geometry"]["coordinates"]) == shown
    in_words = edit["public_place"] == "municipality"
    assert (got["properties"]["place"] is None) == in_words


def test_what_is_told_in_words_is_not_found_by_its_place(desk: Desk) -> None:
    report = placed(desk)
    desk.patch(report, release="public")
    (before,) = desk.public()
    town = before["properties"]["place"]
    box = "130.74,32.78,130.76,32.80"
    assert len(public(desk, q=town)) == len(public(desk, bbox=box)) == 1
    desk.patch(report, public_place="municipality")
    assert len(public(desk)) == 1
    assert public(desk, q=town) == public(desk, bbox=box) == []


def test_a_place_taken_back_by_undo_is_the_former_one(desk: Desk) -> None:
    report = desk.report()
    desk.patch(report, release="public")
    desk.patch(report, public_place="rounded")
    desk.http.post(f"/reports/{report}/undo", headers={"If-Match": '"3"'})
    assert desk.public()[0]["geometry"]["coordinates"] == [130.75, 32.79]


def test_nonsense_names_its_field(desk: Desk) -> None:
    for params, field in (
        ({"public_place": "there"}, "public_place"),
        ({"redacted_geometry": '{"type": "Point"}'}, "redacted_geometry"),
        ({"redacted_geometry": "{"}, "body"),
        ({"public_photos": "x"}, "public_photos"),
    ):
        answer = desk.http.get(f"/reports/{desk.report()}/public-preview", params=params)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert field in answer.json()["field"]
