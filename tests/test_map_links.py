"""Tiles that lead to other maps: made by publishers, seen by everybody, taken away."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from layers.models import MapLink
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1/map-links"
TILE = {"title": "支援マップ", "url": "https://example.org/map", "kind": "water"}


def publisher(slug: str = "") -> tuple[Client, str]:
    organisation = builders.make_organisation(slug or f"org-{next(builders.count)}")
    client = Client()
    client.force_login(builders.make_user(organisation, "publisher"))
    return client, organisation.slug


def post(client: Client, **body):
    return client.post(API, TILE | body, content_type="application/json")


def titles(query: str = "") -> list[str]:
    return [item["title"] for item in Client().get(API + query).json()["items"]]


def test_a_tile_is_seen_by_everybody_in_its_incident() -> None:
    client, slug = publisher()
    first, second = builders.make_incident(), builders.make_incident()
    made = post(client, incident=first.slug, title_en="Aid map", note="毎時更新")
    assert made.status_code == 201
    assert made.json() | {"id": ""} == {
        "id": "", "kind": "water", "title": "支援マップ", "title_en": "Aid map", "note": "毎時更新",
        "url": "https://example.org/map", "incident": first.slug,
        "publisher": {"slug": slug, "name": made.json()["publisher"]["name"], "name_en": None},
    }  # fmt: skip
    post(client, title="どこでも")
    assert titles(f"?incident={first.slug}") == ["どこでも", "支援マップ"]
    assert titles(f"?incident={second.slug}") == ["どこでも"]
    assert titles() == ["どこでも", "支援マップ"]


def test_a_tile_is_taken_away_once_and_for_all() -> None:
    client, _ = publisher()
    ident = post(client).json()["id"]
    for _ in range(2):
        assert client.delete(f"{API}/{ident}").status_code == 204
    assert titles() == [] and MapLink.objects.count() == 1
    assert client.delete(f"{API}/{uuid.uuid4()}").json()["code"] == "link_unknown"


def test_another_publishers_tile_is_not_touched() -> None:
    client, _ = publisher()
    ident = post(client).json()["id"]
    stranger, _ = publisher()
    assert stranger.delete(f"{API}/{ident}").status_code == 403
    assert Client().delete(f"{API}/{ident}").status_code == 401
    assert titles() == ["支援マップ"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "javascript:alert(1)//"}, "url"),
        ({"url": ""}, "url"),
        ({"title": " "}, "title"),
        ({"kind": "balloon"}, "kind"),
        ({"incident": "nowhere"}, "incident"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_input_names_its_field(body, field) -> None:
    client, _ = publisher()
    answer = post(client, **body)
    assert answer.status_code in (404, 422) and answer.json()["field"] == field
    assert titles() == []


def test_a_closed_incident_takes_no_tile() -> None:
    client, _ = publisher()
    closed = builders.make_incident(state="closed")
    assert post(client, incident=closed.slug).json()["code"] == "incident_closed"
