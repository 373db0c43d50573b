"""What the rules of the random machine (tests/test_changes_stateful.py) have in common."""

from __future__ import annotations

import uuid
from typing import Any

from hypothesis.stateful import Bundle, RuleBasedStateMachine

from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from layers.models import Layer
from reports import actions
from reports.models import Report
from reports.payload import HqEdit


class Acting(RuleBasedStateMachine):
    """Headquarters (hq), a crew, a volunteer and a publisher, in one incident."""

    reports = Bundle("reports")
    incident: Incident
    hq: Caller
    crew: Caller
    volunteer: Caller
    layer: Layer
    publisher: Caller

    def attempt(self, act: Any, **given: Any) -> Any:
        try:
            return act(**given)
        except Problem as problem:
            # a step that the rules of the house forbid just now changes nothing: that is the point
            assert problem.status in (404, 409, 410, 412, 422), problem.code
            return None

    def seen(self, report: uuid.UUID) -> int:
        found = Report.objects.filter(id=report).values_list("version", flat=True).first()
        return found or 0

    def change(self, report: uuid.UUID, **edit: Any) -> None:
        self.attempt(actions.report_change, report_id=report, edit=HqEdit(**edit),
                     seen=self.seen(report), by=self.hq)  # fmt: skip

    def author(self, report: uuid.UUID) -> Caller:
        key = Report.objects.filter(id=report).values_list("author_key", flat=True).first()
        return self.crew if key == self.crew.key else self.volunteer
