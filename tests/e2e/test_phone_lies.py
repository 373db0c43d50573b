"""Login pages, refusals, silence and lost answers in between never empty the outbox (P10)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from reports.models import Photo, Report
from tests import builders
from tests.e2e import phone_seed
from tests.e2e.phone_browser import PhoneBrowser, visit
from tests.lying_proxy import KINDS, LyingProxy

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

API = "/api/v1/"
REPORTS = 4
# what phones meet most; the others have their turn in the long proofs
OFTEN = ("login_page", "redirect", "cut", "lost_answer")


def is_sending(method: str, path: str) -> bool:
    return path.startswith(API) and method != "GET"


@pytest.fixture
def world(settings) -> tuple:
    settings.ALLOWED_HOSTS = ["*"]
    incident = builders.make_incident("quake")
    _, token = builders.device(incident)
    contents = [builders.jpeg(n) for n in range(REPORTS)]
    entries = [phone_seed.entry(incident, 1000 + n, [contents[n]]) for n in range(REPORTS)]
    photos = {e["photos"][0]["id"]: contents[n] for n, e in enumerate(entries)}
    return token, entries, photos


def stored_once(entries: list) -> None:
    assert {str(r) for r in Report.objects.values_list("id", flat=True)} == {
        e["id"] for e in entries
    }
    hashes = {e["photos"][0]["sha256"] for e in entries}
    stored = Photo.objects.filter(stored_at__isnull=False).values_list("sha256", flat=True)
    assert sorted(stored) == sorted(hashes)


@pytest.mark.parametrize(
    "kind", [k if k in OFTEN else pytest.param(k, marks=pytest.mark.prove) for k in KINDS]
)
def test_nothing_is_lost_while_everything_is_a_lie(
    kind: str, world: tuple, playwright: Playwright, server: str, tmp_path: Path
) -> None:
    token, entries, photos = world
    proxy = LyingProxy(server, lambda method, path: "", silence_s=3)
    with (
        proxy.running(),
        PhoneBrowser(playwright, proxy.url, tmp_path / "profile").started() as context,
    ):
        page = visit(context)
        proxy.lie = lambda method, path: kind if is_sending(method, path) else ""
        phone_seed.put(page, token, entries, photos)
        page.reload()
        page.wait_for_function("() => document.querySelector('#app > *')")
        for _ in range(50):
            if proxy.told[kind] >= 1:
                break
            page.wait_for_timeout(100)
        page.wait_for_timeout(500)
        kept = phone_seed.read(page)
        assert len(kept) == REPORTS and {e["folder"] for e in kept} == {"waiting"}
        assert proxy.told[kind] >= 1
        proxy.lie = lambda method, path: ""
        # what a person does who knows that the network is back
        page.evaluate("dispatchEvent(new Event('online'))")
        phone_seed.wait_sent(page, REPORTS, 60)
    stored_once(entries)


@pytest.mark.prove
def test_a_network_that_lies_at_random_delivers_each_report_once(
    world: tuple, playwright: Playwright, server: str, tmp_path: Path
) -> None:
    token, entries, photos = world
    dice = random.Random(7)

    def lie(method: str, path: str) -> str:
        lies = is_sending(method, path) and dice.random() < 0.5
        return dice.choice(KINDS) if lies else ""

    proxy = LyingProxy(server, lambda method, path: "", silence_s=2)
    with (
        proxy.running(),
        PhoneBrowser(playwright, proxy.url, tmp_path / "profile").started() as context,
    ):
        page = visit(context)
        proxy.lie = lie
        phone_seed.put(page, token, entries, photos)
        page.reload()
        for _ in range(600):
            page.evaluate("dispatchEvent(new Event('online'))")
            page.wait_for_timeout(300)
            if all(e["folder"] == "sent" for e in phone_seed.read(page)):
                break
        assert {e["folder"] for e in phone_seed.read(page)} == {"sent"}
    assert sum(proxy.told.values()) >= 10
    stored_once(entries)
