"""`/publish/<layer>/file/`: a new file in place of the layer's data."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from frontend.views.publish.frame import own_layer, page_data, show
from gspace.access import Caller
from layers.models import Layer


@require_http_methods(["GET", "HEAD", "POST"])
@own_layer
def file(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    context = {"page_data": page_data(request, layer, "file")}
    return show(request, layer, "file", "publish_file.html", context)
