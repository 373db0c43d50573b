"""The desk's own area: a city covers all of its wards, and none of its neighbour's."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from gspace.models import Municipality
from gspace.municipality_codes import complete
from tests import builders

pytestmark = pytest.mark.django_db

# city: its last ward, and another municipality of the prefecture with a code close by
CITIES = {
    "14100": ("14118", "14131"),  # Yokohama; Kawasaki's first ward
    "14130": ("14137", "14118"),  # Kawasaki; Yokohama's last ward
    "14150": ("14153", "14137"),  # Sagamihara
    "22130": ("22140", "22103"),  # Hamamatsu; Shizuoka
    "23100": ("23116", "23201"),  # Nagoya; Toyohashi
    "27100": ("27128", "27141"),  # Osaka; Sakai's first ward
    "27140": ("27147", "27128"),  # Sakai
    "40100": ("40109", "40131"),  # Kitakyushu; Fukuoka's first ward
    "40130": ("40137", "40109"),  # Fukuoka
    "43443": ("43443", "43442"),  # Mashiki, a town
}


def area_at_the_desk(code: str) -> list[str]:
    incident = builders.make_incident("quake")
    own = builders.headquarters(incident)
    own.municipality_code = code
    own.save()
    client = Client()
    client.force_login(builders.make_user(own))
    page = client.get("/hq/quake/").content.decode()
    found = re.search(r'<script id="page-data"[^>]*>(.*?)</script>', page, re.S)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return list(data["area"])


@pytest.mark.parametrize("city", CITIES)
def test_a_city_covers_its_wards_and_no_others(city: str) -> None:
    ward, other = CITIES[city]
    for five in {city, ward, other}:
        Municipality.objects.create(code=complete(five), name=five)
    assert area_at_the_desk(complete(city)) == sorted({complete(city), complete(ward)})


@pytest.mark.parametrize("code", ["", "430005"])
def test_without_a_municipality_and_for_a_prefecture_it_is_all(code: str) -> None:
    Municipality.objects.create(code="434434", name="Mashiki")
    assert area_at_the_desk(code) == []


def test_a_code_with_a_typing_error_stays_as_it_is() -> None:
    Municipality.objects.create(code="434434", name="Mashiki")
    assert area_at_the_desk("434435") == ["434435"]
