"""An incident that no page can hold: clusters, a list in pages, and what is live on both."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from playwright.sync_api import Page, expect

from gspace.models import Municipality
from reports import actions
from reports.models import Report
from tests import builders
from tests.e2e.test_live_map import SignIn, World, open_desk

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LIVE, REPORTS = 8, 24
# what all marks on the map stand for
DRAWN = """() => [...document.querySelectorAll('.report-place svg')]
  .reduce((sum, mark) => sum + Number(mark.dataset.count ?? 1), 0)"""

# of these, what lies on the part of the map that can be seen: tiles reach beyond it
IN_SIGHT = """() => {
  const map = document.getElementById('map').getBoundingClientRect();
  const seen = [...document.querySelectorAll('.report-place svg')].filter((mark) => {
    const box = mark.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return x > map.left && x < map.right && y > map.top && y < map.bottom;
  });
  return seen.reduce((sum, mark) => sum + Number(mark.dataset.count ?? 1), 0);
}"""
INSIDE = "() => Number(document.querySelector('#tab-inside .count').textContent)"

# where the cluster is that is nearest to the middle of the map
NEAREST = """() => {
  const map = document.getElementById('map').getBoundingClientRect();
  const middle = [map.x + map.width / 2, map.y + map.height / 2];
  const centres = [...document.querySelectorAll('.report-cluster')].map((mark) => {
    const box = mark.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  });
  const far = ([x, y]) => Math.hypot(x - middle[0], y - middle[1]);
  return centres.sort((a, b) => far(a) - far(b))[0] ?? null;
}"""


@pytest.fixture
def world(server: str, settings: Any) -> World:
    settings.LIMIT_DESK_LIVE_REPORTS = LIVE
    made = World(server)
    for n in range(REPORTS):
        made.send(n, category="road_blocked", severity="critical" if n == 0 else "minor")
    return made


def drawn(page: Page, number: int) -> None:
    page.wait_for_function(f"() => ({DRAWN})() === {number}", timeout=15_000)


def count(page: Page, tab: str) -> int:
    return int(page.locator(f"#tab-{tab} .count").inner_text())


def test_counts_add_up_at_every_zoom_and_nothing_is_lost(world: World, sign_in: SignIn) -> None:
    page = open_desk(sign_in(world.incident), world)
    drawn(page, REPORTS)
    expect(page.locator(".report-cluster").first).to_be_visible()
    expect(page.locator("#tab-inside .count")).to_have_text(str(REPORTS))
    expect(page.locator("#report-count")).to_have_text(f"{REPORTS} / {REPORTS}")

    ident = world.send(11, category="rescue", severity="critical")
    expect(page.locator(f"#row-{ident}")).to_be_visible(timeout=1_000)
    drawn(page, REPORTS + 1)
    # counted at most a sixth of the time: late where the server is slow
    expect(page.locator("#tab-inside .count")).to_have_text(str(REPORTS + 1), timeout=15_000)

    page.keyboard.press("j")
    expect(page.locator("#detail")).to_be_visible()
    page.keyboard.press("Escape")
    drawn(page, REPORTS + 1)
    Report.objects.filter(id=ident).update(status="rejected", reason="test")
    expect(page.locator(f"#row-{ident}")).to_have_count(0)
    drawn(page, REPORTS)

    for _ in range(6):
        if not (at := page.evaluate(NEAREST)):
            break
        page.mouse.click(*at)
        page.wait_for_timeout(500)
    # where the map was still moving, the click has opened a report, and that has a mark of its own
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('.report-cluster')")
    # the tab's count follows a little later
    page.wait_for_function(f"() => ({IN_SIGHT})() === ({INSIDE})()")
    assert 0 < count(page, "inside") < REPORTS
    assert sum(count(page, tab) for tab in ("inside", "outside", "placeless")) == REPORTS


def test_an_open_page_goes_over_when_the_limit_is_passed(
    world: World, sign_in: SignIn, settings: Any
) -> None:
    settings.LIMIT_DESK_LIVE_REPORTS = REPORTS
    page = open_desk(sign_in(world.incident), world)
    drawn(page, REPORTS)
    expect(page.locator(".report-cluster")).to_have_count(0)
    last = [world.send(n, severity="serious") for n in range(3)][-1]
    expect(page.locator(".report-cluster").first).to_be_visible()
    drawn(page, REPORTS + 3)
    expect(page.locator(f"#row-{last}")).to_be_visible()
    expect(page.locator("#tab-inside .count")).to_have_text(str(REPORTS + 3), timeout=15_000)


def test_a_report_far_away_opens_by_its_address(world: World, sign_in: SignIn) -> None:
    far = world.send(0, device_fix=None, pin={"lon": 141.35, "lat": 43.06})
    page = sign_in(world.incident, "en").new_page()
    page.route(f"**/reports/{far}", lambda route: route.abort())
    page.goto(f"{world.desk}?report={far}")
    expect(page.locator("#toast")).to_contain_text("cannot be read just now")
    page.unroute(f"**/reports/{far}")
    page.reload()
    receipt = Report.objects.get(id=far).receipt
    expect(page.locator("#detail .receipt")).to_have_text(receipt)
    # beside an open report there may be no room for the list
    page.locator("#tab-outside").dispatch_event("click")
    expect(page.locator(f"#row-{far}")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#tab-outside .count")).to_have_text("1")


def test_more_in_danger_than_the_page_holds_are_counted(
    world: World, sign_in: SignIn, settings: Any
) -> None:
    settings.ALARM_AFTER_S = 0
    for _ in range(8):
        world.send(device_fix=None, pin={"lon": 141.35, "lat": 43.06}, category="rescue")
    for n in range(6):
        world.send(n)
    settings.LIMIT_LIST = 5
    page = sign_in(world.incident, "en").new_page()
    page.goto(world.desk)
    bar = page.locator("#alarm .alarm-words")
    expect(bar).to_have_text("9 rescues or dangers to life: accepted by nobody yet")
    expect(page.locator("#pinned h3")).to_have_text("Not accepted yet: 9")
    latest = Report.objects.filter(category="rescue").latest("received_at")
    actions.report_accept(report_id=latest.id, by=builders.operator(world.incident))
    expect(bar).to_have_text("8 rescues or dangers to life: accepted by nobody yet", timeout=15_000)


def test_a_box_that_cannot_be_read_is_not_called_empty(world: World, sign_in: SignIn) -> None:
    page = open_desk(sign_in(world.incident, "en"), world)
    drawn(page, REPORTS)
    toast = page.locator("#toast .toast-words")
    page.route("**/reports?*limit=501*", lambda route: route.fulfill(**BUSY))
    choose_all(page)
    expect(toast).to_have_text("Too many at once.")
    page.unroute("**/reports?*limit=501*")
    page.route("**/reports?*limit=501*", lambda route: route.abort())
    choose_all(page)
    expect(toast).to_have_text("No connection.")
    page.unroute("**/reports?*limit=501*")
    choose_all(page)
    expect(page.locator("#bulk")).to_contain_text(str(REPORTS))
    expect(toast).to_have_text("No connection.")


BUSY = {"status": 503, "json": {"detail": "Too many at once."}}


def choose_all(page: Page) -> None:
    box = page.locator("#map").bounding_box()
    assert box
    page.keyboard.press("s")
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2, steps=3)
    page.mouse.up()


def test_municipalities_are_counted_again_up_to_what_came_last(
    world: World, sign_in: SignIn
) -> None:
    shape = MultiPolygon(Polygon.from_bbox((130, 32, 131.5, 33.5)), srid=4326)
    Municipality.objects.update_or_create(
        code="431028", defaults={"name": "東区", "boundary": shape}
    )
    Report.objects.update(municipality_code="431028")
    page = sign_in(world.incident).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/hq/{world.incident.slug}/?coverage=municipality")
    label = page.locator(".coverage-label")
    expect(label).to_have_text(str(REPORTS))
    for n in (11, 12, 13):
        ident = world.send(n, category="fire")
        Report.objects.filter(id=ident).update(municipality_code="431028")
    expect(label).to_have_text(str(REPORTS + 3), timeout=20_000)
    counts = [url for url in asked if "/coverage?" in url]
    assert all("&v=" in url for url in counts[1:]) and len(counts) > 1
