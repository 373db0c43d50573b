"""`/m/join/<code>`: this browser joins with an invitation, with or without scripts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from frontend.views.refusals import page
from gspace import access, device_cookie, joining, tries
from gspace.access import Caller
from gspace.problems import Problem


def join_page(
    request: HttpRequest,
    caller: Caller,
    *,
    code: str = "",
    label: str = "",
    problem: Problem | None = None,
) -> HttpResponse:
    """code: what to join with, "" when there is none (any more)."""
    told = problem.body() if problem else None
    context = {"caller": caller, "code": code, "label": label, "problem": told}
    return render(request, "frontend/join.html", context, status=problem.status if problem else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
def join(request: HttpRequest, code: str) -> HttpResponse:
    """The token lives in an HttpOnly cookie; the app fetches a key of its own with it."""
    caller = access.caller_from_request(request)
    if request.method != "POST":
        return join_page(request, caller, code=code)
    label = request.POST.get("label", "").strip()
    if not label or "\x00" in label:
        problem = Problem("invalid", _("Enter your name or unit."), field="label")
        return join_page(request, caller, code=code, problem=problem)
    try:
        _device, token = joining.join(code=code, label=label, address=tries.address(request))
    except Problem as problem:
        # after too many tries the code may still be right: it stays on the page
        again = code if problem.code == "too_many_tries" else ""
        return join_page(request, caller, code=again, label=label, problem=problem)
    answer = redirect("phone")
    device_cookie.put(answer, token)
    return answer
