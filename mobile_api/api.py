"""The HTTP API v1, put together: OpenAPI at /api/v1/openapi.json, readable at /api/v1/docs."""

from __future__ import annotations

from ninja import Swagger

from gspace.doors import answer_problems, caller
from layers.api import router as layers
from layers.downloads_api import router as downloads
from layers.near_api import router as near
from layers.situations_api import router as situations
from mobile_api.broadcasts import router as broadcasts
from mobile_api.bulk import router as bulk
from mobile_api.claims import router as claims
from mobile_api.devices import router as devices
from mobile_api.duplicates import router as duplicates
from mobile_api.enrolment import router as enrolment
from mobile_api.entered import router as entered
from mobile_api.exports import router as exports
from mobile_api.incidents import router as incidents
from mobile_api.lane import router as lane
from mobile_api.log import router as log
from mobile_api.looks import router as looks
from mobile_api.numbers import router as numbers
from mobile_api.openapi import DescribedAPI
from mobile_api.photos import router as photos
from mobile_api.release import router as release
from mobile_api.reports import router as reports
from mobile_api.saved_views import router as saved_views
from mobile_api.teams import router as teams

api = DescribedAPI(
    title="G-space",
    version="1",
    description=(
        "Resumable originals: tus 1.0 at /api/v1/uploads/ (creation, expiration, checksum, "
        "termination) with `Upload-Metadata: photo <base64 of the photo's id>`; the receipt is "
        "GET /api/v1/photos/{photo_id}."
    ),
    urls_namespace="api",
    docs_url="/docs",
    # no validator of strangers is shown our addresses
    docs=Swagger(settings={"validatorUrl": None}),
    openapi_url="/openapi.json",
    auth=caller,
)
answer_problems(api)
# situations before layers, whose features would take `<id>/situations` for an id
for router in (
    enrolment, devices, lane, reports, duplicates, photos, release, incidents, broadcasts, log,
    looks, saved_views, claims, bulk, entered, teams, numbers, exports,
    situations, downloads, near, layers,
):  # fmt: skip
    api.add_router("", router)
