"""How old the queue is stands in every bar of headquarters, in colour, and is heard at the desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from reports.models import Report
from tests.e2e.test_desk_accessible import faults
from tests.e2e.test_review_queue import COUNT_TONES, LOOKED_AT, SignIn, World

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
# a page with a bar of the desk's, and one with the bar of a form
BESIDE = ("log/", "broadcasts/")


@pytest.fixture
def world(server: str) -> World:
    return World(server)


def wait_for(world: World, report: str, minutes: int) -> None:
    """As if it had come so long ago; every screen is told."""
    Report.objects.filter(id=report).update(received_at=timezone.now() - timedelta(minutes=minutes))
    world.change(report, comment_hq=f"{minutes} min")


def stands(pages: list[Page], level: str, age: str) -> None:
    for page in pages:
        page.evaluate(LOOKED_AT)
        queue = page.locator("#queue")
        expect(queue).to_have_class(f"queue queue-{level}")
        expect(queue).to_have_text(re.compile(f"^To review 1 · longest {age}$"))


def test_the_oldest_colours_every_bar_and_sounds_once_at_each_threshold(
    world: World, sign_in: SignIn
) -> None:
    warn, alarm = settings.REVIEW_WARN_MIN, settings.REVIEW_ALARM_MIN
    report = world.report()
    context = sign_in(world.incident, "en")
    pages = [world.open(context, path) for path in BESIDE] + [world.open(context)]
    desk = pages[-1]
    desk.evaluate(COUNT_TONES)
    desk.locator(".bar .sound").click()
    stands(pages, "calm", r"\d+ s")
    wait_for(world, report, warn - 1)
    stands(pages, "calm", f"{warn - 1} min")
    assert desk.evaluate("window.tones") == 0
    wait_for(world, report, warn)
    stands(pages, "warn", f"{warn} min")
    assert desk.evaluate("window.tones") == 1
    wait_for(world, report, alarm)
    stands(pages, "alarm", f"{alarm} min")
    assert desk.evaluate("window.tones") == 2
    for page in pages[:-1]:
        assert faults(page) == []
    # the way back to the desk; what is reviewed waits no more
    pages[0].locator("#queue").click()
    expect(pages[0]).to_have_url(re.compile(f"/hq/{world.incident.slug}/"))
    world.change(report, status="verified")
    pages[1].evaluate(LOOKED_AT)
    expect(pages[1].locator("#queue")).to_have_text("Nothing to review")
