"""`/publish/<layer>/history/`: every version, and the way back to an earlier one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from frontend.views.publish.frame import own_layer, show
from gspace.access import Caller
from layers.models import Layer


@require_safe
@own_layer
def history(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    return show(request, layer, "history", "publish_history.html")


@require_POST
@own_layer
def rollback(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    return redirect("publish_history", layer.slug)
