"""Link tiles over HTTP: to maps and pages of others."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gspace.doors import body_as, incident_of, signed_in
from layers import actions, links
from layers.api.answers import answer
from layers.api.layers import publisher_of
from layers.payload import LinkIn

router = Router(tags=["layers"])


@router.get("/map-links", summary="Tiles that lead to other maps, of an incident or all")
def get_links(request: HttpRequest, incident: str | None = None) -> HttpResponse:
    return answer({"items": links.of_incident(incident_of(incident) if incident else None)})


@router.post("/map-links", summary="A tile that leads to somebody else's map")
def post_link(request: HttpRequest) -> HttpResponse:
    by = signed_in(request)
    body = body_as(LinkIn, request)
    link = actions.link_create(
        publisher=publisher_of(by, body.publisher),
        incident=incident_of(body.incident) if body.incident else None,
        by=by,
        **body.model_dump(exclude={"publisher", "incident"}),
    )
    return answer(links.told(link), status=201)


@router.delete("/map-links/{uuid:link_id}", summary="Take a tile away")
def delete_link(request: HttpRequest, link_id: uuid.UUID) -> HttpResponse:
    actions.link_withdraw(link_id=link_id, by=signed_in(request))
    return HttpResponse(status=204)
