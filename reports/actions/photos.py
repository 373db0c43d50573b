"""Photo bytes arrive, are developed, or turn out unreadable. The report stays in every case."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import GEOSGeometry

from gspace.access import Caller
from gspace.problems import Problem
from gspace.transactions import action
from gspace.wire import FIRST_YEAR, LAST_YEAR
from reports import blobs, photos, previews, queries
from reports.actions.intake import in_future
from reports.actions.originals import hold_original, original_forget
from reports.models import Photo, PhotoOpening, Report
from reports.placing import place


def announced(photo_id: uuid.UUID, by: Caller) -> Photo:
    """The photo row if a report of this author announced it. Raises Problem photo_unknown."""
    found = Photo.objects.filter(id=photo_id, report__author_key=by.key).first()
    if found is None or not by.key:
        raise Problem("photo_unknown")
    return found


def photo_store(
    *, photo: Photo, part: Path, sha256: str, size: int, now: datetime | None = None
) -> Photo:
    """Attach complete bytes (a finished part file with its measured hash and size) to a photo.

    The same bytes again succeed and change nothing. Raises Problem photo_differs when other bytes
    are stored already, digest_mismatch / size_mismatch when they are not the announced ones.
    """
    try:
        _check(photo, sha256, size)
        if photo.stored_at is not None:
            return photo
        facts, reason = _read(part)
        blobs.adopt(part, blobs.original_name(sha256))
        return _attach(
            photo_id=photo.id,
            sha256=photo.sha256,
            facts=facts,
            reason=reason,
            now=now or datetime.now(UTC),
        )
    except Photo.DoesNotExist:
        # erased while its bytes came in: they go at once
        original_forget(sha256=sha256)
        raise Problem("photo_unknown") from None
    finally:
        part.unlink(missing_ok=True)


def photo_share(*, photo: Photo, by: Caller, now: datetime | None = None) -> Photo:
    """Attach bytes that are here already, for a report this caller may see; else do nothing.

    Bytes of reports the caller may not see are never used: the answer would tell that they exist.
    """
    for other in queries.photos_alike(photo):
        if queries.may_see_photo(by, other.report):
            break
    else:
        return photo
    try:
        facts, reason = _read_stored(photo.sha256)
    except FileNotFoundError:
        return photo
    return _attach(
        photo_id=photo.id,
        sha256=photo.sha256,
        facts=facts,
        reason=reason,
        now=now or datetime.now(UTC),
    )


def _read_stored(sha256: str) -> tuple[photos.PhotoFacts | None, str]:
    path, temporary = blobs.local_copy(blobs.original_name(sha256))
    try:
        return _read(path)
    finally:
        if temporary:
            path.unlink(missing_ok=True)


def _check(photo: Photo, sha256: str, size: int) -> None:
    if sha256 == photo.sha256 and size == photo.size:
        return
    if photo.stored_at is not None:
        raise Problem("photo_differs")
    if sha256 == photo.sha256:
        raise Problem("size_mismatch", f"{photo.size} bytes were announced, {size} arrived.")
    raise Problem("digest_mismatch")


def _read(part: Path) -> tuple[photos.PhotoFacts | None, str]:
    try:
        return photos.read(part), ""
    except photos.Unreadable as error:
        return None, error.reason


@action
def _attach(
    *,
    photo_id: uuid.UUID,
    sha256: str,
    facts: photos.PhotoFacts | None,
    reason: str,
    now: datetime,
) -> Photo:
    hold_original(sha256)
    report = _lock_report(photo_id)
    photo = Photo.objects.select_for_update(no_key=True).get(id=photo_id)
    if photo.stored_at is not None:
        return photo
    photo.stored_at, photo.state, photo.reason = now, "unreadable" if reason else "stored", reason
    if facts is not None:
        photo.media_type = facts.type
        photo.width, photo.height = facts.upright_width, facts.upright_height
        photo.exif = asdict(facts.exif)
    photo.save(update_fields=STORED)
    if facts is not None:
        dated = _date(report, facts, now)
        # a photo that knows no place cannot move its report, and most phones send none
        if dated or facts.exif.lon is not None:
            _replace(report)
        from reports.tasks import photo_develop

        photo_develop.enqueue(str(photo_id))
    return photo


STORED = ["stored_at", "state", "reason", "media_type", "width", "height", "exif"]


def _lock_report(photo_id: uuid.UUID) -> Report:
    """The report is always locked before its photos, so that two actions never cross."""
    locked = Report.objects.select_for_update(no_key=True, of=("self",))
    found = locked.filter(photos__id=photo_id).order_by().first()
    if found is None:
        raise Photo.DoesNotExist
    return found


def _date(report: Report, facts: photos.PhotoFacts, now: datetime) -> bool:
    """A report without a time takes its first photo's; a clock that was never set tells none.

    True when it did.
    """
    taken_at, offset = facts.exif.taken_at, facts.exif.utc_offset
    if report.captured_at is not None or not taken_at or "clock_never_set" in facts.doubts:
        return False
    local = datetime.fromisoformat(taken_at + (offset or ""))
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        return False
    zone = ZoneInfo(report.incident.time_zone)
    report.captured_at = local if offset else local.replace(tzinfo=zone)
    report.captured_source = "exif" if offset else "exif_assumed"
    report.captured_in_future = in_future(report.captured_at, now)
    return True


def _replace(report: Report) -> None:
    """Choose the position anew with the EXIF that is known now; operator and pin stay."""
    positions: dict[str, Any] = report.positions
    found = place(
        captured_at=report.captured_at,
        device_fix=stored_fix(positions.get("device")),
        pin=positions.get("pin"),
        operator=positions.get("operator"),
        exif_fixes=exif_fixes(report),
        before=report.geometry,
    )
    set_placing(report, found)
    report.save(update_fields=PLACED)


PLACED = ["geometry", "accuracy_m", "positions", "municipality_code", "municipality_how", "place",
          "captured_at", "captured_source", "captured_in_future", "updated_at"]  # fmt: skip


def set_placing(report: Report, found: Any) -> None:
    """Write a Placing onto the row's columns."""
    report.geometry = GEOSGeometry(found.geometry, srid=4326) if found.geometry else None
    report.accuracy_m, report.positions = found.accuracy_m, found.positions
    if not found.unmoved:
        report.municipality_code = found.municipality_code
        report.municipality_how, report.place = found.municipality_how, found.place


def stored_fix(value: dict[str, Any] | None) -> dict[str, Any] | None:
    """A device fix out of `positions`, its time a datetime again."""
    if value is None:
        return None
    fixed_at = value.get("fixed_at")
    return {**value, "fixed_at": datetime.fromisoformat(fixed_at) if fixed_at else None}


def exif_fixes(report: Report) -> list[dict[str, Any]]:
    """EXIF positions of the report's photos in their order: {lon, lat, accuracy_m}."""
    rows = Photo.objects.filter(report=report, exif__isnull=False).order_by("ordinal", "id")
    return [
        {name: exif.get(name) for name in ("lon", "lat", "accuracy_m")}
        for exif in rows.values_list("exif", flat=True)
        if exif.get("lon") is not None and exif.get("lat") is not None
    ]


def preview_store(*, photo: Photo, content: bytes, now: datetime | None = None) -> Photo:
    """Keep a phone's small preview, re-encoded. Raises Problem preview_refused with the reason.

    A preview that comes after the real picture is ready is accepted and not needed any more.
    """
    try:
        clean = previews.develop(content)
    except photos.Refused as error:
        raise Problem("preview_refused", error.text) from None
    blobs.write(blobs.copy_name(photo.id, "preview"), clean)
    return _preview_arrived(photo_id=photo.id, now=now or datetime.now(UTC))


@action
def _preview_arrived(*, photo_id: uuid.UUID, now: datetime) -> Photo:
    _lock_report(photo_id)
    photo = Photo.objects.select_for_update(no_key=True).get(id=photo_id)
    if not photo.has_preview:
        photo.has_preview, photo.preview_at = True, now
        photo.state = "preview" if photo.state == "awaited" else photo.state
        photo.save()
    return photo


@action
def photo_developed(
    *, photo_id: uuid.UUID, width: int, height: int, dhash: str, doubts: list[str]
) -> None:
    """The display and thumb copies are in place. width, height: upright pixels of the original."""
    _lock_report(photo_id)
    photo = Photo.objects.select_for_update(no_key=True).get(id=photo_id)
    photo.state, photo.reason = "ready", ", ".join(doubts)
    photo.width, photo.height, photo.dhash = width, height, dhash
    photo.ready_at = datetime.now(UTC)
    photo.save()


@action
def photo_unreadable(*, photo_id: uuid.UUID, reason: str) -> None:
    """No picture can be made of these bytes; they stay stored, and so does the report."""
    _lock_report(photo_id)
    photo = Photo.objects.select_for_update(no_key=True).get(id=photo_id)
    photo.state, photo.reason = "unreadable", reason
    photo.save()


@action
def original_opened(*, photo: Photo, by: Caller) -> None:
    """Every opening of an original is logged before the bytes go out."""
    PhotoOpening.objects.create(photo=photo, caller_key=by.key, caller_name=by.name)
