"""Headquarters issues a situation report: numbered, and as it was at that moment."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from gspace import access
from gspace.access import Caller
from gspace.models import Incident
from gspace.transactions import action
from reports.models import Report
from reports.outgoing import SituationItem, SituationReport
from reports.situation_report import Draft


@action
def situation_report_issue(
    *,
    incident: Incident,
    draft: Draft,
    by: Caller,
    report_id: uuid.UUID | None = None,
    now: datetime | None = None,
) -> SituationReport:
    """The next number of this incident. The same report_id again is the same report.

    Raises Problem not_allowed.
    """
    access.require_hq(by, incident)
    # two at once must not both become the same number
    Incident.objects.select_for_update(no_key=True).get(id=incident.id)
    if found := SituationReport.objects.filter(id=report_id, incident=incident).first():
        return found
    last = SituationReport.objects.filter(incident=incident).aggregate(n=Max("number"))["n"]
    paper = SituationReport.objects.create(
        id=report_id or uuid.uuid4(), incident=incident, number=(last or 0) + 1,
        as_of=draft.as_of, issued_at=now or timezone.now(), by_key=by.key, by_name=by.name,
        content=draft.content,
    )  # fmt: skip
    SituationItem.objects.bulk_create(_items(paper, draft))
    return paper


def _items(paper: SituationReport, draft: Draft) -> list[SituationItem]:
    """A row a report: chosen, a mark of the picture, or both; not what was erased meanwhile."""
    said: dict[str, dict[str, Any]] = {f["id"]: dict(f) for f in draft.chosen}
    chosen = set(said)
    for mark in draft.marks:
        said.setdefault(mark["id"], {})["mark"] = mark
    known = Report.objects.filter(id__in=list(said), incident=paper.incident)
    there = {str(ident) for ident in known.values_list("id", flat=True)}
    return [
        SituationItem(paper=paper, report_id=i, ordinal=n, chosen=i in chosen, said=told)
        for n, (i, told) in enumerate(said.items())
        if i in there
    ]
