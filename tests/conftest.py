"""What every test may use."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from django.conf import settings

pytest_plugins = ["tests.private_cluster"]

# Pages in tests take their files from where they are written; nothing is collected or hashed.
settings.WHITENOISE_USE_FINDERS = True
settings.WHITENOISE_AUTOREFRESH = True
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# a user is made in most tests, and a password worth its name takes half a second
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files beside the checkout; tests that need them skip where there are none."""
    if not SHARED.is_dir():
        pytest.skip("no shared data beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Emptying between tests takes the tables with rows in them; nothing is made anew afterwards.

    Django truncates all tables and writes every permission again: 0.6 s a test, measured.
    """
    from django.contrib.gis.db.backends.postgis.operations import PostGISOperations
    from django.db import OperationalError
    from django.db.models.signals import post_migrate

    def sql_flush(self: Any, style: Any, tables: list[str], **_: Any) -> list[str]:
        # the epoch's one row comes from a migration and belongs to every test
        names = ", ".join(f"'{table}'" for table in tables if table != "gspace_feedepoch")
        return [EMPTY_SQL.format(names=names)]

    flush_once = PostGISOperations.execute_sql_flush

    def execute_sql_flush(self: Any, sql_list: list[str]) -> None:
        # a page that is still open may be asking just now: one of the two is told of a deadlock
        for last in (False, False, False, True):
            try:
                flush_once(self, sql_list)
                break
            except OperationalError:
                if last:
                    raise

    PostGISOperations.sql_flush = sql_flush
    PostGISOperations.execute_sql_flush = execute_sql_flush
    post_migrate.receivers.clear()


EMPTY_SQL = """
DO $$ DECLARE name text; filled boolean; found text[] := '{{}}';
BEGIN
  FOREACH name IN ARRAY ARRAY[{names}] LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO filled;
    IF filled THEN found := found || quote_ident(name); END IF;
  END LOOP;
  IF found <> '{{}}' THEN
    EXECUTE 'TRUNCATE ' || array_to_string(found, ', ') || ' CASCADE';
  END IF;
END $$"""


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    """The compiled catalogues are not in the repository: make them as `make run` does."""
    from django.utils.translation import trans_real

    from gspace.management.commands.prepare import Command as Prepare

    Prepare()._compile_messages()
    trans_real._translations.clear()


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PARTS_ROOT = settings.MEDIA_ROOT / "parts"


class Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """The test process keeps its own."""


@pytest.fixture(scope="session")
def serving(django_db_setup: None) -> Iterator[str]:
    """One real uvicorn with the whole application, in a thread; the base URL.

    After django_db_setup, so that its doorbell is hung up before the database is dropped.
    """
    from gspace.asgi import application

    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        application, log_level="warning", lifespan="off", ws_per_message_deflate=False
    )
    server = Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([door])), daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
        threading.Event().wait(0.02)
    yield f"http://127.0.0.1:{door.getsockname()[1]}"
    server.should_exit = True
    server.force_exit = True
    thread.join(10)


@pytest.fixture
def server(serving: str, transactional_db: None) -> str:
    """Base URL of the running service; everything is committed, as in life."""
    return serving


@pytest.fixture
def work_off(transactional_db: None):
    """Runs what is queued for the worker, here and now, with the real worker."""
    from django.core.management import call_command

    def run() -> None:
        call_command("db_worker", batch=True, interval=0, queue_name="*", verbosity=0)

    return run


@pytest.fixture
def read_files(db: None):
    """Call it where the reader process would have read the files that were sent."""
    from tests.layer_builders import read_files

    return read_files
