"""A situation report of 100 reports with their photos as PDF, over HTTP, within 15 s."""

from __future__ import annotations

import http.client
import sys
import time
from collections.abc import Iterator

from benchmarks import desk_operator, photos
from benchmarks.http_load import drive
from benchmarks.rounds import Comparison
from benchmarks.scratch import Site
from benchmarks.servers import serving

REPORTS, ROUNDS, GOAL_MS = 100, 3, 15_000.0


def run(site: Site) -> Iterator[Comparison]:
    from django.core.management import call_command

    from frontend import pdf

    if not pdf.available():
        print("paper: left out; `make pdf` installs what makes PDF", file=sys.stderr)
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    with serving() as port:
        drive(port, photos.announced(site, port, photos.fresh(REPORTS)), photos.CONNECTIONS)
        call_command("db_worker", batch=True, interval=0, queue_name="*", verbosity=0)
        door = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        signed_in = "{name}={value}".format(**desk_operator.cookie())
        path = f"/hq/{site.incident}/situation/{_issued(site)}/report.pdf"
        taken, sizes = zip(*[_ask(door, path, signed_in) for _ in range(ROUNDS)], strict=True)
        notes = {"bytes": sizes[-1]}
        yield Comparison(
            "PDF of 100 reports with photos", "wanted", "ms", list(taken), [GOAL_MS] * ROUNDS, 1.0,
            at_most=True, notes=notes,
        )  # fmt: skip


def _issued(site: Site) -> int:
    """The number of a situation report of REPORTS reports, each with a photo."""
    from django.utils import timezone

    from gspace import access
    from gspace.models import Incident
    from reports import actions, situation_report
    from reports.models import Photo

    incident = Incident.objects.get(slug=site.incident)
    ready = Photo.objects.filter(report__incident=incident, state="ready")
    chosen = list(ready.order_by("-report__received_at").values_list("report_id", flat=True))
    assert len(chosen) >= REPORTS, f"{len(chosen)} photos are ready"
    draft = situation_report.draft(
        incident, now=timezone.now(), chosen=chosen[:REPORTS],
        words={"overview": "概況", "outlook": "見通し"},
    )  # fmt: skip
    by = access.caller_from_token(site.desk)
    return actions.situation_report_issue(incident=incident, draft=draft, by=by).number


def _ask(door: http.client.HTTPConnection, path: str, signed_in: str) -> tuple[float, int]:
    """(milliseconds, bytes) of one PDF."""
    began = time.perf_counter()
    door.request("GET", path, headers={"Cookie": signed_in})
    answer = door.getresponse()
    body = answer.read()
    assert answer.status == 200 and body.startswith(b"%PDF"), (answer.status, body[:200])
    return (time.perf_counter() - began) * 1e3, len(body)
