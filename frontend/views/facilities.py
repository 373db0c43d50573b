"""`/hq/<incident>/facilities/`: sheets with a QR code that opens a facility's form on the phone."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from frontend import facilities as rows
from frontend.facilities import Listed
from frontend.views.devices import address, qr
from frontend.views.headquarters import at_headquarters
from frontend.views.refusals import page
from gspace import vocabulary
from gspace.access import Caller
from gspace.checks import is_loopback
from gspace.models import Incident


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
@at_headquarters()
def facilities(request: HttpRequest, incident: Incident, caller: Caller) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    found = _listed(incident, asked)
    if request.method == "POST":
        keys = [row["key"] for row in found.rows] if "all" in asked else asked.getlist("place")
        if places := rows.chosen(incident, keys):
            return _sheets(request, incident, places)
    context = {
        "incident": incident,
        "found": found,
        "kinds": vocabulary.VISITED,
        "kind": _kind(asked),
        "text": _text(asked),
        "here": urlencode({"kind": _kind(asked), "q": _text(asked)}),
        "none_chosen": request.method == "POST",
        "most": settings.LIMIT_FACILITY_SHEETS,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "frontend/facilities.html", context, status=status)


def _sheets(request: HttpRequest, incident: Incident, places: list[dict]) -> HttpResponse:
    for place in places:
        place["link"] = address(request, place["path"])
        place["qr"] = qr(place["link"])
    host = urlsplit(places[0]["link"]).hostname or ""
    context = {"incident": incident, "places": places, "only_here": is_loopback(host)}
    return render(request, "frontend/facility_sheets.html", context)


def _listed(incident: Incident, asked: QueryDict) -> Listed:
    number = asked.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    return rows.listed(incident, _kind(asked), _text(asked), max(page, 1))


def _kind(asked: QueryDict) -> str:
    kind = asked.get("kind", "")
    return kind if kind in vocabulary.VISITED else ""


def _text(asked: QueryDict) -> str:
    return asked.get("q", "").replace("\x00", "").strip()[:60]
