"""Told to headquarters by phone, radio, fax or at the counter; and what is where on the map."""

from __future__ import annotations

import json
import math
import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gspace import access
from gspace.access import Audience
from gspace.doors import as_json, body_as, geojson, incident_of, signed_in
from gspace.models import Incident
from gspace.problems import Problem
from layers.around import around as features_around
from reports import actions, areas
from reports.payload import EnteredIn

router = Router(tags=["reports"])
RADIUS_M = 200


@router.put(
    "/incidents/{slug}/entered/{uuid:report_id}",
    summary="Enter a report that was told to headquarters (idempotent)",
    description="A point is taken only with `exact`; else send an area, a line, or no geometry.",
)
def put_entered(request: HttpRequest, slug: str, report_id: uuid.UUID) -> HttpResponse:
    by, incident = signed_in(request), incident_of(slug)
    access.require_hq(by, incident)
    received = actions.report_enter(
        report_id=report_id, incident=incident, body=body_as(EnteredIn, request), by=by
    )
    return geojson(received.feature, status=201 if received.created else 200)


@router.get("/incidents/{slug}/areas", summary="Districts by words of an address, as areas")
def get_areas(request: HttpRequest, slug: str, q: str = "") -> HttpResponse:
    incident, _ = _staff(request, slug)
    return as_json(_json({"items": areas.search(incident, q[:200])}))


@router.get(
    "/incidents/{slug}/here",
    summary="What is at a position: town, municipality, and what is published within 200 m",
)
def get_here(request: HttpRequest, slug: str, lon: float, lat: float) -> HttpResponse:
    incident, audience = _staff(request, slug)
    if not (math.isfinite(lon + lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise Problem("invalid", "lon and lat are degrees (WGS 84).", field="lon")
    found = features_around(incident, audience, lon, lat, radius_m=RADIUS_M)
    return as_json(_json(areas.around(lon, lat) | {"radius_m": RADIUS_M, "items": found}))


def _staff(request: HttpRequest, slug: str) -> tuple[Incident, Audience]:
    """Of whoever sits at a desk. Raises Problem not_allowed."""
    incident = incident_of(slug)
    audience = access.audience(signed_in(request), incident)
    if audience not in ("hq", "partner"):
        raise Problem("not_allowed")
    return incident, audience


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False)
