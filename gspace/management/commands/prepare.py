"""Everything between a checkout and a service that can start: tables, catalogues, files, demo."""

from __future__ import annotations

import os
import subprocess
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

DEMO = "kumamoto-2016"


class Command(BaseCommand):
    help = (
        "Migrates, compiles the translations, collects the static files and, when the database "
        "is new, loads the demo incident. Does nothing that is already done."
    )

    # A second start is to take seconds, and the checks import every page; the web server, which
    # imports them anyway, refuses what is unsafe (gspace/checks.py).
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--no-demo",
            action="store_true",
            default=os.environ.get("GSPACE_DEMO") == "0",
            help="Leave a new database empty (also: GSPACE_DEMO=0).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._migrate()
        self._compile_messages()
        self._collect_static()
        if not options["no_demo"]:
            self._load_demo()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)

    def _compile_messages(self) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                if _changed(source.with_suffix(".mo")) <= _changed(source):
                    self.stdout.write(f"Compiling {source.relative_to(settings.BASE_DIR)}")
                    _msgfmt(source)

    def _collect_static(self) -> None:
        # Written last of all, so it is missing or old when collecting was interrupted.
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        if _changed(manifest) > max(map(_newest, _static_sources())):
            return
        self.stdout.write("Collecting static files")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)

    def _load_demo(self) -> None:
        from gspace.models import Incident

        # The note outlives an interruption: half a demo is loaded again, not taken for a database
        # in use. Loading is idempotent, its reports have fixed ids.
        loading = settings.GSPACE_HOME / "demo-loading"
        if Incident.objects.exists() and not loading.exists():
            return
        if "load_demo" not in get_commands():
            self.stderr.write("There is no demo incident in this checkout: the database is empty.")
            return
        loading.touch()
        self.stdout.write(f"Loading the demo incident {DEMO} (once; it may take a minute)")
        call_command("load_demo")
        loading.unlink()


def _msgfmt(source: Path) -> None:
    """Compile one catalogue. Django's compilemessages would walk into .venv and node_modules."""
    target = source.with_suffix(".mo")
    command = ["msgfmt", "--check-format", f"--output-file={target}", str(source)]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise CommandError("msgfmt is missing: install the package gettext.") from None
    except subprocess.CalledProcessError as error:
        raise CommandError(f"{source} cannot be compiled: {error.stderr.strip()}") from None


def _static_sources() -> list[Path]:
    folders = [Path(d[-1] if isinstance(d, tuple) else d) for d in settings.STATICFILES_DIRS]
    # A new package may bring new files of its own (admin, django-leaflet).
    return [*folders, settings.BASE_DIR / "uv.lock"]


def _newest(path: Path) -> float:
    return max([_changed(path), *(_changed(inner) for inner in path.rglob("*"))])


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
