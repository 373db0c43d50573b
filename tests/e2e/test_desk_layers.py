"""The desk and what organisations publish: tree, search, the nearest, surroundings, the board."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import BrowserContext, Locator, Page, expect

from gspace.models import Incident
from layers import actions
from layers.models import Layer
from reports import actions as report_actions
from tests import builders
from tests.e2e import looks
from tests.e2e.test_desk_accessible import faults, open_desk
from tests.layer_builders import publish, published_layer, spot

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
OPEN, CLOSED, RUNNING = ({"operation": code} for code in ("open", "closed", "running"))


class Town:
    """Shelters of one publisher, water of two, around 130.75, 32.79."""

    def __init__(self) -> None:
        self.incident: Incident = builders.make_incident(centre=Point(130.75, 32.79), zoom=13)
        shelters = [
            spot("shut", 130.751, state=CLOSED, name="木山公民館"),
            spot("gym", 130.76, state=OPEN, name="東ヶ丘体育館", address="益城町宮園７０２"),
            spot("nowhere", name="どこかの集会所") | {"geometry": None},
        ]
        more = {"coverage": "町内のみ", "licence": "CC BY 4.0", "source_name": "益城町"}
        self.shelters, self.by = published_layer(self.incident, shelters, slug="shelters", **more)
        tank = [spot("tank", 130.74, state=RUNNING)]
        self.water, _ = published_layer(self.incident, tank, kind="water", slug="water-a")
        published_layer(self.incident, [spot("b", 130.73)], kind="water", slug="water-b")

    def add(self, name: str, lon: float = 130.745, **state: Any) -> str:
        values = {"name": name, "geometry": {"type": "Point", "coordinates": [lon, 32.79]}}
        return actions.feature_add(
            layer=self.shelters, values=values, state=state, source_as_of=None, by=self.by
        )

    def withdraw(self, ident: str, layer: Layer | None = None) -> None:
        actions.feature_withdraw(layer=layer or self.shelters, feature_id=ident, by=self.by)

    def say(self, ident: str, **values: Any) -> None:
        actions.state_set(
            layer=self.shelters, feature_id=ident, values=values, source_as_of=None, by=self.by
        )


@pytest.fixture
def town(server: str) -> Town:
    return Town()


def places(page: Page) -> Locator:
    return page.locator(".support-place")


def branch(page: Page, kind: str) -> Locator:
    return page.locator(".kind", has=page.locator(f"#kind-{kind}"))


def nearest_from_a_click(page: Page) -> None:
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, button="right")
    page.locator("#here-nearest").click()


def ours(complaints: list[str]) -> list[str]:
    return [c for c in complaints if "cyberjapandata" not in c and "ERR_" not in c]


# --- the tree ------------------------------------------------------------------------------
def test_the_tree_groups_counts_folds_and_checks_a_whole_kind(town: Town, sign_in: SignIn) -> None:
    page, complaints = open_desk(sign_in(town.incident, "en"), town.incident)
    shelters, water = branch(page, "shelter"), branch(page, "water")
    # one of the three has no place and is on no map
    expect(shelters.locator(".kind-head .count")).to_have_text("2 / 3")
    expect(water.locator(".kind-head .count")).to_have_text("2")
    expect(water.locator(".publisher")).to_have_count(2)
    expect(shelters.locator(".layer-source")).to_contain_text("益城町")
    expect(shelters.locator(".legend")).to_contain_text("Open")
    expect(places(page)).to_have_count(4)
    page.locator("#layer-water-b").uncheck()
    expect(places(page)).to_have_count(3)
    assert page.locator("#kind-water").evaluate("box => box.indeterminate")
    expect(water.locator(".kind-head .count")).to_have_text("1 / 2")
    page.locator("#kind-water").check()
    expect(places(page)).to_have_count(4)
    page.locator("#kind-water").uncheck()
    expect(places(page)).to_have_count(2)
    page.locator("#fold-water").click()
    expect(water.locator(".layer").first).to_be_hidden()
    shelters.locator("summary").click()
    expect(shelters.locator(".layer-about")).to_contain_text("町内のみ")
    expect(shelters.locator(".layer-about")).to_contain_text("CC BY 4.0")
    assert faults(page) == []
    page.reload()
    expect(places(page)).to_have_count(2)
    expect(water.locator(".layer").first).to_be_hidden()
    assert ours(complaints) == []


def test_a_broken_promise_is_seen(town: Town, sign_in: SignIn) -> None:
    actions.layer_change(layer=town.shelters, by=town.by, refresh_s=60)
    page, _ = open_desk(sign_in(town.incident, "en"), town.incident)
    expect(branch(page, "shelter")).to_contain_text("Older than promised")
    expect(page.locator(".support-place.is-old")).to_have_count(2)


# --- live ----------------------------------------------------------------------------------
def within_a_second(page: Page, act: Callable[[], Any], count: int) -> Any:
    found = act()
    until = time.monotonic() + 1
    page.wait_for_function(
        "n => document.querySelectorAll('.support-place').length === n",
        arg=count,
        timeout=max(1, (until - time.monotonic()) * 1000),
    )
    return found


def test_what_a_hand_adds_moves_and_takes_away_is_seen_within_a_second(
    town: Town, sign_in: SignIn
) -> None:
    page, _ = open_desk(sign_in(town.incident, "en"), town.incident)
    expect(places(page)).to_have_count(4)
    page.evaluate("document.querySelector('#layer-shelters').focus()")
    ident = within_a_second(page, lambda: town.add("青空避難所", operation="open"), 5)
    expect(branch(page, "shelter").locator(".kind-head .count")).to_have_text("3 / 4")
    page.locator(".support-place[title=青空避難所] svg").click()
    card = page.locator("#feature-card")
    expect(card).to_contain_text("Open")
    town.say(ident, congestion="full")
    expect(card).to_contain_text("Full", timeout=1_000)
    within_a_second(page, lambda: town.withdraw(ident), 4)
    expect(card).to_contain_text("withdrawn", timeout=1_000)
    expect(branch(page, "shelter").locator(".kind-head .count")).to_have_text("2 / 3")
    # the tree was not drawn anew under the fingers
    assert page.evaluate("document.activeElement.id") != ""


def test_a_new_version_is_on_the_map_within_a_second(town: Town, sign_in: SignIn) -> None:
    page, _ = open_desk(sign_in(town.incident, "en"), town.incident)
    expect(places(page)).to_have_count(4)
    rows = [spot(n, 130.74 + n / 1000, state=OPEN) for n in range(6)]
    within_a_second(page, lambda: publish(town.shelters, town.by, rows, now=None), 8)


# --- search and the nearest ----------------------------------------------------------------
def test_a_place_is_found_by_name_in_any_width_and_opens(town: Town, sign_in: SignIn) -> None:
    page, _ = open_desk(sign_in(town.incident, "en"), town.incident)
    page.locator("#layer-search").fill("東ケ丘 702")
    found = page.locator("#layer-found li")
    expect(found).to_have_count(1)
    expect(page.locator("#layer-found-note")).to_have_text("1 place")
    assert faults(page) == []
    found.get_by_role("button").click()
    expect(page.locator("#feature-card h2")).to_have_text("東ヶ丘体育館")
    expect(page.locator(".pointed")).to_have_count(1)
    page.locator("#layer-search").press("Escape")
    expect(page.locator("#layer-tree")).to_be_visible()
    page.locator("#layer-search").fill("ない場所")
    expect(page.locator("#layer-found-note")).to_have_text("0 places")


def test_the_nearest_from_a_click_open_ones_first_and_live(town: Town, sign_in: SignIn) -> None:
    page, complaints = open_desk(sign_in(town.incident, "en"), town.incident)
    expect(places(page)).to_have_count(4)
    nearest_from_a_click(page)
    near = page.locator("#near")
    expect(near.locator("li")).to_have_count(1)
    expect(near).to_contain_text("東ヶ丘体育館")
    expect(near).to_contain_text("Straight-line")
    expect(near.locator("b").first).to_have_text(re.compile(r"^9\d\d m$"))
    expect(page.locator(".near-number")).to_have_count(1)
    town.add("すぐそこ", 130.7501, operation="open")
    expect(near.locator("li").first).to_contain_text("すぐそこ", timeout=2_000)
    near.locator("#near-open").uncheck()
    expect(near.locator("li")).to_have_count(3)
    near.locator("#near-kind").select_option("water")
    expect(near.locator("li")).to_have_count(2)
    assert faults(page) == []
    near.get_by_role("button", name="Close").click()
    expect(page.locator(".near-line")).to_have_count(0)
    page.locator("#near-start").click()
    page.locator("#map").click(position={"x": 300, "y": 200})
    expect(near.locator("li").first).to_be_visible()
    assert ours(complaints) == []


# --- around a report -----------------------------------------------------------------------
def test_a_report_tells_what_is_around_now_and_what_was_at_intake(
    town: Town, sign_in: SignIn
) -> None:
    pin = {"lon": 130.75, "lat": 32.79}
    builders.make_report(town.incident, pin=pin)
    report_actions.contexts_take()
    town.say("gym", operation="closed")
    town.add("あとから開いた所", 130.77, operation="open")
    page, _ = open_desk(sign_in(town.incident, "en"), town.incident)
    page.keyboard.press("j")
    around = page.locator("#detail .context")
    expect(around.locator("li").first).to_contain_text("あとから開いた所")
    expect(around.locator(".context-then")).to_contain_text("At intake: 東ヶ丘体育館")
    expect(around).to_contain_text("tank")
    assert faults(page) == []
    town.say("gym", operation="open")
    expect(around.locator("li").first).to_contain_text("東ヶ丘体育館", timeout=3_000)
    expect(around.locator(".context-then")).to_have_count(0)
    around.get_by_role("button", name="Nearest places").click()
    expect(page.locator("#near li").first).to_contain_text("東ヶ丘体育館")


# --- the board of shelters -----------------------------------------------------------------
def open_board(context: BrowserContext, town: Town) -> Page:
    page = context.new_page()
    page.goto(f"/hq/{town.incident.slug}/shelters/")
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    return page


def test_the_board_tells_people_silence_and_needs_and_follows(town: Town, sign_in: SignIn) -> None:
    page = open_board(sign_in(town.incident, "en"), town)
    rows = page.locator("#board-rows tr")
    expect(rows).to_have_count(3)
    gym = rows.filter(has_text="東ヶ丘体育館")
    # as of 2016: silent for long; a closed one never is
    expect(gym).to_have_class("is-silent")
    expect(rows.filter(has_text="木山公民館")).to_have_class("is-shut")
    expect(gym).to_contain_text("Not reported")
    town.say("gym", persons=120, congestion="crowded")
    expect(gym).to_contain_text("120", timeout=1_000)
    expect(gym).not_to_have_class("is-silent")
    expect(page.locator("#board-totals")).to_contain_text("120")
    town.say("gym", persons=310)
    expect(gym.locator("svg.occupancy")).to_have_count(1, timeout=3_000)
    ident = town.add("青空避難所")
    expect(rows).to_have_count(4, timeout=1_000)
    town.withdraw(ident)
    expect(rows).to_have_count(3, timeout=1_000)
    page.locator("#board-search").fill("東ケ丘")
    expect(rows).to_have_count(1)
    page.locator("#board-search").fill("")
    page.locator("#board-silent").check()
    expect(rows).to_have_count(1)
    page.locator("#board-silent").uncheck()
    page.locator("#board-state").select_option("open")
    expect(rows).to_have_count(1)
    gym.get_by_role("link").click()
    expect(page.locator("#feature-card h2")).to_have_text("東ヶ丘体育館")


@pytest.mark.parametrize(("theme", "language"), looks.LANGUAGES)
def test_the_board_has_no_accessibility_fault(
    town: Town, sign_in: SignIn, theme: str, language: str
) -> None:
    town.say("gym", persons=120, congestion="full")
    page = open_board(sign_in(town.incident, language), town)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    expect(page.locator("#board-rows tr")).to_have_count(3)
    page.evaluate(  # the map is not there
        "() => document.body.append(Object.assign(document.createElement('i'), {id: 'map'}))"
    )
    assert faults(page) == []
