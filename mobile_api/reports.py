"""Reports over HTTP: thin handlers over reports.actions and reports.queries."""

from __future__ import annotations

import json
import uuid
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict

from gspace import access
from gspace.access import Caller
from gspace.doors import as_json, body_as, geojson, signed_in
from gspace.problems import Problem
from gspace.wire import Text
from reports import actions, context, queries
from reports.models import Report
from reports.payload import AuthorEdit, HqEdit, ReportIn

router = Router(tags=["reports"])


@router.put("/reports/{uuid:report_id}", summary="Send a report (idempotent)")
def put_report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    received = actions.report_receive(report_id=report_id, body=body_as(ReportIn, request), by=by)
    return geojson(received.feature, status=201 if received.created else 200)


@router.get("/reports/{uuid:report_id}", summary="One report")
def get_report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    by = access.caller_from_request(request)
    audience = _audience(report_id, by)
    return geojson(queries.feature(report_id, audience, by), etag=_etag(report_id))


@router.patch("/reports/{uuid:report_id}", summary="Correct (author) or work on (HQ) a report")
def patch_report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    if "edit_id" in _members(request):
        edit = body_as(AuthorEdit, request)
        report = actions.report_amend(report_id=report_id, edit=edit, by=by)
    else:
        report = actions.report_change(
            report_id=report_id, edit=body_as(HqEdit, request), seen=seen_version(request), by=by
        )
    return _answer(report, by)


@router.post("/reports/{uuid:report_id}/accept", summary="Headquarters has it (idempotent)")
def accept_report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    return _answer(actions.report_accept(report_id=report_id, by=by), by)


class Merge(BaseModel):
    model_config = ConfigDict(extra="forbid")
    into: uuid.UUID


@router.post("/reports/{uuid:report_id}/merge", summary="Mark as duplicate of another report")
def merge_report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    report = actions.report_merge(
        report_id=report_id,
        into=body_as(Merge, request).into,
        seen=seen_version(request),
        by=by,
    )
    return _answer(report, by)


@router.delete(
    "/reports/{uuid:report_id}/merge", summary="Take it out of the report it is merged into"
)
def unmerge_report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    report = actions.report_unmerge(report_id=report_id, seen=seen_version(request), by=by)
    return _answer(report, by)


@router.post("/reports/{uuid:report_id}/undo", summary="Take back the last change")
def undo_report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    report = actions.report_undo(report_id=report_id, seen=seen_version(request), by=by)
    return _answer(report, by)


@router.delete("/reports/{uuid:report_id}", summary="Erase a report for good")
def delete_report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    actions.report_erase(report_id=report_id, by=signed_in(request))
    return HttpResponse(status=204)


class NoteIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: uuid.UUID | None = None
    kind: Literal["note", "question", "answer"] = "note"
    text: Text


@router.post("/reports/{uuid:report_id}/notes", summary="Add a note, a question or an answer")
def post_note(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    said = body_as(NoteIn, request)
    note = actions.note_add(
        report_id=report_id, kind=said.kind, text=said.text, note_id=said.id, by=signed_in(request)
    )
    return as_json(json.dumps(_note(note), default=str, ensure_ascii=False))


@router.get("/reports/{uuid:report_id}/notes", summary="Notes, questions and answers")
def get_notes(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    report = queries.report_for(report_id, by)
    hq = access.audience(by, report.incident) == "hq"
    if not hq and report.author_key != by.key:
        raise Problem("report_unknown")
    found = [_note(note) for note in queries.notes(report, internal=hq)]
    return as_json(json.dumps({"items": found}, default=str, ensure_ascii=False))


@router.get("/reports/{uuid:report_id}/history", summary="Who changed what, from what to what")
def get_history(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    report = queries.report_for(report_id, by)
    access.require_hq(by, report.incident)
    return as_json(json.dumps({"items": queries.history(report)}, default=str, ensure_ascii=False))


@router.get(
    "/reports/{uuid:report_id}/context",
    summary="What was published around it: as it came in, and now",
)
def get_context(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    report = queries.report_for(report_id, by)
    audience = access.audience(by, report.incident)
    if audience not in ("hq", "partner"):
        raise Problem("not_allowed")
    return as_json(json.dumps(context.context(report, audience), ensure_ascii=False))


def seen_version(request: HttpRequest) -> int:
    """The version of If-Match: `"7"`. Raises Problem if_match_missing / invalid."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise Problem("if_match_missing")
    text = header.removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 9:
        raise Problem("invalid", 'If-Match is "<version>".', field="If-Match")
    return int(text)


def _members(request: HttpRequest) -> set[str]:
    from gspace.doors import json_body

    body = json_body(request.body)
    return set(body) if isinstance(body, dict) else set()


def _audience(report_id: uuid.UUID, by: Caller) -> access.Audience:
    """The caller's audience in the report's incident. Raises report_unknown / report_erased."""
    return access.audience(by, queries.report_for(report_id, by).incident)


def _etag(report_id: uuid.UUID) -> str:
    version = Report.objects.filter(id=report_id).values_list("version", flat=True).first()
    return f'"{version}"'


def _answer(report: Report, by: Caller) -> HttpResponse:
    audience = access.audience(by, report.incident)
    return geojson(queries.feature(report.id, audience, by), etag=f'"{report.version}"')


def _note(note: Any) -> dict[str, Any]:
    return {
        "id": note.id,
        "report": note.report_id,
        "kind": note.kind,
        "text": note.text,
        "author": note.author_name,
        "created_at": note.created_at.isoformat(),
    }
