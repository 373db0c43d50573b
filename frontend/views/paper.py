"""`/i/<incident>/paper/`: an A4 list for a district, for people without a phone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from frontend import paper as sheets
from frontend import queries
from frontend.asked import Asked, asked_of, for_everybody
from frontend.views.devices import address, qr
from frontend.views.refusals import page
from gspace.checks import is_loopback
from gspace.models import Incident

MOST_DISTRICTS = 60


@cache_control(no_cache=True)
@require_safe
@for_everybody
@page
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    incident = queries.incident(slug)
    asked = asked_of(request, incident)
    codes = _words(request, "municipality")[:MOST_DISTRICTS]
    kinds = [kind for kind in sheets.KINDS if kind in _words(request, "kinds")] or [*sheets.KINDS]
    context: dict[str, Any] = {"incident": incident, "asked": asked, "kinds": kinds}
    if not codes:
        districts = sheets.districts(incident, timezone.now())
        there = {row["kind"] for one in districts for row in one.rows}
        context |= {
            "every_kind": [kind for kind in sheets.KINDS if kind in there],
            "districts": districts,
            "nowhere": sheets.NOWHERE,
        }
        return render(request, "frontend/paper.html", context)
    made = sheets.sheets(incident, codes, kinds, timezone.now())
    return render(
        request, "frontend/paper_sheets.html", context | _live(request, incident, asked, made)
    )


def _live(
    request: HttpRequest, incident: Incident, asked: Asked, made: list[sheets.Sheet]
) -> dict[str, Any]:
    """Each sheet with the address of the live list near its district."""
    portal = address(request, reverse("public", args=[incident.slug]))
    found = []
    for sheet in made:
        known = sheet.district.municipality
        lang = f"&lang={asked.lang}" if asked.lang else ""
        link = f"{portal}?town={known.code}{lang}" if known else portal
        found.append((sheet, link, qr(link)))
    return {"sheets": found, "only_here": is_loopback(request.get_host().partition(":")[0])}


def _words(request: HttpRequest, name: str) -> list[str]:
    """`kinds=a,b` and `kinds=a&kinds=b`."""
    texts = ",".join(request.GET.getlist(name)).replace("\x00", "")[:2000].split(",")
    return [text.strip()[:20] for text in texts if text.strip()]
