"""The broadcast page in a real browser: told by hand, read on the phone, without faults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from gspace import actions
from gspace.models import Broadcast
from tests import builders
from tests.e2e import looks
from tests.e2e.test_desk_accessible import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
TEXT = "余震のおそれ。全員、撤収してください。"


def test_told_by_hand_and_read_by_the_crews(server: str, sign_in: SignIn) -> None:
    incident = builders.make_incident()
    crew, _ = builders.device(incident)
    builders.device(incident)
    page = sign_in(incident, "en").new_page()
    page.goto(f"/hq/{incident.slug}/broadcasts/")
    page.locator("label.tile", has_text="Pull back").click()
    page.locator("#text").fill(TEXT)
    page.get_by_role("button", name="Send to 2 phones").click()
    expect(page.locator(".told-text")).to_have_text(TEXT)
    expect(page.locator("main")).to_contain_text("Read by 0 of 2")
    told = Broadcast.objects.get()
    actions.broadcast_read(broadcast_id=told.id, read_at=datetime.now(UTC), by=crew)
    page.get_by_role("link", name="See who has read since").click()
    expect(page.locator("main")).to_contain_text("Read by 1 of 2")
    expect(page.locator(".crews:not(.crews--read) li")).to_have_count(1)
    page.locator(".act summary").click()
    page.locator(".act .button--stop").click()
    expect(page.locator(".badge--filled")).to_have_text("Withdrawn")


@pytest.mark.parametrize(("theme", "width"), looks.WIDTHS)
def test_no_accessibility_fault(server: str, sign_in: SignIn, theme: Any, width: int) -> None:
    incident = builders.make_incident()
    crew, _ = builders.device(incident)
    builders.device(incident)
    hq = builders.operator(incident)
    for kind in ("tsunami", "info"):
        told, _ = actions.broadcast_create(incident=incident, kind=kind, text=TEXT, by=hq)
        actions.broadcast_read(broadcast_id=told.id, read_at=builders.NOON, by=crew)
    actions.broadcast_withdraw(broadcast_id=told.id, by=hq)
    page = sign_in(incident).new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto(f"/hq/{incident.slug}/broadcasts/")
    assert page.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth")
    # one withdrawn is folded up, one still asks for its crews
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert faults(page) == []
