"""The private PostGIS of one machine: made, started, healed, stopped, and by whom it is used.

It lies in `$GSPACE_HOME/postgres` and answers on a unix socket only. PostgreSQL refuses to run as
root, so root hands it to the user `postgres`. Whoever needs it wraps itself in `using()`: the
first user starts the cluster, the last one stops it, unless it was started by hand.
Errors: `ClusterError`, whose text is one sentence for the operator.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from gspace import postgres
from gspace.clusterfiles import (
    ADMIN,
    ROLE_SETTINGS,
    ClusterError,
    Place,
    find_place,
    write_configuration,
)
from gspace.postgres import desk

START_SECONDS = 120  # crash recovery replays up to max_wal_size
STOP_SECONDS = 30
ORPHAN_SECONDS = 10  # backends notice within a moment that their postmaster is gone


def binaries(data: Path) -> Path:
    """The folder with initdb, postgres and pg_dump that fits `data` (the newest for a new one).

    Errors: ClusterError when no PostgreSQL with PostGIS, or not the data's version, is installed.
    """
    versions = {
        folder.parent.name: folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if (folder / "initdb").exists()
        and Path(f"/usr/share/postgresql/{folder.parent.name}/extension/postgis.control").exists()
    }
    if not versions:
        raise ClusterError(
            "PostgreSQL with PostGIS is not installed: install the packages postgresql and "
            "postgresql-NN-postgis-3 (NN is PostgreSQL's version), or run `make setup`."
        )
    if not (data / "PG_VERSION").exists():
        return versions[max(versions, key=int)]
    wanted = (data / "PG_VERSION").read_text().strip()
    if wanted not in versions:
        raise ClusterError(
            f"The data in {data} were written by PostgreSQL {wanted}, which is not installed "
            f"here: install the package postgresql-{wanted}-postgis-3."
        )
    return versions[wanted]


def environment() -> dict[str, str]:
    """What PostgreSQL's programs get to see: none of our secrets, PROJ paths or PG* variables."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def run_tool(place: Place, *command: object, seconds: float = 600) -> None:
    """Run one of PostgreSQL's programs as the cluster's owner.

    Errors: ClusterError with what the program said last.
    """
    identity: dict[str, Any] = {}
    if place.owner:
        identity = {"user": place.owner.pw_uid, "group": place.owner.pw_gid, "extra_groups": []}
    words = [str(word) for word in command]
    try:
        subprocess.run(
            words,
            cwd="/",
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=True,
            timeout=seconds,
            **identity,
        )
    except subprocess.CalledProcessError as error:
        raise ClusterError(f"{Path(words[0]).name} failed: {last_words(error.stdout)}") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ClusterError(f"{Path(words[0]).name} failed: {error}") from None


def last_words(text: str) -> str:
    """The last three lines of a program's complaint, on one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " / ".join(lines[-3:]) or "it said nothing"


@contextmanager
def using() -> Iterator[None]:
    """Hold the private cluster up for the length of a `with`; nothing to do for DATABASE_URL.

    Nested and parallel uses, of several processes too, share one cluster.
    """
    if postgres.is_external():
        yield
        return
    with _locked("users.lock", fcntl.LOCK_SH) as users:
        process = os.getpid()
        try:
            start()  # inside: a Ctrl-C while it starts must stop it too
            yield
        finally:
            if os.getpid() == process:
                _leave(users)


def _leave(users: int) -> None:
    """Let go, and stop the cluster when nobody else holds it and no hand started it."""
    fcntl.flock(users, fcntl.LOCK_UN)
    with suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not _kept().exists():
            _stop()


@contextmanager
def _locked(name: str, how: int) -> Iterator[int]:
    """An flock on a file of the desk: the kernel drops it with its process, so none goes stale."""
    try:
        desk().mkdir(parents=True, exist_ok=True)
        file = os.open(desk() / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ClusterError(
            f"{desk()} cannot be written ({error.strerror}): run as its owner, or choose another "
            "folder with GSPACE_HOME."
        ) from error
    try:
        fcntl.flock(file, how)
        yield file
    finally:
        os.close(file)


def _kept() -> Path:
    return desk() / "started-by-hand"


def is_running() -> bool:
    """True when a postmaster of our data folder lives; makes no folder to find that out."""
    base = postgres.noted("base-dir", desk() / "cluster")
    if not (base / "data" / "postmaster.pid").exists():
        return False
    return _postmaster(find_place()) is not None


def start() -> bool:
    """Start the cluster unless it runs, make it if it is new. True if this call started it."""
    with _locked("start.lock", fcntl.LOCK_EX):
        place = find_place()
        if _postmaster(place):
            return False
        tools = binaries(place.data)
        _make(place, tools)
        _heal(place)
        write_configuration(place)
        _kept().unlink(missing_ok=True)
        _launch(place, tools)
        _furnish(place)
        return True


def _make(place: Place, tools: Path) -> None:
    """Make the data folder beside its place and move it there whole: initdb may be interrupted."""
    if (place.data / "PG_VERSION").exists():
        return
    draft = place.base / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    run_tool(
        place,
        tools / "initdb",
        f"--pgdata={draft}",
        f"--username={ADMIN}",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--data-checksums",
        "--auth-local=peer",
        "--auth-host=reject",
    )
    draft.rename(place.data)


def _postmaster(place: Place) -> int | None:
    """The pid in postmaster.pid, if that process really is this data folder's server."""
    try:
        pid = int((place.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if pid in _processes(place) else None


def _processes(place: Place) -> set[int]:
    """Every process that works in the data folder (PostgreSQL makes it its working directory)."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.readlink(entry / "cwd") == str(place.data):
                found.add(int(entry.name))
    return found


def _heal(place: Place) -> None:
    """Clear what a killed server left: PostgreSQL believes a pid file whose number was reused.

    The file also guards against starting beside surviving backends, so those must be gone first.
    """
    until = time.monotonic() + ORPHAN_SECONDS
    while orphans := _processes(place):
        if time.monotonic() > until:
            numbers = ", ".join(map(str, sorted(orphans)))
            raise ClusterError(
                f"Processes of a database server that died are still at work in {place.data} "
                f"(process {numbers}): end them and start again."
            )
        time.sleep(0.1)
    (place.data / "postmaster.pid").unlink(missing_ok=True)
    for left in place.run.glob(".s.PGSQL.*"):
        left.unlink()


def _launch(place: Place, tools: Path) -> None:
    first_words = place.log / "start.log"
    first_words.unlink(missing_ok=True)
    try:
        run_tool(
            place,
            tools / "pg_ctl",
            "start",
            f"--pgdata={place.data}",
            f"--log={first_words}",
            "--wait",
            f"--timeout={START_SECONDS}",
            seconds=START_SECONDS + 10,
        )
    except ClusterError as error:
        said = "".join(
            path.read_text("utf-8", "replace") for path in sorted(place.log.glob("*.log"))[-2:]
        )
        raise ClusterError(
            f"The database in {place.data} did not start: {last_words(said) if said else error} "
            f"(its log is in {place.log})."
        ) from None


def _furnish(place: Place) -> None:
    """Make role and database, idempotently: an earlier start may have been cut short here.

    PostGIS goes into template1, so that the role can make test databases without being superuser.
    """
    with _admin(place, "template1") as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    with _admin(place, "postgres") as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [postgres.ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {postgres.ROLE} LOGIN CREATEDB")
        for name, value in ROLE_SETTINGS.items():
            cursor.execute(f"ALTER ROLE {postgres.ROLE} SET {name} = %s", [value])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [postgres.DATABASE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {postgres.DATABASE} OWNER {postgres.ROLE}")


@contextmanager
def _admin(place: Place, database: str) -> Iterator[Any]:
    import psycopg2  # a second of start-up that `status` and a foreign server never need

    connection = psycopg2.connect(
        host=str(place.run), port=postgres.PORT, user=ADMIN, dbname=database
    )
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


def check_reachable() -> None:
    """Errors: ClusterError when the database that settings name does not let us in."""
    import psycopg2

    try:
        psycopg2.connect(postgres.dsn(), connect_timeout=10).close()
    except psycopg2.OperationalError as error:
        raise ClusterError(f"The database cannot be reached: {last_words(str(error))}") from None


def _stop() -> None:
    with _locked("start.lock", fcntl.LOCK_EX):
        _kept().unlink(missing_ok=True)
        if not is_running():
            return
        place = find_place()
        stop = [binaries(place.data) / "pg_ctl", "stop", f"--pgdata={place.data}", "--wait"]
        try:
            run_tool(place, *stop, f"--timeout={STOP_SECONDS}", "--mode=fast")
        except ClusterError:
            run_tool(place, *stop, f"--timeout={STOP_SECONDS}", "--mode=immediate")


def command(words: list[str]) -> int:
    """`start`, `stop`, `status` from the shell; the exit code (status: 0 running, 3 stopped)."""
    if words not in (["start"], ["stop"], ["status"]):
        print("usage: python -m gspace.postgres start|stop|status", file=sys.stderr)
        return 2
    try:
        return {"start": _start_by_hand, "stop": _stop_by_hand, "status": _say}[words[0]]()
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 1


def _start_by_hand() -> int:
    start()
    _kept().touch()
    return _say()


def _stop_by_hand() -> int:
    with _locked("users.lock", fcntl.LOCK_SH) as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _kept().unlink(missing_ok=True)
            print("Other G-space processes still use the database; the last one will stop it.")
            return 0
        _stop()
    return _say(expected=3)


def _say(expected: int | None = None) -> int:
    running = is_running()
    print(f"{'running' if running else 'stopped'}: {postgres.dsn()}")
    code = 0 if running else 3
    return 0 if code == expected else code
