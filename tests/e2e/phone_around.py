"""What the tests of lists, maps and facilities on the phone share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.gis.geos import Point
from playwright.sync_api import BrowserContext, Page, expect

from gspace.models import Incident
from tests import builders
from tests.e2e.phone_browser import PhoneBrowser, until, visit, with_key

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# degrees; where the phone says it is
HERE = {"latitude": 32.79, "longitude": 130.75, "accuracy": 12}
ALLOWED: dict[str, Any] = {"locale": "en", "geolocation": HERE, "permissions": ["geolocation"]}


def incident_here(**more: Any) -> Incident:
    more = {"centre": Point(130.75, 32.79), "zoom": 13, "hazard": "earthquake", **more}
    return builders.make_incident(**more)


def report_at(incident: Incident, lon: float = 130.75, **said: Any) -> str:
    """A stored report of another crew, a little east or west of here."""
    fix = {"lon": lon, "lat": 32.79, "accuracy_m": 12, "fixed_at": "2016-04-16T02:10:50+09:00"}
    return str(builders.make_report(incident, **{"device_fix": fix, **said}))


def joined(phone: PhoneBrowser, context: BrowserContext, token: str, path: str = "/m/list") -> Page:
    """An enrolled phone at `path`, once it has kept the app."""
    return visit(with_key(context, phone.server, token), path)


def copied(page: Page) -> None:
    """Until the first copies are on the phone: reports, layers, and last the overview map."""
    until(page, OVERVIEW)


OVERVIEW = """caches.open('kept-tiles').then((cache) => cache.keys()).then(
  (keys) => keys.some(({url}) => url.includes('/overview/')))"""


def faults(page: Page) -> list[dict[str, Any]]:
    """Of the screen; what is around it has a test of its own."""
    # evaluated by the debugger, which the page's CSP does not bind
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("() => axe.run('#screen')")
    return [
        {"rule": fault["id"], "where": [node["target"] for node in fault["nodes"]][:4]}
        for fault in found["violations"]
    ]


def nothing_is_cut(page: Page) -> None:
    """No part is wider than the screen."""
    wide = page.evaluate("document.getElementById('screen').scrollWidth - innerWidth")
    assert wide <= 0
    expect(page.locator("#screen")).to_be_visible()
