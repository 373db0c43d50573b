"""The desk of 200,000 reports in a browser: its first picture, and how smoothly its map moves."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

from benchmarks import crowd, desk_operator
from benchmarks.crowd import INCIDENT
from benchmarks.rounds import Comparison
from benchmarks.scratch import Site
from benchmarks.servers import serving

FIRST_PICTURE_MS, STANDSTILL_MS = 2_000.0, 100.0
ROUNDS, DRAGS = 3, 12
VIEW = {"width": 1366, "height": 768}
# over the whole plain, a town, and some streets: clusters, clusters, single marks
ZOOMS = {"plain": 11, "town": 14, "streets": 18}

# the list stands and the clusters count every report with a place that the filters let through
WATCH = """
() => {
  const seen = { first: null, longest: 0, gap: 0 };
  window.seen = seen;
  const look = () => {
    if (seen.first !== null) return;
    const drawn = document.querySelector('.report-cluster, .report-place .report-mark');
    if (drawn && document.querySelector('#list .row:not(.coming)')) seen.first = performance.now();
    else requestAnimationFrame(look);
  };
  look();
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) seen.longest = Math.max(seen.longest, task.duration);
  }).observe({ type: 'longtask' });
}"""


def run(site: Site) -> Iterator[Comparison]:
    from playwright.sync_api import sync_playwright

    _fill(site)
    cookie = desk_operator.cookie()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with serving() as port, sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{port}", viewport=VIEW, locale="ja"
        )
        context.add_cookies([{**cookie, "url": f"http://127.0.0.1:{port}"}])
        _first_picture(context)
        pictures = [_first_picture(context) for _ in range(ROUNDS)]
        yield _goal("desk of 200,000: first picture", pictures, FIRST_PICTURE_MS)
        for name, zoom in ZOOMS.items():
            taken = [_pan(context, zoom) for _ in range(ROUNDS)]
            yield _goal(f"desk of 200,000: longest task in a pan, {name}", taken, STANDSTILL_MS)
        browser.close()


def _goal(name: str, taken: list[float], goal: float) -> Comparison:
    return Comparison(name, "wanted", "ms", taken, [goal] * len(taken), 1.0, at_most=True)


def _opened(context: Any, query: str = "") -> Any:
    page = context.new_page()
    page.add_init_script(f"document.addEventListener('DOMContentLoaded', {WATCH})")
    page.goto(f"/hq/{INCIDENT}/{query}")
    page.wait_for_function("() => window.seen && window.seen.first !== null", timeout=60_000)
    return page


def _first_picture(context: Any) -> float:
    page = _opened(context)
    taken = page.evaluate("window.seen.first")
    page.close()
    return float(taken)


def _pan(context: Any, zoom: int) -> float:
    """The longest that the page stood still while the map was dragged to and fro (ms)."""
    page = _opened(context, f"?map={zoom}/32.80000/130.80000")
    page.wait_for_timeout(3_000)
    page.evaluate("window.seen.longest = 0")
    box = page.locator("#map").bounding_box()
    for turn in range(DRAGS):
        way = -1 if turn % 4 < 2 else 1
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + way * 300, y + way * 120, steps=20)
        page.mouse.up()
        page.wait_for_timeout(600)
    taken = page.evaluate("window.seen.longest")
    page.close()
    return float(taken)


def _fill(site: Site) -> None:
    from django.contrib.gis.geos import Point
    from django.core.management import call_command

    from gspace.models import Incident

    # the page's scripts and styles, as the server finds them
    call_command("collectstatic", interactive=False, verbosity=0)
    crowd.fill(site)
    Incident.objects.filter(slug=INCIDENT).update(centre=Point(130.8, 32.8), zoom=11)
