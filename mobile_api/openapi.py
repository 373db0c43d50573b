"""The OpenAPI document, told in full: what each operation takes and answers.

Handlers read raw bodies and query strings themselves (the errors are ours then, and PostgreSQL
writes the JSON), so Ninja cannot see them. Two operations are no handlers at all: streamed
originals and tus (mobile_api.originals, mobile_api.tus). A test holds this table complete.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from gspace import vocabulary
from gspace.problems import CATALOGUE
from layers.payload import (
    FeatureChange,
    FeatureNew,
    LayerEdit,
    LayerIn,
    LinkIn,
    ReadAgain,
    SituationIn,
)
from mobile_api.broadcasts import BroadcastIn, ReadIn
from mobile_api.bulk import BulkIn
from mobile_api.claims import ClaimIn
from mobile_api.devices import DeviceEdit
from mobile_api.enrolment import EnrolIn
from mobile_api.exports import ExportIn
from mobile_api.log import LogIn
from mobile_api.looks import SeenIn
from mobile_api.parameters import MOMENT, PARAMETERS, REQUIRED, TEXT
from mobile_api.reports import Merge, NoteIn
from mobile_api.saved_views import ViewIn
from reports import filters, log
from reports.payload import AuthorEdit, EnteredIn, HqEdit, PublicCopyIn, ReportIn, RuleIn

REF = "#/components/schemas/{model}"
JSON, GEOJSON, PROBLEM = "application/json", "application/geo+json", "application/problem+json"
JPEG, BYTES = "image/jpeg", "application/octet-stream"
CSV, GEOPACKAGE = "text/csv", "application/geopackage+sqlite3"
MODELS: tuple[type[BaseModel], ...] = (
    EnrolIn, DeviceEdit, ReportIn, EnteredIn, AuthorEdit, HqEdit, Merge, NoteIn, LayerIn, LayerEdit,
    ExportIn, FeatureNew, FeatureChange, ReadAgain, LinkIn, SituationIn, BroadcastIn, ReadIn,
    LogIn, SeenIn, ViewIn, BulkIn, ClaimIn, PublicCopyIn, RuleIn,
)  # fmt: skip
# members whose values are codes of the vocabulary
CODES = {
    "ReportIn": {"category": "category", "severity": "severity"},
    "EnteredIn": {"category": "category", "severity": "severity", "channel": "channel"},
    "HqEdit": {"category": "category", "severity": "severity", "status": "status",
               "release": "release"},
    "LayerIn": {"kind": "layer_kind"},
    "LinkIn": {"kind": "layer_kind"},
    "BroadcastIn": {"kind": "broadcast_kind"},
    "LogIn": {"kind": "log_kind"},
    "BulkChange": {"category": "category", "severity": "severity", "status": "status"},
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """codes: of success. body: names of models, or a media type for bytes; queries, headers: names
    of PARAMETERS."""

    codes: tuple[int, ...] = (200,)
    answer: str = JSON
    schema: str = "Object"
    body: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    summary: str = ""


LIST = ("bbox", "limit", "cursor")
COUNTS = (*(name for name in filters.NAMES if name not in filters.PAGING), "mine")
REPORTS = (*COUNTS, *filters.PAGING)
LOG = tuple("log.order" if name == "order" else name for name in log.FILTERS)
COPY = Told(answer=JPEG)


def _feature(codes: tuple[int, ...] = (200,), **more: Any) -> Told:
    return Told(codes, answer=GEOJSON, schema="Feature", **more)


OPERATIONS: dict[str, Told] = {
    "POST /enrol": Told((201,), schema="Joined", body=("EnrolIn",)),
    "GET /devices/me": Told(schema="OwnDevice"),
    "GET /devices/me/changes": Told(schema="Changes", queries=("epoch",)),
    "PATCH /devices/me": Told(schema="OwnDevice", body=("DeviceEdit",)),
    "POST /devices/me/keys": Told((201,), schema="Joined"),
    "DELETE /devices/me/keys": Told(),
    "POST /devices/me/transfer": Told((201,), schema="Transfer"),
    "PUT /reports/{report_id}": _feature((201, 200), body=("ReportIn",)),
    "GET /reports/{report_id}": _feature(),
    "PATCH /reports/{report_id}": _feature(body=("AuthorEdit", "HqEdit"), headers=("If-Match",)),
    "DELETE /reports/{report_id}": Told((204,), ""),
    "POST /reports/{report_id}/accept": _feature(),
    "POST /reports/{report_id}/merge": _feature(body=("Merge",), headers=("If-Match",)),
    "DELETE /reports/{report_id}/merge": _feature(headers=("If-Match",)),
    "GET /reports/{report_id}/duplicates": Told(),
    "PUT /reports/{report_id}/distinct/{other}": Told((204,), ""),
    "DELETE /reports/{report_id}/distinct/{other}": Told((204,), ""),
    "GET /incidents/{slug}/duplicates": Told(schema="Items"),
    "POST /reports/{report_id}/undo": _feature(headers=("If-Match",)),
    "POST /reports/{report_id}/notes": Told(body=("NoteIn",)),
    "GET /reports/{report_id}/notes": Told(schema="Items"),
    "GET /reports/{report_id}/history": Told(schema="Items"),
    "GET /reports/{report_id}/context": Told(),
    "GET /reports/{report_id}/public-preview": Told(answer=GEOJSON, schema="FeatureCollection"),
    "PUT /photos/{photo_id}/preview": Told(body=(JPEG,), schema="PhotoReceipt"),
    "GET /photos/{photo_id}": Told(schema="PhotoReceipt"),
    "POST /photos/{photo_id}/public": Told((201,), body=("PublicCopyIn",)),
    "GET /photos/{photo_id}/public": COPY,
    "GET /incidents/{slug}/release-rules": Told(schema="Items"),
    "PUT /incidents/{slug}/release-rules/{category}/{status}": Told(body=("RuleIn",)),
    "POST /incidents/{slug}/release-rules/{category}/{status}/apply": Told(),
    "GET /photos/{photo_id}/preview": COPY,
    "GET /photos/{photo_id}/display": COPY,
    "GET /photos/{photo_id}/thumb": COPY,
    "GET /photos/{photo_id}/original": Told(answer=BYTES),
    "PUT /photos/{photo_id}/original": Told(
        (201, 200), schema="PhotoReceipt", body=(BYTES,), headers=("Repr-Digest",),
        summary="Send the original in one piece",
    ),
    "GET /incidents": Told(schema="Items"),
    "GET /incidents/{slug}/state": Told(),
    "GET /incidents/{slug}/reports": Told(
        answer=GEOJSON, schema="FeatureCollection", queries=REPORTS
    ),
    "POST /incidents/{slug}/reports/bulk": Told(body=("BulkIn",)),
    "GET /incidents/{slug}/claims": Told(schema="Items"),
    "PUT /incidents/{slug}/claims/{desk}": Told((204,), "", body=("ClaimIn",)),
    "DELETE /incidents/{slug}/claims/{desk}": Told((204,), ""),
    "GET /incidents/{slug}/counts": Told(queries=(*COUNTS, "view", "v")),
    "GET /incidents/{slug}/numbers": Told(queries=COUNTS),
    "GET /incidents/{slug}/coverage": Told(queries=("by", *COUNTS)),
    "PUT /incidents/{slug}/entered/{report_id}": _feature((201, 200), body=("EnteredIn",)),
    "GET /incidents/{slug}/areas": Told(schema="Items"),
    "GET /incidents/{slug}/here": Told(schema="Items"),
    "GET /incidents/{slug}/views": Told(schema="Items"),
    "PUT /incidents/{slug}/views/{view_id}": Told((201, 200), body=("ViewIn",)),
    "DELETE /incidents/{slug}/views/{view_id}": Told((204,), ""),
    "GET /incidents/{slug}/municipalities": Told(schema="Items"),
    "GET /incidents/{slug}/assignees": Told(),
    "GET /incidents/{slug}/seen": Told(queries=COUNTS),
    "POST /incidents/{slug}/seen": Told((204,), "", body=("SeenIn",)),
    "GET /incidents/{slug}/changes": Told(schema="Changes", queries=("epoch",)),
    "POST /incidents/{slug}/broadcasts": Told((201, 200), body=("BroadcastIn",)),
    "GET /incidents/{slug}/broadcasts": Told(schema="Items"),
    "POST /broadcasts/{broadcast_id}/withdraw": Told(),
    "PUT /broadcasts/{broadcast_id}/read": Told(body=("ReadIn",)),
    "POST /incidents/{slug}/log": Told((201, 200), body=("LogIn",)),
    "GET /incidents/{slug}/log": Told(schema="Items", queries=LOG),
    "POST /incidents/{slug}/exports": Told((202,), body=("ExportIn",)),
    "GET /incidents/{slug}/exports": Told(schema="Items"),
    "GET /exports/{export_id}": Told(),
    "DELETE /exports/{export_id}": Told((204,), ""),
    "GET /exports/{export_id}/file": Told(answer=BYTES),
    "GET /incidents/{slug}/nearest": Told(schema="Items"),
    "GET /incidents/{slug}/places": Told(schema="Items", queries=("limit",)),
    "GET /vocabulary": Told(),
    "GET /layers": Told(schema="Items"),
    "POST /layers": Told((201,), body=("LayerIn",)),
    "GET /layers/{slug}": Told(),
    "PATCH /layers/{slug}": Told(body=("LayerEdit",)),
    "PUT /layers/{slug}/data": Told((202,), body=(BYTES,), queries=("source_as_of",)),
    "GET /layers/{slug}/versions": Told(schema="Items", queries=("limit", "cursor")),
    "GET /layers/{slug}/versions/{number}": Told(),
    "GET /layers/{slug}/versions/{number}/features": Told(
        answer=GEOJSON, schema="FeatureCollection", queries=(*LIST, "rows", "without_place")
    ),
    "GET /layers/{slug}/versions/{number}/diff": Told(queries=("limit", "against")),
    "GET /layers/{slug}/versions/{number}/file": Told(answer=BYTES),
    "POST /layers/{slug}/versions/{number}/read": Told((202,), body=("ReadAgain",)),
    "POST /layers/{slug}/versions/{number}/publish": Told(),
    "POST /layers/{slug}/rollback": Told(),
    "GET /layers/{slug}/edits": Told(schema="Items", queries=("feature", "limit", "cursor")),
    "POST /layers/{slug}/edits/{edit_id}/undo": Told(),
    "POST /layers/{slug}/withdraw": Told(),
    "POST /layers/{slug}/restore": Told(),
    "GET /layers/{slug}/features": Told(answer=GEOJSON, schema="FeatureCollection", queries=LIST),
    "GET /layers/{slug}/features/{feature_id}": _feature(),
    "POST /layers/{slug}/features": _feature((201,), body=("FeatureNew",)),
    "PATCH /layers/{slug}/features/{feature_id}": _feature(body=("FeatureChange",)),
    "DELETE /layers/{slug}/features/{feature_id}": Told((204,), ""),
    "GET /layers/{slug}/features/{feature_id}/series": Told(schema="Items", queries=("limit",)),
    "GET /map-links": Told(schema="Items"),
    "POST /map-links": Told((201,), body=("LinkIn",)),
    "DELETE /map-links/{link_id}": Told((204,), ""),
    "PUT /situations/{situation_id}": Told((201, 200), body=("SituationIn",)),
    "GET /layers/{slug}/download.csv": Told(answer=CSV),
    "GET /layers/{slug}/download.geojson": Told(answer=GEOJSON, schema="FeatureCollection"),
    "GET /layers/{slug}/download.gpkg": Told(answer=GEOPACKAGE),
    "GET /layers/{slug}/features/{feature_id}/situations": Told(
        schema="Items", queries=("limit", "cursor")
    ),
    "POST /uploads/": Told(
        (201,), "", summary="tus 1.0: begin a resumable upload of an original; then PATCH Location",
        headers=("Tus-Resumable", "Upload-Length", "Upload-Metadata"),
    ),
}  # fmt: skip

MODULE = re.compile(r"^(mobile_api_(?:saved_views|[a-z]+)|layers_[a-z]+_api|layers_api_[a-z]+)_")


def _object(**members: Any) -> dict[str, Any]:
    required = [name for name in members if not name.startswith("_")]
    properties = {name.lstrip("_"): kind for name, kind in members.items()}
    return {"type": "object", "required": required, "properties": properties}


def _list(kind: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": REF.format(model=kind)}}


WHOLE: dict[str, Any] = {"type": "integer"}
SCHEMAS: dict[str, Any] = {
    "Object": {"type": "object"},
    "Items": _object(items=_list("Object")),
    "Geometry": {
        "type": ["object", "null"],
        "description": "null, Point, LineString, Polygon or Multi*: take any (RFC 7946)",
    },
    "Feature": _object(
        type={"const": "Feature"},
        id=TEXT,
        geometry={"$ref": REF.format(model="Geometry")},
        properties={"type": "object"},
    ),
    "FeatureCollection": _object(
        type={"const": "FeatureCollection"}, features=_list("Feature"), _epoch=TEXT, _head=WHOLE
    ),
    "Changes": _object(
        epoch=TEXT,
        **{"from": WHOLE},
        to=WHOLE,
        head=WHOLE,
        more={"type": "boolean"},
        items=_list("Object"),
        gone=_list("Object"),
        _reset={"type": "boolean"},
    ),
    "Joined": _object(
        token=TEXT, device=TEXT, organisation=TEXT, incidents={"type": "array", "items": TEXT}
    ),
    "OwnDevice": _object(
        device=TEXT,
        label=TEXT,
        audience={"enum": ["field", "volunteer"]},
        organisation={"type": "object"},
        incidents=_list("Object"),
        build=TEXT,
        now=TEXT,
    ),
    "Transfer": _object(
        code=TEXT, digits=TEXT, link=TEXT, expires_at=MOMENT, digits_expire_at=MOMENT
    ),
    "PhotoReceipt": _object(
        id=TEXT,
        report=TEXT,
        state={"enum": ["awaited", "preview", "stored", "ready", "unreadable"]},
        sha256=TEXT,
        size=WHOLE,
    ),
    "Problem": _object(
        type=TEXT,
        title=TEXT,
        status=WHOLE,
        code={"enum": sorted(CATALOGUE)},
        detail=TEXT,
        _field={"type": "string", "description": "the member, parameter or header at fault"},
    ),
}
REFUSED = {
    "description": "A problem (RFC 9457) with a stable `code`",
    "content": {PROBLEM: {"schema": {"$ref": REF.format(model="Problem")}}},
}


class DescribedAPI(NinjaAPI):
    """NinjaAPI whose document says what this table says."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """OpenAPI 3.1; a new operation without a row in OPERATIONS is left as Ninja sees it."""
        document = super().get_openapi_schema(**given)
        root = next(iter(document["paths"])).partition("/api/v1")[0] + "/api/v1"
        for name, told in OPERATIONS.items():
            method, path = name.split(" ")
            operations = document["paths"].setdefault(root + path, {})
            _describe(operations.setdefault(method.lower(), _bare(name, told)), told, path)
        document["components"]["schemas"] |= SCHEMAS | _models()
        document["components"]["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        }
        # nobody may ask, too: what is public answers
        document["security"] = [{"bearer": []}, {"session": []}, {}]
        return document


def _bare(name: str, told: Told) -> dict[str, Any]:
    """An operation that Ninja does not know."""
    ident = "put_original" if "original" in name else "post_upload"
    found: dict[str, Any] = {"operationId": ident, "summary": told.summary, "tags": ["photos"]}
    if "{photo_id}" in name:
        kind = {"type": "string", "format": "uuid"}
        found["parameters"] = [{"in": "path", "name": "photo_id", "schema": kind, "required": True}]
    return found


def _describe(operation: dict[str, Any], told: Told, path: str) -> None:
    # put_report, not mobile_api_reports_put_report: people write it in their programs
    operation["operationId"] = MODULE.sub("", operation["operationId"])
    known = {parameter["name"] for parameter in operation.get("parameters", [])}
    extra = [("query", n) for n in told.queries] + [("header", n) for n in told.headers]
    operation.setdefault("parameters", []).extend(
        _parameter(where, name) for where, name in extra if name not in known
    )
    if told.body:
        operation["requestBody"] = {"required": True, "content": _body(told.body)}
    operation["responses"] = {str(code): _success(told) for code in told.codes}
    operation["responses"]["default"] = REFUSED
    if path == "/reports/{report_id}" and "AuthorEdit" in told.body:
        stale = "Somebody was faster: `current` is the feature as it is now"
        operation["responses"]["412"] = REFUSED | {"description": stale}


def _parameter(where: str, name: str) -> dict[str, Any]:
    kind, words = PARAMETERS[name]
    # "log.order": what `order` is in one operation only
    name = name.rpartition(".")[2]
    found = {"in": where, "name": name, "schema": kind, "description": words}
    return found | {"required": name in REQUIRED}


def _body(names: tuple[str, ...]) -> dict[str, Any]:
    if "/" in names[0]:
        return {names[0]: {"schema": {"type": "string", "format": "binary"}}}
    refs = [{"$ref": REF.format(model=name)} for name in names]
    return {JSON: {"schema": refs[0] if len(refs) == 1 else {"anyOf": refs}}}


def _success(told: Told) -> dict[str, Any]:
    if not told.answer:
        return {"description": "Done"}
    if told.answer in (JPEG, BYTES, CSV, GEOPACKAGE):
        schema: dict[str, Any] = {"type": "string", "format": "binary"}
    else:
        schema = {"$ref": REF.format(model=told.schema)}
    return {"description": "OK", "content": {told.answer: {"schema": schema}}}


def _models() -> dict[str, Any]:
    """The bodies as pydantic checks them, with the models inside them, and the codes as enums."""
    _, found = models_json_schema([(m, "validation") for m in MODELS], ref_template=REF)
    schemas: dict[str, Any] = found["$defs"]
    for model, members in CODES.items():
        for member, kind in members.items():
            schemas[model]["properties"][member]["enum"] = list(vocabulary.codes(kind))
    return schemas
