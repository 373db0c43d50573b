"""Parameters of the query string and headers, as the OpenAPI document tells them."""

from __future__ import annotations

from typing import Any

from reports import orders

TEXT: dict[str, Any] = {"type": "string"}
FLAG = {"type": "string", "enum": ["0", "1", "true", "false"]}
MOMENT = {"type": "string", "format": "date-time", "description": "RFC 3339, with an offset"}
PARAMETERS: dict[str, tuple[dict[str, Any], str]] = {
    "by": (
        {"type": "string", "enum": ["mesh", "municipality"]},
        "grid squares of 1 km with a town, or municipalities whose outlines are known",
    ),
    "bbox": (TEXT, "west,south,east,north in degrees (WGS 84); west > east crosses ±180"),
    "since": (MOMENT, "received (in the log: happened) at or after"),
    "until": (MOMENT, "received (in the log: happened) before"),
    "recent": ({"type": "integer", "minimum": 1}, "received in the last so many hours"),
    "captured_since": (MOMENT, "taken at or after"),
    "captured_until": (MOMENT, "taken before"),
    "category": (TEXT, "codes of the vocabulary, with commas"),
    "severity": (TEXT, "codes of the vocabulary, with commas"),
    "status": (TEXT, "codes of the vocabulary, with commas"),
    "exclude_category": (TEXT, "as category: none of these"),
    "exclude_severity": (TEXT, "as severity: none of these"),
    "exclude_status": (TEXT, "as status: none of these"),
    "q": (TEXT, "words in what the caller may read"),
    "area": (
        TEXT,
        "municipality codes, with commas; a city's covers its wards; - for what has none",
    ),
    "kind": (TEXT, "codes of the vocabulary, with commas"),
    "party": (TEXT, "words of sender or receiver"),
    "report": (TEXT, "id of a report"),
    "order": (
        {"type": "string", "enum": list(orders.ORDERS)},
        "which come first; of those that are due or waiting, and of the others, the oldest",
    ),
    "log.order": ({"type": "string", "enum": ["newest", "oldest"]}, "which come first"),
    "municipality": (TEXT, "as area; a prefecture's covers all of it"),
    "mesh": (TEXT, "standard grid squares (JIS X 0410) of 4 to 11 digits, with commas"),
    "within": (TEXT, "lon,lat,lon,lat,... of a polygon's corners, in degrees"),
    "organisation": (TEXT, "slugs of the reporters' organisations, with commas"),
    "channel": (TEXT, "how it came: codes of the vocabulary, or device, with commas"),
    "assigned_to": (TEXT, "exactly as written; - for nobody; partners: of what is handed over"),
    "has_photo": (FLAG, "whether a photo has arrived"),
    "needs_place": (FLAG, "whether it has no place yet"),
    "uncertain": ({"type": "number", "minimum": 0}, "accuracy worse than so many metres"),
    "unseen": (FLAG, "whether the caller has not seen it"),
    "since_last_looked": (FLAG, "arrived or changed since the caller last looked"),
    "due": ({"type": "string", "enum": ["overdue", "soon"]}, "its time to be done; not if it is"),
    "waiting": (FLAG, "whether it is received and nobody has accepted it"),
    "urgent": (FLAG, "whether it is a rescue or a danger to life that nobody has accepted"),
    "outside": (TEXT, "as bbox: what has its place elsewhere"),
    "view": (TEXT, "as bbox: counts by_view inside, outside and without a place; narrows nothing"),
    "v": (
        TEXT,
        "position of the feed: an answer that holds it may be a second old; without it none",
    ),
    "mine": ({"type": "string", "enum": ["0", "1", "true"]}, "only the caller's own"),
    "limit": ({"type": "integer", "minimum": 1}, "how many at most"),
    "cursor": (TEXT, "`cursor` of the answer before"),
    "epoch": (TEXT, "`epoch` of the answer before"),
    "rows": (TEXT, "row numbers of the file, with commas"),
    "without_place": ({"type": "string", "enum": ["0", "1", "true"]}, "only what needs a place"),
    "against": ({"type": "integer"}, "number of the version to compare with"),
    "feature": (TEXT, "id of a feature"),
    "source_as_of": (MOMENT, "as of when the whole file is so"),
    "If-Match": (TEXT, '"<version>" that was seen; headquarters must send it'),
    "Repr-Digest": (TEXT, "sha-256=:<base64>: of the whole photo (RFC 9530)"),
    "Tus-Resumable": (TEXT, "1.0.0"),
    "Upload-Length": ({"type": "integer"}, "bytes"),
    "Upload-Metadata": (TEXT, "photo <base64 of the photo's uuid>"),
}
REQUIRED = {"Repr-Digest", "Tus-Resumable", "Upload-Length", "Upload-Metadata"}
