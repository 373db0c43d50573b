"""Broadcasts over HTTP: headquarters tells all crews, and reads who has seen it."""

from __future__ import annotations

import json
import uuid
from datetime import UTC
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from gspace import access, actions, broadcasts, geo
from gspace.doors import as_json, body_as, incident_of, signed_in
from gspace.wire import Moment, Text, code_of

router = Router(tags=["broadcasts"])


class BroadcastIn(BaseModel):
    """area: GeoJSON geometry, null = everywhere; area_name: the same in words, for people."""

    model_config = ConfigDict(extra="forbid")
    id: uuid.UUID | None = None
    kind: Annotated[str, code_of("broadcast_kind")]
    text: Annotated[Text, Field(min_length=1, max_length=1000)]
    area: dict[str, Any] | None = None
    area_name: Annotated[Text, Field(max_length=300)] = ""


class ReadIn(BaseModel):
    model_config = ConfigDict(extra="ignore")
    read_at: Moment


@router.post("/incidents/{slug}/broadcasts", summary="Tell every crew (idempotent on id)")
def post_broadcast(request: HttpRequest, slug: str) -> HttpResponse:
    by, incident = signed_in(request), incident_of(slug)
    access.require_hq(by, incident)
    said: BroadcastIn = body_as(BroadcastIn, request)
    broadcast, created = actions.broadcast_create(
        incident=incident,
        kind=said.kind,
        text=said.text,
        area=geo.geometry_from_geojson(said.area, "area") if said.area is not None else None,
        area_name=said.area_name,
        broadcast_id=said.id,
        by=by,
    )
    answer = as_json(broadcasts.one(broadcast))
    answer.status_code = 201 if created else 200
    return answer


@router.get("/incidents/{slug}/broadcasts", summary="Broadcasts, newest first, and who read them")
def get_broadcasts(request: HttpRequest, slug: str, limit: int = 50) -> HttpResponse:
    incident = incident_of(slug)
    access.require_hq(signed_in(request), incident)
    found = broadcasts.told(incident, max(1, min(limit, 200)))
    items = [broadcast.as_json() for broadcast in found]
    return as_json(json.dumps({"items": items}, ensure_ascii=False))


@router.post("/broadcasts/{uuid:broadcast_id}/withdraw", summary="It holds no longer")
def withdraw_broadcast(request: HttpRequest, broadcast_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    return as_json(broadcasts.one(actions.broadcast_withdraw(broadcast_id=broadcast_id, by=by)))


@router.put("/broadcasts/{uuid:broadcast_id}/read", summary="A device's receipt; the first stays")
def put_read(request: HttpRequest, broadcast_id: uuid.UUID) -> HttpResponse:
    by = access.device_from_request(request)
    said: ReadIn = body_as(ReadIn, request)
    read = actions.broadcast_read(broadcast_id=broadcast_id, read_at=said.read_at, by=by)
    told = {"id": str(broadcast_id), "read_at": read.read_at.astimezone(UTC).isoformat()}
    return as_json(json.dumps(told))
