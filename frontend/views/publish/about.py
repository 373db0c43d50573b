"""`/publish/<layer>/about/`: a layer is described anew, withdrawn and put back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from frontend.layer_form import DescribeForm
from frontend.views.publish.frame import own_layer, show
from gspace.access import Caller
from layers import actions
from layers.models import Layer


@require_http_methods(["GET", "HEAD", "POST"])
@own_layer
def about(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    form = DescribeForm(request.POST if request.method == "POST" else None, layer=layer)
    if form.is_valid():
        actions.layer_change(layer=layer, by=caller, **form.describing())
        messages.success(request, _("Saved. Every map and list says it so from now on."))
        return redirect("publish_about", layer.slug)
    status = 422 if form.errors else 200
    return show(request, layer, "about", "publish_about.html", {"form": form}, status=status)


@require_POST
@own_layer
def withdraw(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    actions.layer_withdraw(layer=layer, by=caller)
    messages.success(request, _("The layer is on no map any more. Nothing is lost."))
    return redirect("publish_about", layer.slug)


@require_POST
@own_layer
def restore(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    actions.layer_restore(layer=layer, by=caller)
    messages.success(request, _("The layer is back on the maps."))
    return redirect("publish_about", layer.slug)
