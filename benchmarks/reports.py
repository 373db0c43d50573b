"""A report without photo, 8 connections, one web process; against pgbench and against plain DRF.

pgbench sends the very statements that one request sends, captured from a real one, prepared, over
connections that stay open, with no HTTP, JSON or Python in between.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

from benchmarks import drf_table
from benchmarks.http_load import Load, drive, put
from benchmarks.report_body import report_body
from benchmarks.rounds import Comparison, in_turn
from benchmarks.scratch import Site
from benchmarks.servers import serving

CONNECTIONS = 8
SECONDS = 4
GOAL_DATABASE, GOAL_DRF = 0.2, 1.5


def run(site: Site) -> Iterator[Comparison]:
    script = _script(captured(site))
    drf_table.create()
    loads: dict[str, list[Load]] = {"ours": [], "drf": []}
    with serving() as port, serving("benchmarks.drf_anchor:application") as drf:

        def load(name: str, door: int, requests: Iterator[bytes]) -> float:
            loads[name].append(drive(door, requests, CONNECTIONS, SECONDS))
            return loads[name][-1].rate

        found = in_turn(
            {
                "database": lambda number: _pgbench(site.dsn, script, number),
                "ours": lambda _: load("ours", port, _requests(site)),
                "drf": lambda _: load("drf", drf, _posts(site)),
            }
        )
    notes = {"statements": script.count(";\n"), **_delays(loads["ours"][1:])}
    for anchor, name, goal in (("database", "pgbench", GOAL_DATABASE), ("drf", "DRF", GOAL_DRF)):
        yield Comparison(
            "report", name, "reports/s", found["ours"], found[anchor], goal, notes=notes
        )


def _delays(loads: list[Load]) -> dict[str, float]:
    delays = sorted(d for load in loads for d in load.latencies)
    p99 = delays[int(len(delays) * 0.99)]
    return {"p50_ms": round(statistics.median(delays) * 1e3, 1), "p99_ms": round(p99 * 1e3, 1)}


def _requests(site: Site) -> Iterator[bytes]:
    while True:
        path = f"/api/v1/reports/{uuid.uuid4()}"
        yield put(path, report_body(site.incident), site.token)


def _posts(site: Site) -> Iterator[bytes]:
    while True:
        yield put("/reports/", drf_table.body(), site.token, method="POST")


def captured(site: Site) -> list[str]:
    """The statements of one request as PostgreSQL got them, BEGIN and COMMIT among them."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"authorization": f"Bearer {site.token}"}, SERVER_NAME="localhost")
    for ident in (uuid.uuid4(), uuid.uuid4()):  # the second: a device already seen this minute
        with CaptureQueriesContext(connection) as queries:
            path = f"/api/v1/reports/{ident}"
            answer = client.put(path, report_body(site.incident), content_type="application/json")
            assert answer.status_code == 201, answer.content
    receipt = answer.json()["properties"]["receipt"]
    statements = [query["sql"].strip().rstrip(";") for query in queries]
    return [_vary(statement, str(ident), receipt) for statement in statements]


def _vary(statement: str, ident: str, receipt: str) -> str:
    """Id and receipt out of pgbench's counter; the id as spread out as the phones' random ones."""
    turn = "(:client_id * 1000000 + :turn)"
    statement = statement.replace(f"'{ident}'", f"md5({turn}::text)::uuid")
    statement = re.sub(r"'(?:[^']|'')*'", _without_colon, statement)
    statement = statement.replace(f"'{receipt}'", f"lpad(to_hex({turn}), 6, '0')")
    return re.sub(r"\s*\n\s*", " ", statement)


def _without_colon(literal: re.Match[str]) -> str:
    """pgbench takes `:word` for a variable, also within quotes."""
    if ":" not in literal[0]:
        return literal[0]
    return "E" + literal[0].replace("\\", "\\\\").replace(":", r"\u003a")


def _script(statements: list[str]) -> str:
    return "\n".join(["\\set turn :turn + 1", *(f"{s};" for s in statements), ""])


def _pgbench(dsn: str, script: str, number: int) -> float:
    """Requests' worth of statements per second. Raises CalledProcessError with its words."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        words = [
            _program(), "--no-vacuum", "--protocol=prepared", f"--file={file.name}",
            f"--client={CONNECTIONS}", "--jobs=2", f"--time={SECONDS}",
            f"--define=turn={number * 100_000}", dsn,
        ]  # fmt: skip
        said = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    match = re.search(r"tps = ([\d.]+) \(without", said.stdout)
    if said.returncode or match is None:
        raise RuntimeError(f"pgbench: {said.stdout}{said.stderr}")
    return float(match[1])


def _program() -> Path:
    """Debian keeps pgbench beside the server it belongs to, out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    if not found:
        raise RuntimeError("pgbench is missing: install the package postgresql")
    return found[-1]
