"""Municipalities to narrow down by: by name, by code, or those that have reports."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point

from gspace.models import Municipality
from reports.models import Report
from tests.test_report_list import Lists

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lists(server: str) -> Lists:
    found = Lists(server)
    found.incident.centre = Point(130.75, 32.79, srid=4326)
    found.incident.save()
    for code, name, english, prefecture, lon, lat in (
        ("434434", "益城町", "Mashiki", "熊本県", 130.82, 32.79),
        ("431001", "熊本市", "Kumamoto", "熊本県", 130.71, 32.80),
        ("431028", "熊本市東区", "Higashi-ku, Kumamoto", "熊本県", 130.77, 32.79),
        ("271021", "大阪市都島区", "Miyakojima-ku, Osaka", "大阪府", 135.53, 34.70),
    ):
        Municipality.objects.create(
            code=code, name=name, name_en=english, prefecture=prefecture,
            location=Point(lon, lat, srid=4326),
        )  # fmt: skip
    return found


def codes(lists: Lists, audience: str = "hq", **query) -> list[str]:
    items = lists.get(audience, "municipalities", **query).json()["items"]
    return [item["code"] for item in items]


def test_by_name_the_nearest_first(lists: Lists) -> None:
    assert codes(lists, q="熊本") == ["431028", "431001", "434434"], "the prefecture's, too"
    assert codes(lists, q="熊本県　益城") == ["434434"]
    assert codes(lists, q="ＭＡＳＨＩ") == ["434434"]
    assert codes(lists, q="27102") == ["271021"]
    assert codes(lists, q="%") == []
    (found,) = lists.get(path="municipalities", codes="271021,999999").json()["items"]
    assert found == {
        "code": "271021", "name": "大阪市都島区", "name_en": "Miyakojima-ku, Osaka",
        "prefecture": "大阪府", "prefecture_en": "", "reports": None,
    }  # fmt: skip


def test_without_words_those_with_the_most_reports(lists: Lists) -> None:
    for code in ("434434", "434434", "431028", ""):
        Report.objects.filter(id=lists.make()).update(municipality_code=code)
    Report.objects.filter(municipality_code="431028").update(status="rejected")
    items = lists.get(path="municipalities").json()["items"]
    assert [(item["code"], item["reports"]) for item in items] == [("434434", 2), ("431028", 1)]
    assert lists.get(path="municipalities", q="x " * 21).json()["field"] == "q"
