"""Saved views of the desk over HTTP, and the municipalities that a view is narrowed down to."""

from __future__ import annotations

import json
import uuid
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from gspace import access
from gspace.access import Caller
from gspace.doors import as_json, body_as, incident_of, signed_in
from gspace.models import Incident, Organisation
from gspace.problems import Problem
from gspace.wire import Text
from reports import actions, saved_views
from reports.municipalities import municipalities

router = Router(tags=["views"])


class ViewIn(BaseModel):
    """query: the desk's address after "?". organisation: slug; null = only for the caller."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[Text, Field(min_length=1, max_length=80)]
    query: Annotated[Text, Field(max_length=2000)]
    organisation: Annotated[Text, Field(max_length=60)] | None = None


@router.get("/incidents/{slug}/views", summary="Saved views: the caller's and their organisations'")
def get_views(request: HttpRequest, slug: str) -> HttpResponse:
    by, incident = _at_desk(request, slug)
    return as_json(json.dumps({"items": saved_views.views(incident, by)}, ensure_ascii=False))


@router.get("/incidents/{slug}/municipalities", summary="Municipalities by name, or with reports")
def get_municipalities(
    request: HttpRequest, slug: str, q: str = "", codes: str = ""
) -> HttpResponse:
    by, incident = _at_desk(request, slug)
    found = municipalities(incident, access.audience(by, incident), q[:200], codes[:1_000])
    return as_json(json.dumps({"items": found}, ensure_ascii=False))


@router.put("/incidents/{slug}/views/{uuid:view_id}", summary="Keep a view (idempotent)")
def put_view(request: HttpRequest, slug: str, view_id: uuid.UUID) -> HttpResponse:
    by, incident = _at_desk(request, slug)
    said: ViewIn = body_as(ViewIn, request)
    view, created = actions.view_save(
        incident=incident,
        view_id=view_id,
        name=said.name,
        query=said.query,
        organisation=_organisation(said.organisation),
        by=by,
    )
    answer = as_json(json.dumps(saved_views.told(view, by), ensure_ascii=False))
    answer.status_code = 201 if created else 200
    return answer


@router.delete("/incidents/{slug}/views/{uuid:view_id}", summary="Keep it no longer")
def delete_view(request: HttpRequest, slug: str, view_id: uuid.UUID) -> HttpResponse:
    by, _ = _at_desk(request, slug)
    actions.view_remove(view_id=view_id, by=by)
    return HttpResponse(status=204)


def _at_desk(request: HttpRequest, slug: str) -> tuple[Caller, Incident]:
    by, incident = signed_in(request), incident_of(slug)
    if access.audience(by, incident) not in ("hq", "partner"):
        raise Problem("not_allowed")
    return by, incident


def _organisation(slug: str | None) -> Organisation | None:
    if slug is None:
        return None
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise Problem("not_allowed")
    return found
