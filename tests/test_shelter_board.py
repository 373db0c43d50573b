"""The board of shelters: who gets the page, and what it is told to flag and to call by name."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from gspace.models import Incident, Municipality
from tests import builders
from tests.layer_builders import make_layer, publish, published_layer, spot

pytestmark = pytest.mark.django_db


def signed_in(incident: Incident, role: str = "operator") -> Client:
    client = Client()
    client.force_login(builders.make_user(builders.headquarters(incident), role))
    return client


def board(client: Client, incident: Incident, **more: Any) -> dict[str, Any]:
    answer = client.get(f"/hq/{incident.slug}/shelters/", **more)
    assert answer.status_code == 200, answer.content
    found = re.search(r'<script id="page-data"[^>]*>(.*?)</script>', answer.content.decode(), re.S)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def test_visitors_are_sent_to_the_login_and_strangers_away() -> None:
    incident, elsewhere = builders.make_incident(), builders.make_incident()
    path = f"/hq/{incident.slug}/shelters/"
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={path}")
    assert signed_in(elsewhere).get(path).status_code == 403
    assert signed_in(incident, "partner").get(path).status_code == 200


def test_it_flags_silence_after_as_many_hours_as_are_set(settings: Any) -> None:
    incident = builders.make_incident()
    assert board(signed_in(incident), incident)["silence_h"] == 6
    settings.LIMIT_SHELTER_SILENCE_H = 3
    assert board(signed_in(incident), incident)["silence_h"] == 3


def in_town(layer: Any, code: str) -> None:
    layer.published.features.update(municipality_code=code)


def test_municipalities_of_shelters_have_names_and_others_are_not_sent() -> None:
    incident = builders.make_incident()
    for code, name in (("434434", "益城町"), ("432024", "八代市"), ("431001", "熊本市")):
        Municipality.objects.get_or_create(code=code, defaults={"name": name, "name_en": "x"})
    shelters, _ = published_layer(incident, [spot("a")])
    in_town(shelters, "434434")
    water, _ = published_layer(incident, [spot("a")], kind="water")
    in_town(water, "432024")
    assert list(board(signed_in(incident), incident)["municipalities"]) == ["434434"]


def test_partners_are_not_told_where_hidden_shelters_are() -> None:
    incident = builders.make_incident()
    Municipality.objects.get_or_create(code="434434", defaults={"name": "益城町"})
    layer, by = make_layer(incident, audience="hq")
    publish(layer, by, [spot("a")])
    layer.refresh_from_db()
    in_town(layer, "434434")
    assert board(signed_in(incident), incident)["municipalities"]
    assert board(signed_in(incident, "partner"), incident)["municipalities"] == {}


def test_its_addresses_are_the_incidents_own() -> None:
    incident = builders.make_incident()
    urls = board(signed_in(incident), incident)["urls"]
    assert urls["desk"] == f"/hq/{incident.slug}/"
    assert (
        urls["series"] == f"/api/v1/layers/{{slug}}/features/{{id}}/series?incident={incident.slug}"
    )
    for name in ("features", "layers"):
        assert urls[name].endswith(f"?incident={incident.slug}")
