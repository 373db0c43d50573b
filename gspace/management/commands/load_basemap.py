"""Load the built-in offline basemap (in place of the one loaded before)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gspace import basemap

BUILT_IN = settings.BASE_DIR / "fixtures" / "basemap"


class Command(BaseCommand):
    help = "Load the built-in offline basemap, or FILEs of the same form in its place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        files = options["files"] or sorted(BUILT_IN.glob("*.tsv"))
        try:
            counts = basemap.shapes_load(files=files)
        except (ValueError, OSError) as error:
            raise CommandError(f"The basemap was left as it is: {error}") from error
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count} shapes")
