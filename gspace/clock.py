"""What is due from time to time (settings.CLOCK), called in a thread beside the worker's tasks.

A queue has no clock, and a task that enqueues its successor is gone for good after one loss.
Every worker has its own clock: what it calls must stand being called twice at once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils.module_loading import import_string

log = logging.getLogger("gspace.clock")
# A service that has just started has better things to do.
FIRST_AFTER_S = 20.0


def start() -> threading.Thread:
    """Ends with its process: what it calls must stand being cut anywhere."""
    thread = threading.Thread(target=_run, name="clock", daemon=True)
    thread.start()
    return thread


def _run() -> None:
    due = dict.fromkeys(settings.CLOCK, time.monotonic() + FIRST_AFTER_S)
    while due:
        name = min(due, key=lambda key: due[key])
        time.sleep(max(0.0, due[name] - time.monotonic()))
        call(import_string(name))
        due[name] = time.monotonic() + settings.CLOCK[name]


def prune_tasks() -> None:
    """Finished tasks are kept for two days, failed ones for a month: somebody may ask why."""
    call_command(
        "prune_db_task_results",
        queue_name="*",
        min_age_days=2,
        failed_min_age_days=30,
        verbosity=0,
    )


def call(function: Callable[[], Any]) -> None:
    """Call it; a failure costs this one call, never the clock."""
    try:
        function()
    except Exception:
        log.exception("%s failed; it is called again later", function.__qualname__)
    finally:
        connections.close_all()
