"""What headquarters releases: photos with boxes filled in, and rules."""

from __future__ import annotations

import json
import uuid
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from gspace import access
from gspace.doors import as_json, body_as, geojson, incident_of, json_body, signed_in
from gspace.geo import geometry_from_geojson
from gspace.models import Incident
from gspace.problems import Problem
from gspace.wire import Text
from mobile_api.photos import sealed
from reports import actions, blobs, queries, release
from reports.payload import PublicCopyIn, RuleIn
from reports.release import RuleRow
from reports.releasing import PublicCopy

router = Router(tags=["release"])
SIZES = {"": "public", "small": "publicsmall"}


@router.post(
    "/photos/{uuid:photo_id}/public",
    summary="A copy that may be shown to the public, with boxes filled in",
    description="For headquarters, who has looked at it. Nobody else sees it before a report names "
    "it in `public_photos` and is released.",
)
def post_public_photo(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    by = signed_in(request)
    boxes = body_as(PublicCopyIn, request).boxes
    copy = actions.public_copy_make(photo_id=photo_id, boxes=boxes, by=by)
    answer = as_json(json.dumps(_copy(copy)))
    answer.status_code = 201
    return answer


@router.get(
    "/photos/{uuid:photo_id}/public",
    summary="The copy of a photo that is public, while it is",
    description="`v`: which copy; `size=small`: at most 320 px. Released anew, it has another `v`.",
)
def get_public_photo(
    request: HttpRequest, photo_id: uuid.UUID, v: str = "", size: str = ""
) -> HttpResponse:
    copy = release.public_copy(photo_id, v, access.caller_from_request(request))
    if size not in SIZES:
        raise Problem("invalid", "size is small, or left out.", field="size")
    try:
        with blobs.open_file(blobs.copy_name(copy.id, SIZES[size])) as stream:
            answer = HttpResponse(stream.read(), content_type="image/jpeg")
    except FileNotFoundError:
        raise Problem("photo_unknown") from None
    # never kept: what is taken back must be gone for those who ask next
    return sealed(answer)


def _copy(copy: PublicCopy) -> dict[str, Any]:
    url = f"/api/v1/photos/{copy.photo_id}/public?v={copy.id}"
    return {
        "id": str(copy.id),
        "photo": str(copy.photo_id),
        "boxes": copy.boxes,
        "width": copy.width,
        "height": copy.height,
        "display_url": url,
        "thumb_url": f"{url}&size=small",
    }


@router.get(
    "/reports/{uuid:report_id}/public-preview",
    summary="What the public would see of it, once released",
    description="For headquarters. No feature: it cannot be public (a rescue, rejected, withdrawn, "
    "a duplicate). Parameters left out: as stored. `public_photos`: ids with commas; "
    "`redacted_geometry`: GeoJSON, or null.",
)
def get_public_preview(
    request: HttpRequest,
    report_id: uuid.UUID,
    public_text: Annotated[Text | None, Field(max_length=4000)] = None,
    private_home: bool | None = None,
    public_place: Literal["", "rounded", "municipality"] | None = None,
    public_photos: Annotated[Text | None, Field(max_length=1000)] = None,
    redacted_geometry: Annotated[Text | None, Field(max_length=4000)] = None,
) -> HttpResponse:
    by = signed_in(request)
    report = queries.report_for(report_id, by)
    access.require_hq(by, report.incident)
    said = {"public_text": public_text, "private_home": private_home, "public_place": public_place}
    edit: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if public_photos is not None:
        edit["public_photos"] = release.copies_of(report, _ids(public_photos))
    if redacted_geometry is not None:
        told = json_body(redacted_geometry.encode())
        edit["redacted_geometry"] = told and geometry_from_geojson(told, "redacted_geometry")
    return geojson(queries.public_preview(report, **edit))


def _ids(text: str) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(part) for part in text.split(",") if part]
    except ValueError:
        raise Problem("invalid", "Ids with commas.", field="public_photos") from None


@router.get("/incidents/{slug}/release-rules", summary="What is released without looking at each")
def get_release_rules(request: HttpRequest, slug: str) -> HttpResponse:
    incident = _ours(request, slug)
    items = [_rule(row) for row in release.rules(incident)]
    return as_json(json.dumps({"items": items}, default=str, ensure_ascii=False))


@router.put(
    "/incidents/{slug}/release-rules/{category}/{status}",
    summary="Make, change or switch off a rule",
    description="What is public by it follows at once; switched off, it is taken back. Reports "
    "that are already there are released by `apply` only.",
)
def put_release_rule(request: HttpRequest, slug: str, category: str, status: str) -> HttpResponse:
    incident, said = _ours(request, slug), body_as(RuleIn, request)
    actions.rule_save(
        incident=incident, category=category, status=status, by=signed_in(request),
        **said.model_dump(),
    )  # fmt: skip
    row = release.row(release.rule(incident, category, status))
    return as_json(json.dumps(_rule(row), default=str, ensure_ascii=False))


@router.post(
    "/incidents/{slug}/release-rules/{category}/{status}/apply",
    summary="Release what is already there and what nobody has decided about",
)
def apply_release_rule(request: HttpRequest, slug: str, category: str, status: str) -> HttpResponse:
    incident = _ours(request, slug)
    released = actions.rule_apply(
        incident=incident, category=category, status=status, by=signed_in(request)
    )
    return as_json(json.dumps({"released": released}))


def _ours(request: HttpRequest, slug: str) -> Incident:
    by, incident = signed_in(request), incident_of(slug)
    access.require_hq(by, incident)
    return incident


def _rule(row: RuleRow) -> dict[str, Any]:
    rule = row.rule
    return {
        "category": rule.category,
        "status": rule.status,
        "place": rule.place,
        "text": rule.text,
        "fixed_text": rule.fixed_text or None,
        "enabled": rule.enabled,
        "by": rule.by_name,
        "at": rule.at.isoformat(),
        "released": row.released,
        "waiting": row.waiting,
    }
