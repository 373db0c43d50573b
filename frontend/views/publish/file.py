"""`/publish/<layer>/file/`: a new file in place of the layer's data, or a pasted table."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from frontend.file_form import FileForm
from frontend.templatetags.words import DEFAULT_ZONE
from frontend.views.publish.frame import own_layer, page_data, show
from gspace.access import Caller
from gspace.problems import Problem
from layers import intake
from layers.models import Layer


@require_http_methods(["GET", "HEAD", "POST"])
@own_layer
def file(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    """Reads nothing itself: the file is kept, and the version's page shows how it goes on."""
    zone = ZoneInfo(layer.incident.time_zone if layer.incident else DEFAULT_ZONE)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForm(*sent, zone=zone)
    if form.is_valid():
        try:
            version = intake.take(layer=layer, publish=False, by=caller, **form.words())
            return redirect("publish_version", layer.slug, version.number)
        except Problem as problem:
            form.add_error("file", problem.body()["detail"])
    context = {
        "form": form,
        "most": settings.LIMIT_LAYER_BYTES,
        "page_data": page_data(request, layer, "file", limit_bytes=settings.LIMIT_LAYER_BYTES),
    }
    status = 422 if form.errors else 200
    return show(request, layer, "file", "publish_file.html", context, status=status)
