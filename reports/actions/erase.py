"""A report is erased: content, photos and the text in the history go; a tombstone stays."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pghistory
from django.db import transaction
from django.db.models import F, Q

from gspace import access
from gspace.access import Caller
from gspace.problems import Problem
from gspace.transactions import action
from reports import blobs, parts, queries
from reports.actions.originals import original_forget
from reports.actions.release import forget_copies
from reports.models import Photo, Report, Tombstone, Upload
from reports.releasing import PublicCopy

COPIES = ("preview", "display", "thumb")


def report_erase(*, report_id: uuid.UUID, by: Caller) -> None:
    """Erase for good. HQ may at any time, the author before anybody verified the report.

    Raises Problem: report_unknown, report_erased (again), not_allowed, report_settled.
    """
    with pghistory.context(key=by.key, name=by.name):
        _erase(report_id=report_id, by=by)


@action
def _erase(*, report_id: uuid.UUID, by: Caller) -> None:
    from reports.models import NoteEvent, PhotoEvent, ReportEvent  # type: ignore[attr-defined]

    report = _locked(report_id)
    if report is None:
        raise queries.missing(report_id, by)
    _allowed(report, by)
    rows = list(Photo.objects.filter(report=report).values_list("id", "sha256"))
    shown = list(PublicCopy.objects.filter(photo__report=report).values_list("id", flat=True))
    uploads = list(Upload.objects.filter(photo__report=report).values_list("id", flat=True))
    for events, parents in (
        (NoteEvent, list(report.notes.values_list("id", flat=True))),
        (PhotoEvent, [ident for ident, _ in rows]),
        (ReportEvent, [report.id]),
    ):
        events.objects.filter(pgh_obj_id__in=parents).delete()
    Tombstone.objects.create(
        id=report.id,
        incident_id=report.incident_id,
        author_key=report.author_key,
        receipt=report.receipt,
        erased_at=datetime.now(UTC),
        erased_by=by.key,
    )
    shown += _unmerge_all(report)
    report.delete()
    transaction.on_commit(lambda: forget_copies(shown))
    transaction.on_commit(lambda: _remove_files(rows, uploads))


def _locked(report_id: uuid.UUID) -> Report | None:
    """With what is merged into it: in one order, so that two of these wait, not deadlock."""
    concerned = Report.objects.filter(Q(id=report_id) | Q(merged_into=report_id))
    list(concerned.select_for_update(no_key=True).order_by("id"))
    return Report.objects.filter(id=report_id).first()


def _unmerge_all(report: Report) -> list[uuid.UUID]:
    """What was merged into it stands for itself again, as something that nobody has verified;
    the public copies that go with that."""
    merged = Report.objects.filter(merged_into=report)
    # merged while we waited for the report
    rows = list(merged.select_for_update(no_key=True).order_by("id"))
    merged.update(
        status="received",
        merged_into=None,
        # released, it was as headquarters had it then; release_how stays: no rule overrules a hand
        release="none",
        public_text="",
        public_place="",
        public_photos=[],
        version=F("version") + 1,
        updated_at=datetime.now(UTC),
    )
    return [copy for row in rows for copy in row.public_photos]


def _allowed(report: Report, by: Caller) -> None:
    incident = report.incident
    if access.audience(by, incident) == "hq":
        return
    if not by.key or report.author_key != by.key:
        raise Problem("report_unknown")
    if report.status != "received":
        raise Problem("report_settled")


def _remove_files(rows: list[tuple[uuid.UUID, str]], uploads: list[uuid.UUID]) -> None:
    """Copies go at once; an original may be another report's too and goes only when it is not."""
    for upload_id in uploads:
        parts.remove(upload_id)
    for photo_id, sha256 in rows:
        for which in COPIES:
            blobs.delete(blobs.copy_name(photo_id, which))
        original_forget(sha256=sha256)
