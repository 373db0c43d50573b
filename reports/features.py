"""A report as a GeoJSON feature, made by PostgreSQL: which properties each audience gets.

Data of two audiences never travels in one frame, so there is one SQL text per audience.
Aliases: r report, f feed row, i incident, o organisation, m municipality.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from gspace.access import Audience
from gspace.geo import PRIVACY_CELL_DEG

API = "/api/v1/photos/"


def _photo_sql(*, original: bool) -> str:
    url = f"'{API}' || p.id ||"
    ready = "p.state = 'ready'"
    pairs = {
        "id": "p.id",
        "state": "p.state",
        "reason": "nullif(p.reason, '')",
        "sha256": "p.sha256",
        "size": "p.size",
        "type": "nullif(p.media_type, '')",
        "width": "p.width",
        "height": "p.height",
        "preview_url": f"CASE WHEN p.has_preview THEN {url} '/preview' END",
        "thumb_url": f"CASE WHEN {ready} THEN {url} '/thumb' END",
        "display_url": f"CASE WHEN {ready} THEN {url} '/display' END",
        "original_url": f"CASE WHEN p.stored_at IS NOT NULL THEN {url} '/original' END"
        if original
        else "NULL",
        "exif": "p.exif",
    }
    return (
        f"(SELECT coalesce(json_agg({_object(pairs)} ORDER BY p.ordinal, p.id), '[]'::json) "
        "FROM reports_photo p WHERE p.report_id = r.id)"
    )


def _object(pairs: dict[str, str]) -> str:
    return "json_build_object(" + ", ".join(f"'{k}', {v}" for k, v in pairs.items()) + ")"


def _public_photos_sql(*, boxes: bool) -> str:
    """The copies shown, in the order chosen; `boxes`: with what only headquarters needs."""
    url = f"'{API}' || c.photo_id || '/public?v=' || c.id"
    pairs = {
        "id": "c.id",
        "state": "'ready'",
        "width": "c.width",
        "height": "c.height",
        "thumb_url": f"{url} || '&size=small'",
        "display_url": url,
    } | ({"photo": "c.photo_id", "boxes": "c.boxes"} if boxes else {})
    return (
        f"(SELECT coalesce(json_agg({_object(pairs)} ORDER BY array_position(r.public_photos, c.id)"
        "), '[]'::json) FROM reports_publiccopy c JOIN reports_photo p ON p.id = c.photo_id "
        "WHERE c.id = ANY(r.public_photos) AND p.report_id = r.id)"
    )


EVERYBODY = {
    "kind": "'report'",
    "incident": "i.slug",
    "receipt": "r.receipt",
    "status": "r.status",
    "version": "r.version",
    "seq": "coalesce(f.seq, 0)",
    "category": "r.category",
    "detail": "r.detail",
    "severity": "r.severity",
    "captured_at": "r.captured_at",
    "received_at": "r.received_at",
    "municipality": "nullif(r.municipality_code, '')",
    "municipality_name": "m.name",
}
STAFF = EVERYBODY | {
    "captured_in_future": "r.captured_in_future",
    "captured_source": "nullif(r.captured_source, '')",
    "sent_at": "r.sent_at",
    "clock_skew_s": "r.clock_skew_s",
    "comment": "r.comment",
    "floor": "r.floor",
    "bearing_deg": "r.bearing_deg",
    "municipality_how": "nullif(r.municipality_how, '')",
    "place": "r.place->>'ja'",
    "place_en": "r.place->>'en'",
    "place_distance_m": "r.place->'distance_m'",
    "needs_place": "r.geometry IS NULL",
    "positions": "r.positions",
    "accuracy_m": "r.accuracy_m",
    "geometry_note": "nullif(r.geometry_note, '')",
    "photos": _photo_sql(original=False),
    "follows": "r.follows",
    "about": "r.about",
    "merged_into": "r.merged_into_id",
    "organisation": "o.name",
    "channel": "r.channel",
    "reason": "nullif(r.reason, '')",
    "accepted_at": "r.accepted_at",
}
# What somebody reads of their own report, whatever its status.
AUTHOR = STAFF | {"accepted_by": "r.accepted_by"}
PARTNER = STAFF | {"release": "r.release", "updated_at": "r.updated_at"}
HQ = PARTNER | {
    "photos": _photo_sql(original=True),
    "reporter": "r.author_name",
    "told_by": "r.told_by",
    "comment_hq": "nullif(r.comment_hq, '')",
    "assigned_to": "nullif(r.assigned_to, '')",
    "due_at": "r.due_at",
    "public_text": "nullif(r.public_text, '')",
    "private_home": "r.private_home",
    "release_how": "nullif(r.release_how, '')",
    "public_place": "nullif(r.public_place, '')",
    "redacted_geometry": "ST_AsGeoJSON(r.redacted_geometry, 7)::json",
    "public_photos": _public_photos_sql(boxes=True),
    "accepted_by": "r.accepted_by",
}
# Where only the municipality is told, a town would tell more.
PUBLIC_TOWN = {
    code: f"CASE WHEN r.public_place <> 'municipality' THEN r.place->>'town_{code}' END"
    for code in ("ja", "en")
}
# The field comment is never published as it is: the public reads HQ's own text. Of photos it gets
# the copies with boxes filled in that somebody has looked at and chosen (fail closed).
PUBLIC = EVERYBODY | {
    "place": PUBLIC_TOWN["ja"],
    "place_en": PUBLIC_TOWN["en"],
    "comment": "nullif(r.public_text, '')",
    "photos": _public_photos_sql(boxes=False),
}
PROPERTIES: dict[str, dict[str, str]] = {
    "hq": HQ,
    "partner": PARTNER,
    "field": STAFF,
    "public": PUBLIC,
    "author": AUTHOR,
}
# Whoever took something over must find it, and know by when; of the other reports the teams and
# persons are headquarters' own. reader -> (SQL condition on r, what is told only where it holds)
HANDED_OVER = "r.status = 'handed_over'"
SOMETIMES: dict[str, tuple[str, dict[str, str]]] = {
    "partner": (HANDED_OVER, {name: HQ[name] for name in ("assigned_to", "due_at")}),
}
ALWAYS, NEVER = "TRUE", "FALSE"


def told_where(name: str, reader: str) -> str:
    """SQL condition on r: the reader (an audience, or "author") is told this property of it."""
    if name in PROPERTIES[reader]:
        return ALWAYS
    condition, more = SOMETIMES.get(reader, (NEVER, {}))
    return condition if name in more else NEVER


# Homes, and what HQ wants rounded, are shown at the centre of a privacy cell, other places as they
# are. A place that HQ drew wins over both. Where only the municipality is told, no point stands for
# it: it would be a false one.
PUBLIC_GEOMETRY = f"""CASE WHEN r.public_place = 'municipality' THEN NULL
  ELSE coalesce(r.redacted_geometry, CASE
  WHEN coalesce(r.private_home, r.category = 'building') OR r.public_place = 'rounded'
  THEN ST_SetSRID(ST_MakePoint(
    (floor(ST_X(ST_Centroid(r.geometry)) / {PRIVACY_CELL_DEG}) + 0.5) * {PRIVACY_CELL_DEG},
    (floor(ST_Y(ST_Centroid(r.geometry)) / {PRIVACY_CELL_DEG}) + 0.5) * {PRIVACY_CELL_DEG}), 4326)
  ELSE r.geometry END) END"""


def shown_geometry(reader: str) -> str:
    """SQL of a report's geometry as the reader (an audience, or "author") is shown it."""
    return PUBLIC_GEOMETRY if reader == "public" else "r.geometry"


@cache
def feature_sql(audience: Audience | Literal["author"]) -> str:
    """SQL expression (text) of the GeoJSON feature as `audience` may see it."""
    return f"""json_build_object('type', 'Feature', 'id', r.id,
 'geometry', ST_AsGeoJSON({shown_geometry(audience)}, 7)::json,
 'properties', {_properties(audience)})::text"""


def _properties(reader: str) -> str:
    """A property that is not told is not there at all, so that nothing says it is empty."""
    usual = PROPERTIES[reader]
    if reader not in SOMETIMES:
        return _object(usual)
    condition, more = SOMETIMES[reader]
    return f"CASE WHEN {condition} THEN {_object(usual | more)} ELSE {_object(usual)} END"
