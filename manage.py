#!/usr/bin/env python3
"""Every operator's command. Finds the checkout's Python environment and the private database."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent
VENV = CHECKOUT / ".venv"
# These read no table, so they need not wait for a database.
WITHOUT_DATABASE = {
    "help", "version", "check", "collectstatic", "compilemessages", "makemessages", "diffsettings",
}  # fmt: skip
# The worker lives under the limits of a request; other commands may take as long as they take.
UNDER_LIMITS = {"db_worker"}
NO_LIMITS = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0"


def main() -> None:
    _enter_environment()
    sys.path.insert(0, str(CHECKOUT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gspace.settings")
    # Before Django: it would load libgdal without the wheels' own GEOS and PROJ.
    from gspace import native  # noqa: F401
    from gspace.cluster import ClusterError, using

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in UNDER_LIMITS:
        os.environ.setdefault("PGOPTIONS", NO_LIMITS)
    try:
        if command in WITHOUT_DATABASE or command.startswith("-"):
            _execute()
            return
        with using():
            _execute()
    except ClusterError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _execute() -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def _enter_environment() -> None:
    """Start again under the checkout's own Python, whichever one was called."""
    python = VENV / "bin" / "python"
    if python.exists() and Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(python, [str(python), str(Path(__file__).resolve()), *sys.argv[1:]])
    try:
        import django  # noqa: F401
    except ImportError:
        sys.exit(f"The Python environment {VENV} is not there yet: run `make setup` once.")


if __name__ == "__main__":
    main()
