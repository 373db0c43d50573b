"""Screens with the same numbers are counted for once; none misses what it knows of."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from frontend import shared_numbers
from gspace import feed
from gspace.models import Incident
from gspace.short_cache import ShortCache
from tests import builders

# within the transaction of a test the feed tells nothing of its changes
pytestmark = pytest.mark.django_db(transaction=True)


class Screens:
    def __init__(self) -> None:
        self.incident: Incident = builders.make_incident("quake")
        self.counted = 0

    def join(self) -> Client:
        found = Client(headers={"accept-language": "en"})
        found.force_login(builders.make_user(builders.headquarters(self.incident)))
        return found

    def total(self, client: Client, query: str = "", language: str = "en") -> str:
        """The page's total; `counted` grows by the counts it took."""
        address = f"/hq/quake/numbers/?part=body{query}"
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address, headers={"accept-language": language}).content.decode()
        counts = ("date_bin('15 minutes'", "FROM gspace_place p WHERE p.kind = 'town'")
        self.counted += sum(any(one in q["sql"] for one in counts) for q in asked.captured_queries)
        assert ("Without reports merged" in page) == (language == "en")
        return re.findall(r'data-figure="total"[^>]*>(\d+)<', page)[0]

    @property
    def head(self) -> int:
        return feed.head(self.incident.id)


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch) -> Screens:
    monkeypatch.setattr(shared_numbers, "cache", ShortCache(most=1 << 20, seconds=60))
    monkeypatch.setattr(shared_numbers, "ANEW_S", 1_000_000_000)
    return Screens()


def test_what_one_screen_has_counted_does_for_the_others(screens: Screens) -> None:
    builders.make_report(screens.incident)
    known = screens.head
    one, two = screens.join(), screens.join()
    assert (screens.total(one), screens.counted) == ("1", 2), "numbers and squares"
    assert (screens.total(two), screens.counted) == ("1", 2)
    builders.make_report(screens.incident)
    assert (screens.total(two, f"&v={known}"), screens.counted) == ("1", 2), "it knows no more"
    assert (screens.total(two, f"&v={screens.head}"), screens.counted) == ("2", 4)
    builders.make_report(screens.incident)
    assert (screens.total(one), screens.counted) == ("3", 6), "whoever opens it sees it as it is"


def test_other_filters_words_and_persons_are_counted_apart(screens: Screens) -> None:
    builders.make_report(screens.incident, category="fire")
    one, two = screens.join(), screens.join()
    assert (screens.total(one), screens.counted) == ("1", 2)
    assert (screens.total(one, "&category=gas"), screens.counted) == ("0", 4)
    assert (screens.total(one, language="ja"), screens.counted) == ("1", 6)
    for client in (one, two):
        assert screens.total(client, "&unseen=1") == "1"
    assert screens.counted == 10
