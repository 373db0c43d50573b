"""`/publish/<layer>/`: the places of a layer as list and map, and their states in turn."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from frontend import own_places
from frontend.own_places import NOT_REPORTED, PER_PAGE, Asked
from frontend.templatetags.words import DEFAULT_ZONE
from frontend.views.publish.frame import own_layer, page_data, show
from gspace import vocabulary
from gspace.access import Caller
from layers import queries
from layers.models import Layer

ANY_FEATURE = "any-feature"
# so many places with their buttons are a page that a phone loads at once
STATES = 25


@require_safe
@own_layer
def places(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    asked = Asked.of(request.GET, layer.kind)
    context = _listed(layer, asked, PER_PAGE) | {
        "withdrawn": own_places.withdrawn(layer),
        "page_data": page_data(
            request, layer, "places", place=place_url(layer), extent=extent_of(layer)
        ),
    }
    return show(request, layer, "places", "publish_places.html", context)


@require_safe
@own_layer
def states(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    """Every place with its buttons, to go through them by telephone; each presses on its own."""
    asked = Asked.of(request.GET, layer.kind)
    context = _listed(layer, asked, STATES) | {"page_data": page_data(request, layer, "states")}
    return show(request, layer, "places", "publish_states.html", context)


def _listed(layer: Layer, asked: Asked, limit: int) -> dict[str, Any]:
    summary = queries.summary(layer)
    return {
        "found": own_places.listed(layer, asked, limit),
        "asked": asked,
        "summary": summary,
        "states": _states(layer, summary["counts"]),
        "only": own_places.only_counts(layer),
    }


def _states(layer: Layer, counts: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """Per state field its codes with the number of places: [{field, codes, counts [(code, n)]}]."""
    return [
        {
            "field": field,
            "codes": codes,
            "counts": [
                (code, counts[field][code])
                for code in (*vocabulary.codes(codes), NOT_REPORTED)
                if code in counts[field]
            ],
        }
        for field, codes in vocabulary.STATES.get(layer.kind, {}).items()
    ]


def place_url(layer: Layer) -> str:
    """Address of a place's page; `{id}` stands for the feature's id."""
    return reverse("publish_place", args=[layer.slug, ANY_FEATURE]).replace(ANY_FEATURE, "{id}")


def extent_of(layer: Layer) -> list[float] | None:
    """West, south, east, north of what has a place."""
    return layer.published.extent if layer.published else None


def zone_of(layer: Layer) -> ZoneInfo:
    return ZoneInfo(layer.incident.time_zone if layer.incident else DEFAULT_ZONE)
