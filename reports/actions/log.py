"""Headquarters writes in its log. Nothing is changed there: a correction is a line of its own."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from gspace import access
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from gspace.transactions import action
from reports.models import LogEntry, Report, Tombstone


@action
def log_write(
    *,
    incident: Incident,
    kind: str,
    text: str,
    by: Caller,
    entry_id: uuid.UUID | None = None,
    at: datetime | None = None,
    sender: str = "",
    receiver: str = "",
    report_id: uuid.UUID | None = None,
    corrects_id: uuid.UUID | None = None,
    settles_id: uuid.UUID | None = None,
    now: datetime | None = None,
) -> tuple[LogEntry, bool]:
    """(line, whether it is new); the same entry_id again is the same line. at: None = now.

    A closed incident's log goes on: what was forgotten is written later, and `written_at` says so.
    Raises Problem: not_allowed, invalid (no words, a time ahead, settles what is no request),
    report_unknown, log_unknown, log_corrected (409), log_differs (409).
    """
    access.require_hq(by, incident)
    if not text.strip():
        raise Problem("invalid", "An entry needs words.", field="text")
    said = {"incident_id": incident.id, "kind": kind, "text": text, "sender": sender,
            "receiver": receiver, "report_id": report_id, "corrects_id": corrects_id,
            "settles_id": settles_id}  # fmt: skip
    if found := LogEntry.objects.filter(id=entry_id).first():
        return _same(found, said, at), False
    now = now or datetime.now(UTC)
    _check_time(at, now)
    _check_report(incident, report_id)
    _check_lines(incident, entry_id, corrects_id, settles_id)
    who = {"by_key": by.key, "by_name": by.name, "at": at or now, "written_at": now}
    found, created = LogEntry.objects.get_or_create(
        id=entry_id or uuid.uuid4(), defaults=said | who
    )
    return _same(found, said, at), created


def _same(found: LogEntry, said: dict[str, Any], at: datetime | None) -> LogEntry:
    if at is not None:
        said = said | {"at": at}
    if any(getattr(found, name) != value for name, value in said.items()):
        raise Problem("log_differs", field="id")
    return found


def _check_time(at: datetime | None, now: datetime) -> None:
    """A slip of the finger would stand at the head of the log until its hour has come."""
    if at is not None and at > now + timedelta(minutes=settings.LIMIT_LOG_AHEAD_MIN):
        raise Problem("invalid", "This time is still to come.", field="at")


def _check_report(incident: Incident, report_id: uuid.UUID | None) -> None:
    """An erased one is still spoken of."""
    if report_id is None:
        return
    if not any(
        kept.objects.filter(id=report_id, incident=incident).exists()
        for kept in (Report, Tombstone)
    ):
        raise Problem("report_unknown")


def _check_lines(
    incident: Incident,
    entry_id: uuid.UUID | None,
    corrects_id: uuid.UUID | None,
    settles_id: uuid.UUID | None,
) -> None:
    if corrects_id:
        _standing(incident, corrects_id, entry_id)
    if settles_id and _standing(incident, settles_id, entry_id).kind != "request":
        raise Problem("invalid", "Only a request can be settled.", field="settles")


def _standing(incident: Incident, wanted: uuid.UUID, entry_id: uuid.UUID | None) -> LogEntry:
    """The line, unless another than entry_id corrects it; locked: of two corrections one waits."""
    rows = LogEntry.objects.select_for_update(no_key=True)
    found = rows.filter(id=wanted, incident=incident).first()
    if found is None:
        raise Problem("log_unknown")
    if LogEntry.objects.filter(corrects=found).exclude(id=entry_id).exists():
        raise Problem("log_corrected")
    return found
