"""What a situation report says: numbers with their definitions, the map's marks, the layers.

Read at one moment, then kept as it was. `content` of a SituationReport:
`{overview, outlook, language, counts, picture: {box, clusters, outside, without_place}, layers,
log, log_since}`; the reports themselves, chosen ones and single marks, are its items.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from gspace import feed, geo, vocabulary
from gspace.map_picture import Frame, Mark, degrees
from gspace.models import Incident
from gspace.problems import Problem
from layers import queries as layers
from reports import log
from reports.features import feature_sql
from reports.models import Report
from reports.orders import rank
from reports.outgoing import SituationReport
from reports.queries import JOINS
from reports.statuses import NOT_COUNTED, OVER

WIDTH, HEIGHT = 680, 440
CELL_PX = 30
SIDES = {"diamond": 4, "pentagon": 5, "hexagon": 6}


@dataclass
class Draft:
    """A situation report before it is issued. marks: single reports of the picture."""

    as_of: datetime
    content: dict[str, Any]
    chosen: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)


def draft(
    incident: Incident, *, now: datetime, chosen: Sequence[UUID], words: dict[str, str],
    box: str = "", log_since: datetime | None = None, language: str = "ja",
) -> Draft:  # fmt: skip
    """Everything as it stands now. Raises Problem invalid naming reports or box."""
    if len(chosen) > settings.LIMIT_SITUATION_REPORTS:
        raise Problem("invalid", f"At most {settings.LIMIT_SITUATION_REPORTS}.", field="reports")
    with feed.one_snapshot():
        content, marks = _content(incident, now, box, log_since)
        said = features(incident, chosen)
    return Draft(now, {**words, "language": language, **content}, said, marks)


def _content(
    incident: Incident, now: datetime, box: str, log_since: datetime | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(what is not somebody's words, single marks of the picture)"""
    frame = Frame.around(box_of(incident, box), WIDTH, HEIGHT)
    clusters, marks, outside, without = picture_marks(incident, frame, now)
    content = {
        "counts": counts(incident, now),
        "picture": {
            "box": [frame.west, frame.north, frame.metres],
            "clusters": clusters, "outside": outside, "without_place": without,
        },
        "layers": _layers(incident),
        "log": log.standing(incident, log_since) if log_since else [],
        "log_since": log_since.isoformat() if log_since else None,
    }  # fmt: skip
    return content, marks


# --- numbers -------------------------------------------------------------------------------
COUNTS_SQL = """
SELECT category, severity, status, count(*), count(*) FILTER (WHERE geometry IS NULL),
       count(*) FILTER (WHERE accepted_at IS NULL)
  FROM reports_report WHERE incident_id = %s AND received_at <= %s GROUP BY 1, 2, 3"""
ACCEPTED_SQL = """
SELECT count(*), extract(epoch FROM percentile_cont(0.5) WITHIN GROUP
         (ORDER BY accepted_at - received_at)) / 60
  FROM reports_report WHERE incident_id = %s AND received_at <= %s
   AND accepted_at IS NOT NULL AND accepted_at >= received_at AND status <> ALL(%s)"""


def counts(incident: Incident, now: datetime) -> dict[str, Any]:
    """Definitions (they stand on the paper): received = all that came in; counted = without
    duplicates, what was rejected or withdrawn; open = counted and not resolved."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS_SQL, [incident.id, now])
        rows = cursor.fetchall()
        cursor.execute(ACCEPTED_SQL, [incident.id, now, list(NOT_COUNTED)])
        accepted, median = cursor.fetchone()
    counted = [row for row in rows if row[2] not in NOT_COUNTED]
    is_open = [row for row in counted if row[2] != "resolved"]
    grave = [row for row in is_open if row[0] == "rescue" or row[1] == "critical"]
    return {
        "received": _sum(rows),
        "counted": _sum(counted),
        "open": _sum(is_open),
        "left_out": {s: _sum(r for r in rows if r[2] == s) for s in NOT_COUNTED},
        "without_place": sum(row[4] for row in counted),
        "status": _by(counted, 2, "status"),
        "severity": _by(is_open, 1, "severity"),
        "category": _by_category(counted),
        "grave_unaccepted": sum(row[5] for row in grave),
        "accepted": accepted,
        "median_min": round(float(median), 1) if median is not None else None,
    }


def _sum(rows: Any) -> int:
    return sum(row[3] for row in rows)


def _by(rows: list[Any], column: int, kind: str) -> list[list[Any]]:
    """[code, count] in the vocabulary's order; every code that can be, so that 0 is said."""
    codes = [c for c in vocabulary.codes(kind) if c not in NOT_COUNTED]
    return [[code, _sum(r for r in rows if r[column] == code)] for code in codes]


def _by_category(rows: list[Any]) -> list[list[Any]]:
    """[code, counted, open] of the categories that were reported."""
    found = []
    for code in vocabulary.codes("category"):
        own = [row for row in rows if row[0] == code]
        if own:
            found.append([code, _sum(own), _sum(r for r in own if r[2] != "resolved")])
    return found


# --- the map ---------------------------------------------------------------------------------
EXTENT_SQL = """
SELECT percentile_cont(ARRAY[0.02, 0.98]) WITHIN GROUP (ORDER BY ST_X(c)),
       percentile_cont(ARRAY[0.02, 0.98]) WITHIN GROUP (ORDER BY ST_Y(c))
  FROM (SELECT ST_Centroid(geometry) AS c FROM reports_report
         WHERE incident_id = %s AND geometry IS NOT NULL AND status <> ALL(%s)) placed"""


def box_of(incident: Incident, asked: str) -> Sequence[float]:
    """What was asked for, else where the reports are, else the incident's own view."""
    if asked:
        found: Sequence[float] = geo.bbox(asked).extent
        return found
    with connection.cursor() as cursor:
        cursor.execute(EXTENT_SQL, [incident.id, list(OVER)])
        lons, lats = cursor.fetchone()
    if lons and lons[0] is not None:
        return lons[0], lats[0], lons[1], lats[1]
    centre = incident.centre
    x, y = (centre.x, centre.y) if centre else (138.0, 36.5)
    reach = 180 / 2**incident.zoom if centre else 8
    return x - reach, y - reach, x + reach, y + reach


MARKS_SQL = f"""
WITH open AS (
  SELECT r.id, r.category, r.severity, {rank()} AS rank,
         ST_Transform(ST_Centroid(r.geometry), 3857) AS c
    FROM reports_report r
   WHERE r.incident_id = %(incident)s AND r.received_at <= %(now)s AND r.geometry IS NOT NULL
     AND r.status <> ALL(%(over)s) AND abs(ST_Y(ST_Centroid(r.geometry))) < 85)
SELECT count(*), avg(ST_X(c)), avg(ST_Y(c)), (array_agg(severity ORDER BY rank))[1],
       (array_agg(category ORDER BY rank))[1], (array_agg(id ORDER BY rank))[1]::text,
       c && %(frame)s::geometry AS inside
  FROM open
 GROUP BY inside, CASE WHEN c && %(frame)s::geometry THEN floor(ST_X(c) / %(cell)s) END,
       CASE WHEN c && %(frame)s::geometry THEN floor(ST_Y(c) / %(cell)s) END
 ORDER BY min(rank) DESC, count(*)"""


def picture_marks(
    incident: Incident, frame: Frame, now: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int, int]:
    """(clusters, single reports, outside the picture, without a place): of open reports; they add
    up to `open` of the counts. Several in one cell are one mark with their number."""
    east, south = frame.west + frame.width * frame.metres, frame.north - frame.height * frame.metres
    box = f"SRID=3857;POLYGON(({frame.west} {south},{east} {south},{east} {frame.north}," \
          f"{frame.west} {frame.north},{frame.west} {south}))"  # fmt: skip
    params = {
        "incident": incident.id, "now": now, "over": list(OVER), "frame": box,
        "cell": CELL_PX * frame.metres,
    }  # fmt: skip
    with feed.one_snapshot() as cursor:
        cursor.execute(MARKS_SQL, params)
        rows = cursor.fetchall()
        without = _without_place(incident, now)
    clusters: list[dict[str, Any]] = []
    single: list[dict[str, Any]] = []
    outside = 0
    for count, x, y, severity, category, ident, inside in rows:
        if not inside:
            outside += count
            continue
        mark = {"x": x, "y": y, "count": count, "severity": severity, "category": category}
        (single if count == 1 else clusters).append(mark | ({"id": ident} if count == 1 else {}))
    return clusters, single, outside, without


def _without_place(incident: Incident, now: datetime) -> int:
    sql = """SELECT count(*) FROM reports_report WHERE incident_id = %s AND received_at <= %s
                AND status <> ALL(%s) AND geometry IS NULL"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [incident.id, now, list(OVER)])
        return int(cursor.fetchone()[0])


def frame_of(content: dict[str, Any]) -> Frame:
    west, north, metres = content["picture"]["box"]
    return Frame(west, north, WIDTH, HEIGHT, metres)


def as_mark(told: dict[str, Any], language: str) -> Mark:

    severity = vocabulary.term("severity", told["severity"])
    category = vocabulary.term("category", told["category"])
    letter = category.letter_ja if language.startswith("ja") else category.letter
    lon, lat = degrees(told["x"], told["y"])
    sides = SIDES.get(severity.shape, 0)
    return Mark(lon, lat, told["count"], severity.colour, severity.ink, sides, letter)


# --- reports and layers ------------------------------------------------------------------------
def features(incident: Incident, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """The reports as headquarters sees them, in the order given; of this incident only."""
    sql = f"""
SELECT r.id::text, {feature_sql("hq")} FROM reports_report r {JOINS}
 WHERE r.id = ANY(%s::uuid[]) AND r.incident_id = %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [[str(i) for i in ids], incident.id])
        found = {ident: json.loads(text) for ident, text in cursor.fetchall()}
    return [found[str(ident)] for ident in ids if str(ident) in found]


def by_receipts(incident: Incident, codes: Sequence[str]) -> dict[str, UUID]:
    """Receipt code -> report, of those that there are; whatever their status."""
    found = Report.objects.filter(incident=incident, receipt__in=codes)
    return dict(found.values_list("receipt", "id"))


def suggested(incident: Incident, limit: int) -> list[dict[str, Any]]:
    """Open reports to choose from: the worst first, then the newest."""
    sql = f"""
SELECT {feature_sql("hq")} FROM reports_report r {JOINS}
 WHERE r.incident_id = %s AND r.status <> ALL(%s)
 ORDER BY {rank()}, r.received_at DESC, r.id LIMIT %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [incident.id, list(OVER), limit])
        return [json.loads(text) for (text,) in cursor.fetchall()]


LAYER_KEPT = ("title", "title_en", "kind", "publisher", "source_name", "source_as_of",
              "published_at", "licence", "attribution", "stale", "feature_count")  # fmt: skip


def _layers(incident: Incident) -> list[dict[str, Any]]:
    """Source and age of each layer that headquarters sees beside the reports."""
    found = layers.summaries(incident, "hq")
    return [{name: layer.get(name) for name in LAYER_KEPT} for layer in found]


# --- what was issued ---------------------------------------------------------------------------
def issued(incident: Incident) -> list[SituationReport]:
    """Newest first."""
    return list(SituationReport.objects.filter(incident=incident).order_by("-number")[:200])


def one(incident: Incident, number: int) -> SituationReport:
    """Raises Problem situation_report_unknown."""
    found = SituationReport.objects.filter(incident=incident, number=number).first()
    if found is None:
        raise Problem("situation_report_unknown")
    return found


def as_draft(paper: SituationReport) -> Draft:
    """The paper as it was issued; what has been erased since is not in it any more."""
    items = list(paper.items.order_by("ordinal"))
    chosen = [item.said for item in items if item.chosen]
    marks = [item.said["mark"] for item in items if "mark" in item.said]
    plain = [{k: v for k, v in said.items() if k != "mark"} for said in chosen]
    return Draft(paper.as_of, paper.content, plain, marks)
