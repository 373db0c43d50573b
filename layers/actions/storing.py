"""Lines of a version into layers_feature, by COPY. Inside the action that owns the transaction."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import connection

from layers.lines import COLUMNS

COPY_SQL = f"COPY layers_feature ({', '.join(COLUMNS)}) FROM STDIN"
CHUNK = 1_000_000
# The planner has never heard of the rows of this transaction, takes them for one or two, and would
# compare 100,000 with 100,000 one by one (measured: minutes).
PREPARE_SQL = """
SELECT set_config('statement_timeout', %(ms)s, true),
       set_config('idle_in_transaction_session_timeout', %(ms)s, true),
       set_config('enable_nestloop', 'off', true)"""
LEARN_SQL = "ANALYZE layers_feature (version_id, feature_id)"
LEARN_FROM = 5000


def prepare() -> None:
    """For this transaction: a child reads, and a version is stored, longer than a request lasts.

    No row is locked meanwhile, so nobody waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(PREPARE_SQL, {"ms": str(settings.LIMIT_STORE_S * 1000)})


def learn(count: int) -> None:
    """After the transaction: let the planner hear at once of a version of `count` features."""
    if count >= LEARN_FROM:
        with connection.cursor() as cursor:
            cursor.execute(LEARN_SQL)


class Copier:
    """Writes lines while the next ones are made: the database works beside Python.

    The one connection is used by a thread meanwhile, so every other statement waits for it.
    """

    def __init__(self, version_id: int) -> None:
        self._head = f"{version_id}\t"
        self._text = io.StringIO()
        self._job: Future[None] | None = None
        self._open = ExitStack()

    def __enter__(self) -> Copier:
        self._cursor = self._open.enter_context(connection.cursor())
        self._thread = self._open.enter_context(ThreadPoolExecutor(1, "copy"))
        self._open.enter_context(connection.execute_wrapper(self._in_turn))
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._send()
            self._wait()
        finally:
            self._open.close()

    def write(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._text.write(self._head)
            self._text.write(line)
        if self._text.tell() > CHUNK:
            self._send()

    def _send(self) -> None:
        self._wait()
        full, self._text = self._text, io.StringIO()
        full.seek(0)
        # psycopg2's own cursor, below Django's and the pool's wrappers
        copy = self._cursor.cursor.copy_expert
        self._job = self._thread.submit(copy, COPY_SQL, full, 1 << 16)

    def _wait(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.result()

    def _in_turn(self, execute: Callable[..., Any], *args: Any) -> Any:
        self._wait()
        return execute(*args)
