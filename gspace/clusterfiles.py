"""Where the private PostGIS keeps its files, who owns them, and how it is configured."""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from gspace import postgres
from gspace.postgres import desk

ADMIN = "gspace_admin"
# sun_path holds 108 bytes with its final zero; PostgreSQL appends "/.s.PGSQL.5432".
SOCKET_DIR_BYTES = 107 - len("/.s.PGSQL.5432")

# The limits every session of ours starts with (a runaway statement must not hold up intake).
ROLE_SETTINGS = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
}

CONFIGURATION = """\
# Written by gspace/clusterfiles.py at every start; put your own settings into local.conf.
listen_addresses = ''
port = {port}
unix_socket_directories = '{run}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = {shared_mb}MB
effective_cache_size = {cache_mb}MB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off
# An acknowledged report is on disk, and a feed sequence seen by anybody is never given out again.
fsync = on
full_page_writes = on
synchronous_commit = on
wal_compression = on
max_wal_size = 1GB
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# One log file per weekday, overwritten a week later: the log cannot fill the disk.
logging_collector = on
log_directory = '{log}'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_min_duration_statement = 2s
log_lock_waits = on
include_if_exists = 'local.conf'
"""


class ClusterError(RuntimeError):
    """Something the operator can act on, said in one sentence."""


@dataclass(frozen=True)
class Place:
    """The folders of one private cluster, and the user who runs it when we are root."""

    base: Path
    run: Path
    owner: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def log(self) -> Path:
        return self.base / "log"


def find_place() -> Place:
    """The folders of this home's cluster, made if they are missing.

    Errors: ClusterError when a folder cannot be made or belongs to somebody else.
    """
    owner = _owner()
    try:
        desk().mkdir(parents=True, exist_ok=True)
        base = _base(owner)
        run = _socket_dir(base, owner)
        for folder in (base / "log", run):
            _private(folder, owner)
    except OSError as error:
        raise ClusterError(
            f"The folder {error.filename or desk()} cannot be used ({error.strerror}): "
            "run as its owner, or choose another folder with GSPACE_HOME."
        ) from error
    return Place(base, run, owner)


def _owner() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ClusterError("PostgreSQL does not run as root, and there is no user `postgres` here.")


def _note(note: str, folder: Path) -> Path:
    draft = desk() / f"{note}.{os.getpid()}"
    draft.write_text(f"{postgres.home()}\n{folder}\n", "utf-8")
    draft.replace(desk() / note)
    return folder


def _base(owner: pwd.struct_passwd | None) -> Path:
    """The folder above the data: in the home, unless its owner cannot get there (/root is 0700)."""
    base = postgres.noted("base-dir", desk() / "cluster")
    if owner and not base.exists():
        for folder in (postgres.home(), desk()):
            folder.chmod(folder.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
        if not _reachable(desk(), owner):
            base = _note("base-dir", _elsewhere(owner))
    _private(base, owner)
    return base


def _elsewhere(owner: pwd.struct_passwd) -> Path:
    digest = hashlib.sha256(os.fsencode(postgres.home())).hexdigest()[:12]
    base = Path("/var/lib/gspace") / digest
    base.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    print(
        f"The user {owner.pw_name} cannot reach {desk()}: the database is kept in {base}.",
        file=sys.stderr,
    )
    return base


def _reachable(folder: Path, owner: pwd.struct_passwd) -> bool:
    test = ["/usr/bin/test", "-x", str(folder)]
    found = subprocess.run(
        test, user=owner.pw_uid, group=owner.pw_gid, extra_groups=[], cwd="/", check=False
    )
    return found.returncode == 0


def _socket_dir(base: Path, owner: pwd.struct_passwd | None) -> Path:
    """A folder short enough for a socket's name; in /tmp when the home lies too deep."""
    run = base / "run"
    if len(os.fsencode(run)) <= SOCKET_DIR_BYTES:
        return run
    run = postgres.noted("socket-dir", run)
    if run.parent != base and _is_private(run, owner):
        return run
    # A random name that nobody else can have made: /tmp is everybody's.
    return _note("socket-dir", Path(tempfile.mkdtemp(prefix="gspace-", dir="/tmp")))


def _is_private(folder: Path, owner: pwd.struct_passwd | None) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    uid = owner.pw_uid if owner else os.geteuid()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == uid and not found.st_mode & 0o077


def _private(folder: Path, owner: pwd.struct_passwd | None) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _is_private(folder, owner):
        return
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    folder.chmod(0o700)


def write_configuration(place: Place) -> None:
    """Bring the settings of an existing data folder up to date; read by the server at start."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    users = {ADMIN: "admin", postgres.ROLE: "role"}
    names = {pwd.getpwuid(os.geteuid()).pw_name, place.owner.pw_name if place.owner else ""} - {""}
    files = {
        "postgresql.conf": CONFIGURATION.format(
            port=postgres.PORT,
            run=str(place.run).replace("'", "''"),
            log=str(place.log).replace("'", "''"),
            shared_mb=min(512, max(64, memory_mb // 32)),
            cache_mb=max(256, memory_mb // 4),
        ),
        # `peer`: the kernel vouches for who is at the other end of the socket; no password exists.
        "pg_hba.conf": "local all all peer map=gspace\n",
        "pg_ident.conf": "".join(
            f'gspace "{name}" {role}\n' for name in sorted(names) for role in users
        ),
    }
    for name, text in files.items():
        _write(place.data / name, text, place.owner)


def _write(path: Path, text: str, owner: pwd.struct_passwd | None) -> None:
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text, "utf-8")
    draft.chmod(0o600)
    if owner:
        os.chown(draft, owner.pw_uid, owner.pw_gid)
    draft.replace(path)
