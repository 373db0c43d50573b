"""Joining on a small phone: rules, name and button on one screen, with no script needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gspace import access, actions
from gspace.models import Device
from tests import builders
from tests.e2e import looks
from tests.e2e.test_desk_accessible import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SMALL = {"width": 360, "height": 740}
Opens = Callable[..., BrowserContext]


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Opens]:
    """Opens a browser of a small phone."""
    opened: list[BrowserContext] = []

    def run(**more: Any) -> BrowserContext:
        given = {"base_url": server, "viewport": SMALL, "locale": "ja", "has_touch": True}
        opened.append(browser.new_context(**(given | more)))
        return opened[-1]

    yield run
    for context in opened:
        context.close()


def invited() -> str:
    _, code = actions.invite_create(organisation=builders.headquarters(builders.make_incident()))
    return f"/m/join/{code}"


def shown(page: Page, name: str) -> None:
    """For somebody to look at: GSPACE_SHOTS names a folder."""
    if folder := os.environ.get("GSPACE_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


@pytest.mark.parametrize(("theme", "language"), looks.LANGUAGES)
def test_it_all_is_on_one_screen(phone: Opens, language: str, theme: str) -> None:
    page = phone(locale=language, color_scheme=theme).new_page()
    page.goto(invited())
    shown(page, f"join-{language}-{theme}")
    edges = page.evaluate(
        """() => [...document.querySelectorAll("h1, .rules li, #label, main button")]
             .map((one) => one.getBoundingClientRect()).map((r) => [r.top, r.bottom])"""
    )
    assert len(edges) == 7
    assert min(top for top, _ in edges) >= 0
    assert max(bottom for _, bottom in edges) <= SMALL["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == SMALL["width"]
    assert page.evaluate("document.querySelector('main button').offsetHeight") >= 48
    assert faults(page) == []


def test_it_works_without_scripts(phone: Opens, server: str) -> None:
    context = phone(java_script_enabled=False)
    page = context.new_page()
    page.goto(invited())
    page.locator("#label").fill("東区1班")
    page.locator("main button").click()
    expect(page).to_have_url(f"{server}/m/")
    device = Device.objects.get()
    assert device.label == "東区1班"
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    found = cookies[access.DEVICE_COOKIE]
    assert found["httpOnly"] and found["sameSite"] == "Lax"
    assert access.caller_from_token(found["value"]).device == str(device.id)


def test_a_spent_invitation_says_what_to_do(phone: Opens) -> None:
    page = phone(locale="en").new_page()
    page.goto("/m/join/there-is-none")
    page.locator("#label").fill("x")
    page.locator("main button").click()
    expect(page.get_by_role("alert")).to_contain_text("Ask your headquarters for a new one.")
    assert faults(page) == []
