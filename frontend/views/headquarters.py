"""The doors of `/hq/<incident>/`: who is not signed in is asked to, and comes back to the page."""

from __future__ import annotations

import functools
from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from frontend import queries
from gspace import access
from gspace.problems import Problem

View = Callable[..., HttpResponse]


def at_headquarters(back: str = "") -> Callable[[View], View]:
    """Calls view(request, incident, caller, ...) for somebody of its headquarters.

    back: name of the page to come back to after signing in, where the address only takes a POST.
    """

    def door(view: View) -> View:
        @functools.wraps(view)
        def run(request: HttpRequest, slug: str, **rest: object) -> HttpResponse:
            caller = access.caller_from_request(request)
            incident = queries.incident(slug)
            if not caller.key:
                return to_sign_in(request, reverse(back, args=[slug]) if back else "")
            access.require_hq(caller, incident)
            return view(request, incident, caller, **rest)

        return run

    return door


def at_the_desk(view: View) -> View:
    """Calls view(request, incident, caller, audience) for headquarters and its partners."""

    @functools.wraps(view)
    def run(request: HttpRequest, slug: str) -> HttpResponse:
        caller = access.caller_from_request(request)
        incident = queries.incident(slug)
        audience = access.audience(caller, incident)
        if audience in ("hq", "partner"):
            return view(request, incident, caller, audience)
        if not caller.key:
            return to_sign_in(request)
        raise Problem("not_allowed")

    return run


def to_sign_in(request: HttpRequest, back: str = "") -> HttpResponse:
    """To the login and back, to this very view of the page unless `back` names another."""
    there = back or (request.get_full_path() if request.method in ("GET", "HEAD") else request.path)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': there}, safe='/')}")
