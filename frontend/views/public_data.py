"""`/i/<incident>/data/`: what is published here to be taken on, and the addresses to copy."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from frontend import queries
from frontend.asked import asked_of, for_everybody
from frontend.views.devices import address
from frontend.views.refusals import page
from gspace.models import Incident
from layers import queries as layers
from layers.models import Layer


@cache_control(no_cache=True)
@require_safe
@for_everybody
@page
def public_data(request: HttpRequest, slug: str) -> HttpResponse:
    """The layers that everybody sees, and the snippet to show the list on another site."""
    incident = queries.incident(slug)
    portal = address(request, reverse("public", args=[slug]))
    context = {
        "incident": incident,
        "asked": asked_of(request, incident),
        "layers": layers.summaries(incident, "public"),
        "portal": portal,
        "embed": f"{portal}?embed=1",
        "signage": f"{portal}?signage=1",
    }
    return render(request, "frontend/public_data.html", context)


@cache_control(no_cache=True)
@require_safe
@for_everybody
@page
def public_layer(request: HttpRequest, slug: str, layer_slug: str) -> HttpResponse:
    """One layer: who says it, as of when, what it does not contain, and its addresses."""
    incident = queries.incident(slug)
    layer = queries.public_layer(incident, layer_slug)
    portal = address(request, reverse("public", args=[slug]))
    context = {
        "incident": incident,
        "asked": asked_of(request, incident),
        "layer": layers.summary(layer),
        "addresses": _addresses(request, incident, layer),
        "embed": f"{portal}?embed=1&kind={layer.kind}",
    }
    return render(request, "frontend/public_layer.html", context)


def _addresses(request: HttpRequest, incident: Incident, layer: Layer) -> dict[str, Any]:
    """Absolute addresses by format; those of files in `files`."""
    at = lambda name, *parts: address(request, reverse(name, args=parts))  # noqa: E731
    tiles = address(request, f"/tiles/layers/{layer.slug}.json")
    return {
        "files": [
            ("CSV", at("api:get_csv", layer.slug)),
            ("GeoJSON", at("api:get_geojson", layer.slug)),
            ("GeoPackage", at("api:get_geopackage", layer.slug)),
        ],
        "atom": at("layer_atom", incident.slug, layer.slug),
        "features": at("api:get_features", layer.slug),
        "tiles": tiles,
    }
