"""An original on a link that breaks a hundred times (P9), and into a service that is killed."""

from __future__ import annotations

import os
import random
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from reports.models import Photo, Report
from tests import builders
from tests.cutting_proxy import CuttingProxy
from tests.e2e import phone_seed
from tests.e2e.phone_browser import PhoneBrowser, visit
from tests.test_upload_kills import KILLS, Web

pytestmark = [pytest.mark.e2e, pytest.mark.prove, pytest.mark.django_db(transaction=True)]

CUTS = 100
SIZE = 3_000_000
# what was on its way when the link broke goes out again: less than one piece a cut
PIECE = 128 * 1024


def original() -> bytes:
    return builders.jpeg(5) + os.urandom(SIZE)


def drain(page: Page, rounds: int) -> None:
    """Told again and again that the network is back, as somebody who walks in and out of it."""
    for _ in range(rounds):
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(100)
        if all(e["folder"] == "sent" for e in phone_seed.read(page)):
            return
    raise AssertionError(phone_seed.read(page))


@pytest.mark.parametrize("how", ["close", "reset", "vanish"])
def test_a_hundred_cuts_cost_next_to_nothing(
    how: str, playwright: Playwright, server: str, tmp_path: Path, settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    incident = builders.make_incident("quake")
    _, token = builders.device(incident)
    content = original()
    entry = phone_seed.entry(incident, 1000, [content])
    ident = entry["photos"][0]["id"]
    proxy = CuttingProxy(server, [], how)
    dice = random.Random(11)
    with (
        proxy.running(),
        PhoneBrowser(playwright, proxy.url, tmp_path / "profile").started() as context,
    ):
        page = visit(context)
        phone_seed.put(page, token, [entry], {ident: content})
        before = proxy.sent
        proxy.cuts = sorted(before + dice.randrange(len(content)) for _ in range(CUTS))
        page.reload()
        drain(page, 3_000)
        sent = proxy.sent - before
    assert proxy.made >= CUTS * 0.9
    assert Photo.objects.get(id=ident).stored_at is not None
    print(f"{how}: {proxy.made} cuts, {sent / len(content):.2f} times the bytes")
    assert sent <= 1.1 * len(content) + CUTS * PIECE


@pytest.mark.timeout(1200)
def test_a_service_killed_fifty_times_loses_and_doubles_nothing(
    playwright: Playwright, transactional_db: None, tmp_path: Path, settings
) -> None:
    settings.STORAGES = {**settings.STORAGES}
    incident = builders.make_incident("quake")
    _, token = builders.device(incident)
    web = Web()
    web.environment["DEBUG"] = "1"
    first = web.start()
    sent: list[str] = []
    with PhoneBrowser(playwright, web.url, tmp_path / "profile").started() as context:
        page = visit(context)
        killer = threading.Thread(target=web.keep_killing, args=(first, 3))
        killer.start()
        try:
            while web.kills < KILLS:
                content = builders.jpeg(len(sent)) + os.urandom(1_000_000)
                entry = phone_seed.entry(incident, 1000 + len(sent), [content])
                photo = entry["photos"][0]
                phone_seed.put(page, token, [entry], {photo["id"]: content})
                sent.append(photo["sha256"])
                drain(page, 3_000)
        finally:
            web.ended.set()
            killer.join()
    print(f"{web.kills} kills, {len(sent)} originals")
    assert Report.objects.count() == len(sent)
    stored = Photo.objects.filter(stored_at__isnull=False).values_list("sha256", flat=True)
    assert sorted(stored) == sorted(sent)
