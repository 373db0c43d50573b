"""A place corrected, moved, withdrawn by hand, and each of these taken back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from pydantic import TypeAdapter, ValidationError

from frontend import own_places
from frontend.own_places import OwnPlace
from frontend.place_fields import TEXTS, attribute_pairs, written
from frontend.views.publish.frame import own_layer
from gspace.access import Caller
from gspace.problems import Problem
from layers import actions
from layers.models import Layer
from layers.payload import Attributes

TEXT, VALUE = 300, 2000
# neither an exponent nor a leading zero: a telephone number is no number
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
KEPT: TypeAdapter[dict[str, Any]] = TypeAdapter(Attributes)
Act = Callable[[HttpRequest, Layer, Caller, OwnPlace], str]


def edit(request: HttpRequest, layer: Layer, caller: Caller, found: OwnPlace) -> str:
    """Name, address and the other values; only what is other than before is said."""
    posted, properties = request.POST, own_places.whole(layer, found.id, caller)["properties"]
    values: dict[str, Any] = {}
    for name in TEXTS:
        text = words(posted, name)
        if text != (properties[name] or ""):
            values[name] = text
    if attributes := _attributes(posted, properties["attributes"]):
        values["attributes"] = attributes
    return _changed(request, layer, found, caller, values)


def _attributes(posted: QueryDict, known: dict[str, Any]) -> dict[str, Any]:
    """Name -> value of those that differ; an empty text takes one away."""
    found: dict[str, Any] = {}
    for name, text in attribute_pairs(posted):
        if len(name) > TEXT or len(text) > VALUE:
            raise Problem("invalid", _("This text is too long."), field="attributes")
        if name and text != written(known.get(name)):
            found[name] = _like(text, known.get(name)) if text else None
    try:
        return KEPT.validate_python(found)
    except ValidationError:
        raise Problem("invalid", _("This value cannot be kept."), field="attributes") from None


def _like(text: str, before: Any) -> Any:
    """A number stays a number, yes and no stay what they are."""
    if isinstance(before, bool) and text in ("true", "false"):
        return text == "true"
    if isinstance(before, int | float) and (
        match := NUMBER.fullmatch(plain := unicodedata.normalize("NFKC", text))
    ):
        return float(plain) if match[1] else int(plain)
    return text


def move(request: HttpRequest, layer: Layer, caller: Caller, found: OwnPlace) -> str:
    values = where(request.POST)
    if not values:
        raise Problem("invalid", _("Click on the map or give a position."), field="geometry")
    return _changed(request, layer, found, caller, values)


def where(posted: QueryDict) -> dict[str, Any]:
    """geometry (GeoJSON) as the form says it, and whether it is a guess; {} where it says nothing.

    What was typed or clicked counts before what the search has found. Raises Problem invalid.
    """
    if line := posted.get("line", ""):
        points = [_position(*pair.partition(",")[::2]) for pair in line.split()]
        return {"geometry": {"type": "LineString", "coordinates": points}}
    lon, lat = posted.get("lon", "").strip(), posted.get("lat", "").strip()
    was = (posted.get("lon_was", ""), posted.get("lat_was", ""))
    if (lon or lat) and (lon, lat) != was:
        return {"geometry": {"type": "Point", "coordinates": _position(lon, lat)}}
    if at := posted.get("at", ""):
        point = _position(*at.partition(",")[::2])
        return {"geometry": {"type": "Point", "coordinates": point}, "estimated": True}
    return {}


def _position(lon: str, lat: str) -> list[float]:
    found = []
    for text, most in ((lon, 180), (lat, 90)):
        try:
            degrees = float(unicodedata.normalize("NFKC", text).strip().replace(",", "."))
        except ValueError:
            degrees = float("nan")
        if not abs(degrees) <= most:
            said = _("Latitude and longitude are degrees, as 32.79 and 130.75.")
            raise Problem("invalid", said, field="geometry")
        found.append(degrees)
    return found


def _changed(
    request: HttpRequest, layer: Layer, found: OwnPlace, caller: Caller, values: dict[str, Any]
) -> str:
    if not values:
        return _("Nothing was changed.")
    actions.feature_change(
        layer=layer,
        feature_id=found.id,
        values=values,
        state={},
        source_as_of=None,
        expected=request.POST.get("seen"),
        by=caller,
    )
    return _("Stored. It is on every map now.")


def withdraw(request: HttpRequest, layer: Layer, caller: Caller, found: OwnPlace) -> str:
    actions.feature_withdraw(layer=layer, feature_id=found.id, by=caller)
    return _("It is withdrawn and leaves every map.")


ACTS: dict[str, Act] = {"edit": edit, "move": move, "withdraw": withdraw}


def words(posted: QueryDict, name: str, limit: int = TEXT) -> str:
    text = posted.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > limit:
        raise Problem("invalid", _("This text is too long."), field=name)
    return text


@require_POST
@own_layer
def edit_undo(request: HttpRequest, layer: Layer, caller: Caller, edit_id: int) -> HttpResponse:
    try:
        undone = actions.edit_undo(layer=layer, edit_id=edit_id, by=caller)
    except Problem as problem:
        if problem.code != "edit_overtaken":
            raise
        messages.error(request, problem.body()["detail"])
        return redirect("publish_layer", layer.slug)
    messages.success(request, _("It is taken back."))
    if undone.after is None:
        return redirect("publish_layer", layer.slug)
    return redirect("publish_place", layer.slug, undone.feature_id)
