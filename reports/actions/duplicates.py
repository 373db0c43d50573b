"""Headquarters says whether two reports are one: out of a merge again, and known to be two."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pghistory

from gspace import access
from gspace.access import Caller
from gspace.problems import Problem
from gspace.transactions import action
from reports import queries, release
from reports.actions.desk import for_hq, same_version
from reports.actions.release import settle
from reports.models import Distinct, Report


def report_unmerge(
    *, report_id: uuid.UUID, seen: int, by: Caller, now: datetime | None = None
) -> Report:
    """A merged report stands for itself again, with the status it had; whatever came in between.

    Raises Problem: report_unknown / report_erased, not_allowed, version_stale (412),
    transition_invalid when it is merged into nothing.
    """
    with pghistory.context(key=by.key, name=by.name, at=str(now) if now else None):
        return _unmerge(report_id=report_id, seen=seen, by=by)


@action
def _unmerge(*, report_id: uuid.UUID, seen: int, by: Caller) -> Report:
    from reports.models import ReportEvent  # type: ignore[attr-defined]

    report = for_hq(report_id, by)
    same_version(report, seen)
    if report.status != "duplicate":
        raise Problem("transition_invalid", "It is merged into nothing.")
    before = ReportEvent.objects.filter(pgh_obj_id=report.id).exclude(status="duplicate")
    event = before.order_by("-pgh_id").first()
    report.status, report.merged_into = (event.status if event else "received"), None
    by_rule = event is not None and event.release_how == "rule"
    settle(report, None if by_rule else release.rule_for(report))
    report.version += 1
    report.save()
    return report


@action
def report_distinguish(
    *, report_id: uuid.UUID, other: uuid.UUID, by: Caller, now: datetime | None = None
) -> None:
    """The two are two: they are not suggested to be one again. Again is harmless.

    Raises Problem: report_unknown / report_erased, not_allowed, transition_invalid (of another
    incident, or the same report).
    """
    first, second = _pair(report_id, other, by)
    said = {"by_key": by.key, "by_name": by.name, "at": now or datetime.now(UTC)}
    Distinct.objects.get_or_create(first_id=first, second_id=second, defaults=said)


@action
def report_confuse(*, report_id: uuid.UUID, other: uuid.UUID, by: Caller) -> None:
    """Take back report_distinguish. Raises Problem as it does."""
    first, second = _pair(report_id, other, by)
    Distinct.objects.filter(first_id=first, second_id=second).delete()


def _pair(report_id: uuid.UUID, other: uuid.UUID, by: Caller) -> list[uuid.UUID]:
    """Both ids in order, once it is sure that they are two of one incident that `by` works on."""
    report = queries.report_for(report_id, by)
    access.require_hq(by, report.incident)
    if report_id == other:
        raise Problem("transition_invalid", "A report is not two.", field="other")
    ids = sorted([report_id, other])
    # locked, so that neither is erased before the row about both is there
    rows = Report.objects.select_for_update(no_key=True).filter(id__in=ids).order_by("id")
    if [row.incident_id for row in rows] != [report.incident_id] * 2:
        raise Problem("transition_invalid", "Not a report of this incident.", field="other")
    return ids
