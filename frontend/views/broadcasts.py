"""`/hq/<incident>/broadcasts/`: headquarters tells every crew something, and sees who read it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from frontend.broadcast_form import TEXTS, BroadcastForm, areas, drawn, drawn_name
from frontend.views.headquarters import at_headquarters
from frontend.views.refusals import page
from gspace import access, actions, vocabulary
from gspace import broadcasts as rows
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem

SHOWN = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
@at_headquarters()
def broadcasts(request: HttpRequest, incident: Incident, caller: Caller) -> HttpResponse:
    choices = areas(incident)
    sent = request.POST if request.method == "POST" else None
    asked = {"template": request.GET.get("text", ""), "within": request.GET.get("within", "")}
    form = BroadcastForm(sent, areas=choices, **asked)
    crews = access.reporting_devices(incident).count()
    if form.is_valid() and _told(incident, form, caller):
        told = ngettext("Told to {n} phone.", "Told to {n} phones.", crews)
        messages.success(request, told.format(n=crews))
        return redirect("broadcasts", slug=incident.slug)
    context = {
        "incident": incident,
        "form": form,
        "ident": uuid.uuid4() if "id" in form.errors else form["id"].value(),
        "crews": crews,
        "areas": choices,
        "drawn": _drawn(form),
        "kinds": vocabulary.codes("broadcast_kind"),
        "texts": TEXTS,
        "told": rows.told(incident, SHOWN),
    }
    return render(request, "frontend/broadcasts.html", context, status=422 if form.errors else 200)


def _told(incident: Incident, form: BroadcastForm, caller: Caller) -> bool:
    """False where this form has told something else already: somebody went back in the browser."""
    try:
        actions.broadcast_create(incident=incident, by=caller, **form.words(get_language() or "ja"))
    except Problem as problem:
        if problem.code != "broadcast_differs":
            raise
        form.add_error("id", _("Something else was sent from this page. Press again to send this."))
        return False
    return True


def _drawn(form: BroadcastForm) -> str:
    """The area from the desk's map in words; "" for none, or one that cannot be read."""
    try:
        within = str(form["within"].value() or "")
        return drawn_name(drawn(within), get_language() or "ja") if within else ""
    except Problem:
        return ""


@never_cache
@require_POST
@page
@at_headquarters("broadcasts")
def broadcast_withdraw(
    request: HttpRequest, incident: Incident, caller: Caller, broadcast_id: uuid.UUID
) -> HttpResponse:
    actions.broadcast_withdraw(broadcast_id=broadcast_id, by=caller)
    messages.success(request, _("It is withdrawn and leaves the phones."))
    return redirect("broadcasts", slug=incident.slug)
