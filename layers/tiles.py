"""Vector tiles of a layer (Mapbox Vector Tile 2.1), made by PostGIS from the published version.

Two MVT layers: `features` (id, name, kind, operation, congestion, traffic, estimated, conflict,
count) and `clusters` (count, n_<state> for each state of its members, n_not_reported). Nothing is
cut: each feature with a place counts in exactly one tile of a zoom, as count 1 or in a cluster; a
line or area that reaches into further tiles is drawn there with count 0.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from gspace import access, grid, vocabulary
from gspace.access import Audience
from gspace.problems import Problem
from gspace.tiles import (
    BOUNDS,
    BUFFER,
    CLUSTER_ZOOM,
    EXTENT,
    MARK,
    MAX_ZOOM,
    MERCATOR_M,
    Place,
    plain,
    told,
)
from layers import features, queries
from layers.merged import ANY_CONFLICT, STATE_JOINS, merged
from layers.models import Layer

# a line or area smaller than this many screen pixels is a mark, too
SMALL_PX = 4


def layer_tile(layer: Layer, z: int, x: int, y: int) -> bytes:
    """The tile as protobuf; empty bytes where there is nothing."""
    clustered = z <= CLUSTER_ZOOM
    with connection.cursor() as cursor:
        cursor.execute(CLUSTERED_SQL if clustered else PLAIN_SQL, _params(layer, Place(z, x, y)))
        return b"".join(bytes(part) for part in cursor.fetchone() if part)


def _params(layer: Layer, place: Place) -> dict[str, Any]:
    margin = place.side * BUFFER / EXTENT
    west, north = grid.degrees(place.left - margin, place.top - margin)
    east, south = grid.degrees(place.right + 1 + margin, place.bottom + 1 + margin)
    small = SMALL_PX << (grid.ZOOM - place.z) if place.z <= CLUSTER_ZOOM else 1
    return place.params() | {
        "version": layer.published_id, "small": small,
        "west": max(west, -180), "south": south, "east": min(east, 180), "north": north,
        "tolerance": MERCATOR_M / (256 << place.z) / 2,
    }  # fmt: skip


# Features whose point lies in the tile (home), and shapes that reach into it.
FOUND = f"""
found AS MATERIALIZED (
  SELECT f.feature_id, f.name, f.estimated, f.geometry, f.grid_x, f.grid_y, f.span, l.kind,
    {merged("operation")} AS operation, {merged("congestion")} AS congestion,
    {merged("traffic")} AS traffic, {ANY_CONFLICT} AS conflict,
    f.grid_x BETWEEN %(left)s AND %(right)s AND f.grid_y BETWEEN %(top)s AND %(bottom)s AS home
  FROM layers_feature f JOIN layers_layer l ON l.published_id = f.version_id{STATE_JOINS}
 WHERE f.version_id = %(version)s AND (
    (f.grid_x BETWEEN %(left)s AND %(right)s AND f.grid_y BETWEEN %(top)s AND %(bottom)s)
    OR (f.span >= %(small)s AND f.geometry &&
        ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326))))"""

OWN_MARK = MARK.format(x="grid_x", y="grid_y")
# clipped in degrees first: web mercator has no poles, and most of a long road is elsewhere
SHAPE = f"""ST_AsMVTGeom(ST_Simplify(ST_Transform(ST_ClipByBox2D(geometry,
  ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)), 3857), %(tolerance)s, true),
  {BOUNDS}, {EXTENT}, {BUFFER}, true)"""
ATTRIBUTES = """feature_id AS id, nullif(name, '') AS name, kind, operation, congestion, traffic,
  CASE WHEN estimated THEN true END AS estimated, CASE WHEN conflict THEN true END AS conflict"""
SHAPES = f"""
  SELECT CASE WHEN home THEN coalesce({SHAPE}, {OWN_MARK}) ELSE {SHAPE} END AS geom,
    {ATTRIBUTES}, home::int AS count FROM found WHERE span >= %(small)s"""
AS_FEATURES = (
    f"(SELECT ST_AsMVT(t, 'features', {EXTENT}, 'geom') FROM single t WHERE t.geom IS NOT NULL)"
)

PLAIN_SQL = f"""WITH {FOUND}, single AS ({SHAPES} UNION ALL
  SELECT {OWN_MARK} AS geom, {ATTRIBUTES}, 1 AS count FROM found WHERE span < %(small)s)
SELECT {AS_FEATURES}"""

CLUSTERED_SQL = f"""WITH {FOUND},
placed AS (
  SELECT *, count(*) OVER (PARTITION BY grid_x >> %(cell)s, grid_y >> %(cell)s) AS members
    FROM found WHERE span < %(small)s AND home),
single AS ({SHAPES} UNION ALL
  SELECT {OWN_MARK}, {ATTRIBUTES}, 1 FROM placed WHERE members = 1),
states AS (
  SELECT grid_x >> %(cell)s AS cx, grid_y >> %(cell)s AS cy,
    coalesce(operation, traffic, 'not_reported') AS state, count(*) AS number,
    sum(grid_x::bigint) AS xs, sum(grid_y::bigint) AS ys
    FROM placed WHERE members > 1 GROUP BY 1, 2, 3),
cluster AS (
  SELECT {MARK.format(x="(sum(xs) / sum(number))", y="(sum(ys) / sum(number))")} AS geom,
    sum(number)::int AS count, jsonb_object_agg('n_' || state, number) AS states
    FROM states GROUP BY cx, cy)
SELECT {AS_FEATURES},
  (SELECT ST_AsMVT(t, 'clusters', {EXTENT}, 'geom') FROM cluster t)"""


@require_safe
def tile(request: HttpRequest, slug: str, z: int, x: int, y: int) -> HttpResponse:
    """GET /tiles/layers/{layer}/{z}/{x}/{y}.mvt; 404 outside the world or without the right."""
    # the position first: a change in between is in the tile and fetched once more, never missed
    seq = features.seq(slug)
    try:
        Place.checked(z, x, y)
        layer, audience = _layer(request, slug)
    except Problem as problem:
        return problem.response()
    etag = f'"{audience}-{seq}{_edits(layer)}-v{plain(request.GET.get("v", ""))}"'
    if found := get_conditional_response(request, etag=etag):
        return told(found, audience, seq, etag)
    content = layer_tile(layer, z, x, y)
    answer = HttpResponse(content, content_type="application/vnd.mapbox-vector-tile")
    return told(answer, audience, seq, etag)


@require_safe
def tilejson(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /tiles/layers/{layer}.json: TileJSON 3.0 with `v` for the addresses of the tiles."""
    seq = features.seq(slug)
    try:
        layer, audience = _layer(request, slug)
    except Problem as problem:
        return problem.response()
    base = request.build_absolute_uri(f"/tiles/layers/{slug}")
    body = {
        "tilejson": "3.0.0",
        "name": layer.title,
        "attribution": layer.attribution or layer.source_name,
        "scheme": "xyz",
        "tiles": [f"{base}/{{z}}/{{x}}/{{y}}.mvt?v={seq}"],
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "bounds": layer.published.extent if layer.published else None,
        "vector_layers": _described(layer.kind),
        "v": seq,
    }
    content = json.dumps({k: v for k, v in body.items() if v is not None}, ensure_ascii=False)
    etag = f'"{audience}-{seq}{_edits(layer)}-json"'
    answer = get_conditional_response(request, etag=etag)
    answer = answer or HttpResponse(content, content_type="application/json")
    return told(answer, audience, seq, etag)


def _described(kind: str) -> list[dict[str, Any]]:
    states = vocabulary.STATES.get(kind, {})
    texts = dict.fromkeys(("id", "name", "kind", *states), "String")
    flags = dict.fromkeys(("estimated", "conflict"), "Boolean")
    main = states.get("operation") or states.get("traffic")
    codes = [*vocabulary.codes(main), "not_reported"] if main else ["not_reported"]
    counts = dict.fromkeys(["count", *(f"n_{code}" for code in codes)], "Number")
    return [
        {"id": "features", "fields": texts | flags | {"count": "Number"}},
        {"id": "clusters", "fields": counts, "maxzoom": CLUSTER_ZOOM},
    ]


def _layer(request: HttpRequest, slug: str) -> tuple[Layer, Audience]:
    return queries.layer_for(slug, access.caller_from_request(request))


def _edits(layer: Layer) -> str:
    """A standing layer is told to open incidents only; without one its feed position stands."""
    if layer.incident_id is not None:
        return ""
    edits = layer.live_states.aggregate(sum=Sum("version"))["sum"] or 0
    return f"-{layer.published.number if layer.published else 0}.{edits}"


urlpatterns = [
    path("layers/<slug:slug>.json", tilejson, name="layer_tilejson"),
    path("layers/<slug:slug>/<int:z>/<int:x>/<int:y>.mvt", tile, name="layer_tile"),
]
