"""`/publish/new/`: what describes a layer is asked once, before its first file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from frontend import publishing
from frontend.layer_form import LayerForm
from frontend.views.publish.frame import publisher
from gspace import vocabulary
from gspace.access import Caller
from gspace.problems import Problem
from layers import actions


@require_http_methods(["GET", "HEAD", "POST"])
@publisher
def layer_new(request: HttpRequest, caller: Caller) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = LayerForm(
        sent,
        publishers=publishing.publishers(caller),
        incidents=publishing.incidents(caller),
        kind=request.GET.get("kind", ""),
    )
    if form.is_valid():
        try:
            layer = actions.layer_create(by=caller, **form.words())
            return redirect("publish_file", layer.slug)
        except Problem as problem:
            form.refuse(problem)
    context = {"form": form, "kinds": vocabulary.codes("layer_kind")}
    status = 422 if form.errors else 200
    return render(request, "frontend/publish_new.html", context, status=status)
