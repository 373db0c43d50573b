"""`/publish/<layer>/places/<place>/`: one place: its state by large buttons, its edits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from frontend import occupancy, own_places, place_fields
from frontend.own_places import OwnPlace
from frontend.state_form import CODED, StateForm, on_the_wall
from frontend.templatetags.words import called, word
from frontend.views.publish import place_edits
from frontend.views.publish.frame import own_layer, page_data, show
from frontend.views.publish.places import extent_of, zone_of
from gspace import vocabulary
from gspace.access import Caller
from gspace.problems import Problem
from layers import actions, series, situations
from layers.models import Layer, LiveState

SERIES = 200
# what layers.actions.state_set may find wrong -> field of the form, and words for people
REFUSED = {
    "source_as_of": ("as_of", gettext_lazy("This time is still to come.")),
    "valid_until": ("valid_until", gettext_lazy("The end is before the beginning.")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@own_layer
def place(request: HttpRequest, layer: Layer, caller: Caller, feature_id: str) -> HttpResponse:
    found = own_places.place(layer, feature_id)
    if request.method != "POST":
        return shown(request, layer, caller, found)
    if request.POST.get("act", "") in place_edits.ACTS:
        return _edited(request, layer, caller, found)
    return _said(request, layer, caller, found)


def _edited(request: HttpRequest, layer: Layer, caller: Caller, found: OwnPlace) -> HttpResponse:
    act = request.POST["act"]
    try:
        told = place_edits.ACTS[act](request, layer, caller, found)
    except Problem as problem:
        if problem.status >= 500 or problem.status in (401, 403, 404):
            raise
        wrong = problem.body()["detail"]
        if problem.code == "edit_overtaken":
            wrong = _("Somebody has changed this place since. Look at it and save again.")
            # what has come in between is shown, and what the next try will be held against
            layer, found = _afresh(layer, found)
        return shown(request, layer, caller, found, act=act, wrong=wrong)
    messages.success(request, f"{called(found.item)}: {told}")
    if act == "withdraw":
        return redirect("publish_layer", layer.slug)
    return redirect(place_path(layer, found.id))


def _afresh(layer: Layer, found: OwnPlace) -> tuple[Layer, OwnPlace]:
    layer.refresh_from_db()
    return layer, own_places.place(layer, found.id)


def shown(
    request: HttpRequest, layer: Layer, caller: Caller, found: OwnPlace, **more: Any
) -> HttpResponse:
    whole = own_places.whole(layer, found.id, caller)
    form = more.setdefault("form", StateForm(zone=zone_of(layer)))
    context = {
        "place": found,
        "part": "panel",
        "properties": whole["properties"],
        "hours": _hours(found, form),
        "page_data": page_data(
            request, layer, "place", geometry=whole["geometry"], extent=extent_of(layer)
        ),
    }
    context |= place_fields.fields(request, layer, found, whole) | _series(layer, found, caller)
    context |= more
    status = 422 if form.errors or more.get("wrong") else 200
    return show(request, layer, "places", "publish_place.html", context, status=status)


def _series(layer: Layer, found: OwnPlace, caller: Caller) -> dict[str, Any]:
    """What was said of the state, newest first, and how many were there as a drawing."""
    items = series.of(layer, found.id, situations.scope_of(layer, caller), SERIES)["items"]
    fields = [(one.name, one.codes) for one in found.fields]
    rows = [
        {
            "at": item["as_of"],
            "words": [word(codes, item[name]) if item[name] else "" for name, codes in fields],
            "persons": item["persons"],
            "by": item.get("by", ""),
        }
        for item in items
    ]
    drawn = occupancy.chart(items)
    return {"series": rows, "chart": drawn, "latest": drawn.dots[-1] if drawn else None}


def _hours(found: OwnPlace, form: StateForm) -> list[dict[str, Any]]:
    labels = {"valid_from": _("Holds from"), "valid_until": _("Holds until")}
    rows = []
    for name, label in labels.items():
        was = on_the_wall(found.state.get(name), form.zone)
        value = form.data.get(name, was) if form.is_bound else was
        errors = form.errors.get(name, [])
        rows.append({"name": name, "label": label, "value": value, "was": was, "errors": errors})
    return rows


def _said(request: HttpRequest, layer: Layer, caller: Caller, found: OwnPlace) -> HttpResponse:
    """A state was said: as a part of the page where the script asks so, else as a page."""
    form = StateForm(request.POST, zone=zone_of(layer))
    told = _set(layer, found, form, caller) if form.is_valid() else ""
    part = request.POST.get("part", "")
    if part in ("row", "panel"):
        return _part(request, layer, found, form, part, told)
    if not told:
        return shown(request, layer, caller, found, form=form)
    messages.success(request, f"{called(found.item)}: {told}")
    return redirect(back(request) or place_path(layer, found.id))


def _part(
    request: HttpRequest, layer: Layer, found: OwnPlace, form: StateForm, part: str, told: str
) -> HttpResponse:
    number = request.POST.get("number", "")
    context = {
        "layer": layer,
        "incident": layer.incident,
        "place": own_places.place(layer, found.id),
        "form": form,
        "part": part,
        "number": number if number.isascii() and number.isdigit() else "",
        "told": told,
        "next": request.POST.get("next", ""),
    }
    status = 200 if told else 422
    return render(request, "frontend/_place_state.html", context, status=status)


def _set(layer: Layer, found: OwnPlace, form: StateForm, caller: Caller) -> str:
    """What came of it, in words; "" when it was refused, which the form then says."""
    now = datetime.now(UTC)
    values = form.values(now)
    if not values:
        return _("Nothing was changed.")
    try:
        state = actions.state_set(
            layer=layer,
            feature_id=found.id,
            values=values,
            source_as_of=form.clock,
            by=caller,
            now=now,
        )
    except Problem as problem:
        if problem.code != "invalid":
            raise
        name, words = REFUSED.get(problem.field or "", (None, problem.body()["detail"]))
        form.add_error(name, words)
        return ""
    return _outcome(layer, found, values, state, form.clock or now)


def _outcome(
    layer: Layer, found: OwnPlace, values: dict[str, Any], state: LiveState, clock: datetime
) -> str:
    later = [n for n in values if datetime.fromisoformat(state.clocks[n]["source_as_of"]) > clock]
    if later:
        return _("A later word is known already. It stays; yours was not taken.")
    after = own_places.place(layer, found.id)
    beaten = [n for n in values if values[n] is not None and _file_wins(after, n, values[n])]
    if beaten:
        return _("Stored, but the file gives a later time: its word is shown.")
    said = [_words(found.kind, name, value, after) for name, value in values.items()]
    return " ・ ".join(said)


def _file_wins(after: OwnPlace, name: str, value: Any) -> bool:
    return name in (*CODED, "persons", "note") and after.said(name).value != value


def _words(kind: str, name: str, value: Any, after: OwnPlace) -> str:
    if name == "checked_at":
        return _("Checked: it is still so.")
    if name not in (*CODED, "persons"):
        return _("Note and hours are stored.")
    if value is None:
        shown = after.said(name).value
        return _("Your word is taken back.") if shown is None else _("The file's word is shown.")
    if name == "persons":
        return _("{n} people").format(n=value)
    return word(vocabulary.STATES[kind][name], value)


def back(request: HttpRequest) -> str:
    """Where the person came from, if that is a page of ours."""
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure())
    return there if safe else ""


def place_path(layer: Layer, feature_id: str) -> str:
    return reverse("publish_place", args=[layer.slug, feature_id])
