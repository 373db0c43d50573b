"""Headquarters releases a report by hand: the public reads its words, until it is taken back."""

from __future__ import annotations

import re
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
from reports.releasing import PublicCopy
from tests import builders
from tests.e2e.test_desk_accessible import faults
from tests.test_public_photos import FACE, develop, pixels_of

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

    def with_photo(self) -> str:
        content = builders.jpeg(next(builders.count))
        told = builders.announce(content)
        report = self.report(photos=[told])
        develop(told, content)
        return report

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
    expect(page.locator("#toast")).to_be_visible()
    opener.click()
    expect(text).to_have_value(TOLD)
    page.keyboard.press("Escape")
    opener.click()
    expect(text).to_have_value("")
    assert Report.objects.get(id=report).release == "none"


def draw(page: Page, box: list[float]) -> None:
    """A box by mouse, from corner to corner."""
    at = page.locator(".blur-stage img").bounding_box()
    assert at
    x, y, width, height = box

    def move(share: float) -> None:
        across, down = x + share * width, y + share * height
        page.mouse.move(at["x"] + across * at["width"], at["y"] + down * at["height"])

    move(0)
    page.mouse.down()
    move(0.5)
    move(1)
    page.mouse.up()


def look_through(page: Page) -> None:
    page.locator("#release-open").click()
    page.locator(".photo-look").click()
    expect(page.locator("#blur-go")).to_be_enabled()


def test_boxes_by_mouse_and_by_keys_and_the_preview_is_what_is_shown(
    world: World, sign_in: SignIn, visitor: BrowserContext
) -> None:
    report = world.with_photo()
    page = world.open(sign_in(world.incident), report)
    look_through(page)
    boxes = page.locator(".blur-box")
    draw(page, FACE)
    expect(boxes).to_have_count(1)
    page.keyboard.press("n")
    expect(boxes).to_have_count(2)
    expect(boxes.nth(1)).to_be_focused()
    for key in ["ArrowRight"] * 3 + ["Shift+ArrowDown"] * 2 + ["n", "Delete"]:
        page.keyboard.press(key)
    expect(boxes).to_have_count(2)
    assert faults(page) == []
    page.locator("#blur-go").click()
    image = page.locator("#public-preview img")
    expect(image).to_have_count(1)
    expect(page.locator("#release-go")).to_be_enabled()
    address = image.get_attribute("src") or ""
    previewed = page.request.get(address).body()
    assert visitor.request.get(address).status == 404
    page.locator("#release-go").click()
    expect(page.locator("#detail .public-mark")).to_be_visible()
    public = visitor.new_page()
    public.goto(f"/i/{world.incident.slug}/?list=reports")
    link = public.locator(".released-photo")
    expect(link.locator("img")).to_have_attribute("alt", re.compile("道路（通れない）$"))
    assert visitor.request.get(link.get_attribute("href") or "").body() == previewed
    stored = PublicCopy.objects.get().boxes
    assert stored[1] == [0.47, 0.44, 0.2, 0.22]
    assert all(abs(a - b) < 0.01 for a, b in zip(stored[0], FACE, strict=True))
    shown = pixels_of(previewed)
    # blue stood there
    assert [abs(part - 96) < 8 for part in shown.getpixel((250, 150))] == [True] * 3  # type: ignore[union-attr]


def test_the_button_removes_the_chosen_box(world: World, sign_in: SignIn) -> None:
    """Never the last one instead: a face would be seen."""
    page = world.open(sign_in(world.incident), world.with_photo())
    look_through(page)
    boxes = page.locator(".blur-box")
    for at in ([0.05, 0.05, 0.1, 0.1], [0.4, 0.4, 0.1, 0.1], [0.7, 0.7, 0.1, 0.1]):
        draw(page, at)
    boxes.nth(1).click()
    expect(page.locator(".blur-box.is-chosen")).to_have_count(1)
    page.locator("#blur-remove").click()
    expect(boxes).to_have_count(2)
    page.locator("#blur-go").click()
    expect(page.locator("#public-preview img")).to_have_count(1)
    lefts = [left for left, *_ in PublicCopy.objects.get().boxes]
    assert all(abs(a - b) < 0.02 for a, b in zip(lefts, [0.05, 0.7], strict=True))


GONE = """() => new Promise((resolve) => {
  const gone = () => !document.querySelector(".released-photo, [data-report], .popup");
  new MutationObserver(() => { if (gone()) resolve(Date.now()); })
    .observe(document.body, { childList: true, subtree: true });
})"""


def test_taken_back_it_leaves_an_open_public_page_within_a_second(
    world: World, sign_in: SignIn, visitor: BrowserContext
) -> None:
    report = world.with_photo()
    page = world.open(sign_in(world.incident), report)
    look_through(page)
    page.locator("#blur-go").click()
    page.locator("#release-go").click()
    expect(page.locator("#detail .public-mark")).to_be_visible()
    public = visitor.new_page()
    public.goto(f"/i/{world.incident.slug}/")
    expect(public.locator("#live-words")).to_contain_text("自動")
    public.locator(f'[data-report="{report}"]').click()
    expect(public.locator(".popup img")).to_be_visible()
    expect(public.locator(".released-photo")).to_have_count(1)
    address = public.locator(".released-photo").get_attribute("href") or ""
    public.evaluate(f"window.gone = ({GONE})(); 0")
    pressed = page.evaluate(
        """() => { document.getElementById("release-take-back").click(); return Date.now(); }"""
    )
    gone = public.evaluate("window.gone")
    assert gone - pressed < 1_000, f"{gone - pressed} ms"
    assert visitor.request.get(address).status == 404


def test_the_place_is_moved_by_keys_and_told_in_words(world: World, sign_in: SignIn) -> None:
    report = world.report()
    page = world.open(sign_in(world.incident), report)
    page.locator("#release-open").click()
    told = page.locator("#public-place")
    expect(told).to_have_text("実際の場所に表示されます")
    page.locator("#place-rounded").check()
    expect(told).to_contain_text("500 m")
    page.locator(".public-pin").focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator("#place-drawn")).to_be_checked()
    expect(page.locator("#release-go")).to_be_enabled()
    page.locator("#release-go").click()
    expect(page.locator("#detail .public-mark")).to_be_visible()
    drawn = Report.objects.get(id=report).redacted_geometry
    assert drawn.x > 130.7525 and drawn.y > 32.7925
    page.locator("#release-open").click()
    expect(page.locator("#place-drawn")).to_be_checked()
    page.locator("#place-municipality").check()
    expect(page.locator(".public-pin")).to_have_count(0)
    with page.expect_response(f"**/api/v1/reports/{report}"):
        page.locator("#release-go").click()
    Report.objects.get(id=report, public_place="municipality", redacted_geometry=None)
