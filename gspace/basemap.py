"""The built-in offline basemap: its tile SQL and its one view.

Vector tiles with the layers land, water, boundary, road, place, so that the map reads as a map
when neither an operator's PMTiles file nor the tiles of 国土地理院 are reachable. Loading is in
`basemap_files.py` and `./manage.py load_basemap`; sources in fixtures/basemap/SOURCES.md.
"""

from __future__ import annotations

import hashlib

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

MAX_ZOOM = 16
TILE_TYPE = "application/vnd.mapbox-vector-tile"
MAX_AGE_S = 7 * 24 * 3600
EXTENT = 4096  # tile units, as every reader expects
BUFFER = 256  # tile units around the tile, so that a stroke or casing is not cut at its edge
TOWNS_FROM_ZOOM = 13

# Shapes: simplified to half a pixel (a tile is 256 px wide) before they are cut. Of the land the
# coarse world is for zoom 0-4, the detailed Japan from 5 on; the others say their lowest zoom.
# Towns come from the gazetteer, so that a place HQ speaks of is also on its map.
_TILE = """
WITH tile AS (
    SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box,
           ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 0.0625), 4326) AS around
),
shape AS (
    SELECT s.layer, s.kind, s.name, s.name_en, s.min_zoom AS rank,
           ST_AsMVTGeom(
               ST_Simplify(ST_Transform(s.geometry, 3857), %(tolerance)s, true),
               tile.box, %(extent)s, %(buffer)s, true) AS geom
    FROM gspace_basemapshape s, tile
    WHERE s.geometry && tile.around AND s.min_zoom <= %(z)s
      AND (s.kind <> 'world' OR %(z)s < 5)
    UNION ALL
    SELECT 'place', 'quarter', p.name, p.name_en, 13,
           ST_AsMVTGeom(ST_Transform(p.location, 3857), tile.box, %(extent)s, %(buffer)s, true)
    FROM gspace_place p, tile
    WHERE %(z)s >= %(towns_from)s AND p.kind = 'town' AND p.location && tile.around
),
layers AS (
    SELECT layer, ST_AsMVT(row, layer, %(extent)s, 'geom') AS mvt
    FROM (SELECT * FROM shape WHERE geom IS NOT NULL ORDER BY layer, rank, name) AS row
    GROUP BY layer
)
SELECT coalesce(string_agg(mvt, ''::bytea ORDER BY layer), ''::bytea) FROM layers
"""
METRES_PER_PIXEL_AT_0 = 40_075_016.68 / 256


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
        "tolerance": METRES_PER_PIXEL_AT_0 / 2**z / 2,
        "extent": EXTENT,
        "buffer": BUFFER,
        "towns_from": TOWNS_FROM_ZOOM,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TILE, values)
        return bytes(cursor.fetchone()[0])


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
