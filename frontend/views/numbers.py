"""`/hq/<incident>/numbers/`: numbers with their definitions, each a door to its reports."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from frontend import export_form, filter_words, number_figures, shared_numbers, silence
from frontend.catalogue import catalogue
from frontend.desk_links import openable
from frontend.views.desk import urls
from frontend.views.headquarters import at_headquarters
from frontend.views.refusals import page
from gspace import access
from gspace.access import Caller
from gspace.models import Incident
from reports.asking import Asked

# hours back from now: offered to press
RECENT_H = (1, 6, 24)


@never_cache
@require_safe
@page
@at_headquarters()
def numbers_page(request: HttpRequest, incident: Incident, caller: Caller) -> HttpResponse:
    """`part=body` answers the numbers alone: the page's script asks so."""
    own = access.default_area(caller, incident)
    filters = _filters(request, incident, own)
    asked = filters | {"viewer": caller.key}
    of = Asked.now(incident, "hq", asked, request.GET.get("v", ""))
    told = shared_numbers.told(of)
    link = number_figures.links(reverse("hq", args=[incident.slug]), filters, own)
    phones = access.device_organisations(caller, incident)
    context = {
        "incident": incident,
        **number_figures.context(told, link),
        **silence.context(of, own, phones, link, timezone.now()),
    }
    if request.GET.get("part") == "body":
        return render(request, "frontend/_numbers.html", context)
    context |= _choice(filters, incident) | {"page_data": _page_data(request, incident, filters)}
    return render(request, "frontend/numbers.html", context)


def _filters(request: HttpRequest, incident: Incident, own: list[str]) -> dict[str, Any]:
    """Those of the address that the desk knows, too: else a number could not be opened."""
    found = dict(export_form.asked(request.GET, incident, own).filters)
    if number_figures.usual_statuses(found.get("status")):
        del found["status"]
    return openable(found)


def _choice(filters: dict[str, Any], incident: Incident) -> dict[str, Any]:
    others = {n: v for n, v in filters.items() if n not in ("since", "until", "recent")}
    shown = export_form.asked_times(filters, incident)
    return {
        "filtered": filter_words.told(filters, incident, get_language() or "en"),
        "others": others,
        "times": shown,
        "recent": filters.get("recent", ""),
        "spans": [(h, urlencode(others | {"recent": h})) for h in RECENT_H],
        "any_time": urlencode(others),
    }


def _page_data(request: HttpRequest, incident: Incident, filters: dict[str, Any]) -> dict[str, Any]:
    """What frontend/src/numbers/page_data.ts reads. query: of this view, whatever led to it."""
    language = get_language() or "en"
    addresses = urls(incident, request.path)
    return {
        "time_zone": incident.time_zone,
        "language": language,
        "catalogue": catalogue(language),
        "csrf": get_token(request),
        "audience": "hq",
        "query": urlencode(filters),
        "urls": {name: addresses[name] for name in ("state", "changes", "socket", "login")}
        | {"numbers": request.path},
    }
