"""Vector tiles of an incident's reports over HTTP: rights, what caches are told, the TileJSON.

What is in a tile: see reports.tile_sql. A tile is made once for all who ask at the same time, and
is good for KEPT_S after that: X-Feed-Seq says what it holds, `v` of the address what it must hold.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from gspace import access, feed
from gspace.access import Audience
from gspace.doors import incident_of
from gspace.models import Incident
from gspace.problems import Problem
from gspace.short_cache import ShortCache
from gspace.tiles import CLUSTER_ZOOM, MAX_ZOOM, Place, plain, told
from reports.filters import PAGING, PERSONAL, asked
from reports.tile_sql import NUMBERS, report_tile

KEPT_S, KEPT_BYTES = 1.0, 32 * 1024 * 1024
cache = ShortCache(most=KEPT_BYTES, seconds=KEPT_S)
# what these let through changes without a change of the feed
UNTAGGED = ("due", *PERSONAL)


@dataclass
class Asked:
    """Whose tile it is, of which reports, as the feed stood when it was asked for."""

    incident: Incident
    audience: Audience
    filters: dict[str, Any]
    v: str
    head: int
    epoch: str

    @classmethod
    def of(cls, request: HttpRequest, slug: str) -> Asked:
        """Raises Problem incident_unknown, not_signed_in."""
        incident = incident_of(slug)
        caller = access.caller_from_request(request)
        audience = access.audience(caller, incident)
        found = asked(request.GET, caller)
        filters = {n: v for n, v in found.items() if v and n not in PAGING}
        # before anything is read: a change in between is in the tile and told once more
        with connection.cursor() as cursor:
            cursor.execute(feed.STAND_SQL, [incident.pk])
            head, epoch = cursor.fetchone()
        return cls(incident, audience, filters, request.GET.get("v", ""), int(head), epoch)

    @cached_property
    def tagged(self) -> bool:
        return not any(self.filters.get(name) for name in UNTAGGED)

    @cached_property
    def key(self) -> str:
        """The same for all who get the same, at one position of the feed."""
        kept = {n: v for n, v in self.filters.items() if n != "viewer"}
        text = json.dumps([self.epoch, self.incident.pk, self.audience, kept], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def etag(self, seq: int) -> str:
        return f'"{self.audience}-{seq}-{self.key}-v{plain(self.v)}"'

    @property
    def least(self) -> int:
        """A page that names no position wants it as it stands."""
        digits = self.v.isascii() and self.v.isdigit() and len(self.v) < 19
        return min(int(self.v), self.head) if digits else self.head


@require_safe
def tile(request: HttpRequest, slug: str, z: int, x: int, y: int) -> HttpResponse:
    """GET /tiles/reports/{incident}/{z}/{x}/{y}.mvt; 404 outside the world."""
    try:
        place = Place.checked(z, x, y)
        of = Asked.of(request, slug)
        if of.tagged and (found := get_conditional_response(request, etag=of.etag(of.head))):
            return told(found, of.audience, of.head, of.etag(of.head))
        seq, content = _made(of, place)
    except Problem as problem:
        return problem.response()
    answer = HttpResponse(content, content_type="application/vnd.mapbox-vector-tile")
    if not of.tagged:
        answer["Cache-Control"], answer["X-Feed-Seq"] = "private, no-store", str(seq)
        return answer
    found = get_conditional_response(request, etag=of.etag(seq), response=answer)
    return told(found or answer, of.audience, seq, of.etag(seq))


def _made(of: Asked, place: Place) -> tuple[int, bytes]:
    """(position it holds, the tile)"""

    def make() -> bytes:
        return report_tile(of.incident, of.audience, of.filters, place)

    if not of.tagged:
        return of.head, make()
    made = cache.get((of.key, place), head=of.head, least=of.least, make=make)
    return made.seq, made.content


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
    return told(answer, of.audience, of.head, etag)


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
