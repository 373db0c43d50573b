"""Where is that? The nearest named place and the municipality of a position, offline.

One SQL query on two GiST indexes (KNN on the gazetteer, containment on the boundaries).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.db import connection
from django.utils import translation

How = Literal["boundary", "nearest_town"]

# 1. `first`: the nearest point in degrees, straight from the index (`<->`).
# 2. `nearest`: a degree of longitude is shorter than one of latitude, so the truly nearest point
#    may lie up to 1/cos(latitude) further in degrees: look through that circle on the ellipsoid.
#    The 1.02 allows for a degree of latitude not being the same length everywhere.
# 3. `inside`: the smallest municipality around the point, so that a ward wins over its city.
_POINT = "ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)"  # a constant: KNN needs one
_LOCATE = f"""
WITH first AS MATERIALIZED (
    SELECT location <-> {_POINT} AS degrees
    FROM gspace_place ORDER BY location <-> {_POINT} LIMIT 1
),
nearest AS (
    SELECT place.name, place.name_en, place.municipality_id,
           ST_Distance(place.location::geography, {_POINT}::geography) AS metres
    FROM first JOIN gspace_place place ON ST_DWithin(
        place.location, {_POINT}, 1.02 * first.degrees / cos(radians(%(lat)s)) + 1e-9)
    ORDER BY metres LIMIT 1
),
inside AS (
    SELECT code, name, name_en FROM gspace_municipality
    WHERE ST_Covers(boundary, {_POINT}) ORDER BY ST_Area(boundary) LIMIT 1
)
SELECT nearest.name, nearest.name_en, nearest.metres,
       town.code, town.name, town.name_en, inside.code, inside.name, inside.name_en
FROM (SELECT) AS one
LEFT JOIN nearest ON nearest.metres <= %(limit)s
LEFT JOIN gspace_municipality town ON town.code = nearest.municipality_id
LEFT JOIN inside ON true
"""


@dataclass(frozen=True)
class Whereabouts:
    """What is known about a position.

    municipality: six-digit code, or "" when the named point belongs to none on record.
    how: "boundary" (the position lies inside) or "nearest_town" (that of the nearest point).
    place, place_municipality (both languages): the nearest named point and its own municipality,
    which near a border may differ from the position's; empty when none is within the limit.
    distance_m: geodesic metres from the position to the named point (WGS 84), or None.
    """

    municipality: str
    municipality_name: str
    municipality_name_en: str
    how: How
    place: str
    place_en: str
    place_municipality: str
    place_municipality_en: str
    distance_m: float | None

    def words(self, language: str | None = None) -> str:
        """`熊本市東区健軍本町 付近` / `near Kengunhonmachi, Higashi-ku, Kumamoto`.

        language: "ja", "en"; the active one when None. Never invents a reading: a town without
        an English name is named as it is written.
        """
        language = language or translation.get_language() or settings.LANGUAGE_CODE
        return self._japanese() if language.startswith("ja") else self._english()

    # Not in the message catalogue: the order of the parts is the language's, not only the word.
    def _japanese(self) -> str:
        if not self.place:
            return self.municipality_name
        return f"{self.place_municipality}{self.place} 付近"

    def _english(self) -> str:
        if not self.place:
            return self.municipality_name_en or self.municipality_name
        town = self.place_en or self.place
        of = self.place_municipality_en or self.place_municipality
        return f"near {town}, {of}" if of else f"near {town}"


def locate(lon: float, lat: float, *, limit_m: float | None = None) -> Whereabouts | None:
    """Whereabouts of a WGS 84 position (degrees).

    None when it lies in no known municipality and no named point is within `limit_m` metres
    (default settings.LIMIT_PLACE_DISTANCE_M), as far out at sea or with an empty gazetteer.
    """
    limit = settings.LIMIT_PLACE_DISTANCE_M if limit_m is None else limit_m
    with connection.cursor() as cursor:
        cursor.execute(_LOCATE, {"lon": lon, "lat": lat, "limit": limit})
        name, name_en, metres, *municipalities = cursor.fetchone()
    town = tuple(text or "" for text in municipalities[:3])
    inside = tuple(text or "" for text in municipalities[3:])
    if name is None and not inside[0]:
        return None
    code, own_name, own_name_en = inside if inside[0] else town
    return Whereabouts(
        municipality=code,
        municipality_name=own_name,
        municipality_name_en=own_name_en,
        how="boundary" if inside[0] else "nearest_town",
        place=name or "",
        place_en=name_en or "",
        place_municipality=town[1],
        place_municipality_en=town[2],
        distance_m=metres,
    )
