"""To whom headquarters hands reports, over HTTP."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from gspace import access
from gspace.doors import as_json, incident_of, signed_in
from reports.assignees import assignees

router = Router(tags=["teams"])


@router.get("/incidents/{slug}/assignees", summary="Teams, bodies and persons, with open work")
def get_assignees(request: HttpRequest, slug: str) -> HttpResponse:
    by, incident = signed_in(request), incident_of(slug)
    access.require_hq(by, incident)
    found = assignees(incident, by, timezone.now())
    return as_json(json.dumps(found, ensure_ascii=False))
