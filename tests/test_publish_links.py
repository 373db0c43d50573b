"""`/publish/links/`: tiles of the portal that lead to other people's maps."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from layers.models import MapLink
from tests import builders

pytestmark = pytest.mark.django_db
PAGE = "/publish/links/"


@pytest.fixture
def kita() -> Client:
    """A publisher of one city, with an incident under way."""
    builders.make_incident("quake")
    return signed_in("kita")


def signed_in(organisation: str) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(builders.make_user(builders.make_organisation(organisation), "publisher"))
    return client


def add(client: Client, **more: Any) -> Any:
    form = {"title": "道路情報マップ", "url": "https://example.jp/roads", "kind": "road_closure"}
    return client.post(PAGE, form | more, follow=True)


def test_a_link_is_put_on_the_portal_and_taken_off(kita: Client) -> None:
    page = add(kita).content.decode()
    link = MapLink.objects.get()
    assert link.publisher.slug == "kita" and link.incident is None
    assert "https://example.jp/roads" in page and "No link yet" not in page
    page = kita.post(f"{PAGE}{link.id}/withdraw/", follow=True).content.decode()
    link.refresh_from_db()
    assert link.withdrawn_at and "No link yet" in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.jp/", "roads", ""])
def test_only_the_web_can_be_linked_to(kita: Client, url: str) -> None:
    answer = add(kita, url=url)
    assert answer.status_code == 422 and "Nothing was added" in answer.content.decode()
    assert "道路情報マップ" in answer.content.decode() and not MapLink.objects.exists()


def test_others_see_and_withdraw_nothing_of_mine(kita: Client) -> None:
    add(kita)
    link, other = MapLink.objects.get(), signed_in("moji")
    assert "道路情報マップ" not in other.get(PAGE).content.decode()
    assert other.post(f"{PAGE}{link.id}/withdraw/").status_code == 403
    assert Client().get(PAGE).status_code == 302
    assert signed_in_as_partner().get(PAGE).status_code == 403


def signed_in_as_partner() -> Client:
    client = Client()
    client.force_login(builders.make_user(builders.make_organisation("pref"), "partner"))
    return client


def test_people_of_several_organisations_say_for_whom(kita: Client) -> None:
    user = builders.make_user(builders.make_organisation("kita"), "publisher")
    moji = builders.make_organisation("moji")
    moji.memberships.create(user=user, role="publisher")
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    assert add(client).status_code == 422
    assert add(client, publisher=moji.pk).status_code == 200
    assert MapLink.objects.get().publisher == moji
    stranger = builders.make_organisation("stranger")
    assert add(client, publisher=stranger.pk).status_code == 422
