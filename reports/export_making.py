"""An export under way: what it is made of, how far it is, whether anybody still wants it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils import timezone

from gspace import disk
from reports import actions
from reports.export_rows import ROWS_AT_ONCE, Feature, Speaker, View
from reports.outgoing import Export


class Cancelled(Exception):
    """Nobody wants it any more."""


class Refused(Exception):
    """It cannot be made; the argument is a code (frontend.export_words)."""


@dataclass
class Making:
    """An export under way. path: of the unfinished file."""

    export: Export
    path: Path
    done: int = 0
    view: View = field(init=False)
    speaker: Speaker = field(init=False)

    def __post_init__(self) -> None:
        self.view = View(self.export)
        self.speaker = Speaker(self.export.language, self.view.zone)

    def step(self, count: int = 1) -> None:
        """So much more is written. Raises Cancelled."""
        before, self.done = self.done // ROWS_AT_ONCE, self.done + count
        if self.done // ROWS_AT_ONCE != before:
            self.tell()

    def tell(self, total: int | None = None) -> None:
        if not actions.export_progress(export_id=self.export.id, done=self.done, total=total):
            raise Cancelled
        if disk.is_full():
            raise Refused("disk_full")

    def features(self) -> Iterator[Feature]:
        for feature in self.view.features():
            yield feature
            self.step()


def about(making: Making) -> dict[str, Any]:
    """What every file says of itself: whose, what of, as of when; and that a drill is one."""
    export = making.export
    incident = export.incident
    return {
        "title": incident.name,
        "incident": incident.slug,
        "as_of": timezone.localtime(export.as_of, making.view.zone).isoformat(timespec="seconds"),
        "filters": export.filters,
        "audience": "hq",
        "not_real": incident.demo or incident.state == "drill",
    }
