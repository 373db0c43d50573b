"""`/`: the incidents."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from frontend import queries
from gspace import access


@never_cache
def incidents(request: HttpRequest) -> HttpResponse:
    caller = access.caller_from_request(request)
    context = {"cards": queries.cards(caller), "caller": caller}
    return render(request, "frontend/incidents.html", context)
