"""`/m/form/`: a report by one plain form, with or without scripts, through the API's intake."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from frontend import queries
from frontend.phone_form import Arrived, PhoneForm, photos_of
from frontend.views.join import join_page
from frontend.views.refusals import page
from gspace import access, disk, vocabulary
from gspace.access import Caller
from gspace.doors import device_seen
from gspace.problems import CATALOGUE, Problem
from reports import actions

POSITION_FIELDS = ("captured_at", "lon", "lat", "accuracy_m", "fixed_at")
# an id that can never be used again must not come back in the form
SPENT = {"report_unknown", "report_erased"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
def phone_form(request: HttpRequest) -> HttpResponse:
    caller = access.caller_from_request(request)
    if caller.device:
        device_seen(caller.device)
    incidents = queries.reportable(caller)
    if not incidents:
        return join_page(request, caller)
    if request.method == "POST":
        form = PhoneForm(request.POST, incidents=incidents)
        if form.is_valid():
            return _receive(request, form, caller)
    else:
        wanted = request.GET.get("incident", "")
        first = next((i.slug for i in incidents if i.slug == wanted), incidents[0].slug)
        form = PhoneForm(
            initial={"report_id": uuid.uuid4(), "incident": first}, incidents=incidents
        )
    return _form_page(request, form, caller)


def _form_page(
    request: HttpRequest, form: PhoneForm, caller: Caller, problem: Problem | None = None
) -> HttpResponse:
    slug = form["incident"].value()
    spent = form["report_id"].errors or (problem and problem.code in SPENT)
    context = {
        "report_id": uuid.uuid4() if spent else form["report_id"].value(),
        "position_fields": POSITION_FIELDS,
        "form": form,
        "caller": caller,
        "incident": next((i for i in form.incidents if i.slug == slug), form.incidents[0]),
        "categories": vocabulary.codes("category"),
        "severities": vocabulary.codes("severity"),
        "own": queries.own_reports(caller),
        "problem": problem.body() if problem else None,
        "photo_lost": bool(request.FILES),
    }
    refused = problem.status if problem else 422 if form.errors else 200
    return render(request, "frontend/phone.html", context, status=refused)


def _receive(request: HttpRequest, form: PhoneForm, caller: Caller) -> HttpResponse:
    report_id: uuid.UUID = form.cleaned_data["report_id"]
    photos, lost = _photos(request, report_id)
    try:
        actions.report_receive(report_id=report_id, body=form.body(photos), by=caller)
        lost += [reason for photo in photos if (reason := _keep(photo, caller))]
    except Problem as problem:
        if problem.code == "report_differs":
            # the button was pressed again after a change: what came first stays
            return redirect("phone_sent", report_id=report_id)
        return _form_page(request, form, caller, problem)
    finally:
        for photo in photos:
            photo.part.unlink(missing_ok=True)
    query = f"?lost={lost[0]}" if lost else ""
    return redirect(reverse("phone_sent", args=[report_id]) + query)


def _photos(request: HttpRequest, report_id: uuid.UUID) -> tuple[list[Arrived], list[str]]:
    """(photos to keep, problem codes of those that cannot be kept). The words go on in any case."""
    files = request.FILES.getlist("photo")
    if files and disk.is_full():
        return [], ["disk_full"]
    fitting = [f for f in files if (f.size or 0) <= settings.LIMIT_ORIGINAL_BYTES]
    too_large = ["too_large"] * (len(files) - len(fitting))
    return photos_of(report_id, fitting), too_large


def _keep(photo: Arrived, caller: Caller) -> str:
    """Store one photo; the report stays whatever happens to it. The code of the problem, or ""."""
    try:
        row = actions.announced(photo.id, caller)
        actions.photo_store(photo=row, part=photo.part, sha256=photo.sha256, size=photo.size)
    except Problem as problem:
        return problem.code
    return ""


@never_cache
@require_safe
@page
def sent(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    caller = access.caller_from_request(request)
    report = queries.own_report(caller, report_id)
    lost = CATALOGUE.get(request.GET.get("lost", ""))
    context = {
        "report": report,
        "incident": report.incident,
        "caller": caller,
        "lost": _(lost[1]) if lost else "",
    }
    return render(request, "frontend/phone_sent.html", context)
