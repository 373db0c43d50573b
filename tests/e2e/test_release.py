"""Headquarters releases a report by hand: the public reads its words, until it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.utils.translation import trans_real
from playwright.sync_api import Browser, BrowserContext, Page, expect

from frontend.catalogue import catalogue
from gspace.management.commands.prepare import Command as Prepare
from reports.actions import report_change
from reports.models import Report
from reports.payload import HqEdit
from tests import builders
from tests.e2e.test_desk_accessible import faults

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
SECRET = "山田さん宅の前で通れない"
TOLD = "この先は通れません。迂回してください。"


@pytest.fixture(scope="module", autouse=True)
def japanese() -> None:
    """The compiled catalogues are not in the repository: make them as `make run` does."""
    Prepare()._compile_messages()
    trans_real._translations.clear()
    catalogue.cache_clear()


class World:
    def __init__(self) -> None:
        self.incident = builders.make_incident(centre=Point(130.75, 32.79), zoom=12)

    def report(self, **more: Any) -> str:
        return str(builders.make_report(self.incident, comment=SECRET, **more))

    def open(self, context: BrowserContext, report: str) -> Page:
        """The desk with this report opened."""
        page = context.new_page()
        page.goto(f"/hq/{self.incident.slug}/")
        page.locator(f"#row-{report}").click()
        return page


@pytest.fixture
def world(server: str) -> World:
    return World()


@pytest.fixture
def visitor(browser: Browser, server: str) -> Iterator[BrowserContext]:
    """A browser of nobody in particular."""
    context = browser.new_context(base_url=server, locale="ja")
    yield context
    context.close()


def test_released_by_hand_and_taken_back(
    world: World, sign_in: SignIn, visitor: BrowserContext
) -> None:
    report = world.report()
    public = visitor.new_page()
    public.goto(f"/i/{world.incident.slug}/")
    page = world.open(sign_in(world.incident), report)
    page.locator("#release-open").click()
    expect(page.locator("dialog.release blockquote")).to_have_text(SECRET)
    page.locator("#public-text").fill(TOLD)
    preview = page.locator("#public-preview")
    expect(preview).to_contain_text(TOLD)
    expect(preview).not_to_contain_text(SECRET)
    page.locator("#release-go").click()
    expect(page.locator("#detail .public-mark")).to_be_visible()
    expect(page.locator(f"#row-{report} .public-mark")).to_have_text("公開中")
    public.reload()
    expect(public.locator("body")).to_contain_text(TOLD)
    expect(public.locator("body")).not_to_contain_text(SECRET)
    page.locator("#release-take-back").click()
    expect(page.locator(f"#row-{report} .public-mark")).to_have_count(0)
    public.reload()
    expect(public.locator("body")).not_to_contain_text(TOLD)


def test_an_open_public_map_follows(world: World, sign_in: SignIn, visitor: BrowserContext) -> None:
    report = world.report()
    visitor.clock.install()
    public = visitor.new_page()
    public.goto(f"/i/{world.incident.slug}/")
    mark = public.locator(f'[data-report="{report}"]')
    page = world.open(sign_in(world.incident), report)
    page.locator("#release-open").click()
    page.locator("#release-go").click()
    expect(page.locator("#detail .public-mark")).to_be_visible()
    visitor.clock.run_for(20_000)
    expect(mark).to_have_count(1)
    page.locator("#release-take-back").click()
    expect(page.locator("#detail .public-mark")).to_have_count(0)
    visitor.clock.run_for(20_000)
    expect(mark).to_have_count(0)


def test_a_building_is_shown_roughly_until_the_switch_says_no(
    world: World, sign_in: SignIn
) -> None:
    report = world.report(category="building")
    page = world.open(sign_in(world.incident), report)
    page.locator("#release-open").click()
    home, place = page.locator("#private-home"), page.locator("#public-place")
    expect(home).to_be_checked()
    expect(place).to_contain_text("500 m")
    expect(place).to_contain_text("(32.7925, 130.7525)")
    home.uncheck()
    expect(place).to_have_text("実際の場所に表示されます")
    home.check()
    expect(place).to_contain_text("500 m")
    page.locator("#release-go").click()
    expect(page.locator("#detail .public-mark")).to_be_visible()
    stored = Report.objects.get(id=report)
    assert (stored.release, stored.public_text, stored.private_home) == ("public", "", True)


def test_a_rescue_cannot_be_released(world: World, sign_in: SignIn) -> None:
    page = world.open(sign_in(world.incident), world.report(category="rescue"))
    expect(page.locator("#release-open")).to_be_disabled()
    expect(page.locator("#release-note")).to_have_text("救助の報告は公開できません。")


def test_nothing_unseen_is_released(world: World, sign_in: SignIn) -> None:
    """Without a preview there is no releasing; with it back, there is."""
    page = world.open(sign_in(world.incident), world.report())
    page.route("**/public-preview*", lambda route: route.abort())
    page.locator("#release-open").click()
    expect(page.locator("#public-preview .error")).to_be_visible()
    expect(page.locator("#release-go")).to_be_disabled()
    page.unroute("**/public-preview*")
    page.locator("#public-text").fill(TOLD)
    expect(page.locator("#release-go")).to_be_enabled()


def test_somebody_was_faster(world: World, sign_in: SignIn) -> None:
    report = world.report()
    page = world.open(sign_in(world.incident), report)
    page.locator("#release-open").click()
    page.locator("#public-text").fill(TOLD)
    edit = HqEdit(severity="critical")
    report_change(report_id=report, edit=edit, seen=1, by=builders.operator(world.incident))
    page.locator("#release-go").click()
    comparison = page.locator("dialog .comparison")
    expect(comparison).to_contain_text(TOLD)
    assert Report.objects.get(id=report).release == "none"
    page.locator("#conflict-mine").click()
    expect(page.locator("#detail .public-mark")).to_be_visible()
    stored = Report.objects.get(id=report)
    assert (stored.severity, stored.public_text) == ("critical", TOLD)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dialog_has_no_accessibility_fault(world: World, sign_in: SignIn, theme: Any) -> None:
    report = world.report(category="building")
    page = world.open(sign_in(world.incident), report)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.locator("#release-open").click()
    expect(page.locator("#release-go")).to_be_enabled()
    assert faults(page) == []
    page.locator("#release-go").click()
    expect(page.locator("#detail .public-mark")).to_be_visible()
    assert faults(page) == []


def test_what_was_typed_outlives_a_failed_try_but_not_a_cancel(
    world: World, sign_in: SignIn
) -> None:
    report = world.report()
    page = world.open(sign_in(world.incident), report)
    text, opener = page.locator("#public-text"), page.locator("#release-open")
    page.route(f"**/api/v1/reports/{report}", lambda route: route.abort())
    opener.click()
    text.fill(TOLD)
    page.locator("#release-go").click()
    expect(page.locator("#detail-error")).to_be_visible()
    opener.click()
    expect(text).to_have_value(TOLD)
    page.keyboard.press("Escape")
    opener.click()
    expect(text).to_have_value("")
    assert Report.objects.get(id=report).release == "none"
