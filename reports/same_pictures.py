"""Pictures that are not of here and now: taken long before, or seen in another report already."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gspace import access
from gspace.access import Caller
from gspace.models import Incident
from reports.likeness import SAME_BITS
from reports.models import Photo, Report

LONG_BEFORE = timedelta(hours=24)
"""Older than this at the start of the incident: the crew's camera roll, or somebody's archive."""
TOLD = 10

# the same file, or the same picture in other bytes: the quarters are what the index finds
SAME_PICTURE = f"""(p.sha256 = mine.sha256 OR (photo_quarters(p.dhash) && photo_quarters(mine.dhash)
  AND bit_count(('x' || p.dhash)::bit(64) # ('x' || mine.dhash)::bit(64)) <= {SAME_BITS}))"""

ELSEWHERE = f"""
SELECT mine.id::text, n.* FROM reports_photo mine JOIN reports_report m ON m.id = mine.report_id,
 LATERAL (
  SELECT r.id::text, r.receipt, r.incident_id, r.received_at
    FROM reports_photo p JOIN reports_report r ON r.id = p.report_id
   WHERE {SAME_PICTURE} AND r.id <> m.id
     AND coalesce(r.merged_into_id, r.id) <> coalesce(m.merged_into_id, m.id)
   ORDER BY r.incident_id <> m.incident_id, r.received_at LIMIT %(told)s) n
 WHERE mine.report_id = %(report)s"""


def flags(report: Report, by: Caller) -> list[dict[str, Any]]:
    """[{photo (id), code, report, receipt, incident, words}] for headquarters, or [].

    code: old (taken long before the incident), seen_before (in another report of the incident;
    report and receipt say which), seen_elsewhere (in another incident; which one is told only to
    who is its headquarters, too).
    """
    return [*_old(report), *_seen(report, by)]


def _old(report: Report) -> list[dict[str, Any]]:
    started = report.incident.started_at
    if started is None:
        return []
    photos = Photo.objects.filter(report=report).order_by("ordinal", "id")
    taken = [(photo, taken_at(photo, report.incident)) for photo in photos]
    return [
        _flag(photo.id, "old", _("Taken {date}, long before the incident").format(date=_day(at)))
        for photo, at in taken
        if at and at < started - LONG_BEFORE
    ]


def taken_at(photo: Photo, incident: Incident) -> datetime | None:
    """By the camera's clock; without an offset in the incident's zone."""
    exif = photo.exif or {}
    try:
        at = datetime.fromisoformat(f"{exif['taken_at']}{exif.get('utc_offset') or ''}")
    except (KeyError, ValueError):
        return None
    zone = ZoneInfo(incident.time_zone)
    return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _seen(report: Report, by: Caller) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(ELSEWHERE, {"report": report.id, "told": TOLD})
        found = cursor.fetchall()
    others = Incident.objects.in_bulk({row[3] for row in found} - {report.incident_id})
    return [_told(row, others.get(row[3]), by) for row in found]


def _told(row: tuple[Any, ...], elsewhere: Incident | None, by: Caller) -> dict[str, Any]:
    photo, ident, receipt, _incident, received = row
    if elsewhere is None:
        words = _("The same picture is in report {receipt}").format(receipt=receipt)
        return _flag(photo, "seen_before", words, report=ident, receipt=receipt)
    if access.audience(by, elsewhere) != "hq":
        return _flag(photo, "seen_elsewhere", _("The same picture was sent in another incident"))
    day = _day(localtime(received, ZoneInfo(elsewhere.time_zone)))
    words = _("The same picture was sent in {incident}, {date}, report {receipt}")
    words = words.format(incident=elsewhere.name, date=day, receipt=receipt)
    more = {"report": ident, "receipt": receipt, "incident": elsewhere.slug}
    return _flag(photo, "seen_elsewhere", words, **more)


def _flag(photo: Any, code: str, words: str, **more: Any) -> dict[str, Any]:
    plain = {"report": None, "receipt": None, "incident": None}
    return {"photo": str(photo), "code": code, "words": words, **plain, **more}
