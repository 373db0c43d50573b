"""Published places over HTTP by where they are and by what they are called."""

from __future__ import annotations

import json
import math

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

from gspace import access, vocabulary
from gspace.doors import as_json, incident_of
from gspace.problems import Problem
from layers import search
from layers.nearest import nearest

router = Router(tags=["layers"])
TOWNS = 5


@router.get(
    "/incidents/{slug}/nearest",
    summary="The nearest places of a kind, in a straight line",
    description="open=false: those that are closed or of which nothing is known, too. Never "
    "offered: evacuation sites not meant for this hazard, welfare shelters not open to everybody.",
)
def get_nearest(
    request: HttpRequest,
    slug: str,
    kind: str,
    lon: float,
    lat: float,
    n: int = 5,
    open: bool = True,
) -> HttpResponse:
    incident = incident_of(slug)
    if kind not in vocabulary.codes("layer_kind"):
        raise Problem("invalid", "kind is a layer kind of the vocabulary.", field="kind")
    if not (math.isfinite(lon + lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise Problem("invalid", "lon and lat are degrees (WGS 84).", field="lon")
    audience = access.audience(access.caller_from_request(request), incident)
    n = _between(n, settings.LIMIT_NEAREST, "n")
    found = nearest(incident, audience, kind, lon, lat, n=n, open_only=open)
    return as_json(json.dumps({"items": found}, ensure_ascii=False))


@router.get("/incidents/{slug}/places", summary="Places by words of their name and address")
def get_places(request: HttpRequest, slug: str, q: str = "", limit: int = 20) -> HttpResponse:
    incident = incident_of(slug)
    audience = access.audience(access.caller_from_request(request), incident)
    limit = _between(limit, settings.LIMIT_NEAREST, "limit")
    found = search.places(incident, audience, q[:100], limit=limit)
    found["towns"] = search.towns(incident, q[:100], limit=min(limit, TOWNS))
    return as_json(json.dumps(found, ensure_ascii=False))


def _between(number: int, most: int, field: str) -> int:
    if number < 1:
        raise Problem("invalid", f"{field} is a whole number from 1.", field=field)
    return min(number, most)
