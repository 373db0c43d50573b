"""10,000 reports as GeoJSON for headquarters, against the same statement over psycopg2."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator

from benchmarks.report_body import report_body
from benchmarks.rounds import Comparison, in_turn
from benchmarks.scratch import Site, opened
from benchmarks.servers import serving

INCIDENT = "bench-list"
REPORTS = 10_000
GOAL = 1.5


def run(site: Site) -> Iterator[Comparison]:
    _fill(site)
    statement = _statement()
    with serving() as port:
        _check(_ask(site, port))
        found = in_turn(
            {
                "sql": lambda _: _timed(lambda: _query(site.dsn, statement)),
                "ours": lambda _: _timed(lambda: _ask(site, port)),
            },
            rounds=9,
        )
        notes = {"bytes": len(_ask(site, port))}
    yield Comparison(
        "10,000 reports as GeoJSON", "bare SQL", "ms", found["ours"], found["sql"], GOAL,
        at_most=True, notes=notes,
    )  # fmt: skip


def _timed(work: object) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return (time.perf_counter() - began) * 1e3


def _ask(site: Site, port: int) -> bytes:
    door = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    path = f"/api/v1/incidents/{INCIDENT}/reports?limit={REPORTS}"
    door.request("GET", path, headers={"Authorization": f"Bearer {site.desk}"})
    answer = door.getresponse()
    body = answer.read()
    door.close()
    assert answer.status == 200, body[:500]
    return body


def _check(body: bytes) -> None:
    found = json.loads(body)
    assert len(found["features"]) == REPORTS == found["numberReturned"]
    assert len(found["features"][0]["properties"]["photos"]) == 1


def _query(dsn: str, statement: str) -> None:
    """A connection of its own as the request has one from the pool: opened outside the clock."""
    with _connection(dsn).cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchone()


_open: dict[str, object] = {}


def _connection(dsn: str):  # type: ignore[no-untyped-def]
    import psycopg2

    if dsn not in _open:
        _open[dsn] = psycopg2.connect(dsn)
        _open[dsn].autocommit = True  # type: ignore[attr-defined]
    return _open[dsn]


def _statement() -> str:
    """The statement of the list as PostgreSQL gets it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from gspace.models import Incident
    from reports import queries

    with CaptureQueriesContext(connection) as sent:
        incident = Incident.objects.get(slug=INCIDENT)
        queries.snapshot(incident, "hq", "", {"limit": str(REPORTS)})
    return max((query["sql"] for query in sent), key=len)


def _fill(site: Site) -> None:
    """REPORTS reports with one developed photo each, as copies of one that came in really."""
    from django.db import connection

    from gspace import access
    from reports.actions import report_receive
    from reports.models import Photo, Report
    from reports.payload import ReportIn

    ident = "00000000-0000-4000-8000-000000000000"
    photo = {"id": ident, "sha256": "0" * 64, "size": 3_000_000, "type": "image/jpeg"}
    opened(INCIDENT)
    body = ReportIn.model_validate_json(report_body(INCIDENT, photos=[photo]))
    report_receive(report_id=ident, body=body, by=access.caller_from_token(site.token))
    Photo.objects.filter(id=ident).update(state="ready", width=4032, height=3024, exif=EXIF)
    with connection.cursor() as cursor:
        for table, varied in ((Report._meta.db_table, REPORT), (Photo._meta.db_table, PHOTO)):
            cursor.execute(_copies(table, varied), [REPORTS - 1, ident])
        cursor.execute("ANALYZE")


EXIF = {
    "lon": 130.75, "lat": 32.79, "altitude_m": 41.2, "accuracy_m": 5.0, "bearing_deg": 123.0,
    "bearing_ref": "true", "taken_at": "2016-04-16T02:10:58", "utc_offset": "+09:00",
    "orientation": 6,
}  # fmt: skip
IDENT = "md5('list ' || n)::uuid"
REPORT = {
    "id": IDENT,
    "receipt": "lpad(to_hex(n), 6, '0')",
    "received_at": "received_at + n * interval '1 second'",
    "geometry": "ST_SetSRID(ST_MakePoint(130.7 + random() * 0.2, 32.7 + random() * 0.2), 4326)",
}
PHOTO = {"id": IDENT, "report_id": IDENT}


def _copies(table: str, varied: dict[str, str]) -> str:
    """INSERT ... SELECT of the table's one row, n times, with the varied columns."""
    from django.apps import apps

    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    names = [f.column for f in model._meta.concrete_fields if not f.generated]
    values = ", ".join(varied.get(name, name) for name in names)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) "
        f"SELECT {values} FROM {table}, generate_series(1, %s) n WHERE {table}.id = %s"
    )
