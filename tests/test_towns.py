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
    assert ask("") == ask("どこにもない") == ask("%") == []
