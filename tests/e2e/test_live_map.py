"""The main promise: a report that came in is on every open map, by itself, once, at once."""

from __future__ import annotations

import base64
import hashlib
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from gspace.models import Incident
from reports.models import Report
from tests import builders

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]


class World:
    """An incident with an enrolled phone that sends over HTTP, as a phone would."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.incident: Incident = builders.make_incident(centre=Point(130.75, 32.79), zoom=12)
        _, token = builders.device(self.incident)
        self.headers = builders.bearer(token)

    def send(self, n: int = 0, **more: Any) -> str:
        """Sends a report a little beside the others; its id, once the server said 201."""
        ident = str(uuid.uuid4())
        fix = {"lon": 130.72 + n % 10 * 0.006, "lat": 32.77 + n // 10 * 0.006, "accuracy_m": 12}
        fix["fixed_at"] = "2016-04-16T02:10:50+09:00"
        body = builders.report_body(self.incident, **{"device_fix": fix, **more})
        answer = httpx.put(f"{self.server}/api/v1/reports/{ident}", json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text
        return ident

    def send_photo(self, photo: dict[str, Any], content: bytes) -> None:
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        headers = self.headers | {"Repr-Digest": f"sha-256=:{digest}:"}
        address = f"{self.server}/api/v1/photos/{photo['id']}/original"
        answer = httpx.put(address, content=content, headers=headers)
        assert answer.is_success, answer.text

    @property
    def desk(self) -> str:
        return f"/hq/{self.incident.slug}/"


@pytest.fixture
def world(server: str) -> World:
    return World(server)


def open_desk(context: BrowserContext, world: World) -> Page:
    page = context.new_page()
    page.goto(world.desk)
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    return page


def mark(ident: str) -> str:
    return f'.report-place [data-report="{ident}"]'


def marks(page: Page) -> list[str]:
    every = "all => all.map(mark => mark.dataset.report)"
    return page.locator(".report-place [data-report]").evaluate_all(every)


def place_of_map(page: Page) -> str:
    where = "map => [map.getCenter().lat, map.getCenter().lng, map.getZoom()].join()"
    return page.evaluate(f"({where})(leafletmapmap)")


def test_it_is_on_all_three_maps_within_a_second(world: World, sign_in: SignIn) -> None:
    pages = [open_desk(sign_in(world.incident), world) for _ in range(3)]
    places = [place_of_map(page) for page in pages]
    ident = world.send()
    until = time.monotonic() + 1
    for page in pages:
        left = max(1, (until - time.monotonic()) * 1000)
        page.wait_for_selector(mark(ident), timeout=left)
    for page, place in zip(pages, places, strict=True):
        expect(page.locator("#new-open")).to_have_text(re.compile(r"\b1\b"))
        expect(page.locator(f"#row-{ident}")).to_be_visible()
        assert place_of_map(page) == place


class Cable:
    """The network between one browser and the server, with a knife."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.cut = False
        self.open: list[WebSocketRoute] = []
        context.route_web_socket("**/ws/**", self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        if self.cut:
            route.close(code=1013)
            return
        route.connect_to_server()
        self.open.append(route)

    def sever(self) -> None:
        self.cut = True
        self.context.set_offline(True)
        for route in self.open:
            route.close(code=1001)

    def mend(self) -> None:
        self.cut = False
        self.context.set_offline(False)


def test_after_a_minute_cut_off_all_fifty_are_there_once(world: World, sign_in: SignIn) -> None:
    before = [world.send(n) for n in range(3)]
    context = sign_in(world.incident)
    cable = Cable(context)
    context.clock.install()
    page = open_desk(context, world)
    place = place_of_map(page)
    cable.sever()
    during = [world.send(n) for n in range(3, 53)]
    context.clock.run_for(60_000)
    expect(page.locator("#live-badge")).to_have_class("badge badge-stale")
    assert set(marks(page)) == set(before)
    context.clock.resume()
    cable.mend()
    last = page.locator(mark(during[-1]))
    expect(last).to_have_count(1, timeout=3_000)
    expect(page.locator(".report-place")).to_have_count(53, timeout=100)
    assert sorted(marks(page)) == sorted([*before, *during])
    expect(page.locator("#live-badge")).to_have_class("badge badge-live")
    expect(page.locator("#new-open")).to_have_text(re.compile(r"\b50\b"))
    assert place_of_map(page) == place


def test_sockets_blocked_altogether_still_brings_reports(world: World, sign_in: SignIn) -> None:
    context = sign_in(world.incident)
    context.route_web_socket("**/ws/**", lambda route: route.close(code=1013))
    page = open_desk(context, world)
    ident = world.send()
    page.wait_for_selector(mark(ident), timeout=8_000)


def test_a_click_shows_the_photo_first(
    world: World, sign_in: SignIn, work_off: Callable[[], None]
) -> None:
    picture = builders.jpeg(3, size=(640, 480))
    photo = builders.announce(picture)
    page = open_desk(sign_in(world.incident), world)
    ident = world.send(photos=[photo], bearing_deg=90)
    page.wait_for_selector(mark(ident))
    place = place_of_map(page)
    page.locator(f"#row-{ident}").click()
    expect(page.locator("#detail .photo-missing")).to_be_visible()
    # the photo comes later, into the open detail
    world.send_photo(photo, picture)
    work_off()
    image = page.locator("#detail .photo-image")
    expect(image).to_be_visible(timeout=5_000)
    expect(page.locator("#detail > *").nth(1)).to_have_class("photos")
    page.wait_for_function("() => document.querySelector('.photo-image').naturalWidth === 640")
    expect(page.locator("path.bearing")).to_have_count(1)
    expect(page.locator("path.accuracy")).to_have_count(1)
    assert place_of_map(page) == place
    image.click()
    expect(page.locator("dialog.zoom .zoom-image")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.zoom")).to_have_count(0)


def test_two_operators_at_once_see_both_versions(world: World, sign_in: SignIn) -> None:
    ident = world.send()
    alice, bob = (open_desk(sign_in(world.incident), world) for _ in range(2))
    stale = bob.context.new_page()
    stale.route("**/api/v1/incidents/*/changes*", lambda route: route.abort())
    stale.route_web_socket("**/ws/**", lambda route: None)
    stale.goto(world.desk)
    for page in (alice, stale):
        page.locator(f"#row-{ident}").click()
    alice.locator('[data-to="verified"]').click()
    expect(bob.locator(f"#row-{ident} .row-status")).to_have_text("確認済み")
    stale.locator('[data-to="in_progress"]').click()
    expect(stale.locator("dialog .comparison")).to_contain_text("確認済み")
    assert Report.objects.get(id=ident).status == "verified"
    stale.locator("#conflict-mine").click()
    expect(alice.locator("#detail .detail-status")).to_have_text("対応中")


def test_rejecting_asks_why(world: World, sign_in: SignIn) -> None:
    ident = world.send()
    page = open_desk(sign_in(world.incident), world)
    page.wait_for_selector(f"#row-{ident}")
    page.keyboard.press("j")
    page.locator('[data-to="rejected"]').click()
    page.locator("#reason").fill("同じ場所の古い写真")
    page.locator("dialog[open] .primary").click()
    page.wait_for_selector(mark(ident), state="detached")
    assert Report.objects.get(id=ident).reason == "同じ場所の古い写真"


def test_a_report_without_a_place_is_given_one(world: World, sign_in: SignIn) -> None:
    ident = world.send(device_fix=None)
    page = open_desk(sign_in(world.incident), world)
    page.locator("#tab-placeless").click()
    page.locator(f"#row-{ident}").click()
    page.locator("#place-on-map").click()
    page.locator("#place-click").click()
    page.locator("#map").click(position={"x": 200, "y": 200})
    page.locator("#place-set").click()
    page.wait_for_selector(mark(ident))
    assert Report.objects.get(id=ident).positions["chosen"] == "operator"


def test_what_is_drawn_ends_with_its_dialog(world: World, sign_in: SignIn) -> None:
    ident = world.send(device_fix=None)
    page = open_desk(sign_in(world.incident, "en"), world)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.locator("#tab-placeless").click()
    page.locator(f"#row-{ident}").click()
    for way in ("click", "road"):
        page.locator("#place-on-map").click()
        page.locator(f"#place-{way}").click()
        expect(page.locator(".map-cross")).to_be_visible()
        page.locator(".place-dialog").get_by_text("Cancel").click()
        expect(page.locator(".map-cross")).to_have_count(0)
        expect(page.locator("#map-hint")).to_be_hidden()
        expect(page.locator("#place-on-map")).to_be_focused()
        page.locator("#map").click(position={"x": 200, "y": 200})
    assert wrong == []


def test_who_is_signed_out_is_told_and_sees_nothing_stale_as_live(
    world: World, sign_in: SignIn
) -> None:
    context = sign_in(world.incident)
    page = open_desk(context, world)
    context.clear_cookies()
    cable_cut = "() => { dispatchEvent(new Event('offline')); dispatchEvent(new Event('online')) }"
    page.evaluate(cable_cut)
    expect(page.locator("#live-badge")).to_have_class("badge badge-refused")


def publish_shelter(world: World) -> tuple[str, dict[str, str]]:
    """A published layer of one open shelter, by a publisher's program; (slug, its headers)."""
    organisation = builders.make_organisation("publishing-city")
    builders.join(world.incident, organisation, "support")
    headers = builders.bearer(builders.api_token(organisation, "publisher"))
    slug = f"shelters-{world.incident.slug}"
    about = {"slug": slug, "title": "避難所", "kind": "shelter", "incident": world.incident.slug}
    made = httpx.post(
        f"{world.server}/api/v1/layers", json=about | {"audience": "public"}, headers=headers
    )
    assert made.status_code == 201, made.text
    shelter = {
        "type": "Feature",
        "id": "s1",
        "geometry": {"type": "Point", "coordinates": [130.75, 32.79]},
        "properties": {"name": "体育館", "operation": "open"},
    }
    address = f"{world.server}/api/v1/layers/{slug}/data?filename=s.geojson&publish=true"
    data = {"type": "FeatureCollection", "features": [shelter]}
    taken = httpx.put(address, json=data, headers=headers)
    assert taken.status_code == 202, taken.text
    return slug, headers


def test_a_shelter_appears_and_closes_by_itself(
    world: World, sign_in: SignIn, work_off: Callable[[], None]
) -> None:
    page = open_desk(sign_in(world.incident), world)
    expect(page.locator("#layer-empty")).to_be_visible()
    slug, headers = publish_shelter(world)
    work_off()
    expect(page.locator(".support-place .support-mark")).to_have_count(1)
    address = f"{world.server}/api/v1/layers/{slug}/features/s1"
    answer = httpx.patch(address, json={"operation": "closed"}, headers=headers)
    assert answer.is_success, answer.text
    expect(page.locator(".support-place .state-slashed")).to_have_count(1)
    expect(page.locator(".legend .count")).to_have_text("1")
    gone = httpx.post(f"{world.server}/api/v1/layers/{slug}/withdraw", headers=headers)
    assert gone.is_success, gone.text
    expect(page.locator(".support-place .support-mark")).to_have_count(0)
