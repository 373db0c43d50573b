"""The first load of the app over a thin line: its bytes and its round trips (DESIGN: 120 kB, 6)."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Browser, BrowserContext, Response

from tests import builders
from tests.e2e.phone_browser import SCREEN, usable, with_key

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
BUDGET_BYTES, BUDGET_REQUESTS = 120_000, 6


# notes the moment at which the app first shows something to touch
CLOCK = """new MutationObserver(() => {
  if (!window.usableAt && document.querySelector("#app a, #app button"))
    window.usableAt = performance.now();
}).observe(document, {childList: true, subtree: true});"""
BEFORE = """[location.href, ...performance.getEntriesByType("resource")
  .filter((load) => load.startTime <= window.usableAt).map((load) => load.name)]"""


def weight(response: Response) -> int:
    """Bytes on the line, where everything is compressed as in production."""
    return len(gzip.compress(response.body(), 6)) if response.status == 200 else 0


@pytest.fixture
def context(browser: Browser, server: str) -> BrowserContext:
    context = browser.new_context(base_url=server, locale="ja", viewport=SCREEN)
    yield context
    context.close()


@pytest.mark.parametrize("joined", [True, False])
@pytest.mark.parametrize("path", ["/m/", "/m/outbox"])
def test_the_first_load_stays_within_its_budget(
    context: BrowserContext, server: str, joined: bool, path: str
) -> None:
    if joined:
        with_key(context, server, builders.device(builders.make_incident())[1])
    context.add_init_script(CLOCK)
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response))
    page.goto(path)
    usable(page)
    page.wait_for_load_state("networkidle")
    asked = page.evaluate(BEFORE)
    sizes = {response.url: weight(response) for response in answers}
    assert any(url.endswith("/phone.js") for url in asked)
    assert len(asked) <= BUDGET_REQUESTS, asked
    assert sum(sizes.values()) <= BUDGET_BYTES, sizes


def test_text_travels_compressed(context: BrowserContext) -> None:
    page = context.new_page()
    answer = page.goto("/m/")
    assert answer and answer.header_value("content-encoding") == "gzip"
    assert answer.request.sizes()["responseBodySize"] < len(answer.body()) / 3
