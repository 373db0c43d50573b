"""`/i/<incident>/`: what everybody may see. Menu and list first; the map comes after them.

The list is a part of its own (`/i/<incident>/list/`), which the page reads again when the feed
rings; a screen in a hall (`?signage=1`) and another site's frame (`?embed=1`) show the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from frontend import nearest, queries, towns
from frontend.asked import Asked, asked_of, for_everybody
from frontend.kept import Kept
from frontend.ruby_pages import with_readings
from frontend.views.desk import ANY_SLUG, map_settings
from frontend.views.devices import address, qr
from frontend.views.refusals import page
from gspace.models import Incident
from layers import links

# lists made for everybody, and for how long they may say "3 min ago" (seconds)
LISTS = Kept(300, 20)
FEW_REPORTS, MANY_REPORTS = 5, 50
LINKS_SHOWN = 8
ON_A_SCREEN = 30
RELEASED_ON_A_SCREEN = 12
# what people need first; the menu leads to the rest, and the map is not a day's scrolling away
LISTED_KINDS = 6
# of the 50 kB that the whole first page may have
MENU_AND_LIST_BYTES = 32_000


@cache_control(no_cache=True)
@require_safe
@for_everybody
@page
def public(request: HttpRequest, slug: str) -> HttpResponse:
    incident = queries.incident(slug)
    asked = asked_of(request, incident)
    if asked.signage:
        return _signage(request, incident, asked)
    context = _frame(request, incident, asked) | _listed(request, incident, asked)
    if context["overview"] and not asked.embed:
        context["map_settings"] = map_settings(incident)
    return render(request, "frontend/public.html", context)


@cache_control(no_cache=True)
@require_safe
@for_everybody
@page
def public_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The list alone, as a part of a page."""
    incident = queries.incident(slug)
    asked = asked_of(request, incident)
    context = {"incident": incident, "asked": asked}
    if asked.signage:
        context |= _on_a_screen(incident, asked)
        return render(request, "frontend/_signage_list.html", context)
    return render(
        request, "frontend/_public_list.html", context | _listed(request, incident, asked)
    )


@cache_control(no_cache=True)
@require_safe
@for_everybody
@page
def public_towns(request: HttpRequest, slug: str) -> HttpResponse:
    """A town picked without a keyboard: first the municipality, then the town."""
    incident = queries.incident(slug)
    asked = asked_of(request, incident)
    inside = towns.municipality(request.GET.get("municipality", ""))
    found = towns.towns_of(inside.code) if inside else towns.municipalities(incident)
    context = _frame(request, incident, asked) | {
        "inside": inside,
        "inside_key": towns.key(inside) if inside else "",
        "places": [(place, towns.key(place)) for place in found],
    }
    return render(request, "frontend/public_towns.html", context)


def _signage(request: HttpRequest, incident: Incident, asked: Asked) -> HttpResponse:
    here = address(request, reverse("public", args=[incident.slug]))
    context = _frame(request, incident, asked) | _on_a_screen(incident, asked)
    context |= {
        "qr": qr(here),
        "link": here,
        "now": timezone.now(),
    }
    return render(request, "frontend/signage.html", context)


def _on_a_screen(incident: Incident, asked: Asked) -> dict[str, Any]:
    """A screen for one kind of place shows nothing else."""
    released = None if asked.kind else queries.released(incident, RELEASED_ON_A_SCREEN)
    return {"places": _places(incident, asked), "released": released}


def _frame(request: HttpRequest, incident: Incident, asked: Asked) -> dict[str, Any]:
    return {
        "incident": incident,
        "asked": asked,
        "near": asked.near,
        "page_data": page_data(request, incident, asked),
    }


def _listed(request: HttpRequest, incident: Incident, asked: Asked) -> dict[str, Any]:
    """One kind in full, all released reports, or the menu and the first of everything."""
    if asked.kind:
        return {"overview": False, "places": _places(incident, asked)}
    if request.GET.get("list") == "reports":
        cursor = request.GET.get("cursor", "")
        return {"overview": False, "all_reports": queries.released(incident, MANY_REPORTS, cursor)}
    found = links.of_incident(incident)
    shown = [link for link in found if link["url"].startswith(("https://", "http://"))]
    every = request.GET.get("list") == "links"
    return {
        "overview": not every,
        "links": shown if every else shown[:LINKS_SHOWN],
        "all_links": len(shown) if every or len(shown) > LINKS_SHOWN else 0,
        "places": "" if every else _places(incident, asked),
        "released": None if every else queries.released(incident, FEW_REPORTS),
    }


def _places(incident: Incident, asked: Asked) -> str:
    """The menu and the places as HTML, made once for all who ask for the same."""
    lon, lat = asked.near.origin(incident)
    language = get_language() or "ja"
    key = (incident.pk, nearest.stand(incident), incident.hazard, language, lon, lat, asked.here,
           asked.near.known, incident.time_zone)  # fmt: skip
    return mark_safe(LISTS.get(key, lambda: _make(incident, asked, lon, lat)))  # noqa: S308


def _make(incident: Incident, asked: Asked, lon: float | None, lat: float | None) -> str:
    context = {"incident": incident, "asked": asked, "near": asked.near}
    if asked.kind and not asked.signage:
        section = nearest.of_kind(incident, asked.kind, lon, lat, asked.page)
        more = section.total > asked.page * nearest.PER_PAGE
        context |= {"sections": [section], "more": more}
        return render_to_string("frontend/_public_places.html", context)
    menu = nearest.menu(incident)
    if asked.signage:
        kinds = [t.kind for t in menu if asked.kind == t.kind or not (asked.kind or t.stateless)]
        context["sections"] = nearest.sections(incident, lon, lat, kinds, ON_A_SCREEN)
        return render_to_string("frontend/_signage_places.html", context)
    kinds = [tile.kind for tile in menu[:LISTED_KINDS]]
    found = nearest.sections(incident, lon, lat, kinds)
    return _fitting(context | {"menu": menu}, found)


def _fitting(context: dict[str, Any], found: list[nearest.Section]) -> str:
    """The menu, and as many of each kind as somebody with one bar of signal can wait for."""
    text = ""
    for per_kind, kinds in ((4, None), (3, None), (2, None), (1, None), (1, 3), (0, 0)):
        shown = [replace(one, items=one.items[:per_kind]) for one in found[:kinds]]
        text = render_to_string("frontend/_public_places.html", context | {"sections": shown})
        # readings are put in later, and are half of a page in やさしい日本語
        if len(with_readings(text).encode()) <= MENU_AND_LIST_BYTES:
            break
    return text


def page_data(request: HttpRequest, incident: Incident, asked: Asked) -> dict[str, Any]:
    """What frontend/src/public/page_data.ts reads. Words and layers follow over the API."""
    features = reverse("api:get_features", args=[ANY_SLUG])
    here = reverse("public_list", args=[incident.slug])
    return {
        "language": get_language() or "ja",
        "time_zone": incident.time_zone,
        "urls": {
            "list": f"{here}?{request.GET.urlencode()}",
            "state": reverse("api:get_state", args=[incident.slug]),
            "reports": reverse("api:get_reports", args=[incident.slug]),
            "changes": reverse("api:get_changes", args=[incident.slug]),
            "socket": f"/ws/incidents/{incident.slug}/",
            "layers": f"{reverse('api:get_layers')}?incident={incident.slug}",
            "features": features.replace(ANY_SLUG, "{slug}"),
            "vocabulary": reverse("api:get_vocabulary"),
            "catalogue": reverse("catalogue"),
        },
    }
