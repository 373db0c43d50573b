"""`/publish/<layer>/versions/<n>/`: what became of a file, before anything is public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from frontend.views.publish.frame import own_layer, page_data, show
from gspace.access import Caller
from layers import queries
from layers.models import Layer


@require_safe
@own_layer
def version(request: HttpRequest, layer: Layer, caller: Caller, number: int) -> HttpResponse:
    found = queries.version_for(layer, number, caller)
    context = {"version": found, "page_data": page_data(request, layer, "version")}
    return show(request, layer, "file", "publish_version.html", context)


@require_POST
@own_layer
def publish(request: HttpRequest, layer: Layer, caller: Caller, number: int) -> HttpResponse:
    return redirect("publish_version", layer.slug, number)


@require_POST
@own_layer
def read(request: HttpRequest, layer: Layer, caller: Caller, number: int) -> HttpResponse:
    return redirect("publish_version", layer.slug, number)
