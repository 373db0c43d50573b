"""A device's own lane over HTTP; the socket's doorbell says when there is something in it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gspace import access, lane
from gspace.doors import as_json
from gspace.problems import Problem

router = Router(tags=["devices"])


@router.get("/devices/me/changes", summary="Own reports, questions and broadcasts after a position")
def get_own_changes(request: HttpRequest, since: int = 0, limit: int = 1000) -> HttpResponse:
    who = access.device_from_request(request)
    if not 0 <= since < 2**63:
        raise Problem("invalid", "since is a position from 0.", field="since")
    return as_json(lane.changes_text(who, since, limit, request.GET.get("epoch", "")))
