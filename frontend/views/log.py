"""`/hq/<incident>/log/`: headquarters' log, written and read; `handover/`: for the next shift."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from frontend import log_form, log_lines
from frontend.catalogue import catalogue
from frontend.log_form import LogForm
from frontend.log_lines import Line
from frontend.views.desk import urls
from frontend.views.headquarters import at_headquarters
from frontend.views.refusals import page
from gspace import access, vocabulary
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from reports import actions, log
from reports import queries as reports
from reports.handover import handover as handed_over

# how long ago a shift may have begun: offered to press
SHIFTS_H = (4, 8, 12, 24)
SHIFT_H = 8


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
@at_headquarters()
def log_page(request: HttpRequest, incident: Incident, caller: Caller) -> HttpResponse:
    """`part=form` and `part=list` answer that part alone: the page's script and the desk ask so."""
    part = (request.POST or request.GET).get("part", "")
    if request.method == "POST":
        form = LogForm(request.POST, incident=incident, first={})
        if form.is_valid() and _written(incident, form, caller):
            if part != "form":
                messages.success(request, _("Written in the log."))
                return redirect("log", slug=incident.slug)
            fresh = LogForm(incident=incident, first=log_form.blank(incident))
            return _form(request, incident, fresh, 201)
        if part == "form":
            return _form(request, incident, form, 422)
        return _page(request, incident, form, 422)
    if part == "list":
        return render(request, "frontend/_log_list.html", _listed(request, incident))
    form = LogForm(incident=incident, first=_first(request, incident))
    return _form(request, incident, form) if part == "form" else _page(request, incident, form)


def _written(incident: Incident, form: LogForm, caller: Caller) -> bool:
    """False where it was refused for a reason that the form can show."""
    try:
        actions.log_write(incident=incident, by=caller, **form.words())
    except Problem as problem:
        if problem.code == "log_differs":
            words = _("Something else was written from this form. Press again to write this.")
            form.add_error("id", words)
        elif problem.code in ("log_corrected", "log_unknown"):
            form.add_error("corrects" if form.cleaned_data["corrects"] else "settles",
                           problem.body()["title"])  # fmt: skip
        elif problem.field == "at":
            form.add_error("at", _("This time is still to come."))
        else:
            raise
        return False
    return True


def _first(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """What the form begins with: `about` a report, `corrects` or `settles` a line, or nothing."""
    if about := request.GET.get("about"):
        found = reports.report_for(_uuid(about), access.caller_from_request(request))
        if found.incident_id != incident.id:
            raise Problem("report_unknown")
        return log_form.about_report(incident, found)
    for name, begin in (("corrects", log_form.correcting), ("settles", log_form.settling)):
        if ident := request.GET.get(name):
            return begin(incident, log.line(incident, _uuid(ident)))
    return log_form.blank(incident)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Problem("not_found") from None


def _page(
    request: HttpRequest, incident: Incident, form: LogForm, status: int = 200
) -> HttpResponse:
    context = (
        _listed(request, incident)
        | _fields(incident, form)
        | {
            "page_data": _page_data(request, incident),
            "kinds": vocabulary.codes("log_kind"),
        }
    )
    return render(request, "frontend/log.html", context, status=status)


def _form(
    request: HttpRequest, incident: Incident, form: LogForm, status: int = 200
) -> HttpResponse:
    return render(request, "frontend/_log_form.html", _fields(incident, form), status=status)


def _fields(incident: Incident, form: LogForm) -> dict[str, Any]:
    return {
        "incident": incident,
        "form": form,
        "ident": uuid.uuid4() if "id" in form.errors else form["id"].value(),
        "kinds": vocabulary.codes("log_kind"),
        "parties": log.parties(incident),
        "earlier": _earlier(incident, form),
    }


def _earlier(incident: Incident, form: LogForm) -> Line | None:
    """The line that this one will correct or settle, to be seen while writing."""
    ident = form["corrects"].value() or form["settles"].value()
    try:
        said = log.line(incident, uuid.UUID(str(ident)))
    except (ValueError, Problem):
        return None
    return log_lines.lines([said], ZoneInfo(incident.time_zone))[0]


def _listed(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    found = log_lines.listed(incident, request.GET)
    kept = {name: value for name, value in found.asked.items() if name != "cursor"}
    return {
        "incident": incident,
        "found": found,
        "asked": found.asked,
        "older": urlencode(kept | {"cursor": found.more}) if found.more else "",
        "as_of": timezone.now(),
    }


def _page_data(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """What frontend/src/log/page_data.ts reads."""
    language = get_language() or "en"
    addresses = urls(incident, request.path)
    return {
        "time_zone": incident.time_zone,
        "language": language,
        "catalogue": catalogue(language),
        "csrf": get_token(request),
        "audience": "hq",
        "urls": {name: addresses[name] for name in ("state", "changes", "socket", "log", "login")},
    }


@never_cache
@require_safe
@page
@at_headquarters()
def handover(request: HttpRequest, incident: Incident, caller: Caller) -> HttpResponse:
    now = timezone.now()
    since = now - timedelta(hours=SHIFT_H)
    if asked := request.GET.get("since", "").strip():
        try:
            since = log_form.local_time(asked, incident)
        except ValueError:
            raise Problem("invalid", _("A date and time is expected."), field="since") from None
    found = handed_over(incident, since, now)
    zone = ZoneInfo(incident.time_zone)
    context = {
        "incident": incident,
        "caller": caller,
        "found": found,
        "since": log_form.as_local(since, incident),
        "open_requests": log_lines.lines(found.open_requests, zone),
        "decided": log_lines.lines(found.decided, zone),
        "shifts": [(h, log_form.as_local(now - timedelta(hours=h), incident)) for h in SHIFTS_H],
    }
    return render(request, "frontend/log_handover.html", context)
