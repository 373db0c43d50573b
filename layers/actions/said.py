"""What a person says of a place, checked and placed; before any transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext_noop as _

from gspace import geo, places
from gspace.problems import Problem
from layers import edits, placing
from layers.actions.state import checked_clock, checked_state
from layers.edits import Row
from layers.models import Layer

TEXTS = ("name", "name_en", "address")


@dataclass(frozen=True)
class Said:
    """fields: of the row; attributes: merged into it (null removes one); state: checked values,
    so as of `clock`."""

    fields: Row = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    clock: datetime | None = None


def said_of(
    layer: Layer,
    values: dict[str, Any],
    state: dict[str, Any],
    source_as_of: datetime | None,
    now: datetime,
) -> Said:
    fields: Row = {name: values[name] for name in TEXTS if name in values}
    if "geometry" in values:
        fields |= _placed(values["geometry"], values.get("estimated") is True)
    checked = {name: checked_state(layer, name, value) for name, value in state.items()}
    clock = checked_clock(source_as_of, now)
    return Said(fields, values.get("attributes") or {}, checked, clock)


def _placed(value: Any, estimated: bool) -> Row:
    """Where a hand put it, and in which municipality that is. estimated: only a town is known."""
    if value is None:
        return {"geometry": None, "estimated": False}
    shape = geo.geometry_from_geojson(value)
    on = shape if shape.geom_type == "Point" else shape.point_on_surface
    where = places.locate(on.x, on.y)
    code = {"municipality_code": where.municipality} if where and where.municipality else {}
    return {"geometry": _geojson(shape), "estimated": estimated} | code


def placed_anew(layer: Layer, feature_id: str, fields: Row, *, asked: bool) -> Row:
    """By its address, if it has no position of its own or somebody asks for it."""
    known = edits.rows(layer.published_id or 0, [feature_id]).get(feature_id)
    if known is None:
        raise Problem("feature_unknown")
    if known["geometry"] and not known["estimated"] and not asked:
        return {}
    address, name = (str(fields.get(n, known[n])) for n in ("address", "name"))
    found = by_address(layer, address, name)
    if asked and not found:
        raise Problem("invalid", _("No place is known by this address."), field="address")
    return found


def by_address(layer: Layer, address: str, name: str) -> Row:
    """geometry, estimated and municipality of the town the address names; {} when none is known."""
    told = {"address": address, "name": name}
    country = placing.Country([{"properties": told}])
    known, rest = country.municipality(told)
    if known is None:
        declared = country.named_in(layer.coverage)
        known, rest = (declared[0], address) if len(declared) == 1 else (None, rest)
    found = country.place(known, rest, told) if known else None
    if known is None or found is None:
        return {}
    point = {"type": "Point", "coordinates": [found.lon, found.lat]}
    return {"geometry": point, "estimated": True, "municipality_code": known.code}


def _geojson(shape: GEOSGeometry) -> Row:
    found: Row = json.loads(shape.json)
    return {name: found[name] for name in ("type", "coordinates")}
