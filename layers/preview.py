"""The features of a version that is not public yet, as they would be: for its publisher."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from gspace import geo
from gspace.problems import Problem
from layers import features
from layers.models import Layer, LayerVersion
from layers.situations import Scope

FILTERS = ("bbox", "limit", "cursor", "rows", "without_place")
LIMIT_ROWS = 1000
# What the version's own file says stands in for what the public files have said.
OWN_WORDS = """
  LEFT JOIN LATERAL (SELECT jsonb_object_agg(e.key, jsonb_build_object('value', e.value,
      'source_as_of', coalesce((f.state->>'source_as_of')::timestamptz, v.source_as_of, now())))
        AS said FROM jsonb_each(f.state - 'source_as_of') e) fs ON true"""
PUBLIC_WORDS = (
    "LEFT JOIN layers_filestate fs ON fs.layer_id = l.id AND fs.feature_id = f.feature_id"
)
FROM_VERSION = features.FROM_FEATURES.replace("v.id = l.published_id", "v.id = %(version)s")
FROM_VERSION = FROM_VERSION.replace(PUBLIC_WORDS, OWN_WORDS)


def collection(layer: Layer, version: LayerVersion, filters: dict[str, Any]) -> str:
    """A GeoJSON FeatureCollection in the order of the ids; properties as of public features, and
    `row` (in the person's file, null of places added by hand) and `by_hand`.

    filters: bbox, limit, cursor as in features.collection; rows "3,17" (row numbers);
    without_place "1". Raises Problem invalid naming the filter.
    """
    scope = Scope(layer.incident_id, "hq")
    params = {"layer": layer.id, "version": version.id, **scope.params()}
    params["cursor"] = _cursor(filters.get("cursor"))
    params["limit"] = features.limit_of(filters.get("limit"))
    clause = " AND ".join(["l.id = %(layer)s", *_clauses(filters, params)])
    more = {"row": "f.row", "by_hand": "f.by_hand"}
    sql = f"""
WITH page AS (
  SELECT f.feature_id AS id, {features.feature_sql("hq", scope, more=more)} AS feature
  {FROM_VERSION}
   WHERE {clause} AND f.feature_id > %(cursor)s ORDER BY f.feature_id LIMIT %(limit)s)
SELECT (SELECT count(*) {FROM_VERSION} WHERE {clause}), count(*), max(id),
       coalesce(string_agg(feature, ',' ORDER BY id), '') FROM page"""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        matched, count, last, found = cursor.fetchone()
    after = json.dumps(last if count == params["limit"] else None, ensure_ascii=False)
    return (
        f'{{"type":"FeatureCollection","layer":"{layer.slug}","version":{version.number},'
        f'"numberMatched":{matched},"numberReturned":{count},"cursor":{after},'
        f'"features":[{found}]}}'
    )


def _clauses(filters: dict[str, Any], params: dict[str, Any]) -> list[str]:
    found = []
    if box := filters.get("bbox"):
        params["box"] = geo.bbox(str(box)).wkt
        found.append("ST_Intersects(f.geometry, ST_GeomFromText(%(box)s, 4326))")
    if rows := filters.get("rows"):
        params["rows"] = _numbers(str(rows))
        found.append("f.row = ANY(%(rows)s)")
    if filters.get("without_place") in ("1", "true"):
        found.append("f.geometry IS NULL")
    return found


def _numbers(text: str) -> list[int]:
    parts = text.split(",")
    if len(parts) > LIMIT_ROWS or not all(p.isascii() and p.isdigit() for p in parts):
        words = f"rows is up to {LIMIT_ROWS:,} row numbers with commas."
        raise Problem("invalid", words, field="rows")
    return [int(part[:9]) for part in parts]


def _cursor(value: Any) -> str:
    if "\x00" in str(value or ""):
        raise Problem("invalid", "Take the cursor of the last answer.", field="cursor")
    return str(value or "")
