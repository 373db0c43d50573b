"""`/publish/`: the publisher's own layers, and what of them waits for a person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frontend import publishing
from frontend.views.publish.frame import publisher
from gspace.access import Caller


@require_safe
@publisher
def desk(request: HttpRequest, caller: Caller) -> HttpResponse:
    context = {"groups": publishing.groups(caller)}
    return render(request, "frontend/publish.html", context)
