"""Reading features: GeoJSON text made by PostgreSQL, with the merged live state."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from gspace import geo
from gspace.access import Audience
from gspace.feed import Loaded
from gspace.problems import Problem
from layers import sight, situations
from layers.merged import (
    CONFLICT_JSON,
    SOURCES_JSON,
    SOURCES_JSON_STAFF,
    STATE_JOINS,
    STATE_JSON,
)
from layers.models import Layer
from layers.sight import VISIBLE
from layers.situations import Scope

# aliases: l layer, v its published version, f feature, o publisher, fs and s: see layers.merged
FROM_FEATURES = f"""
  FROM layers_layer l
  JOIN layers_layerversion v ON v.id = l.published_id
  JOIN layers_feature f ON f.version_id = v.id
  JOIN gspace_organisation o ON o.id = l.publisher_id{STATE_JOINS}"""

PROPERTIES = {
    "layer": "l.slug",
    "feature_id": "f.feature_id",
    "kind": "l.kind",
    "name": "nullif(f.name, '')",
    "name_en": "nullif(f.name_en, '')",
    "address": "nullif(f.address, '')",
    "municipality": "nullif(f.municipality_code, '')",
    "publisher": "o.name",
    "publisher_en": "nullif(o.name_en, '')",
    "source_name": "nullif(coalesce(nullif(f.source_name, ''), l.source_name), '')",
    "source_url": "nullif(coalesce(nullif(f.source_url, ''), l.source_url), '')",
    "licence": "nullif(coalesce(nullif(f.licence, ''), l.licence), '')",
    "source_as_of": "coalesce(f.source_as_of, v.source_as_of)",
    "published_at": "v.published_at",
    "estimated": "f.estimated",
    "state": STATE_JSON,
    "conflict": CONFLICT_JSON,
    "attributes": "f.properties",
}


EDITS_SQL = """(SELECT count(*) FROM layers_featureedit e
  WHERE e.layer_id = l.id AND e.feature_id = f.feature_id)"""


def feature_sql(
    audience: Audience,
    scope: Scope,
    ident: str = "f.feature_id",
    more: dict[str, str] | None = None,
) -> str:
    """SQL expression (text) of a feature; who set a state is told to staff only.

    Takes the parameters of `scope`, which says whose situations are shown. more: further
    properties and their expressions.
    """
    staff = audience in ("hq", "partner")
    pairs = PROPERTIES | {"state_sources": SOURCES_JSON_STAFF if staff else SOURCES_JSON}
    pairs |= {"situation": situations.latest_sql(scope), **(more or {})}
    built = ", ".join(f"'{name}', {expression}" for name, expression in pairs.items())
    return f"""json_build_object('type', 'Feature', 'id', {ident},
 'geometry', ST_AsGeoJSON(f.geometry, 7)::json, 'properties', json_build_object({built}))::text"""


def load(incident_id: int, audience: Audience, oids: Sequence[str]) -> dict[str, Loaded]:
    """Feed loader: oid = "<layer slug>/<feature id>". version counts what hands did to it.

    The id inside the text is the whole oid: two layers may use one and the same feature id.
    """
    split = [oid.partition("/") for oid in oids]
    oid = "l.slug || '/' || f.feature_id"
    scope = Scope(incident_id, audience)
    sql = f"""
SELECT {oid}, coalesce(s.version, 0) + {EDITS_SQL}, {feature_sql(audience, scope, oid)}
 {FROM_FEATURES}
  JOIN unnest(%(slugs)s::text[], %(ids)s::text[]) AS asked(slug, id)
    ON l.slug = asked.slug AND f.feature_id = asked.id
 WHERE (l.incident_id IS NULL OR l.incident_id = %(incident)s) AND {VISIBLE}"""
    params = {
        "slugs": [slug for slug, _, _ in split],
        "ids": [ident for _, _, ident in split],
        "incident": incident_id,
    } | scope.params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params | sight.as_audience(incident_id, audience).params())
        return {oid: Loaded(version, text) for oid, version, text in cursor.fetchall()}


def feature(layer: Layer, feature_id: str, audience: Audience, scope: Scope | None = None) -> str:
    """One feature of the published version as GeoJSON text. Raises Problem feature_unknown.

    The caller of this function has made sure that the layer is visible (queries.layer_for).
    scope: whose situations are shown (situations.scope_of); else those of the layer's incident.
    """
    scope = scope or _scope(layer, audience)
    sql = f"""SELECT {feature_sql(audience, scope)} {FROM_FEATURES}
 WHERE l.id = %(layer)s AND f.feature_id = %(feature)s"""
    params = {"layer": layer.id, "feature": feature_id} | scope.params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    if row is None:
        raise Problem("feature_unknown")
    return str(row[0])


def collection(
    layer: Layer,
    audience: Audience,
    epoch: str,
    filters: dict[str, Any],
    scope: Scope | None = None,
) -> str:
    """The published features as a GeoJSON FeatureCollection in the order of their ids.

    filters: bbox "w,s,e,n" (a feature without a place is in no bbox), limit, cursor (of the last
    answer). numberMatched counts all that match, `seq` is the layer's position in the feed in the
    same snapshot. Raises Problem invalid naming the filter.
    """
    scope = scope or _scope(layer, audience)
    clause, params, limit = _where(layer, filters)
    sql = f"""
WITH page AS (
  SELECT f.feature_id AS id, {feature_sql(audience, scope)} AS feature {FROM_FEATURES}
   WHERE {clause} AND f.feature_id > %(cursor)s ORDER BY f.feature_id LIMIT %(limit)s)
SELECT {SEQ_SQL}, (SELECT count(*) {FROM_FEATURES} WHERE {clause}), count(*), max(id),
       coalesce(string_agg(feature, ',' ORDER BY id), '')
  FROM page"""
    with connection.cursor() as cursor:
        cursor.execute(sql, params | scope.params() | {"limit": limit})
        seq, matched, count, last, features = cursor.fetchone()
    after = json.dumps(last, ensure_ascii=False) if count == limit else "null"
    return (
        f'{{"type":"FeatureCollection","layer":"{layer.slug}","epoch":"{epoch}","seq":{seq},'
        f'"numberMatched":{matched},"numberReturned":{count},'
        f'"cursor":{after},"features":[{features}]}}'
    )


# Highest position in the feed of a layer and its features, over all incidents: the sequence is
# one for all of them. "0" follows "/", so the range is every oid that begins with "<slug>/";
# LIKE would not use the index for a slug that comes out of a row.
SEQ_SQL = """(SELECT coalesce(max(seq), 0) FROM (
  SELECT max(seq) AS seq FROM feed WHERE kind = 'layer' AND oid = %(slug)s
  UNION ALL
  SELECT max(seq) FROM feed WHERE kind = 'feature'
     AND oid ~>=~ (%(slug)s || '/') AND oid ~<~ (%(slug)s || '0')) AS found)"""


def seq(slug: str) -> int:
    """The layer's position in the feed; 0 when it was never told of."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {SEQ_SQL}", {"slug": slug})
        return int(cursor.fetchone()[0])


def _scope(layer: Layer, audience: Audience) -> Scope:
    return Scope(layer.incident_id, audience if layer.incident_id else "public")


def _where(layer: Layer, filters: dict[str, Any]) -> tuple[str, dict[str, Any], int]:
    clauses = ["l.id = %(layer)s"]
    cursor = str(filters.get("cursor") or "")
    if "\x00" in cursor:
        raise Problem("invalid", "Take the cursor of the last answer.", field="cursor")
    params: dict[str, Any] = {"layer": layer.id, "slug": layer.slug, "cursor": cursor}
    if box := filters.get("bbox"):
        clauses.append("ST_Intersects(f.geometry, ST_GeomFromText(%(box)s, 4326))")
        params["box"] = geo.bbox(str(box)).wkt
    return " AND ".join(clauses), params, limit_of(filters.get("limit"))


def limit_of(value: Any) -> int:
    if value in (None, ""):
        return int(settings.LIMIT_LIST)
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = 0
    if number < 1:
        raise Problem("invalid", "limit is a whole number from 1.", field="limit")
    return min(number, settings.LIMIT_LIST)
