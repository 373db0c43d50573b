"""Numbers of 200,000 reports within 1.5 s; squares and outlines that are silent within 300 ms."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator

from benchmarks import crowd
from benchmarks.rounds import Comparison
from benchmarks.scratch import Site
from benchmarks.servers import serving

ROUNDS = 7
CITY = "bbox=130.60,32.65,130.85,32.90"
ASKED = (
    ("numbers of 200,000", "numbers", 1_500.0),
    ("numbers of 200,000, two filters and words",
     "numbers?severity=critical,serious&q=%E6%96%AD%E6%B0%B4", 1_500.0),
    ("squares of a city, 200,000 reports", f"coverage?{CITY}", 300.0),
    # desks share a count for some seconds: each asks for another one here
    ("outlines of a region, 200,000 reports",
     "coverage?by=municipality&bbox=130.4,32.4,131.2,33.1&since=2015-01-01T00:00:0{n}Z", 300.0),
)  # fmt: skip


def run(site: Site) -> Iterator[Comparison]:
    crowd.fill(site)
    _work_on_them()
    with serving() as port:
        door = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for name, path, goal in ASKED:
            _, *taken = [_ask(door, site, path.format(n=n)) for n in range(ROUNDS + 1)]
            yield Comparison(name, "wanted", "ms", taken, [goal] * ROUNDS, 1.0, at_most=True)


def _ask(door: http.client.HTTPConnection, site: Site, path: str) -> float:
    """Milliseconds of one answer."""
    began = time.perf_counter()
    url = f"/api/v1/incidents/{crowd.INCIDENT}/{path}"
    door.request("GET", url, headers={"Authorization": f"Bearer {site.desk}"})
    answer = door.getresponse()
    body = answer.read()
    assert answer.status == 200, body[:500]
    return (time.perf_counter() - began) * 1e3


def _work_on_them() -> None:
    """What headquarters did leaves rows of history: one or two for each report that was sorted."""
    from django.db import connection

    from gspace.models import Incident
    from reports.models import ReportEvent  # type: ignore[attr-defined]

    incident = Incident.objects.get(slug=crowd.INCIDENT)
    if ReportEvent.objects.filter(incident=incident).exists():
        return
    own = ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context", "status")
    names = [f.column for f in ReportEvent._meta.concrete_fields if f.name not in own]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(f'r."{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(HISTORY.format(columns=columns, values=values), [incident.id])
        cursor.execute("VACUUM ANALYZE")


HISTORY = """
INSERT INTO reports_reportevent (pgh_created_at, pgh_label, pgh_obj_id, status, {columns})
SELECT r.received_at + turn.n * interval '30 minutes', 'changed', r.id, turn.status, {values}
  FROM reports_report r, (VALUES (1, 'received'), (2, 'verified')) turn(n, status)
 WHERE r.incident_id = %s AND r.status <> 'received'
   AND (turn.n = 1 OR r.status = 'resolved')"""
