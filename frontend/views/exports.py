"""`/hq/<incident>/exports/`: files of the reports to take away, and how far they are."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from frontend import export_form as form
from frontend import filter_words
from frontend.catalogue import catalogue
from frontend.views.headquarters import at_headquarters
from frontend.views.refusals import page
from gspace import access, vocabulary
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from reports import actions
from reports import exports as rows


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
@at_headquarters()
def exports(request: HttpRequest, incident: Incident, caller: Caller) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    asked = form.asked(given, incident, access.default_area(caller, incident))
    problem = _made(incident, asked, caller, given) if request.method == "POST" else None
    if request.method == "POST" and problem is None:
        messages.success(request, _("The file is being made. You may leave this page."))
        return redirect("exports", slug=incident.slug)
    language = get_language() or "en"
    context = {
        "incident": incident,
        "asked": asked,
        "problem": problem.body() if problem else None,
        "kinds": form.KINDS,
        "photos": form.PHOTOS,
        "codes": {name: vocabulary.codes(name) for name in form.LISTS},
        "others": filter_words.told(asked.others, incident, language),
        "made": [_row(export, incident, language) for export in rows.recent(incident)],
        "hours": settings.LIMIT_EXPORT_HOURS,
        "page_data": {
            "language": language,
            "catalogue": catalogue(language),
            "urls": {"exports": reverse("api:get_exports", args=[incident.slug])},
        },
    }
    return render(request, "frontend/exports.html", context, status=422 if problem else 200)


def _made(incident: Incident, asked: form.Asked, caller: Caller, given: object) -> Problem | None:
    """None when it is on its way."""
    if "kind" not in given:  # type: ignore[operator]
        return Problem("invalid", _("Choose what kind of file you need."), field="kind")
    try:
        actions.export_create(
            incident=incident, kind=asked.kind, filters=asked.filters, photos=asked.photos,
            language=get_language() or "ja", by=caller,
        )  # fmt: skip
    except Problem as problem:
        if problem.status not in (422, 429):
            raise
        return problem
    return None


def _row(export: rows.Export, incident: Incident, language: str) -> dict[str, object]:
    """An export as its line on the page shows it."""
    kinds = {code: name for code, name, _whom in form.KINDS}
    return {
        "export": export,
        "kind": kinds[export.kind],
        "state": form.STATES[export.state],
        "reason": form.REASONS.get(export.reason, ""),
        "filters": filter_words.told(export.filters, incident, language),
        "running": export.state in ("waiting", "working"),
        "openings": list(export.openings.all()),
    }


@never_cache
@require_POST
@page
@at_headquarters("exports")
def export_cancel(
    request: HttpRequest, incident: Incident, caller: Caller, export_id: uuid.UUID
) -> HttpResponse:
    found = actions.export_cancel(export_id=export_id, by=caller)
    done = _("It is cancelled.") if found.state == "cancelled" else _("The file is removed.")
    messages.success(request, done)
    return redirect("exports", slug=incident.slug)
