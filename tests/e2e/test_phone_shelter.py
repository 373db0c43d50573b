"""The form of a facility: opened by a QR code, filled in anywhere, sent by itself, never lost."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from gspace.models import Incident
from layers.models import Layer, LiveState, Situation
from tests import builders
from tests.e2e.phone_around import (
    ALLOWED,
    copied,
    faults,
    incident_here,
    joined,
    nothing_is_cut,
)
from tests.e2e.phone_browser import PhoneBrowser, usable
from tests.layer_builders import published_layer, spot

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(playwright: Playwright, server: str, tmp_path: Path) -> PhoneBrowser:
    return PhoneBrowser(playwright, server, tmp_path / "profile")


@pytest.fixture
def incident(server: str) -> Incident:
    return incident_here()


@pytest.fixture
def token(incident: Incident) -> str:
    return builders.device(incident)[1]


@pytest.fixture
def layer(incident: Incident) -> Layer:
    spots = [spot("gym/1", state={"operation": "not_open"}), spot("hall", 130.78)]
    return published_layer(incident, spots)[0]


def answer(page: Page, field: str, code: str) -> None:
    page.locator(f'[data-field="{field}"] button[value="{code}"]').click()


def fill_in(page: Page) -> None:
    answer(page, "operation", "open")
    answer(page, "congestion", "crowded")
    answer(page, "power", "out")
    answer(page, "toilets", "limited")
    page.locator('input[name="persons"]').fill("１２０")
    page.locator('input[name="car_stayers"]').fill("0")
    page.locator('textarea[name="needs"]').fill("blankets")


def record(page: Page) -> None:
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("Saved on this phone. It is sent by itself.")).to_be_visible()


def arrived(count: int, seconds: float = 30) -> list[Situation]:
    deadline = time.monotonic() + seconds
    while Situation.objects.count() < count and time.monotonic() < deadline:
        time.sleep(0.1)
    found = list(Situation.objects.order_by("received_at"))
    assert len(found) == count
    return found


def said(row: Situation) -> dict[str, Any]:
    names = ("operation", "congestion", "persons", "households", "car_stayers", "power", "water",
             "toilets", "needs", "note")  # fmt: skip
    return {name: getattr(row, name) for name in names}


SAID = {
    "operation": "open", "congestion": "crowded", "persons": 120, "households": None,
    "car_stayers": 0, "power": "out", "water": None, "toilets": "limited", "needs": "blankets",
    "note": None,
}  # fmt: skip


def test_a_scanned_code_opens_the_form_and_what_is_said_arrives(
    phone: PhoneBrowser, incident: Incident, layer: Layer, token: str
) -> None:
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token, f"/m/shelter/{layer.slug}/gym%2F1")
        expect(page.get_by_role("heading", level=1)).to_contain_text("避難所 gym/1")
        expect(page.locator("#screen")).to_contain_text("Not open")
        before = time.time()
        fill_in(page)
        record(page)
        (row,) = arrived(1)
        # blank is not reported, and zero is zero
        assert said(row) == SAID
        assert (row.layer.slug, row.feature_id, row.incident_id) == (
            layer.slug, "gym/1", incident.id)  # fmt: skip
        assert before - 1 <= row.captured_at.timestamp() <= time.time() + 1
        assert LiveState.objects.get(feature_id="gym/1").operation == "open"
        # the form is empty again, and the look stands in the series
        expect(page.locator('input[name="persons"]')).to_have_value("")
        line = page.locator(".situation-line")
        expect(line).to_contain_text("120 people · 0 in cars")
        expect(line).to_contain_text("blankets")
        expect(line).not_to_contain_text("Waiting to be sent")


def test_no_letter_is_lost_when_the_page_is_gone(
    phone: PhoneBrowser, layer: Layer, token: str
) -> None:
    path = f"/m/shelter/{layer.slug}/gym%2F1"
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token, path)
        fill_in(page)
        page.locator('textarea[name="note"]').press_sequentially("stove broken")
    with phone.started(**ALLOWED) as context:
        page = context.new_page()
        page.goto(path)
        expect(page.locator('input[name="persons"]')).to_have_value("１２０")
        expect(page.locator('textarea[name="note"]')).to_have_value("stove broken")
        pressed = '[data-field="operation"] button[aria-pressed="true"]'
        expect(page.locator(pressed)).to_have_attribute("value", "open")
        # another facility has a form of its own
        page.goto(f"/m/shelter/{layer.slug}/hall")
        expect(page.locator('input[name="persons"]')).to_have_value("")


def test_in_flight_mode_the_facility_is_known_and_the_answers_wait(
    phone: PhoneBrowser, layer: Layer, token: str
) -> None:
    path = f"/m/shelter/{layer.slug}/gym%2F1"
    with phone.started(**ALLOWED) as context:
        copied(joined(phone, context, token, "/m/"))
    with phone.started(flight_mode=True, **ALLOWED) as context:
        page = context.new_page()
        page.goto(path)
        expect(usable(page).get_by_role("heading", level=1)).to_contain_text("避難所 gym/1")
        fill_in(page)
        record(page)
        expect(page.locator(".situation-line")).to_contain_text("Waiting to be sent")
    assert not Situation.objects.exists()
    with phone.started(**ALLOWED) as context:
        page = context.new_page()
        page.goto(path)
        (row,) = arrived(1)
        assert said(row) == SAID
        expect(page.locator(".situation-line")).to_have_count(1)
        expect(page.locator(".situation-line")).not_to_contain_text("Waiting to be sent")


def test_a_code_of_an_unknown_facility_works_in_flight_mode(
    phone: PhoneBrowser, incident: Incident, layer: Layer, token: str
) -> None:
    with phone.started(**ALLOWED) as context:
        copied(joined(phone, context, token, "/m/"))
    other, _ = published_layer(incident, [spot("new")])
    with phone.started(flight_mode=True, **ALLOWED) as context:
        page = context.new_page()
        page.goto(f"/m/shelter/{other.slug}/new")
        expect(usable(page).locator("#screen")).to_contain_text("is not on this phone yet")
        fill_in(page)
        record(page)
    with phone.started(**ALLOWED) as context:
        page = context.new_page()
        page.goto(f"/m/shelter/{other.slug}/new")
        (row,) = arrived(1)
        assert (row.layer.slug, row.feature_id) == (other.slug, "new")
        expect(page.get_by_role("heading", level=1)).to_contain_text("避難所 new")


def test_an_earlier_look_and_one_of_others_stay_in_the_series(
    phone: PhoneBrowser, layer: Layer, token: str
) -> None:
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token, f"/m/shelter/{layer.slug}/gym%2F1")
        page.locator('input[name="persons"]').fill("10")
        record(page)
        arrived(1)
        page.locator('input[name="persons"]').fill("25")
        page.locator('input[name="at"]').fill("2026-01-02T03:04")
        record(page)
        _, row = arrived(2)
        assert row.persons == 25 and row.captured_at.year == 2026 and row.captured_at.month == 1
        expect(page.locator(".situation-line")).to_have_count(2)
        # the newest look first, whenever it arrived
        expect(page.locator(".situation-line").first).to_contain_text("10 people")
    with phone.started(flight_mode=True, **ALLOWED) as context:
        page = context.new_page()
        page.goto(f"/m/shelter/{layer.slug}/gym%2F1")
        expect(usable(page).locator(".situation-line")).to_have_count(2)


def test_what_cannot_be_read_is_said_before_it_is_recorded(
    phone: PhoneBrowser, layer: Layer, token: str
) -> None:
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token, f"/m/shelter/{layer.slug}/hall")
        page.get_by_role("button", name="Record it").click()
        expect(page.get_by_text("Answer at least one question.")).to_be_visible()
        page.locator('input[name="persons"]').fill("about 20")
        expect(page.get_by_text("A whole number, please, or blank.")).to_be_visible()
        page.get_by_role("button", name="Record it").click()
        expect(page.get_by_text("A number cannot be read. Correct it, please.")).to_be_visible()
        page.locator('input[name="persons"]').fill("20")
        record(page)
        assert arrived(1)[0].persons == 20


def test_a_facility_is_chosen_from_the_list_nearest_first(
    phone: PhoneBrowser, layer: Layer, token: str
) -> None:
    with phone.started(**ALLOWED) as context:
        page = joined(phone, context, token, "/m/shelter")
        cards = page.locator(".place-card strong")
        expect(cards).to_have_text(["避難所 gym/1", "避難所 hall"])
        page.get_by_label("Search by name or address").fill("ＨＡＬＬ")
        expect(cards).to_have_text(["避難所 hall"])
        page.locator(".place-card a").click()
        page.wait_for_url(f"**/m/shelter/{layer.slug}/hall")
        expect(page.get_by_role("button", name="Record it")).to_be_visible()


@pytest.mark.prove
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_accessibility_fault(phone: PhoneBrowser, layer: Layer, token: str, theme: str) -> None:
    with phone.started(color_scheme=theme, **ALLOWED) as context:
        page = joined(phone, context, token, "/m/shelter")
        expect(page.locator(".place-card")).to_have_count(2)
        assert faults(page) == []
        page.locator(".place-card a").first.click()
        page.wait_for_url("**/gym%2F1")
        fill_in(page)
        page.locator('input[name="households"]').fill("x")
        assert faults(page) == []
        page.locator('input[name="households"]').fill("4")
        record(page)
        nothing_is_cut(page)
        assert faults(page) == []
