"""Around me, as a list: what others reported and where help is, also where there is no network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from gspace import actions
from gspace.models import Device, Incident
from tests import builders
from tests.e2e import phone_seed
from tests.e2e.phone_around import (
    ALLOWED,
    copied,
    faults,
    incident_here,
    joined,
    nothing_is_cut,
    report_at,
)
from tests.e2e.phone_browser import PhoneBrowser, usable
from tests.layer_builders import published_layer, spot

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FIRST_SPOTS = [
    spot("closed", 130.751, state={"operation": "closed"}),
    spot("open far", 130.80, state={"operation": "open"}),
    spot("open near", 130.76, state={"operation": "open", "congestion": "crowded"}),
]


@pytest.fixture
def phone(playwright: Playwright, server: str, tmp_path: Path) -> PhoneBrowser:
    return PhoneBrowser(playwright, server, tmp_path / "profile")


@pytest.fixture
def incident(server: str) -> Incident:
    return incident_here()


@pytest.fixture
def token(incident: Incident) -> str:
    return builders.device(incident)[1]


def card(page: Page, ident: str) -> Locator:
    return page.locator(f'.around-card[data-report="{ident}"]')


def names(page: Page) -> list[str]:
    return page.locator(".place-card strong").all_inner_texts()


def test_the_list_says_what_how_bad_where_when_and_how_far(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    ident = report_at(incident, 130.76, comment="Tree over the road")
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token)
        shown = card(page, ident)
        expect(shown).to_contain_text("Tree over the road")
        # 0.01 degrees of longitude at 32.79 degrees north
        expect(shown).to_contain_text(re.compile(r"93\d m in a straight line"))
        expect(shown.locator(".mark--serious")).to_be_visible()
        expect(shown).to_contain_text("Received")
        expect(page.locator(".as-of")).to_contain_text("As of")
        shown.locator("a").click()
        page.wait_for_url(f"**/m/report/{ident}")


def test_everything_is_there_in_flight_mode_after_one_visit(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    ident = report_at(incident)
    published_layer(incident, FIRST_SPOTS)
    with phone.started(**ALLOWED) as context:
        # only the camera was looked at
        copied(joined(phone, context, token, "/m/"))
    report_at(incident, comment="unknown to the phone")
    with phone.started(flight_mode=True, **ALLOWED) as context:
        page = context.new_page()
        page.goto("/m/list")
        expect(card(usable(page), ident)).to_be_visible()
        expect(page.locator(".around-card")).to_have_count(1)
        expect(page.locator(".as-of")).to_contain_text("As of")
        expect(page.locator(".as-of")).to_contain_text("No network")
        page.get_by_role("button", name="Places of support").click()
        expect(page.locator(".place-card")).to_have_count(3)


def test_what_comes_and_goes_is_taken_over(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    first = report_at(incident)
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token)
        expect(card(page, first)).to_be_visible()
        second = report_at(incident)
        page.get_by_role("button", name="Update").click()
        expect(card(page, second)).to_be_visible()
        expect(card(page, first)).to_be_visible()


def test_filters_stay_in_the_address_and_on_the_way_back(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    fire = report_at(incident, category="fire", severity="critical")
    road = report_at(incident, category="road_blocked", severity="minor")
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token)
        expect(card(page, road)).to_be_visible()
        page.locator(".filters summary").click()
        page.locator('select[name="category"]').select_option("fire")
        expect(card(page, road)).to_have_count(0)
        assert page.url.endswith("/m/list?category=fire")
        card(page, fire).locator("a").click()
        page.wait_for_url("**/m/report/*")
        page.go_back()
        expect(card(page, fire)).to_be_visible()
        expect(card(page, road)).to_have_count(0)
        page.goto("/m/list?severity=minor")
        expect(card(page, road)).to_be_visible()
        expect(card(page, fire)).to_have_count(0)
        page.goto("/m/list?hours=1")
        expect(page.locator("#screen")).to_contain_text("No report fits the filter")


def test_nearness_is_from_here(phone: PhoneBrowser, incident: Incident, token: str) -> None:
    near, far = report_at(incident, 130.752), report_at(incident, 130.80)
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token)
        expect(card(page, far)).to_be_visible()
        page.goto("/m/list?within_m=1000")
        expect(card(page, near)).to_be_visible()
        expect(card(page, far)).to_have_count(0)


def test_own_reports_that_wait_stand_on_top(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    other = report_at(incident)
    own = phone_seed.entry(incident, 1, comment="mine and not sent")
    with phone.started(**ALLOWED) as context:
        copied(joined(phone, context, token, "/m/"))
    with phone.started(flight_mode=True, **ALLOWED) as context:
        page = context.new_page()
        page.goto("/m/list")
        phone_seed.put(usable(page), token, [own])
        page.reload()
        expect(card(page, own["id"])).to_contain_text("Waiting to be sent")
        first = page.locator(".around-card").first
        expect(first).to_have_attribute("data-report", own["id"])
        expect(card(page, other)).to_be_visible()


def test_long_lists_come_in_pieces_and_say_how_much_is_left(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    by, _ = builders.device(incident)
    for _ in range(61):
        builders.make_report(incident, by=by)
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token)
        expect(page.locator(".around-card")).to_have_count(50)
        page.get_by_role("button", name="Show more (11 left)").click()
        expect(page.locator(".around-card")).to_have_count(61)
        page.locator(".around-card a").nth(55).click()
        page.wait_for_url("**/m/report/*")
        page.go_back()
        expect(page.locator(".around-card")).to_have_count(61)
        assert page.evaluate("document.getElementById('screen').scrollTop") > 1000


def test_usable_places_first_and_closed_ones_last(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    published_layer(incident, FIRST_SPOTS, source_name="Example Town")
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token)
        page.get_by_role("button", name="Places of support").click()
        expect(page.locator(".place-card")).to_have_count(3)
        order = ["避難所 open near", "避難所 open far", "避難所 closed"]
        assert names(page) == order
        first = page.locator(".place-card").first
        expect(first).to_contain_text("Open")
        expect(first).to_contain_text("Crowded")
        expect(first).to_contain_text("Example Town")
        # what was true in 2016 is not sold as today's
        expect(first).to_contain_text("May be out of date")


def test_what_may_not_be_offered_is_not(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    sites: list[dict[str, Any]] = [
        spot("for floods", 130.751, hazards={"flood": True, "earthquake": False}),
        spot("for earthquakes", 130.76, hazards={"earthquake": True}),
    ]
    published_layer(incident, sites, kind="evacuation_site")
    published_layer(incident, [spot("welfare", 130.75, state={"operation": "open"})],
                    kind="welfare_shelter")  # fmt: skip
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token)
        page.get_by_role("button", name="Places of support").click()
        expect(page.locator(".place-card")).to_have_count(1)
        expect(page.locator(".place-card")).to_contain_text("for earthquakes")
        expect(page.locator(".place-card")).to_contain_text("does not say that it is open")


def test_a_phone_that_was_locked_out_keeps_its_own_and_nothing_of_others(
    phone: PhoneBrowser, incident: Incident, token: str
) -> None:
    other = report_at(incident)
    own = phone_seed.entry(incident, 1, comment="mine and not sent")
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token)
        expect(card(page, other)).to_be_visible()
        context.set_offline(True)
        phone_seed.put(page, "", [own])
        page.reload()
        expect(card(page, own["id"])).to_be_visible()
        expect(card(page, other)).to_be_visible()
        for device in Device.objects.all():
            actions.device_revoke(device=device)
        context.set_offline(False)
        page.get_by_role("button", name="Update").click()
        expect(card(page, other)).to_have_count(0)
        page.reload()
        expect(card(page, own["id"])).to_be_visible()
        expect(page.locator(".around-card")).to_have_count(1)


@pytest.mark.prove
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault(
    phone: PhoneBrowser, incident: Incident, token: str, theme: str
) -> None:
    for severity in ("critical", "serious", "moderate", "minor", "unknown"):
        report_at(incident, severity=severity)
    published_layer(incident, FIRST_SPOTS)
    with phone.started(color_scheme=theme, **ALLOWED) as context:
        page = joined(phone, context, token)
        expect(page.locator(".around-card")).to_have_count(5)
        page.locator(".filters summary").click()
        assert faults(page) == []
        nothing_is_cut(page)
        page.get_by_role("button", name="Places of support").click()
        expect(page.locator(".place-card")).to_have_count(3)
        assert faults(page) == []
        nothing_is_cut(page)
