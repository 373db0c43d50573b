"""`/publish/<layer>/versions/<n>/`: what became of a file, before anything is public."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from frontend import versions
from frontend.file_form import AgainForm
from frontend.views.publish.frame import map_view, own_layer, page_data, show
from gspace.access import Caller
from layers import actions, queries, rereading
from layers.findings import LEVELS
from layers.models import Layer, LayerVersion
from layers.payload import ReadAgain

SHOWS_ITS_PLACES = ("ready", "quarantined", "published", "superseded")


@require_safe
@own_layer
def version(request: HttpRequest, layer: Layer, caller: Caller, number: int) -> HttpResponse:
    found = queries.version_for(layer, number, caller)
    return _page(request, layer, found, AgainForm(columns=found.columns or []))


@require_POST
@own_layer
def publish(request: HttpRequest, layer: Layer, caller: Caller, number: int) -> HttpResponse:
    done = actions.version_publish(layer=layer, number=number, by=caller)
    messages.success(request, _("Version {n} is public.").format(n=done.number))
    there = reverse("publish_layer", args=[layer.slug])
    if not done.without_place:
        return redirect(there)
    waiting = ngettext(
        "{n} still needs a place: open it and click the map.",
        "{n} still need a place: open each and click the map.",
        done.without_place,
    )
    messages.warning(request, waiting.format(n=done.without_place))
    return redirect(f"{there}?only=placeless")


@require_POST
@own_layer
def read(request: HttpRequest, layer: Layer, caller: Caller, number: int) -> HttpResponse:
    """The same bytes once more, read as the person says: a version of its own."""
    known = queries.version_for(layer, number, caller)
    form = AgainForm(request.POST, columns=known.columns or [])
    if not form.is_valid():
        return _page(request, layer, known, form, status=422)
    again = rereading.again(layer, known, ReadAgain(**form.words()), caller)
    return redirect("publish_version", layer.slug, again.number)


def _page(
    request: HttpRequest, layer: Layer, found: LayerVersion, form: AgainForm, status: int = 200
) -> HttpResponse:
    level = request.GET.get("level", "")
    has_places = found.state in SHOWS_ITS_PLACES
    context: dict[str, Any] = {
        "version": found,
        "found": versions.found(found),
        "level": level if level in LEVELS else "",
        "levels": LEVELS,
        "questions": versions.questions(found),
        "form": form,
        "public": found.id == layer.published_id,
        "rough": versions.rough(found) if has_places else 0,
        "placeless": versions.placeless(found) if has_places and found.without_place else [],
        "changes": versions.changes(layer, found) if has_places else None,
        "map_settings": map_view(layer, found.extent),
        "page_data": page_data(
            request,
            layer,
            "version",
            version={"number": found.number, "state": found.state},
        ),
    }
    tab = "history" if found.state in ("published", "superseded") else "file"
    return show(request, layer, tab, "publish_version.html", context, status=status)
