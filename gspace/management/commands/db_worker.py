"""The worker of django-tasks-db, with a clock beside it (gspace.clock)."""

from __future__ import annotations

import os
from typing import Any

from django.utils.autoreload import DJANGO_AUTORELOAD_ENV
from django_tasks_db.management.commands import db_worker

from gspace import clock


class Command(db_worker.Command):
    help = "Run what is queued, and what is due from time to time (settings.CLOCK)"

    def handle(self, *args: Any, **options: Any) -> None:
        watches_files = options["reload"] and os.environ.get(DJANGO_AUTORELOAD_ENV) != "true"
        # a worker of a few queues has enough to do
        has_clock = options["queue_name"] == "*"
        if has_clock and not options["batch"] and not watches_files:
            clock.start()
        super().handle(*args, **options)
