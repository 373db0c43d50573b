"""`/publish/<layer>/add/`: a place that no file has, by a click on the map or by its address."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.place_fields import TEXTS, search, text_fields, typed_point
from frontend.views.publish.frame import own_layer, page_data, show
from frontend.views.publish.place_edits import where, words
from frontend.views.publish.places import extent_of
from gspace import vocabulary
from gspace.access import Caller
from gspace.problems import Problem
from layers import actions
from layers.models import Layer


@require_http_methods(["GET", "HEAD", "POST"])
@own_layer
def place_new(request: HttpRequest, layer: Layer, caller: Caller) -> HttpResponse:
    if request.method != "POST" or "look" in request.POST:
        return _form(request, layer)
    try:
        ident = _added(request, layer, caller)
    except Problem as problem:
        if problem.code == "edit_differs":
            wrong = _("Something else was added from this form. Press again to add this, too.")
            return _form(request, layer, wrong=wrong, ident=uuid.uuid4())
        if problem.code not in ("invalid", "incident_closed"):
            raise
        return _form(request, layer, wrong=problem.body()["detail"])
    messages.success(request, _("Added. It is on every map now."))
    return redirect("publish_place", layer.slug, ident)


def _added(request: HttpRequest, layer: Layer, caller: Caller) -> str:
    posted = request.POST
    values: dict[str, Any] = {name: words(posted, name) for name in TEXTS}
    if not values["name"]:
        raise Problem("invalid", _("Give it a name."), field="name")
    values |= where(posted)
    state: dict[str, Any] = {
        name: posted[name] for name in _state_fields(layer) if posted.get(name)
    }
    if note := words(posted, "note", 2000):
        state["note"] = note
    return actions.feature_add(
        layer=layer, values=values, state=state, source_as_of=None, ident=_ident(request), by=caller
    )


def _ident(request: HttpRequest) -> uuid.UUID:
    """Made when the form is first shown, so that pressing twice adds once."""
    try:
        return uuid.UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid.uuid4()


def _state_fields(layer: Layer) -> dict[str, str]:
    return vocabulary.STATES.get(layer.kind, {})


def _form(
    request: HttpRequest, layer: Layer, wrong: str = "", ident: uuid.UUID | None = None
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    lines = "traffic" in _state_fields(layer)
    found = search(request, layer)
    # who looks for a place anew does so instead of the one on the map
    anew = "look" in given and found["found"]
    context = {
        "ident": ident or _ident(request),
        "texts": text_fields(dict.fromkeys(TEXTS, ""), given, needed="name"),
        "was": {"lon": "", "lat": ""},
        "point": {"lon": "", "lat": ""} if anew else typed_point(given),
        "line": "" if anew else given.get("line", ""),
        "lines": lines,
        "note": given.get("note", ""),
        "search": found | ({"at": ""} if anew else {}),
        "fields": [
            {
                "name": name,
                "kind": codes,
                "codes": vocabulary.codes(codes),
                "value": given.get(name, ""),
            }
            for name, codes in _state_fields(layer).items()
        ],
        "wrong": wrong,
        "page_data": page_data(request, layer, "place_new", extent=extent_of(layer), lines=lines),
    }
    status = 422 if wrong else 200
    return show(request, layer, "places", "publish_place_new.html", context, status=status)
