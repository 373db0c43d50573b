"""The only writers of reports: keyword-only, one transaction each, named <entity>_<verb>."""

from __future__ import annotations

from reports.actions.author import report_amend
from reports.actions.desk import note_add, report_change, report_merge, report_undo
from reports.actions.erase import report_erase
from reports.actions.intake import report_receive
from reports.actions.photos import (
    announced,
    original_opened,
    photo_developed,
    photo_store,
    photo_unreadable,
    preview_store,
)

__all__ = [
    "announced",
    "note_add",
    "original_opened",
    "photo_developed",
    "photo_store",
    "photo_unreadable",
    "preview_store",
    "report_amend",
    "report_change",
    "report_erase",
    "report_merge",
    "report_receive",
    "report_undo",
]
