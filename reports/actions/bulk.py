"""Headquarters does one thing to many reports. Each is a change of its own: one that somebody else
has changed meanwhile stays as it is and is named, the others go through."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gspace import access
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from reports import queries
from reports.actions.desk import report_change, report_undo
from reports.models import Report
from reports.payload import HqEdit


@dataclass
class Outcome:
    """What became of each; stale: with the feature as it is now, refused: with the reason."""

    changed: list[uuid.UUID] = field(default_factory=list)
    stale: dict[uuid.UUID, Any] = field(default_factory=dict)
    refused: dict[uuid.UUID, Problem] = field(default_factory=dict)


def reports_change(
    *, incident: Incident, seen: Mapping[uuid.UUID, int], edit: HqEdit, by: Caller
) -> Outcome:
    """Apply one edit to the versions seen. Raises Problem not_allowed."""

    def change(report_id: uuid.UUID, version: int) -> Report:
        return report_change(report_id=report_id, edit=edit, seen=version, by=by)

    return _each(incident, seen, by, change)


def reports_undo(*, incident: Incident, seen: Mapping[uuid.UUID, int], by: Caller) -> Outcome:
    """Take back the last change of each, if it is still the last. Raises Problem not_allowed."""

    def undo(report_id: uuid.UUID, version: int) -> Report:
        return report_undo(report_id=report_id, seen=version, by=by)

    return _each(incident, seen, by, undo)


def _each(
    incident: Incident,
    seen: Mapping[uuid.UUID, int],
    by: Caller,
    act: Callable[[uuid.UUID, int], Report],
) -> Outcome:
    access.require_hq(by, incident)
    known = Report.objects.filter(id__in=list(seen), incident=incident)
    here = set(known.values_list("id", flat=True))
    done = Outcome()
    for report_id, version in seen.items():
        try:
            if report_id not in here:
                raise queries.missing(report_id, by)
            act(report_id, version)
            done.changed.append(report_id)
        except Problem as problem:
            if problem.code == "version_stale":
                done.stale[report_id] = problem.more["current"]
            else:
                done.refused[report_id] = problem
    return done
