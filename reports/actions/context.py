"""What is around a report is noted as it comes in: later nobody could tell what was open then."""

from __future__ import annotations

from datetime import UTC, datetime

from gspace.transactions import action
from reports import context
from reports.models import ReportContext

AT_ONCE = 100


@action
def contexts_take(*, now: datetime | None = None, since: datetime | None = None) -> int:
    """Note the surroundings of reports that came in with a place, or have got one; how many.

    The worker's clock calls it every other second: a report waits for nothing and for nobody. Any
    number may run at once, the first note stays. since: look farther back than
    LIMIT_CONTEXT_HOURS.
    """
    now = now or datetime.now(UTC)
    rows = []
    for report in context.due(now, AT_ONCE, since):
        if where := context.point_of(report):
            near = context.for_both(report.incident, *where)
            rows.append(ReportContext(report=report, at=now, lon=where[0], lat=where[1], near=near))
    ReportContext.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
