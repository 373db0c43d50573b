"""Vector tiles of an incident's reports over HTTP: rights, what caches are told, the TileJSON.

What is in a tile: see reports.tile_sql. A tile is made once for all who ask at the same time, and
is good for KEPT_S after that: X-Feed-Seq says what it holds, `v` of the address what it must hold.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from gspace.problems import Problem
from gspace.short_cache import ShortCache
from gspace.tiles import CLUSTER_ZOOM, MAX_ZOOM, Place, told
from reports.asking import Asked
from reports.tile_sql import NUMBERS, report_tile

KEPT_S, KEPT_BYTES = 1.0, 32 * 1024 * 1024
cache = ShortCache(most=KEPT_BYTES, seconds=KEPT_S)


@require_safe
def tile(request: HttpRequest, slug: str, z: int, x: int, y: int) -> HttpResponse:
    """GET /tiles/reports/{incident}/{z}/{x}/{y}.mvt; 404 outside the world."""
    try:
        place = Place.checked(z, x, y)
        of = Asked.of(request, slug)
        if of.tagged and (found := get_conditional_response(request, etag=of.etag(of.head))):
            return told(found, of.reader, of.head, of.etag(of.head))
        make = partial(report_tile, of.incident, of.audience, of.filters, place)
        made = of.shared(cache, place, make)
    except Problem as problem:
        return problem.response()
    answer = HttpResponse(made.content, content_type="application/vnd.mapbox-vector-tile")
    if not of.tagged:
        answer["Cache-Control"], answer["X-Feed-Seq"] = "private, no-store", str(of.head)
        return answer
    etag = of.etag(made.seq)
    found = get_conditional_response(request, etag=etag, response=answer)
    return told(found or answer, of.reader, made.seq, etag)


@require_safe
def tilejson(request: HttpRequest, slug: str) -> HttpResponse:
    """GET /tiles/reports/{incident}.json: TileJSON 3.0 with `v` for the addresses of the tiles.

    Filters of this address stand in those of the tiles, too.
    """
    try:
        of = Asked.of(request, slug)
    except Problem as problem:
        return problem.response()
    query = request.GET.copy()
    query["v"] = str(of.head)
    base = request.build_absolute_uri(f"/tiles/reports/{slug}")
    body = {
        "tilejson": "3.0.0",
        "name": of.incident.name,
        "scheme": "xyz",
        "tiles": [f"{base}/{{z}}/{{x}}/{{y}}.mvt?{query.urlencode()}"],
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "vector_layers": _described(),
        "v": of.head,
    }
    content = json.dumps(body, ensure_ascii=False)
    etag = of.etag(of.head)
    answer = get_conditional_response(request, etag=etag)
    answer = answer or HttpResponse(content, content_type="application/json")
    return told(answer, of.reader, of.head, etag)


def _described() -> list[dict[str, Any]]:
    texts = dict.fromkeys(("id", "category", "severity", "status"), "String")
    numbers = dict.fromkeys(("received", "seq"), "Number")
    flags = dict.fromkeys(("waiting", "shape"), "Boolean")
    counted = {"worst": "String"} | dict.fromkeys(("count", *NUMBERS), "Number")
    return [
        {"id": "features", "fields": texts | numbers | flags},
        {"id": "clusters", "fields": counted, "description": f"always up to zoom {CLUSTER_ZOOM}"},
    ]


urlpatterns = [
    path("reports/<slug:slug>.json", tilejson, name="report_tilejson"),
    path("reports/<slug:slug>/<int:z>/<int:x>/<int:y>.mvt", tile, name="report_tile"),
]
