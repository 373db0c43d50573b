"""One change to many reports, over HTTP."""

from __future__ import annotations

import json
import uuid
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field, model_validator

from gspace import access
from gspace.doors import as_json, body_as, incident_of, signed_in
from gspace.wire import Moment, Text, code_of
from reports import actions, queries
from reports.actions.bulk import Outcome
from reports.payload import HqEdit

router = Router(tags=["reports"])


class Version(BaseModel):
    """A report as it was seen."""

    model_config = ConfigDict(extra="forbid")
    id: uuid.UUID
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class BulkChange(BaseModel):
    """What makes sense for many at once; as in HqEdit."""

    model_config = ConfigDict(extra="forbid")
    status: Annotated[str, code_of("status")] = ""
    reason: Annotated[Text | None, Field(max_length=1000)] = None
    severity: Annotated[str, code_of("severity")] = ""
    category: Annotated[str, code_of("category")] = ""
    assigned_to: Annotated[Text | None, Field(max_length=120)] = None
    due_at: Moment | None = None


class BulkIn(BaseModel):
    """Either a change, or undo: take back the last change of each."""

    model_config = ConfigDict(extra="forbid")
    reports: Annotated[list[Version], Field(min_length=1, max_length=settings.LIMIT_BULK)]
    change: BulkChange | None = None
    undo: bool = False

    @model_validator(mode="after")
    def one_thing(self) -> BulkIn:
        if self.undo == bool(self.change and self.change.model_fields_set):
            raise ValueError("Say what to change, or undo.")
        if len({report.id for report in self.reports}) < len(self.reports):
            raise ValueError("Name each report once.")
        return self


@router.post("/incidents/{slug}/reports/bulk", summary="One change to many reports")
def post_bulk(request: HttpRequest, slug: str) -> HttpResponse:
    by, incident = signed_in(request), incident_of(slug)
    access.require_hq(by, incident)
    said: BulkIn = body_as(BulkIn, request)
    seen = {report.id: report.version for report in said.reports}
    if said.undo:
        done = actions.reports_undo(incident=incident, seen=seen, by=by)
    else:
        assert said.change is not None
        edit = HqEdit.model_validate(said.change.model_dump(exclude_unset=True))
        done = actions.reports_change(incident=incident, seen=seen, edit=edit, by=by)
    return as_json(_answer(incident.id, done))


def _answer(incident_id: int, done: Outcome) -> str:
    found = queries.load(incident_id, "hq", [str(ident) for ident in done.changed])
    changed = ",".join(loaded.text for loaded in found.values())
    stale: list[Any] = [{"id": ident, "current": now} for ident, now in done.stale.items()]
    refused = [{"id": ident, **problem.body()} for ident, problem in done.refused.items()]
    return (
        f'{{"changed":[{changed}],'
        f'"stale":{json.dumps(stale, default=str, ensure_ascii=False)},'
        f'"refused":{json.dumps(refused, default=str, ensure_ascii=False)}}}'
    )
