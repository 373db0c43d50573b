"""The author corrects their own report after sending it."""

from __future__ import annotations

import uuid
from typing import Any

import pghistory

from gspace.access import Caller
from gspace.problems import Problem
from gspace.transactions import action
from gspace.wire import canonical_sha256
from reports import queries
from reports.actions.photos import exif_fixes, set_placing, stored_fix
from reports.actions.release import forget_after, settle
from reports.models import Photo, Report, ReportEdit
from reports.payload import AuthorEdit
from reports.placing import place

# afterwards the words belong to headquarters' record
SETTLED = {"resolved", "rejected", "withdrawn"}


def report_amend(*, report_id: uuid.UUID, edit: AuthorEdit, by: Caller) -> Report:
    """Apply an author's edit once; the same edit_id again changes nothing.

    Raises Problem: report_unknown / report_erased, report_settled (409), edit_differs (409),
    photo_taken (409).
    """
    with pghistory.context(key=by.key, name=by.name):
        return _amend(report_id=report_id, edit=edit, by=by)


@action
def _amend(*, report_id: uuid.UUID, edit: AuthorEdit, by: Caller) -> Report:
    report = Report.objects.select_for_update(no_key=True).filter(id=report_id).first()
    if report is None or report.author_key != by.key:
        raise queries.missing(report_id, by)
    body = canonical_sha256(edit.model_dump(mode="json", exclude_unset=True))
    if done := ReportEdit.objects.filter(id=edit.edit_id).first():
        if done.report_id != report.id or done.body_sha256 != body:
            raise Problem("edit_differs", field="edit_id")
        return report
    if report.status in SETTLED:
        raise Problem("report_settled")
    _apply(report, edit)
    shown = report.public_photos
    report.version += 1
    report.save()
    forget_after(report, shown)
    ReportEdit.objects.create(id=edit.edit_id, report=report, body_sha256=body)
    return report


def _apply(report: Report, edit: AuthorEdit) -> None:
    said = edit.model_fields_set
    for name in ("floor", "comment"):
        if name in said:
            value = getattr(edit, name)
            setattr(report, name, value if name == "floor" else value or "")
    if edit.withdrawn:
        report.status = "withdrawn"
        words = edit.withdrawn if isinstance(edit.withdrawn, str) else ""
        report.reason = edit.reason or words
        settle(report, None)
    _add_photos(report, edit)
    if said & {"device_fix", "pin"}:
        _move(report, edit)


def _move(report: Report, edit: AuthorEdit) -> None:
    old: dict[str, Any] = report.positions
    fix = edit.device_fix.model_dump() if edit.device_fix else None
    pin = edit.pin.model_dump() if edit.pin else None
    found = place(
        captured_at=report.captured_at,
        device_fix=fix if "device_fix" in edit.model_fields_set else stored_fix(old.get("device")),
        pin=pin if "pin" in edit.model_fields_set else old.get("pin"),
        operator=old.get("operator"),
        exif_fixes=exif_fixes(report),
    )
    set_placing(report, found)


def _add_photos(report: Report, edit: AuthorEdit) -> None:
    ids = [photo.id for photo in edit.photos_add]
    if Photo.objects.filter(id__in=ids).exclude(report=report).exists():
        raise Problem("photo_taken", field="photos_add")
    start = report.photos.count()
    Photo.objects.bulk_create(
        [
            Photo(
                id=photo.id,
                report=report,
                ordinal=start + index,
                sha256=photo.sha256,
                size=photo.size,
                media_type=photo.type or "",
            )
            for index, photo in enumerate(edit.photos_add)
        ],
        ignore_conflicts=True,
    )
