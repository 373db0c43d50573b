"""`/i/<incident>/`: what everybody may see. A list first; the map comes after it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from frontend import nearest, queries
from frontend.views.desk import ANY_SLUG, map_settings
from frontend.views.refusals import page
from gspace.models import Incident, Municipality, Place
from gspace.problems import Problem


@dataclass(frozen=True)
class Near:
    """From where distances count. place: the named place that was searched; text: as typed."""

    lon: float | None = None
    lat: float | None = None
    place: Municipality | Place | None = None
    text: str = ""

    @property
    def known(self) -> bool:
        """True when it is the person's own choice and not the middle of the incident."""
        return self.place is not None or (self.lon is not None and not self.text)

    def query(self) -> dict[str, str]:
        if self.text:
            return {"place": self.text}
        return {"near": f"{self.lon:.4f},{self.lat:.4f}"} if self.lon is not None else {}


@cache_control(no_cache=True)
@require_safe
@page
def public(request: HttpRequest, slug: str) -> HttpResponse:
    incident = queries.incident(slug)
    near = near_of(request, incident)
    lon, lat = _origin(near, incident)
    context = _list(request, incident, lon, lat) | {
        "incident": incident,
        "near": near,
        "near_query": urlencode(near.query()),
    }
    return render(request, "frontend/public.html", context)


def _list(
    request: HttpRequest, incident: Incident, lon: float | None, lat: float | None
) -> dict[str, Any]:
    """One kind in full, all released reports, or the first of everything."""
    number = _number(request.GET.get("page"))
    if kind := request.GET.get("kind"):
        if kind not in nearest.KINDS:
            raise Problem("not_found")
        section = nearest.of_kind(incident, kind, lon, lat, number)
        more = section.total > number * nearest.PER_PAGE
        return {"kind": kind, "sections": [section], "page": number, "more": more}
    if request.GET.get("list") == "reports":
        return {"all_reports": queries.released(incident, 50, request.GET.get("cursor", ""))}
    return {
        "overview": True,
        "sections": nearest.sections(incident, lon, lat),
        "released": queries.released(incident, 10),
        "map_settings": map_settings(incident),
        "page_data": page_data(incident),
    }


def page_data(incident: Incident) -> dict[str, Any]:
    """What frontend/src/public/page_data.ts reads. Words and layers follow over the API."""
    features = reverse("api:get_features", args=[ANY_SLUG])
    return {
        "language": get_language() or "ja",
        "time_zone": incident.time_zone,
        "urls": {
            "reports": reverse("api:get_reports", args=[incident.slug]),
            "changes": reverse("api:get_changes", args=[incident.slug]),
            "layers": f"{reverse('api:get_layers')}?incident={incident.slug}",
            "features": features.replace(ANY_SLUG, "{slug}"),
            "vocabulary": reverse("api:get_vocabulary"),
            "catalogue": reverse("catalogue"),
        },
    }


def near_of(request: HttpRequest, incident: Incident) -> Near:
    """`near=lon,lat` (from the device) or `place=words` (typed); anything else is nothing."""
    if text := request.GET.get("place", "").replace("\x00", "").strip()[:60]:
        place = queries.find_place(text, incident)
        if place is None:
            return Near(text=text)
        return Near(place.location.x, place.location.y, place, text)
    try:
        lon, lat = (float(part) for part in request.GET.get("near", "").split(","))
    except ValueError:
        return Near()
    inside = math.isfinite(lon + lat) and abs(lon) <= 180 and abs(lat) <= 90
    return Near(lon, lat) if inside else Near()


def _origin(near: Near, incident: Incident) -> tuple[float | None, float | None]:
    if near.lon is None and incident.centre is not None:
        return incident.centre.x, incident.centre.y
    return near.lon, near.lat


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and 0 < int(text) < 10_000 else 1
