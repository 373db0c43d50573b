"""How far the reading of a file is, for the people who wait: written apart from its transaction."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from layers import actions

EVERY_S = 1.0
log = logging.getLogger("gspace.layers")


class Progress:
    """step: reading (the child has not said anything yet), checking, storing; done of total rows
    (None: not known yet)."""

    def __init__(self, version_id: int) -> None:
        self.version_id = version_id
        self.ended = threading.Event()
        self.now: tuple[str, int, int | None] = ("reading", 0, None)

    def say(self, step: str, done: int, total: int | None) -> None:
        self.now = (step, done, total)

    def write_on(self) -> None:
        """Once a second until the end, over a connection of this thread's own."""
        written: tuple[str, int, int | None] | None = None
        try:
            while not self.ended.wait(EVERY_S):
                if self.now != written:
                    written = self.now
                    step, done, total = written
                    said = {"step": step, "done": done, "total": total}
                    actions.version_progress(version_id=self.version_id, progress=said)
        except Exception:  # nobody's file is lost for want of a number
            log.exception("the progress of version %s cannot be shown", self.version_id)
        finally:
            connections.close_all()


@contextmanager
def shown(version_id: int) -> Iterator[Progress]:
    progress = Progress(version_id)
    thread = threading.Thread(target=progress.write_on, name="progress", daemon=True)
    thread.start()
    try:
        yield progress
    finally:
        progress.ended.set()
        thread.join()
