"""Looking for published places and towns by name and address, as people type them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.db import connection

from gspace.access import Audience
from gspace.models import Incident
from layers import addressed, sight
from layers.features import FROM_FEATURES
from layers.merged import merged
from layers.sight import VISIBLE

# Katakana are read as hiragana (ヶ as け), every kind of dash and long mark as one, blanks not at
# all; the same in frontend/src/core/fold.ts.
_KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7)))
_HIRAGANA = "".join(map(chr, range(0x3041, 0x3097)))
_DASHES = "‐‑‒–—―−ー-"
_FROM = _KATAKANA.replace("ヶ", "") + "ヶゖ" + _DASHES + " 　\t"
_TO = _HIRAGANA.replace("ゖ", "") + "けけ" + "-" * len(_DASHES)


def fold(expression: str) -> str:
    """SQL expression: width, case, kana, dashes and blanks of a text made alike."""
    return f"translate(lower(normalize({expression}, NFKC)), '{_FROM}', '{_TO}')"


FOLDED = fold("f.name || chr(10) || f.name_en || chr(10) || f.address")
# the words as patterns of LIKE, in which % and _ of theirs are only letters
ASKED = rf"""asked AS (
  SELECT array_agg('%%' || regexp_replace({fold("word")}, '([\\%%_])', '\\\1', 'g') || '%%')
         AS words
    FROM unnest(%(words)s::text[]) word)"""
SQL = f"""
WITH {ASKED},
 found AS (
  SELECT json_build_object('layer', l.slug, 'kind', l.kind, 'feature_id', f.feature_id,
           'name', nullif(f.name, ''), 'name_en', nullif(f.name_en, ''),
           'address', nullif(f.address, ''), 'publisher', o.name,
           'publisher_en', nullif(o.name_en, ''), 'layer_title', l.title,
           'lon', ST_X(p.at), 'lat', ST_Y(p.at), 'estimated', f.estimated,
           'operation', {merged("operation")}, 'congestion', {merged("congestion")},
           'traffic', {merged("traffic")})::text AS item,
         {fold("f.name")} LIKE ALL (asked.words) AS by_name, f.name, l.slug, f.feature_id
    {FROM_FEATURES}, asked, LATERAL (SELECT ST_PointOnSurface(f.geometry) AS at) p
   WHERE (l.incident_id IS NULL OR l.incident_id = %(incident)s) AND {VISIBLE}
     AND {FOLDED} LIKE ALL (asked.words))
SELECT item, count(*) OVER () FROM found
 ORDER BY by_name DESC, length(name), name, slug, feature_id LIMIT %(limit)s"""


def places(incident: Incident, audience: Audience, text: str, *, limit: int = 20) -> dict[str, Any]:
    """{"items": [...], "total"}: features in which every word of text is found, names first.

    Each: {layer, layer_title, kind, feature_id, name, name_en, address, publisher, publisher_en,
    lon, lat (null where it has no place; WGS 84 degrees), estimated, operation, congestion,
    traffic}. No words find nothing.
    """
    words = text.replace("\x00", "").split()
    if not words:
        return {"items": [], "total": 0}
    params = {"words": words, "incident": incident.id, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(SQL, params | sight.as_audience(incident.id, audience).params())
        rows = cursor.fetchall()
    return {"items": [json.loads(item) for item, _ in rows], "total": rows[0][1] if rows else 0}


TOWN_WORDS = fold("t.name || chr(10) || t.name_en || chr(10) || coalesce(m.name, '')")
TOWNS_SQL = f"""
WITH {ASKED}
SELECT t.name, nullif(t.name_en, ''), m.name, nullif(m.name_en, ''),
       ST_X(t.location), ST_Y(t.location)
  FROM gspace_place t LEFT JOIN gspace_municipality m ON m.code = t.municipality_id,
       asked, gspace_incident i
 WHERE i.id = %(incident)s AND {TOWN_WORDS} LIKE ALL (asked.words)
 ORDER BY length(t.name), t.location <-> coalesce(i.centre, t.location), t.name, t.id
 LIMIT %(limit)s"""
TOWN = ("name", "name_en", "municipality", "municipality_en", "lon", "lat")


def towns(incident: Incident, text: str, *, limit: int = 5) -> list[dict[str, Any]]:
    """What an address names, then named points of the gazetteer in which every word is found, of
    short names the nearest first.

    Each: {name, name_en, municipality (of a municipality: prefecture), municipality_en, lon, lat
    (WGS 84 degrees), by_address (town or municipality: only the middle of it; null: by name)}.
    """
    words = text.replace("\x00", "").split()
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(TOWNS_SQL, {"words": words, "incident": incident.id, "limit": limit})
        named = [dict(zip(TOWN, row, strict=True)) for row in cursor.fetchall()]
    first = _addressed(" ".join(words), incident)
    # one town may be found by its address and by its name
    known = {_which(one) for one in first}
    others = [one | {"by_address": None} for one in named if _which(one) not in known]
    return [*first, *others][:limit]


def _which(town: dict[str, Any]) -> tuple[str, float, float]:
    return town["name"], town["lon"], town["lat"]


def _addressed(text: str, incident: Incident) -> list[dict[str, Any]]:
    found = addressed.find(text, incident.centre)
    if found is None:
        return []
    told = asdict(found)
    precision = told.pop("precision")
    return [{name: value or None for name, value in told.items()} | {"by_address": precision}]
