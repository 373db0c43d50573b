"""Where a report is: the chosen position, its municipality and its place in words.

Joins the pure rule (reports.position) with the gazetteer (gspace.places).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point

from gspace import places
from reports import position


@dataclass(frozen=True)
class Placing:
    """Columns of a report that say where. geometry: GeoJSON text, None = "needs a place"."""

    geometry: str | None
    accuracy_m: float | None
    positions: dict[str, Any]
    municipality_code: str = ""
    municipality_how: str = ""
    # the same point as before: its municipality and words are still right
    unmoved: bool = False
    place: dict[str, Any] = field(default_factory=dict)


def place(
    *,
    captured_at: datetime | None,
    device_fix: dict[str, Any] | None,
    pin: dict[str, Any] | None,
    exif_fixes: list[dict[str, Any]],
    operator: dict[str, Any] | None = None,
    before: GEOSGeometry | None = None,
) -> Placing:
    """Choose the position by the contract's rule and name it. Raw values are kept apart.

    operator: GeoJSON geometry set at the desk (any type) as `by_operator` makes it, or None.
    before: the geometry shown until now; its name is not looked up again when it stays.
    """
    centre = _centre(operator)
    chosen = position.choose(
        captured_at=captured_at,
        device_fix=device_fix,
        exif_fixes=exif_fixes,
        pin=pin,
        operator=centre,
    )
    positions = {
        "chosen": chosen.chosen,
        "rule": chosen.rule,
        "device": _plain(device_fix),
        "exif": exif_fixes[0] if exif_fixes else None,
        "pin": pin,
        "operator": operator,
        "disagreement_m": chosen.disagreement_m,
    }
    if chosen.lon is None or chosen.lat is None:
        return Placing(None, None, positions)
    point = {"type": "Point", "coordinates": [chosen.lon, chosen.lat]}
    if _is_at(before, chosen.lon, chosen.lat):
        return Placing(json.dumps(point), chosen.accuracy_m, positions, unmoved=True)
    geometry = operator if operator and chosen.chosen == "operator" else point
    code, how, words = named(chosen.lon, chosen.lat)
    return Placing(
        json.dumps(geometry),
        chosen.accuracy_m,
        positions,
        municipality_code=code,
        municipality_how=how,
        place=words,
    )


def _is_at(geometry: GEOSGeometry | None, lon: float, lat: float) -> bool:
    return isinstance(geometry, Point) and (geometry.x, geometry.y) == (lon, lat)


def named(lon: float, lat: float) -> tuple[str, str, dict[str, Any]]:
    """(municipality code, how it was found, place in words) of a position."""
    found = places.locate(lon, lat)
    if found is None:
        return "", "", {}
    words = {
        "ja": found.words("ja"),
        "en": found.words("en"),
        "distance_m": None if found.distance_m is None else round(found.distance_m),
        # without "near", for the public
        "town_ja": f"{found.place_municipality}{found.place}" or found.municipality_name,
        "town_en": found.place_en or found.place or found.municipality_name_en,
    }
    return found.municipality, found.how, words


def _centre(geometry: dict[str, Any] | None) -> dict[str, Any] | None:
    if geometry is None:
        return None
    centre = GEOSGeometry(json.dumps(geometry)).point_on_surface
    return {"lon": centre.x, "lat": centre.y, "accuracy_m": geometry.get("accuracy_m")}


def by_operator(geometry: GEOSGeometry, accuracy_m: float | None) -> dict[str, Any]:
    """A place set at the desk: GeoJSON with its uncertainty in metres, where there is one.

    An area is itself uncertain: as far as from its middle to its corners.
    """
    if accuracy_m is None and geometry.geom_type in ("Polygon", "MultiPolygon"):
        west, south, east, north = geometry.extent
        ends = {"lon": west, "lat": south}, {"lon": east, "lat": north}
        accuracy_m = math.ceil(position.distance_m(*ends) / 2)
    told: dict[str, Any] = json.loads(geometry.geojson)
    return told if accuracy_m is None else told | {"accuracy_m": accuracy_m}


def _plain(fix: dict[str, Any] | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    fixed_at = fix.get("fixed_at")
    return {**fix, "fixed_at": fixed_at.isoformat() if fixed_at else None}
