"""A refusal (gspace.problems) as a page instead of problem+json."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gspace.problems import Problem

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """Let a view raise Problem; the person reads its sentence on a page with the same status."""

    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Problem as problem:
            return refusal(request, problem)

    return run


def refusal(request: HttpRequest, problem: Problem) -> HttpResponse:
    context = {"problem": problem.body(), "signed_out": problem.status in (401, 403)}
    answer = render(request, "frontend/refused.html", context, status=problem.status)
    answer["Cache-Control"] = "no-store"
    return answer
