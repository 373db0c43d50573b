"""Many reports wait on a phone; the network returns, and they go by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db.models import Max, Min
from playwright.sync_api import Playwright

from reports.models import Photo, Report
from tests import builders
from tests.e2e import phone_seed
from tests.e2e.phone_browser import PhoneBrowser, usable, visit

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def picture(seed: int) -> bytes:
    """A little more than one piece of an upload."""
    return builders.jpeg(seed, (640, 480)) + bytes([seed]) * 40_000


@pytest.mark.parametrize("queued", [20, pytest.param(100, marks=pytest.mark.prove)])
def test_what_waits_drains_oldest_words_first(
    queued: int, playwright: Playwright, server: str, tmp_path: Path
) -> None:
    incident = builders.make_incident("quake")
    _, token = builders.device(incident)
    contents = [picture(n) for n in range(queued)]
    entries = [phone_seed.entry(incident, 1000 + n, [contents[n]]) for n in range(queued)]
    photos = {e["photos"][0]["id"]: contents[n] for n, e in enumerate(entries)}
    with PhoneBrowser(playwright, server, tmp_path / "profile").started() as context:
        page = visit(context)
        context.set_offline(True)
        # the newest is written first: the order is the reports', not the writing's
        phone_seed.put(page, token, entries[::-1], photos)
        page.reload()
        usable(page)
        page.wait_for_timeout(1_000)
        assert Report.objects.count() == 0
        context.set_offline(False)
        phone_seed.wait_sent(page, queued, 120)
    arrived = [str(i) for i in Report.objects.order_by("received_at").values_list("id", flat=True)]
    assert arrived == [entry["id"] for entry in entries]
    assert Photo.objects.filter(stored_at__isnull=False).count() == queued
    last_words = Report.objects.aggregate(Max("received_at"))["received_at__max"]
    first_original = Photo.objects.aggregate(Min("stored_at"))["stored_at__min"]
    assert last_words < first_original
    previews = Photo.objects.aggregate(Max("preview_at"))["preview_at__max"]
    assert previews < first_original
