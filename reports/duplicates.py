"""Which reports may be one and the same, why, what is merged, and which pictures are not new."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from gspace.models import Incident
from reports import likeness, queries
from reports.filters import cursor_place
from reports.likeness import Likeness, Picture, Sighting
from reports.models import Report
from reports.reason_words import reason_words
from reports.same_pictures import SAME_PICTURE

SHOWN, NEAREST, SIBLINGS, PICTURES = 10, 60, 20, 40
"""Suggestions told; candidates looked at: by place, of the same sender, by picture."""
PAGE = 100
"""Reports one page of the incident's list goes through."""
SETTLED = ["duplicate", "rejected", "withdrawn"]

TAKEN = "CASE WHEN {0}.captured_in_future THEN {0}.received_at ELSE \
coalesce({0}.captured_at, {0}.received_at) END"

# Who writes down what is told at the desk is not who saw it: those have no sender in common.
# Each part asks one index: the place, the hour in which the same sender sent, the picture.
# A box in degrees of what is near for a place known this well; the ellipsoid measures afterwards.
CANDIDATES = f"""
WITH target AS (
  SELECT r.id, r.incident_id, r.geometry, r.author_key, r.channel, r.received_at,
         {TAKEN.format("r")} AS at,
         1.5 * (160 + least(coalesce(r.accuracy_m, 50), 300)) / 111320 AS reach,
         greatest(cos(radians(ST_Y(ST_PointOnSurface(r.geometry)))), 0.01) AS narrow
    FROM reports_report r WHERE r.id = ANY(%(ids)s::uuid[])),
found AS (
  SELECT t.id AS target, n.id FROM target t, LATERAL (
    SELECT r.id FROM reports_report r
     WHERE r.geometry && ST_Expand(t.geometry, t.reach / t.narrow, t.reach)
       AND r.incident_id = t.incident_id AND r.id <> t.id AND r.status <> ALL(%(settled)s)
       AND {TAKEN.format("r")} BETWEEN t.at - interval '1 day' AND t.at + interval '1 day'
     ORDER BY r.geometry <-> t.geometry LIMIT %(nearest)s) n
  UNION
  SELECT t.id, n.id FROM target t, LATERAL (
    SELECT r.id FROM reports_report r
     WHERE r.incident_id = t.incident_id AND r.author_key = t.author_key AND r.id <> t.id
       AND t.channel IS NULL AND r.channel IS NULL
       AND r.received_at BETWEEN t.received_at - interval '15 minutes'
                             AND t.received_at + interval '15 minutes'
       AND r.status <> ALL(%(settled)s)
     ORDER BY r.received_at DESC LIMIT %(siblings)s) n
  UNION
  SELECT t.id, n.id FROM target t JOIN reports_photo mine ON mine.report_id = t.id, LATERAL (
    SELECT r.id FROM reports_photo p JOIN reports_report r ON r.id = p.report_id
     WHERE {SAME_PICTURE}
       AND r.incident_id = t.incident_id AND r.id <> t.id AND r.status <> ALL(%(settled)s)
     LIMIT %(pictures)s) n)
SELECT f.target::text, f.id::text, ST_Distance(a.geometry::geography, b.geometry::geography)
  FROM found f JOIN reports_report a ON a.id = f.target JOIN reports_report b ON b.id = f.id
 WHERE a.follows IS DISTINCT FROM b.id AND b.follows IS DISTINCT FROM a.id
   AND NOT EXISTS (SELECT 1 FROM reports_distinct d
                    WHERE d.first_id = least(a.id, b.id) AND d.second_id = greatest(a.id, b.id))"""

SEEN = f"""
SELECT r.id::text, {TAKEN.format("r")}, r.category,
       CASE WHEN r.channel IS NULL THEN r.author_key ELSE '' END, r.comment,
       ST_X(c.point), ST_Y(c.point), r.accuracy_m, coalesce(r.bearing_deg, p.bearing), p.pictures
  FROM reports_report r, LATERAL (SELECT ST_PointOnSurface(r.geometry) AS point) c, LATERAL (
    SELECT array_agg(ARRAY[sha256, dhash]) AS pictures,
           (array_agg((exif->>'bearing_deg')::float ORDER BY ordinal)
             FILTER (WHERE exif->>'bearing_deg' IS NOT NULL))[1] AS bearing
      FROM reports_photo WHERE report_id = r.id) p
 WHERE r.id = ANY(%s::uuid[])"""


@dataclass(frozen=True)
class Pair:
    """`report` (id) and another one that may be the same."""

    report: str
    other: str
    like: Likeness


def pairs(ids: Sequence[UUID | str], *, least: int, nearest: int = NEAREST) -> list[Pair]:
    """For each of these reports those that resemble it with a score of `least` or more."""
    limits = {"nearest": nearest, "siblings": SIBLINGS, "pictures": PICTURES, "settled": SETTLED}
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, {"ids": [str(ident) for ident in ids], **limits})
        found = cursor.fetchall()
    seen = _seen({ident for row in found for ident in row[:2]})
    likes = ((a, b, likeness.compare(seen[a], seen[b], metres)) for a, b, metres in found)
    kept = [Pair(a, b, like) for a, b, like in likes if like.score >= least]
    # among equals by name, so that asking again agrees
    return sorted(kept, key=lambda pair: (-pair.like.score, pair.report, pair.other))


def _seen(ids: Iterable[str]) -> dict[str, Sighting]:
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [list(ids)])
        return {ident: _as_seen(row) for ident, *row in cursor.fetchall()}


def _as_seen(row: list[Any]) -> Sighting:
    *plain, pictures = row
    fields = [*plain, tuple(Picture(*one) for one in pictures or ())]
    return Sighting(*fields)


def suggestions(report: Report) -> list[dict[str, Any]]:
    """[{report (feature), score, reasons}] the most alike first; none for what is merged itself."""
    if report.status in SETTLED:
        return []
    found = pairs([report.id], least=likeness.POSSIBLE)[:SHOWN]
    features = _features(report.incident_id, [pair.other for pair in found])
    return [
        {"report": features[pair.other], **_judged(pair.like)}
        for pair in found
        if pair.other in features
    ]


def _judged(like: Likeness) -> dict[str, Any]:
    reasons = [
        {
            "code": reason.code,
            "value": reason.value,
            "points": reason.points,
            "words": reason_words(reason),
        }
        for reason in like.reasons
    ]
    return {"score": like.score, "likely": like.score >= likeness.LIKELY, "reasons": reasons}


def _features(incident_id: int, ids: Sequence[str]) -> dict[str, Any]:
    loaded = queries.load(incident_id, "hq", ids) if ids else {}
    return {ident: json.loads(one.text) for ident, one in loaded.items()}


def merged(report: Report) -> list[dict[str, Any]]:
    """What is merged into it, as features of headquarters: photos, words and reporters are kept."""
    rows = Report.objects.filter(merged_into=report).order_by("received_at", "id")
    ids = [str(ident) for ident in rows.values_list("id", flat=True)]
    features = _features(report.incident_id, ids)
    return [features[ident] for ident in ids if ident in features]


WALK = """
SELECT r.id::text, extract(epoch FROM r.received_at)::text FROM reports_report r
 WHERE r.incident_id = %(incident)s AND r.status = 'received'
   AND (%(at)s::float8 IS NULL
        OR (r.received_at, r.id) < (to_timestamp(%(at)s::float8), %(id)s::uuid))
 ORDER BY r.received_at DESC, r.id DESC LIMIT %(limit)s"""


def unsorted_pairs(incident: Incident, cursor_text: str = "", page: int = PAGE) -> dict[str, Any]:
    """{items: [{report, other, score, reasons}], looked, cursor}: what is probably double among
    reports that nobody has sorted yet, walking from the newest; `report` came later than `other`.

    looked: how many reports this page went through. cursor: for the next page, null at the end.
    Raises Problem invalid (cursor).
    """
    walked = _walk(incident, cursor_text, page)
    found = _each_once(pairs([ident for ident, _ in walked], least=likeness.LIKELY, nearest=8))
    features = _features(incident.pk, sorted({i for p in found for i in (p.report, p.other)}))
    items = [
        {"report": features[p.report], "other": features[p.other], **_judged(p.like)}
        for p in found
        if p.report in features and p.other in features
    ]
    last = walked[-1] if len(walked) == page else None
    return {
        "items": items,
        "looked": len(walked),
        "cursor": f"{last[1]}_{last[0]}" if last else None,
    }


def _walk(incident: Incident, cursor_text: str, page: int) -> list[tuple[str, str]]:
    at, ident = cursor_place(cursor_text) if cursor_text else (None, None)
    with connection.cursor() as cursor:
        cursor.execute(WALK, {"incident": incident.pk, "limit": page, "at": at, "id": ident})
        return list(cursor.fetchall())


def _each_once(found: Sequence[Pair]) -> list[Pair]:
    """Each pair at the turn of the one that came later; what is sorted has no turn of its own."""
    ids = {ident for pair in found for ident in (pair.report, pair.other)}
    rows = Report.objects.filter(id__in=ids).values_list("id", "received_at", "status")
    came = {str(ident): (at, str(ident), status) for ident, at, status in rows}

    def has_its_turn(pair: Pair) -> bool:
        one, other = came.get(pair.report), came.get(pair.other)
        return bool(one and other and (other[2] != "received" or other[:2] < one[:2]))

    return [pair for pair in found if has_its_turn(pair)]
