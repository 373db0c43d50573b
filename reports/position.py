"""Which of a report's positions is shown, and how far the others disagree. Pure.

All positions are mappings with `lon`, `lat` in degrees WGS 84 and, where known, `accuracy_m`
in metres; a device fix also has `fixed_at`, a time with zone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pyproj import Geod

FRESH_SECONDS = 120
GOOD_ACCURACY_M = 200

Fix = Mapping[str, Any]


@dataclass(frozen=True)
class Positions:
    """`chosen`: operator, pin, device, exif or none. `rule` says why: operator, pin, device_fresh,
    exif_first, device_old, device_coarse, device_unknown (time or accuracy not given), none.
    `disagreement_m`: the largest distance on the ellipsoid from the chosen to another usable
    position; None when there is no other."""

    chosen: str
    rule: str
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    disagreement_m: float | None = None


def choose(
    *,
    captured_at: datetime | None,
    device_fix: Fix | None,
    exif_fixes: Sequence[Fix | None],
    pin: Fix | None,
    operator: Fix | None,
) -> Positions:
    """The Position rule: operator; else pin; else a device fix within 120 s of `captured_at` and
    accurate to 200 m; else the EXIF of the first photo that has one; else any device fix.

    `exif_fixes` in the order of the photos. Never raises; what `doubt` names is passed over.
    """
    by_hand = [("operator", "operator", operator), ("pin", "pin", pin)]
    device_rule = _device_rule(captured_at, device_fix)
    device = ("device", device_rule, device_fix)
    photos = [("exif", "exif_first", fix) for fix in exif_fixes]
    first, last = ([device], []) if device_rule == "device_fresh" else ([], [device])
    ranked = [
        (name, rule, fix)
        for name, rule, fix in (*by_hand, *first, *photos, *last)
        if fix is not None and usable(fix)
    ]
    if not ranked:
        return Positions("none", "none")
    (chosen, rule, fix), *others = ranked
    disagreement = max((distance_m(fix, other) for _, _, other in others), default=None)
    lon, lat = float(fix["lon"]), float(fix["lat"])
    return Positions(chosen, rule, lon, lat, _accuracy(fix), disagreement)


def doubt(fix: Fix | None) -> str | None:
    """Why this is no position, or None when it is usable: missing, gps_not_a_number,
    gps_out_of_range, gps_zero (0, 0 is what receivers say that have no fix)."""
    if not isinstance(fix, Mapping) or fix.get("lon") is None or fix.get("lat") is None:
        return "missing"
    lon, lat = _number(fix["lon"]), _number(fix["lat"])
    if lon is None or lat is None:
        return "gps_not_a_number"
    if abs(lat) > 90 or abs(lon) > 180:
        return "gps_out_of_range"
    return "gps_zero" if abs(lat) < 1e-6 and abs(lon) < 1e-6 else None


def usable(fix: Fix | None) -> bool:
    """Is this a position at all?"""
    return doubt(fix) is None


def distance_m(one: Fix, other: Fix) -> float:
    """Metres along the WGS 84 ellipsoid between two usable positions."""
    ends = (
        float(one["lon"]),
        float(one["lat"]),
        float(other["lon"]),
        float(other["lat"]),
    )
    return float(_ellipsoid().inv(*ends)[2])


def _device_rule(captured_at: datetime | None, fix: Fix | None) -> str:
    if not isinstance(fix, Mapping):
        return "none"
    age, accuracy = _age_seconds(captured_at, fix.get("fixed_at")), _accuracy(fix)
    if age is None or accuracy is None:
        return "device_unknown"
    if age > FRESH_SECONDS:
        return "device_old"
    return "device_coarse" if accuracy > GOOD_ACCURACY_M else "device_fresh"


def _age_seconds(captured_at: object, fixed_at: object) -> float | None:
    """Seconds between the two, either way; None when one is missing or has no zone."""
    if not isinstance(captured_at, datetime) or not isinstance(fixed_at, datetime):
        return None
    if captured_at.utcoffset() is None or fixed_at.utcoffset() is None:
        return None
    return abs((captured_at - fixed_at).total_seconds())


def _accuracy(fix: Fix) -> float | None:
    radius = _number(fix.get("accuracy_m"))
    return radius if radius is not None and radius >= 0 else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


@cache
def _ellipsoid() -> Geod:
    return Geod(ellps="WGS84")
