"""Tiles of 200,000 reports, of any filters: made anew within 400 ms, at most 50 kB as gzip."""

from __future__ import annotations

import gzip
import http.client
import statistics
import time
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlencode

from benchmarks import crowd
from benchmarks.rounds import Comparison
from benchmarks.scratch import Site
from benchmarks.servers import serving
from gspace import grid

GOAL_MS, GOAL_KB = 400.0, 50.0
ROUNDS, ZOOMS = 3, (0, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18)
# a town, a place between the towns
PLACES = ((130.62, 32.62), (130.80, 32.78))
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"exclude_status": "rejected,duplicate,withdrawn"},
    {"severity": "critical,serious", "status": "received"},
    {"category": "water_cut,road_blocked", "since": "2016-04-17T00:00:00+09:00", "waiting": "1"},
    {"q": "断水"},
    {"q": "の", "exclude_severity": "unknown"},
)


def run(site: Site) -> Iterator[Comparison]:
    crowd.fill(site)
    with serving() as port:
        door = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for who, token in (("headquarters", site.desk), ("field", site.token), ("public", "")):
            _round(door, token)
            rounds = [_round(door, token) for _ in range(ROUNDS)]
            taken = [[ms for ms, _ in one] for one in rounds]
            worst = [sorted(one)[int(len(one) * 0.99) - 1] for one in taken]
            notes = {"p50_ms": round(statistics.median(chain.from_iterable(taken)), 1)}
            yield Comparison(
                f"tiles of 200,000 reports: {who}, p99", "wanted", "ms", worst,
                [GOAL_MS] * ROUNDS, 1.0, at_most=True, notes=notes,
            )  # fmt: skip
            sizes = [max(size for _, size in one) for one in rounds]
            yield Comparison(
                f"tiles of 200,000 reports: {who}, largest", "wanted", "kB gzip", sizes,
                [GOAL_KB] * ROUNDS, 1.0, at_most=True,
            )  # fmt: skip


def _round(door: http.client.HTTPConnection, token: str) -> list[tuple[float, float]]:
    """(ms, kB as gzip) of one tile of each zoom, place and filters, none of them kept anywhere."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    found = []
    for z in ZOOMS:
        for filters in FILTERS:
            for lon, lat in PLACES:
                # the server keeps a tile until the next change: another address is another tile
                query = urlencode({**filters, "until": f"2030-01-01T00:00:00.{_turn():06}Z"})
                x, y = (value >> (grid.ZOOM + 8 - z) for value in grid.pixel(lon, lat))
                url = f"/tiles/reports/{crowd.INCIDENT}/{z}/{x}/{y}.mvt?{query}"
                began = time.perf_counter()
                door.request("GET", url, headers=headers)
                answer = door.getresponse()
                body = answer.read()
                taken = (time.perf_counter() - began) * 1e3
                assert answer.status == 200, body[:500]
                found.append((taken, len(gzip.compress(body, 6)) / 1e3))
    return found


_turns = iter(range(1_000_000))


def _turn() -> int:
    return next(_turns)
