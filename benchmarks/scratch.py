"""A database and a photo folder for one run of the benchmarks, gone afterwards.

The database lies in the private cluster (or on the server of DATABASE_URL) beside the real one.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from urllib.parse import quote, urlencode

from gspace import cluster, postgres


@dataclass(frozen=True)
class Site:
    """Where the benchmarks work. token: a field device's; desk: an operator program's."""

    dsn: str
    media: Path
    incident: str
    token: str
    desk: str


@contextmanager
def scratch() -> Iterator[Site]:
    """The prepared site; its environment is this process's, so that children find it too."""
    with cluster.using():
        server, name = postgres.dsn("postgres"), f"bench_{os.getpid()}"
        media = postgres.home() / name
        known = postgres.connection_settings()
        _run(server, f"CREATE DATABASE {name}")
        try:
            os.environ.update(_environment({**known, "NAME": name}, media))
            yield _prepared(media)
        finally:
            _drop(server, name)
            shutil.rmtree(media, ignore_errors=True)


def _run(dsn: str, sql: str) -> None:
    import psycopg2

    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # a checkpoint may be waited for
        cursor.execute(sql)
    connection.close()


def _drop(server: str, name: str) -> None:
    """An autovacuum at work belongs to the superuser, whom we cannot send away: it ends soon."""
    import psycopg2.errors

    for _ in range(30):
        try:
            _run(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            return
        except psycopg2.errors.InsufficientPrivilege:
            time.sleep(1)


def _environment(known: dict, media: Path) -> dict[str, str]:
    server = {"host": known["HOST"], "port": known["PORT"], **known["OPTIONS"]}
    who = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}"
    return {
        "DATABASE_URL": f"postgresql://{who}@/{known['NAME']}?{urlencode(server)}",
        "DJANGO_SETTINGS_MODULE": "gspace.settings",
        "MEDIA_ROOT": str(media),
        "SECRET_KEY": secrets.token_urlsafe(64),
        # one program stands for a thousand screens
        "LIMIT_SOCKETS_PER_CALLER": "100000",
        "LOG_LEVEL": "ERROR",
        "UVICORN_LOG_LEVEL": "error",
    }


def _prepared(media: Path) -> Site:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    with redirect_stdout(StringIO()):
        call_command("load_places")
    return _furnished(media)


def _furnished(media: Path) -> Site:
    from gspace import actions
    from gspace.models import Organisation

    headquarters = Organisation.objects.create(slug="bench-hq", name="bench-hq")
    opened("bench")
    _, token = actions.device_create(organisation=headquarters, label="bench")
    _, desk = actions.token_create(organisation=headquarters, role="operator", label="bench")
    return Site(postgres.dsn(), media, "bench", token, desk)


def opened(slug: str) -> None:
    """An incident of the site's headquarters."""
    from gspace.models import Incident, IncidentOrganisation, Organisation

    IncidentOrganisation.objects.create(
        incident=Incident.objects.create(slug=slug, name=slug),
        organisation=Organisation.objects.get(),
        part="hq",
    )
