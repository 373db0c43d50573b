"""Whether `manage.py prepare` has anything to do, told without loading Django (it costs seconds).

A print is taken of what prepare works from: the names, sizes and times of migrations, catalogues
and static sources, and which database it is. The print of the last success lies in $GSPACE_HOME.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import psycopg2

from gspace import postgres

SOURCES = (
    "*/migrations/*.py",
    "locale/*/LC_MESSAGES/*",
    "frontend/css/**/*",
    "frontend/icons/**/*",
    "frontend/static/**/*",
    "*/management/commands/prepare.py",
    "uv.lock",
)
# A database dropped and made again, or restored, has another oid; another server, another number.
IDENTITY = """
SELECT system_identifier, d.oid, (SELECT count(*) FROM django_migrations)
  FROM pg_control_system(), pg_database d WHERE d.datname = current_database()
"""


def is_current() -> bool:
    """True when nothing changed since the last `remember`; False also when in doubt."""
    collected = postgres.home() / "static" / "staticfiles.json"
    try:
        return collected.exists() and _note().read_text("utf-8") == _print()
    except (OSError, psycopg2.Error):
        return False


def remember() -> None:
    """Note that everything is prepared as it is now."""
    _note().write_text(_print(), "utf-8")


def forget() -> None:
    _note().unlink(missing_ok=True)


def _note() -> Path:
    return postgres.home() / "prepared"


def _print() -> str:
    digest = hashlib.sha256()
    for line in (*_files(), _database()):
        digest.update(line.encode() + b"\0")
    return digest.hexdigest()


def _files() -> Iterator[str]:
    for pattern in SOURCES:
        for path in sorted(postgres.CHECKOUT.glob(pattern)):
            found = path.stat()
            yield f"{path} {found.st_size} {found.st_mtime_ns}"


def _database() -> str:
    connection = psycopg2.connect(postgres.dsn(), connect_timeout=10)
    try:
        with connection.cursor() as cursor:
            cursor.execute(IDENTITY)
            return str(cursor.fetchone())
    finally:
        connection.close()
