"""`/publish/<layer>/`: the places of a layer, their states, and their edits by hand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend.views.publish.frame import own_layer, page_data, show
from gspace.access import Caller
from gspace.problems import Problem
from layers.models import Layer


@require_safe
@own_layer
def places(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    context = {"page_data": page_data(request, layer, "places")}
    return show(request, layer, "places", "publish_places.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_layer
def states(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    return redirect("publish_layer", layer.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@own_layer
def place_new(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    return redirect("publish_layer", layer.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@own_layer
def place(request: HttpRequest, layer: Layer, caller: Caller, feature_id: str) -> HttpResponse:
    return redirect("publish_layer", layer.slug)


@require_POST
@own_layer
def edit_undo(request: HttpRequest, layer: Layer, caller: Caller, edit_id: int) -> HttpResponse:
    raise Problem("not_found")
