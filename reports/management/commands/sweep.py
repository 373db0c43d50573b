"""`manage.py sweep`: one round of the sweeper, now; the worker does the same every ten minutes."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from reports import sweeper


class Command(BaseCommand):
    help = (
        "Ends uploads that nobody goes on with, puts files that no row names into the trash, "
        "empties it, and develops photos again whose task was lost. Prints how many of each."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(asdict(sweeper.sweep())))
