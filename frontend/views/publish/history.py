"""`/publish/<layer>/history/`: every version, and the way back to an earlier one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from frontend import versions
from frontend.page_number import whole_number
from frontend.views.publish.frame import own_layer, show
from gspace.access import Caller
from gspace.problems import Problem
from layers import actions
from layers.models import Layer

MOST = 999_999_999


@require_safe
@own_layer
def history(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    page = whole_number(request.GET.get("page"), MOST) or 1
    listed, older = versions.history(layer, page)
    context = {"versions": listed, "older": older, "page": page}
    return show(request, layer, "history", "publish_history.html", context)


@require_POST
@own_layer
def rollback(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    """to: number of an earlier version; seen: the one the page showed as published."""
    seen, to = (whole_number(request.POST.get(name), MOST) for name in ("seen", "to"))
    if seen is None:
        raise Problem("invalid", field="seen")
    done = actions.layer_rollback(layer=layer, by=caller, seen=seen, to=to)
    said = _("Version {n} is public again. What was set by hand stays as it is.")
    messages.success(request, said.format(n=done.number))
    return redirect("publish_history", layer.slug)
