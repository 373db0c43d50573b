"""Towns of the gazetteer beside published places: by name and municipality, the nearest first."""

from __future__ import annotations

import httpx
import pytest
from django.contrib.gis.geos import Point

from gspace.models import Municipality, Place
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask(server: str):
    incident = builders.make_incident(centre=Point(130.75, 32.79, srid=4326))
    city = Municipality.objects.create(code="431028", name="熊本市東区", name_en="Higashi-ku")
    other = Municipality.objects.create(code="401005", name="北九州市", name_en="Kitakyushu")
    for code, name, prefecture, lon in (
        ("431001", "熊本市", "熊本県", 130.70),
        ("431052", "熊本市北区", "熊本県", 130.68),
        ("131172", "北区", "東京都", 139.73),
    ):
        at = Point(lon, 33.0, srid=4326)
        Municipality.objects.create(code=code, name=name, prefecture=prefecture, location=at)
    Municipality.objects.filter(code="431028").update(prefecture="熊本県")
    Municipality.objects.filter(code="401005").update(
        prefecture="福岡県", location=Point(130.88, 33.88, srid=4326)
    )
    for name, where, at in (
        ("健軍本町", city, (130.76, 32.78)),
        ("ケヤキ台", city, (130.77, 32.80)),
        ("本町", other, (130.87, 33.88)),
        ("本町", city, (130.70, 32.79)),
    ):
        Place.objects.create(name=name, municipality=where, location=Point(*at, srid=4326))
    url = f"{server}/api/v1/incidents/{incident.slug}/places"
    return lambda q, **more: httpx.get(url, params={"q": q, **more}).json()["towns"]


def test_by_name_the_nearest_of_the_shortest_first(ask) -> None:
    found = [(town["name"], town["municipality"]) for town in ask("本町")]
    assert found == [("本町", "熊本市東区"), ("本町", "北九州市"), ("健軍本町", "熊本市東区")]
    assert ask("本町", limit=1)[0]["lon"] == 130.70


def test_with_the_municipality_and_folded(ask) -> None:
    assert [town["municipality_en"] for town in ask("北九州　本町")] == ["Kitakyushu"]
    assert [town["name"] for town in ask("けやき台")] == ["ケヤキ台"]
    assert [town["by_address"] for town in ask("本町")] == [None] * 3
    assert ask("") == ask("どこにもない") == ask("%") == []


KENGUN = ("健軍本町", "熊本市東区", "town", 130.76)


def first(ask, words: str) -> tuple:
    town = ask(words)[0]
    return tuple(town[name] for name in ("name", "municipality", "by_address", "lon"))


@pytest.mark.parametrize(
    "words",
    [
        "熊本市東区健軍本町",
        "熊本市東区 健軍本町",
        "熊本市東区健軍本町1-2",
        "熊本市東区健軍本町１－２",
        "熊本県熊本市東区 健軍本町１番地２",
        "東区健軍本町",
        "東区健軍本町1-2",
        "健軍本町１－２",
    ],
)
def test_an_address_leads_to_its_town(ask, words: str) -> None:
    assert first(ask, words) == KENGUN
    assert len(ask(words)) == 1, "once, by its address and by its name"
    assert ask(words)[0]["municipality_en"] == "Higashi-ku"


def test_a_ward_is_one_of_the_city_around_the_incident(ask) -> None:
    assert first(ask, "北区植木町") == ("熊本市北区", "熊本県", "municipality", 130.68)
    assert first(ask, "東京都北区植木町") == ("北区", "東京都", "municipality", 139.73)


def test_of_an_unknown_town_the_municipality_is_named(ask) -> None:
    assert first(ask, "北九州市戸畑1") == ("北九州市", "福岡県", "municipality", 130.88)
    # words that only hold a number are no address of the city around
    assert ask("断水2日目") == []
