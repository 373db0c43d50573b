"""`make run`: one copy of G-space in the foreground, from nothing to a page one can open.

Takes the run lock of $GSPACE_HOME, holds the private database up, prepares it, then keeps web,
worker, reader and exporter going until Ctrl-C or SIGTERM. It ends what it started and nothing else.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from gspace import cluster, postgres, prepared, probe
from gspace.children import Child, CleanExit

# One process each; docker-compose.yml runs the same words (tests/test_compose.py compares them).
WEB = [
    "-m", "uvicorn", "gspace.asgi:application",
    "--ws-max-size", "65536", "--ws-per-message-deflate", "false",
    "--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "5",
]  # fmt: skip
WORKER = [
    "manage.py", "db_worker", "--queue-name", "*", "--exclude-queues", "layers,exports",
    "--interval", "0.5",
]  # fmt: skip
# Publishers' files: one may take a minute, and no photo waits for it.
READER = ["manage.py", "db_worker", "--queue-name", "layers", "--interval", "0.2"]
# Exports: one of 200,000 reports takes minutes, and neither photo nor file waits for it.
EXPORTER = ["manage.py", "db_worker", "--queue-name", "exports", "--interval", "1"]
PREPARE = ["manage.py", "prepare"]
READY_SECONDS = 60
POLL_SECONDS = 0.2


def main() -> int:
    """Serve until told to stop; the exit code (0 after Ctrl-C or SIGTERM, else the web's)."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with run_lock(_address()):
            _check_port()
            with cluster.using():
                return _serve()
    except CleanExit:
        return 0
    except cluster.ClusterError as error:
        print(error, file=sys.stderr)
        return 1


def _stop(number: int, frame: FrameType | None) -> None:
    # A second Ctrl-C must not interrupt the tidying up that the first one began.
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise CleanExit


def _host() -> str:
    return os.environ.get("BIND_HOST") or "127.0.0.1"


def _port() -> int:
    word = os.environ.get("PORT") or "8000"
    if not word.isdecimal() or not 0 < int(word) < 65536:
        raise cluster.ClusterError(f"PORT={word} is no port: give a number from 1 to 65535.")
    return int(word)


def _visible_host() -> str:
    """A host to connect to: "every address" is none."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(_host(), _host())  # noqa: S104


def _address() -> str:
    host = _visible_host()
    return f"http://[{host}]:{_port()}" if ":" in host else f"http://{host}:{_port()}"


@contextmanager
def run_lock(what: str) -> Iterator[None]:
    """One `make run` or restore per home; `what` is told to the next one who wants it.

    The kernel drops the lock with the process, however it ends: it cannot go stale.
    """
    file = _open_lock()
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        who = os.read(file, 200).decode("utf-8", "replace").strip() or "starting"
        raise cluster.ClusterError(
            f"G-space already runs from {postgres.home()} ({who}): stop it first, or give this "
            "copy a home and a port of its own (GSPACE_HOME=... PORT=... make run)."
        ) from None
    try:
        os.ftruncate(file, 0)
        os.write(file, f"process {os.getpid()}, {what}\n".encode())
        yield
    finally:
        os.close(file)


def _open_lock() -> int:
    try:
        postgres.home().mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        return os.open(postgres.home() / "run.lock", flags, 0o600)
    except OSError as error:
        raise cluster.ClusterError(
            f"{postgres.home()} cannot be written ({error.strerror}): run as its owner, or choose "
            "another folder with GSPACE_HOME."
        ) from None


def _check_port() -> None:
    """Say that the port is busy before minutes are spent on preparing."""
    family = socket.AF_INET6 if ":" in _host() else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_host(), _port()))
        except OSError as error:
            raise cluster.ClusterError(
                f"Port {_port()} of {_host()} cannot be used ({error.strerror}): choose another, "
                f"for example PORT={_port() + 1} make run."
            ) from None


def _serve() -> int:
    cluster.check_reachable()
    _prepare()
    web = Child("web", [*WEB, "--host", _host(), "--port", str(_port())])
    workers = [Child("worker", WORKER), Child("reader", READER), Child("exporter", EXPORTER)]
    try:
        web.start()
        # The page first: on two cores both at once would be ready at the later one's time.
        if _wait_until_ready(web):
            _say_hello()
        for worker in workers:
            worker.start()
        while web.is_alive():
            for worker in workers:
                worker.revive()
            time.sleep(POLL_SECONDS)
        print(f"The web server ended by itself with code {web.code()}.", file=sys.stderr)
        return web.code()
    finally:
        Child.stop_all([web, *workers])


def _prepare() -> None:
    """Migrations, translations, static files, the demo of a new database; in a child process."""
    if prepared.is_current():
        return
    prepared.forget()
    prepare = Child("prepare", PREPARE)
    prepare.start()
    try:
        while prepare.is_alive():
            time.sleep(POLL_SECONDS)
    finally:
        Child.stop_all([prepare])
    if prepare.code():
        raise cluster.ClusterError("The database could not be prepared: see the lines above.")
    prepared.remember()


def _wait_until_ready(web: Child) -> bool:
    until = time.monotonic() + READY_SECONDS
    while web.is_alive() and time.monotonic() < until:
        if probe.status(_visible_host(), _port()):  # whatever it is: somebody answers
            return True
        time.sleep(POLL_SECONDS)
    return False


def _say_hello() -> None:
    address = _address()
    print(f"\nG-space is at {address}  (Ctrl-C stops it)")
    for path, what in (("/", "incidents"), ("/admin/", "administration"), ("/api/v1/docs", "API")):
        print(f"  {address + path:<44} {what}")
    try:
        logins = json.loads((postgres.home() / "demo-logins.json").read_text("utf-8"))
    except (OSError, ValueError):
        return
    print("Demo logins (user name / password):")
    for login in logins:
        url = login["url"]
        where = url if url.startswith("http") else address + url
        print(f"  {where:<44} {login['username']} / {login['password']}  ({login['who']})")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
