"""Headquarters' log over HTTP: written line by line, read by whoever works there."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from gspace import access, feed
from gspace.doors import as_json, body_as, incident_of, signed_in
from gspace.wire import Moment, Text, code_of
from reports import actions, log

router = Router(tags=["log"])
Party = Annotated[Text, Field(max_length=120)]


class LogIn(BaseModel):
    """at: when it happened, null = now; corrects: the entry that this one stands for from now on;
    settles: the request that it answers."""

    model_config = ConfigDict(extra="forbid")
    id: uuid.UUID | None = None
    at: Moment | None = None
    sender: Party = ""
    receiver: Party = ""
    kind: Annotated[str, code_of("log_kind")]
    text: Annotated[Text, Field(min_length=1, max_length=4000)]
    report: uuid.UUID | None = None
    corrects: uuid.UUID | None = None
    settles: uuid.UUID | None = None


@router.post("/incidents/{slug}/log", summary="Write in the log (idempotent on id)")
def post_log(request: HttpRequest, slug: str) -> HttpResponse:
    by, incident = signed_in(request), incident_of(slug)
    access.require_hq(by, incident)
    said: LogIn = body_as(LogIn, request)
    entry, created = actions.log_write(
        incident=incident,
        entry_id=said.id,
        at=said.at,
        sender=said.sender,
        receiver=said.receiver,
        kind=said.kind,
        text=said.text,
        report_id=said.report,
        corrects_id=said.corrects,
        settles_id=said.settles,
        by=by,
    )
    answer = as_json(log.one(entry))
    answer.status_code = 201 if created else 200
    return answer


@router.get("/incidents/{slug}/log", summary="The log, newest first; corrected entries stay in it")
def get_log(request: HttpRequest, slug: str) -> HttpResponse:
    incident = incident_of(slug)
    access.require_hq(signed_in(request), incident)
    filters: dict[str, Any] = {n: request.GET[n] for n in log.FILTERS if n in request.GET}
    return as_json(log.page_text(incident, feed.epoch(), filters))
