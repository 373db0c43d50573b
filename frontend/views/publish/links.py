"""`/publish/links/`: tiles of the public portal that lead to other people's maps."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from frontend.views.publish.frame import publisher
from gspace.access import Caller
from gspace.problems import Problem


@require_http_methods(["GET", "HEAD", "POST"])
@publisher
def links(request: HttpRequest, caller: Caller) -> HttpResponse:
    return redirect("publish")


@require_POST
@publisher
def link_withdraw(request: HttpRequest, caller: Caller, link_id: uuid.UUID) -> HttpResponse:
    raise Problem("not_found")
