"""What the forms of one place show: its texts, values, position and edits by hand."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.gis.geos import Point
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from frontend import own_places, place_search
from frontend.own_places import OwnPlace
from layers import edits
from layers.models import Feature, Layer

TEXTS = ("name", "name_en", "address")


def fields(
    request: HttpRequest, layer: Layer, found: OwnPlace, whole: dict[str, Any]
) -> dict[str, Any]:
    """What the forms of a place's page show: what was typed, where it was refused."""
    posted = request.POST
    act = posted.get("act")
    properties, geometry = whole["properties"], whole["geometry"]
    movable = geometry is None or geometry["type"] == "Point"
    known = {name: properties[name] or "" for name in TEXTS}
    was = point_of(geometry) if movable else {}
    return {
        "texts": text_fields(known, posted if act == "edit" else None),
        **attribute_fields(properties["attributes"], posted if act == "edit" else None),
        "movable": movable,
        "was": was,
        "point": typed_point(posted) if act == "move" else was,
        "search": search(request, layer),
        "edits": history(layer, found.id),
        "seen": edits.standing(layer, found.id),
    }


def text_fields(
    values: dict[str, str], typed: QueryDict | None, needed: str = ""
) -> list[dict[str, Any]]:
    """needed: the one that must not be empty."""
    labels = {"name": _("Name"), "name_en": _("Name in English"), "address": _("Address")}
    return [
        {
            "name": name,
            "label": labels[name],
            "value": (typed or values).get(name, ""),
            "now": values[name],
            "needed": name == needed,
        }
        for name in TEXTS
    ]


def attribute_fields(known: dict[str, Any], typed: QueryDict | None) -> dict[str, Any]:
    """attributes: each with its field; new: name and value typed for one more."""
    pairs = attribute_pairs(typed) if typed else []
    said = dict(pairs)
    new = pairs[-1] if pairs and pairs[-1][0] not in known else ("", "")
    others = {name: "" for name, value in pairs if value and name not in ("", new[0])}
    return {
        "attributes": [
            _attribute(name, value, said) for name, value in sorted((others | known).items())
        ],
        "new": {"name": new[0], "value": new[1]},
    }


def attribute_pairs(posted: QueryDict) -> list[tuple[str, str]]:
    """(name, value) of each attribute, as the form sends them."""
    names, values = posted.getlist("attribute"), posted.getlist("value")
    plain = ([text.replace("\x00", "").strip() for text in texts] for texts in (names, values))
    return list(zip(*plain, strict=False))


def _attribute(name: str, value: Any, said: dict[str, str]) -> dict[str, Any]:
    now, choices = written(value), isinstance(value, bool)
    return {"name": name, "value": said.get(name, now), "now": now, "choices": choices}


def point_of(geometry: dict[str, Any] | None) -> dict[str, str]:
    if geometry is None:
        return {"lon": "", "lat": ""}
    lon, lat = geometry["coordinates"][:2]
    return {"lon": f"{lon:.7f}", "lat": f"{lat:.7f}"}


def typed_point(given: QueryDict) -> dict[str, str]:
    return {"lon": given.get("lon", ""), "lat": given.get("lat", "")}


def search(request: HttpRequest, layer: Layer) -> dict[str, Any]:
    """What the gazetteer knows of `find`, nearest to the layer's own places first."""
    given = request.POST if request.method == "POST" else request.GET
    text = given.get("find", "").replace("\x00", "").strip()[:100]
    extent = layer.published.extent if layer.published else None
    near = layer.incident.centre if layer.incident else None
    if extent:
        near = Point((extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2, srid=4326)
    return {"text": text, "found": place_search.candidates(text, near), "at": given.get("at", "")}


def history(layer: Layer, feature_id: str) -> list[dict[str, Any]]:
    """The edits of one place as its page lists them, newest first."""
    asked = {"feature": feature_id, "limit": own_places.EDITS}
    items = edits.listed(layer, asked)["items"]
    there = Feature.objects.filter(version_id=layer.published_id, feature_id=feature_id).exists()
    return [_edit(item, there) for item in items]


def _edit(item: dict[str, Any], there: bool) -> dict[str, Any]:
    said = {
        "added": _("Added"),
        "changed": _("Changed"),
        "withdrawn": _("Withdrawn"),
        "restored": _("Put back"),
    }[item["what"]]
    if item["undoes"] and item["what"] == "changed":
        said = _("Taken back")
    fit = item["undone_by"] is None and (item["after"] is not None) == there
    changes = [_change(item, name) for name in item["fields"]]
    return item | {"words": said, "changes": changes, "may_be_undone": fit}


def _change(item: dict[str, Any], name: str) -> dict[str, str]:
    labels = {
        "name": _("Name"),
        "name_en": _("Name in English"),
        "address": _("Address"),
        "geometry": _("Position"),
        "estimated": _("Place estimated"),
        "municipality_code": _("Municipality"),
    }
    before, after = (_value(item[side], name) for side in ("before", "after"))
    return {
        "name": labels.get(name, name.removeprefix("attributes.")),
        "before": before,
        "after": after,
    }


def _value(row: dict[str, Any], name: str) -> str:
    if name.startswith("attributes."):
        return written(row["properties"].get(name.removeprefix("attributes.")))
    value = row.get(name)
    if name == "geometry" and value and value["type"] == "Point":
        lon, lat = value["coordinates"][:2]
        return f"{lat:.5f}, {lon:.5f}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return written(value) if name != "geometry" else (value["type"] if value else "")


def written(value: Any) -> str:
    """A value as it stands in the form."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
