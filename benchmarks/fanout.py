"""One changed report to 1,000 open sockets: our hub, a `websockets` broadcast, Channels groups.

In lock step: a frame is published when the last one has reached every socket, so none is merged
with another and each server gets the same frame. Two spans: whole = publishing to last arrival,
in which ours also commits a change, hears the doorbell and reads the row; pushing = first arrival
to last.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from select import select
from time import monotonic_ns

from benchmarks.report_body import report_body
from benchmarks.rounds import Comparison, in_turn
from benchmarks.scratch import Site, opened
from benchmarks.servers import free_port, running, serving

INCIDENT = "bench-live"
SOCKETS = 1_000
FRAMES = 30
# a group_send takes its seconds
FRAMES_OF_GROUPS = 3
GOAL_BROADCAST, GOAL_GROUPS = 0.5, 10
BROADCAST, GROUPS = "websockets broadcast", "Channels group_send"
WAVE_SECONDS = 30
CONNECT_SECONDS = 120


@dataclass
class Audience:
    """The thousand sockets of one server, and how to publish to them."""

    process: subprocess.Popen[str]
    publish: Callable[[], None]
    frames: int = FRAMES
    pushing: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    bytes: int = 0

    def line(self, seconds: float) -> str:
        assert self.process.stdout
        ready, _, _ = select([self.process.stdout], [], [], seconds)
        text = self.process.stdout.readline() if ready else ""
        if not text:
            raise RuntimeError("the sockets heard nothing, or were closed")
        return text

    def wave(self) -> None:
        began = monotonic_ns()
        self.publish()
        first, last, self.bytes = map(int, self.line(WAVE_SECONDS).split())
        self.pushing.append((last - first) / 1e9)
        self.whole.append((last - began) / 1e9)

    def round(self) -> None:
        for _ in range(self.frames):
            self.wave()

    def rates(self, spans: list[float]) -> list[float]:
        """Deliveries per second of each round but the first."""
        rounds = range(self.frames, len(spans), self.frames)
        return [SOCKETS * self.frames / sum(spans[i : i + self.frames]) for i in rounds]


def run(site: Site) -> Iterator[Comparison]:
    opened(INCIDENT)
    with ExitStack() as open_:
        ours = open_.enter_context(_hub(site))
        text = _frame()
        theirs = {
            BROADCAST: open_.enter_context(_broadcast(text)),
            GROUPS: open_.enter_context(_groups(text)),
        }
        everybody = {"ours": ours, **theirs}
        in_turn({name: _round(audience) for name, audience in everybody.items()})
    yield from _compared(ours, theirs)


def _round(audience: Audience) -> Callable[[int], float]:
    def measure(number: int) -> float:
        audience.round()
        return 0.0

    return measure


def _compared(ours: Audience, theirs: dict[str, Audience]) -> Iterator[Comparison]:
    for name, span, goal in (
        (BROADCAST, "whole", GOAL_BROADCAST),
        (BROADCAST, "pushing", GOAL_BROADCAST),
        (GROUPS, "whole", GOAL_GROUPS),  # its work comes before its first arrival
    ):
        anchor = theirs[name]
        notes = {"bytes": ours.bytes, "ms": _delays(ours), "anchor_ms": _delays(anchor)}
        rates = [one.rates(getattr(one, span)) for one in (ours, anchor)]
        yield Comparison(f"fan-out, {span}", name, "deliveries/s", *rates, goal, notes=notes)


def _delays(audience: Audience) -> dict[str, float]:
    """Publishing to last socket, without the warm-up round."""
    spans = sorted(audience.whole[audience.frames :])
    p99 = spans[int(len(spans) * 0.99)]
    return {"p50": round(statistics.median(spans) * 1e3, 1), "p99": round(p99 * 1e3, 1)}


@contextmanager
def _listening(port: int, path: str, protocol: str = "") -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "benchmarks.listeners", str(port), path, str(SOCKETS), protocol]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            ready, _, _ = select([process.stdout], [], [], CONNECT_SECONDS)
            if not ready or process.stdout.readline() != "ready\n":
                raise RuntimeError(f"{SOCKETS} sockets did not connect")
            yield process
        finally:
            process.terminate()


@contextmanager
def _hub(site: Site) -> Iterator[Audience]:
    """Ours: headquarters' sockets; publishing is one committed change of one report."""
    import psycopg2

    ident = _report(site)
    database = psycopg2.connect(site.dsn)
    database.autocommit = True
    change = "UPDATE reports_report SET updated_at = now() WHERE id = %s"
    with serving() as port, database.cursor() as cursor:
        path = f"/ws/incidents/{INCIDENT}/?{_cursor()}"
        with _listening(port, path, f"gspace.bearer.{site.desk}") as process:
            yield Audience(process, lambda: cursor.execute(change, [str(ident)]))
    database.close()


def _report(site: Site) -> uuid.UUID:
    from gspace import access
    from reports.actions import report_receive
    from reports.payload import ReportIn

    ident = uuid.uuid4()
    body = ReportIn.model_validate_json(report_body(INCIDENT))
    report_receive(report_id=ident, body=body, by=access.caller_from_token(site.token))
    return ident


def _cursor() -> str:
    """The query of a page that has everything so far."""
    from gspace import feed
    from gspace.models import Incident

    head = feed.head(Incident.objects.get(slug=INCIDENT).id)
    return f"since={head}&epoch={feed.epoch()}"


def _frame() -> str:
    """The bytes our sockets get, for the anchors to send."""
    from gspace import feed
    from gspace.models import Incident

    incident = Incident.objects.get(slug=INCIDENT)
    head = feed.head(incident.id)
    return feed.read(incident.id, "hq", head - 1, 1).text


@contextmanager
def _broadcast(text: str) -> Iterator[Audience]:
    port = free_port()
    words = ["-m", "benchmarks.broadcast_anchor", str(port)]
    with running(words, port), _told(port, text) as audience:
        yield audience


@contextmanager
def _groups(text: str) -> Iterator[Audience]:
    anchor = "benchmarks.channels_anchor:application"
    with serving(anchor) as port, _told(port, text) as audience:
        audience.frames = FRAMES_OF_GROUPS
        yield audience


@contextmanager
def _told(port: int, text: str) -> Iterator[Audience]:
    """An anchor's sockets; what comes in on /publish goes to all of /listen."""
    from websockets.sync.client import connect

    with (
        _listening(port, "/listen") as process,
        connect(f"ws://127.0.0.1:{port}/publish", compression=None) as publisher,
    ):
        yield Audience(process, lambda: publisher.send(text))
