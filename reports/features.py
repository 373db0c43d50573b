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
    "accepted_by": "r.accepted_by",
}
# The field comment is never published as it is: the public reads HQ's own text. No photo either
# until boxes are blurred by hand (fail closed).
PUBLIC = EVERYBODY | {
    "place": "r.place->>'town_ja'",
    "place_en": "r.place->>'town_en'",
    "comment": "nullif(r.public_text, '')",
    "photos": "'[]'::json",
}
PROPERTIES: dict[str, dict[str, str]] = {
    "hq": HQ,
    "partner": PARTNER,
    "field": STAFF,
    "public": PUBLIC,
    "author": AUTHOR,
}

# Homes are shown at the centre of a privacy cell, other places as they are. HQ's own redaction
# wins over both.
PUBLIC_GEOMETRY = f"""coalesce(r.redacted_geometry, CASE
  WHEN coalesce(r.private_home, r.category = 'building') THEN ST_SetSRID(ST_MakePoint(
    (floor(ST_X(ST_Centroid(r.geometry)) / {PRIVACY_CELL_DEG}) + 0.5) * {PRIVACY_CELL_DEG},
    (floor(ST_Y(ST_Centroid(r.geometry)) / {PRIVACY_CELL_DEG}) + 0.5) * {PRIVACY_CELL_DEG}), 4326)
  ELSE r.geometry END)"""


def shown_geometry(reader: str) -> str:
    """SQL of a report's geometry as the reader (an audience, or "author") is shown it."""
    return PUBLIC_GEOMETRY if reader == "public" else "r.geometry"


@cache
def feature_sql(audience: Audience | Literal["author"]) -> str:
    """SQL expression (text) of the GeoJSON feature as `audience` may see it."""
    return f"""json_build_object('type', 'Feature', 'id', r.id,
 'geometry', ST_AsGeoJSON({shown_geometry(audience)}, 7)::json,
 'properties', {_object(PROPERTIES[audience])})::text"""
