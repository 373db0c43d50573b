"""The built-in offline basemap: its tile SQL and its one view.

Vector tiles with the layers land, water, boundary, road, place, so that the map reads as a map
when neither an operator's PMTiles file nor the tiles of 国土地理院 are reachable. The shapes come
from text files (`basemap_files.py`, `./manage.py load_basemap`), which name their sources.
"""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from gspace import basemap_files
from gspace.models import BasemapShape
from gspace.transactions import action

MAX_ZOOM = 16
TILE_TYPE = "application/vnd.mapbox-vector-tile"
MAX_AGE_S = 7 * 24 * 3600
EXTENT = 4096  # tile units, as every reader expects
BUFFER = 256  # tile units around the tile, so that a stroke or casing is not cut at its edge
PIXELS = 512  # protomaps-leaflet draws a tile over four of 256: map zoom z shows tiles of z - 1
QUARTERS_FROM, BLOCKS_FROM = 12, 14  # tile zooms

# Shapes: simplified to half a pixel before they are cut. Of the land the coarse world is for map
# zoom 0-4, the detailed Japan from 5 on; the others say their lowest map zoom.
# Towns come from the gazetteer, so that a place HQ speaks of is also on its map: first each
# quarter once (at its 一丁目), closer in every 丁目.
_TILE = """
WITH tile AS (
    SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box,
           ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326) AS around
),
town AS (
    SELECT p.location,
           CASE WHEN %(z)s < %(blocks_from)s THEN regexp_replace(p.name, '一丁目$', '')
                ELSE p.name END AS name,
           CASE WHEN %(z)s < %(blocks_from)s THEN regexp_replace(p.name_en, ' 1-chome$', '')
                ELSE p.name_en END AS name_en
    FROM gspace_place p, tile
    WHERE %(z)s >= %(quarters_from)s AND p.kind = 'town' AND p.location && tile.around
      AND (%(z)s >= %(blocks_from)s OR p.name !~ '丁目$' OR p.name ~ '[^十]一丁目$')
),
shape AS (
    SELECT s.layer, s.kind, s.name, s.name_en, s.min_zoom AS rank,
           ST_AsMVTGeom(
               ST_Simplify(ST_Transform(s.geometry, 3857), %(tolerance)s, true),
               tile.box, %(extent)s, %(buffer)s, true) AS geom
    FROM gspace_basemapshape s, tile
    WHERE s.geometry && tile.around AND s.min_zoom <= %(z)s + 1
      AND (s.kind <> 'world' OR %(z)s < 4)
    UNION ALL
    SELECT 'place', 'quarter', t.name, t.name_en, 13,
           ST_AsMVTGeom(ST_Transform(t.location, 3857), tile.box, %(extent)s, %(buffer)s, true)
    FROM tile, town t WHERE %(z)s >= %(quarters_from)s
),
layers AS (
    SELECT layer, ST_AsMVT(row, layer, %(extent)s, 'geom') AS mvt
    FROM (SELECT * FROM shape WHERE geom IS NOT NULL ORDER BY layer, rank, name) AS row
    GROUP BY layer
)
SELECT coalesce(string_agg(mvt, ''::bytea ORDER BY layer), ''::bytea) FROM layers
"""
EQUATOR_M = 40_075_016.68


def tile(z: int, x: int, y: int) -> bytes:
    """The Mapbox Vector Tile (version 2) of an XYZ address; empty bytes where nothing is drawn.

    Errors: ValueError when the address is outside zoom 0-16 or the square of that zoom.
    """
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise ValueError(f"there is no tile {z}/{x}/{y}")
    values = {
        "z": z,
        "x": x,
        "y": y,
        "tolerance": EQUATOR_M / PIXELS / 2**z / 2,
        "extent": EXTENT,
        "buffer": BUFFER,
        **_around(z, x, y),
        "quarters_from": QUARTERS_FROM,
        "blocks_from": BLOCKS_FROM,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TILE, values)
        return bytes(cursor.fetchone()[0])


def _around(z: int, x: int, y: int) -> dict[str, float]:
    """Degrees around the tile and its buffer. Not by ST_Transform, which turns 181 into -179."""
    count, margin = 2**z, BUFFER / EXTENT
    return {
        "west": (x - margin) / count * 360 - 180,
        "east": (x + 1 + margin) / count * 360 - 180,
        "north": _latitude((y - margin) / count),
        "south": _latitude((y + 1 + margin) / count),
    }


def _latitude(down: float) -> float:
    """Web mercator: 0 is the upper edge of the world, 1 the lower."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))


@action
def shapes_load(*, files: list[Path]) -> dict[str, int]:
    """Put the shapes of these files in place of all that were there: {file name: shapes}.

    Errors: ValueError naming file and line; then nothing has changed.
    """
    BasemapShape.objects.all().delete()
    counts = {}
    for file in files:
        source, shapes = basemap_files.read(file)
        rows = [_row(shape, source) for shape in shapes]
        BasemapShape.objects.bulk_create(rows, batch_size=200)
        counts[file.name] = len(rows)
    return counts


def _row(shape: basemap_files.Shape, source: str) -> BasemapShape:
    return BasemapShape(
        layer=shape.layer,
        kind=shape.kind,
        name=shape.name,
        name_en=shape.name_en,
        min_zoom=shape.min_zoom,
        geometry=GEOSGeometry(json.dumps(basemap_files.geojson(shape)), srid=4326),
        source=source[:200],
    )


@require_safe
def basemap_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """GET /tiles/basemap/{z}/{x}/{y}.mvt: 200, 304 by ETag, 404 outside the pyramid.

    The tile says nothing about people or incidents, so it is public and may be kept for a week.
    """
    try:
        content = tile(z, x, y)
    except ValueError as error:
        raise Http404(str(error)) from error
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(content, content_type=TILE_TYPE)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
    return response
