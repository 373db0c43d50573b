"""What every page below `/publish/` shares: who may open it, the layer's head, the page's data."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie

from frontend.catalogue import catalogue
from frontend.templatetags.words import DEFAULT_ZONE
from frontend.views.desk import map_settings
from frontend.views.headquarters import to_sign_in
from frontend.views.refusals import page
from gspace import access, vocabulary
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from layers import queries, sight
from layers.models import Layer

View = Callable[..., HttpResponse]
ANY_SLUG = "any-slug"
ANY_NUMBER = 987_654


def publisher(view: View) -> View:
    """Calls view(request, caller, ...) for somebody who publishes for an organisation."""

    @never_cache
    @ensure_csrf_cookie
    @page
    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **rest: Any) -> HttpResponse:
        caller = access.caller_from_request(request)
        if not caller.key:
            return to_sign_in(request, "" if request.method == "GET" else reverse("publish"))
        if not access.publishes(caller):
            raise Problem("not_allowed")
        return view(request, caller, *args, **rest)

    return run


def own_layer(view: View) -> View:
    """Calls view(request, layer, caller, ...) with a layer that is the caller's own to write."""

    @publisher
    @functools.wraps(view)
    def run(request: HttpRequest, caller: Caller, slug: str, **rest: Any) -> HttpResponse:
        layer, _ = queries.layer_for(slug, caller)
        if not sight.is_own(caller, layer.publisher_id):
            raise Problem("not_allowed")
        return view(request, layer, caller, **rest)

    return run


def show(
    request: HttpRequest,
    layer: Layer,
    tab: str,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of a layer inside the frame (frontend/publish_frame.html).

    tab: places, file, history or about. `incident` of the layer gives the zone of the times.
    context: with the summary, where the page has read it already.
    """
    given = {
        "layer": layer,
        "incident": layer.incident,
        "tab": tab,
        "map_settings": map_view(layer),
        **(context or {}),
    }
    if "summary" not in given:
        given["summary"] = queries.summary(layer)
    return render(request, f"frontend/{template}", given, status=status)


def map_view(layer: Layer, extent: list[float] | None = None) -> dict[str, Any]:
    """Settings for django-leaflet's map: opens on the extent, the layer's places, the incident."""
    incident = layer.incident or Incident()
    found = map_settings(incident)
    extent = extent or (layer.published.extent if layer.published else None)
    if extent:
        west, south, east, north = extent
        found |= {"DEFAULT_CENTER": ((south + north) / 2, (west + east) / 2)}
    return found


def page_data(request: HttpRequest, layer: Layer, screen: str, **more: Any) -> dict[str, Any]:
    """What frontend/src/publish/page_data.ts reads; screen: which part of the script runs."""
    language = get_language() or "en"
    return {
        "screen": screen,
        "language": language,
        "time_zone": layer.incident.time_zone if layer.incident else DEFAULT_ZONE,
        "catalogue": catalogue(language),
        "csrf": get_token(request),
        "vocabulary": vocabulary.as_json(),
        "layer": {"slug": layer.slug, "title": layer.title, "kind": layer.kind},
        "urls": urls(layer),
        **more,
    }


def urls(layer: Layer) -> dict[str, str]:
    """Addresses by their names; `{n}` stands for a version's number."""
    version = reverse("api:get_version", args=[layer.slug, ANY_NUMBER])
    shown = reverse("publish_version", args=[layer.slug, ANY_NUMBER])
    return {
        "data": reverse("api:put_data", args=[layer.slug]),
        "features": reverse("api:get_features", args=[layer.slug]),
        "version": version.replace(str(ANY_NUMBER), "{n}"),
        "version_page": shown.replace(str(ANY_NUMBER), "{n}"),
    }
