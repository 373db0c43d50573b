"""Which database this copy of G-space talks to: DATABASE_URL, or the private PostGIS in its home.

Settings import this module, so it imports no Django and touches neither disk nor network beyond
reading one small file. Starting and stopping is in `cluster.py`.
By hand: `python -m gspace.postgres start|stop|status`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, overload
from urllib.parse import parse_qsl, unquote, urlsplit

ROLE = "gspace"
DATABASE = "gspace"
# Names the socket file only: the private cluster listens on no network port. Said explicitly,
# because a PGPORT in the caller's environment would otherwise choose another name.
PORT = "5432"
CHECKOUT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """The folder of everything this copy keeps ($GSPACE_HOME, default `<checkout>/.gspace`)."""
    return Path(os.environ.get("GSPACE_HOME") or CHECKOUT / ".gspace").expanduser().resolve()


def is_external() -> bool:
    """True when DATABASE_URL names a server that is not ours to start or stop."""
    return bool(os.environ.get("DATABASE_URL"))


def desk() -> Path:
    """The folder of locks and notes about the private cluster."""
    return home() / "postgres"


@overload
def noted(note: str) -> Path | None: ...


@overload
def noted(note: str, default: Path) -> Path: ...


def noted(note: str, default: Path | None = None) -> Path | None:
    """A folder outside the home that the cluster was given, as `clusterfiles.py` noted it.

    The note also names the home: in a copied home it would lead to the original's data, so it
    counts only for the home it was made for, or after a move (the old home is gone).
    """
    try:
        made_for, folder = (desk() / note).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return default
    if made_for != str(home()) and Path(made_for).exists():
        return default
    return Path(folder)


def socket_dir() -> Path:
    """Folder of the private cluster's socket; see `cluster.py` for where it lies and why."""
    return noted("socket-dir") or noted("base-dir", desk() / "cluster") / "run"


def connection_settings() -> dict[str, Any]:
    """NAME, USER, PASSWORD, HOST, PORT, OPTIONS as Django's DATABASES wants them.

    Errors: ValueError with one sentence when DATABASE_URL cannot be read.
    """
    if is_external():
        return _from_url(os.environ["DATABASE_URL"])
    return {
        "NAME": DATABASE,
        "USER": ROLE,
        "PASSWORD": "",
        "HOST": str(socket_dir()),
        "PORT": PORT,
        "OPTIONS": {},
    }


def dsn(name: str | None = None) -> str:
    """A libpq connection string (key='value' pairs) for database `name`, or the usual one."""
    known = connection_settings()
    parts = {
        "dbname": name or known["NAME"],
        "user": known["USER"],
        "password": known["PASSWORD"],
        "host": known["HOST"],
        "port": known["PORT"],
        **known["OPTIONS"],
    }
    return " ".join(f"{key}={_quoted(str(value))}" for key, value in parts.items() if value)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql", "postgis"} or not name:
        raise ValueError(
            "DATABASE_URL is not understood: it should read "
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE."
        )
    return {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket folder comes percent-encoded as the host, or as ?host=/folder (as libpq has it).
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }


if __name__ == "__main__":
    from gspace.cluster import command

    sys.exit(command(sys.argv[1:]))
