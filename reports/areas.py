"""Districts as areas: of somebody who tells an address the point is not known, the district is.

A named point of the gazetteer stands for a circle that reaches its third nearest neighbour; a
municipality is its outline, or without one a circle around all of its towns.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from django.conf import settings
from django.db import connection

from gspace import places
from gspace.models import Incident
from gspace.problems import Problem

LEAST_M, MOST_M = 150, 20_000
"""How far a district reaches from its named point, at least and at most."""
MOST_POINTS = 300
"""Corners of an outline: it goes into the body of one small request."""

# rounded up to 50 m: more would pretend
_REACH = f"(ceil(least(greatest({{}}, {LEAST_M}), {MOST_M}) / 50) * 50)::int"
TOWN_REACH = _REACH.format("""coalesce((
  SELECT ST_Distance(n.location::geography, t.location::geography) FROM gspace_place n
   WHERE n.id <> t.id AND n.kind = t.kind
   ORDER BY n.location <-> t.location OFFSET 2 LIMIT 1), 1000)""")
MUNICIPALITY_REACH = _REACH.format("""coalesce((
  SELECT max(ST_Distance(n.location::geography, m.location::geography)) FROM gspace_place n
   WHERE n.municipality_id = m.code), 10000)""")
OUTLINE = f"""(SELECT CASE WHEN ST_NPoints(s.shape) > {MOST_POINTS} THEN ST_ConvexHull(m.boundary)
    ELSE s.shape END
  FROM (SELECT ST_SimplifyPreserveTopology(m.boundary, greatest(0.0005,
    (ST_XMax(m.boundary) - ST_XMin(m.boundary)) / 150)) AS shape) s)"""
CIRCLE = "ST_Buffer({0}.location::geography, reach.metres)::geometry"

TOWNS = f"""
SELECT 'town' AS kind, t.name, nullif(t.name_en, '') AS name_en, m.name AS municipality,
       nullif(m.name_en, '') AS municipality_en, ST_X(t.location) AS lon, ST_Y(t.location) AS lat,
       reach.metres AS accuracy_m, {CIRCLE.format("t")} AS area
  FROM gspace_place t LEFT JOIN gspace_municipality m ON m.code = t.municipality_id,
       LATERAL (SELECT {TOWN_REACH} AS metres) reach"""
MUNICIPALITIES = f"""
SELECT 'municipality' AS kind, m.name, nullif(m.name_en, '') AS name_en,
       m.prefecture AS municipality, nullif(m.prefecture_en, '') AS municipality_en,
       ST_X(m.location) AS lon, ST_Y(m.location) AS lat,
       CASE WHEN m.boundary IS NULL THEN reach.metres END AS accuracy_m,
       CASE WHEN m.boundary IS NULL THEN {CIRCLE.format("m")} ELSE {OUTLINE} END AS area
  FROM gspace_municipality m, LATERAL (SELECT {MUNICIPALITY_REACH} AS metres) reach"""
COLUMNS = "kind, name, name_en, municipality, municipality_en, lon, lat, accuracy_m"

FOUND = "find_fold({0}) LIKE ALL (find_patterns(%(words)s::text[]))"
SEARCH = f"""
WITH incident AS (SELECT centre FROM gspace_incident WHERE id = %(incident)s),
 named AS (
  (SELECT m.code AS ident, 0 AS place FROM gspace_municipality m, incident
    WHERE m.location IS NOT NULL
      AND {FOUND.format("m.prefecture || m.name || chr(10) || m.name_en")}
    ORDER BY m.location <-> coalesce(incident.centre, m.location), m.code LIMIT %(few)s)
  UNION ALL
  (SELECT t.id::text, 1 FROM gspace_place t
     LEFT JOIN gspace_municipality m ON m.code = t.municipality_id, incident
    WHERE {FOUND.format("concat(m.prefecture, m.name, t.name, chr(10), t.name_en, ' ', m.name_en)")}
    ORDER BY length(t.name), t.location <-> coalesce(incident.centre, t.location), t.name, t.id
    LIMIT %(limit)s)),
 areas AS (
  {MUNICIPALITIES} WHERE m.code IN (SELECT ident FROM named WHERE place = 0)
  UNION ALL
  {TOWNS} WHERE t.id IN (SELECT ident::bigint FROM named WHERE place = 1))
SELECT {COLUMNS}, ST_AsGeoJSON(area, 5)::json FROM areas, incident
 ORDER BY kind, length(name), ST_MakePoint(lon, lat) <-> coalesce(ST_SetSRID(incident.centre, 0),
   ST_MakePoint(lon, lat)), name LIMIT %(limit)s"""
AROUND = f"""
WITH at AS (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) AS point)
SELECT {COLUMNS}, ST_AsGeoJSON(area, 5)::json FROM (
  ({TOWNS} WHERE t.name = %(town)s AND ST_DWithin(t.location, (SELECT point FROM at), 0.3)
   ORDER BY t.location <-> (SELECT point FROM at) LIMIT 1)
  UNION ALL
  ({MUNICIPALITIES} WHERE m.code = %(municipality)s AND m.location IS NOT NULL)) areas"""
NAMES = (*COLUMNS.split(", "), "area")
FEW = 3

NUMBER = re.compile(r"[\d一二三四五六七八九十]*[\d\-‐−ー丁目番地号の]+$")
CHOME = re.compile(r"(\d{1,2})丁目")
DIGITS = "〇一二三四五六七八九"


def search(incident: Incident, text: str, *, limit: int = 8) -> list[dict[str, Any]]:
    """Districts in which every word is found: municipalities, then towns, short names first.

    Each: {kind (town, municipality), name, name_en, municipality (of a municipality: prefecture),
    municipality_en, lon, lat, accuracy_m (radius; null where `area` is an outline), area
    (GeoJSON)}. The number of a house is not known here: it finds its town.
    """
    words = [unicodedata.normalize("NFKC", word) for word in text.replace("\x00", "").split()]
    if len(words) > settings.LIMIT_FILTER_WORDS:
        raise Problem("invalid", f"At most {settings.LIMIT_FILTER_WORDS} words.", field="q")
    whole = [CHOME.sub(_chome, word) for word in words]
    town = [kept for word in whole if (kept := NUMBER.sub("", word))]
    for asked in (words, whole, town):
        if asked and (found := _named(incident, asked, limit)):
            return found
    return []


def _named(incident: Incident, words: list[str], limit: int) -> list[dict[str, Any]]:
    params = {"incident": incident.pk, "words": words, "limit": limit, "few": FEW}
    return _rows(SEARCH, params)


def around(lon: float, lat: float) -> dict[str, Any]:
    """Where a position is: {place, place_en (words), distance_m (to the named point), municipality
    (code), municipality_name, municipality_name_en, areas (as `search`: town, municipality)}."""
    found = places.locate(lon, lat)
    if found is None:
        return {"place": None, "municipality": None, "areas": []}
    params = {"lon": lon, "lat": lat, "town": found.place, "municipality": found.municipality}
    return {
        "place": found.words("ja"),
        "place_en": found.words("en"),
        "distance_m": found.distance_m,
        "municipality": found.municipality or None,
        "municipality_name": found.municipality_name or None,
        "municipality_name_en": found.municipality_name_en or None,
        "areas": _rows(AROUND, params),
    }


def _rows(sql: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = [dict(zip(NAMES, row, strict=True)) for row in cursor.fetchall()]
    return [
        row | {"area": json.loads(row["area"]) if isinstance(row["area"], str) else row["area"]}
        for row in rows
    ]


def _chome(match: re.Match[str]) -> str:
    """2丁目 is 二丁目 on the map."""
    tens, ones = divmod(int(match[1]), 10)
    words = ("十" if tens == 1 else f"{DIGITS[tens]}十") if tens else ""
    return f"{words}{DIGITS[ones] if ones else ''}丁目"
