"""Headquarters works on a report. Optimistic: the version seen must be the version changed."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import pghistory
from django.contrib.gis.geos import GEOSGeometry

from gspace import access, geo, vocabulary
from gspace.access import Caller
from gspace.problems import Problem
from gspace.transactions import action
from reports import queries, release
from reports.actions.photos import exif_fixes, set_placing, stored_fix
from reports.actions.release import forget_after, rules_stay, settle, settle_undone
from reports.models import Note, Report
from reports.payload import HqEdit
from reports.placing import by_operator, place

# from -> to; `duplicate` is reached by merging only, `withdrawn` by the author only
OPEN = {"received", "verified", "in_progress", "handed_over", "resolved", "rejected"}
STEPS: dict[str, set[str]] = {status: OPEN for status in OPEN} | {
    "duplicate": set(),
    "withdrawn": {"received", "rejected"},
}
TEXTS = ("comment_hq", "assigned_to", "geometry_note", "public_text", "reason")
CODES = ("severity", "category", "release")
# who says one of these has decided; rules are silent from then on
RELEASED = {"release", "public_text", "public_photos", "public_place", "redacted_geometry"}


def report_change(
    *, report_id: uuid.UUID, edit: HqEdit, seen: int, by: Caller, now: datetime | None = None
) -> Report:
    """Apply an operator's edit to the version they have seen.

    Raises Problem: report_unknown / report_erased, not_allowed, version_stale (412; the answer
    carries the feature as it is now), transition_invalid (409), invalid (reason missing, bad
    geometry, detail of another category).
    """
    with pghistory.context(key=by.key, name=by.name, at=str(now) if now else None):
        return _change(
            report_id=report_id, edit=edit, seen=seen, by=by, now=now or datetime.now(UTC)
        )


@action
def _change(*, report_id: uuid.UUID, edit: HqEdit, seen: int, by: Caller, now: datetime) -> Report:
    report = for_hq(report_id, by)
    same_version(report, seen)
    said, home, had = edit.model_fields_set, _is_home(report), release.rule_for(report)
    if edit.status and edit.status != report.status:
        _step(report, edit)
        accept(report, by, now)
    _write_down(report, edit)
    if said & RELEASED:
        _release(report, edit)
    if _is_home(report) and not home and "public_photos" not in said:
        # somebody looked at it as at a place that is nobody's home
        report.public_photos = []
    if "geometry" in said:
        _move(report, edit.geometry, edit.accuracy_m)
    settle(report, had)
    _save(report)
    return report


def _write_down(report: Report, edit: HqEdit) -> None:
    said = edit.model_fields_set
    for name in TEXTS:
        if name in said:
            setattr(report, name, getattr(edit, name) or "")
    before = report.category
    for name in CODES:
        if value := getattr(edit, name):
            setattr(report, name, value)
    _detail(report, edit, before)
    for name in ("due_at", "floor", "private_home"):
        if name in said:
            setattr(report, name, getattr(edit, name))


def _detail(report: Report, edit: HqEdit, before: str) -> None:
    """One of the category's; what was said of another category goes when that is corrected."""
    said = "detail" in edit.model_fields_set
    detail = (edit.detail or None) if said else report.detail
    if not vocabulary.is_detail(report.category, detail):
        if said:
            raise Problem("invalid", "detail is one of the category's.", field="detail")
        # of a newer app it may be unknown here, and stays beside the category it was sent with
        detail = detail if report.category == before else None
    report.detail = detail


def _save(report: Report) -> None:
    """The next version; pictures the public had and has no longer go for good."""
    shown = Report.objects.values_list("public_photos", flat=True).get(id=report.id)
    report.version += 1
    report.save()
    if shown:
        forget_after(report, shown)


def _is_home(report: Report) -> bool:
    said = report.private_home
    return report.category == "building" if said is None else said


def _release(report: Report, edit: HqEdit) -> None:
    report.release_how = "hand"
    if "redacted_geometry" in edit.model_fields_set:
        report.redacted_geometry = _geometry(edit.redacted_geometry, "redacted_geometry")
    if edit.public_photos is not None:
        report.public_photos = release.copies_of(report, edit.public_photos)
    if edit.public_place is not None:
        report.public_place = edit.public_place
    if edit.release and edit.release != "public":
        # what is shown again is looked at again
        report.public_photos = []


def for_hq(report_id: uuid.UUID, by: Caller) -> Report:
    """The locked report, if the caller is HQ of its incident; its rules stay, too."""
    rules_stay(report_id)
    rows = Report.objects.select_related("incident").select_for_update(no_key=True, of=("self",))
    report = rows.filter(id=report_id).first()
    if report is None:
        raise queries.missing(report_id, by)
    audience = access.audience(by, report.incident)
    if audience != "hq":
        visible = report.audiences & access.BITS[audience]
        raise Problem("not_allowed" if visible else "report_unknown")
    return report


def same_version(report: Report, seen: int) -> None:
    if report.version != seen:
        current = json.loads(queries.feature(report.id, "hq"))
        raise Problem("version_stale", current=current, etag=f'"{report.version}"')


def _step(report: Report, edit: HqEdit) -> None:
    if edit.status not in STEPS[report.status]:
        raise Problem("transition_invalid", f"{report.status} → {edit.status}", field="status")
    if edit.status == "rejected" and not (edit.reason or "").strip():
        raise Problem("invalid", "Rejecting needs a reason.", field="reason")
    report.status = edit.status


def _geometry(value: dict[str, Any] | None, field: str) -> GEOSGeometry | None:
    return geo.geometry_from_geojson(value, field) if value is not None else None


def _move(report: Report, value: dict[str, Any] | None, accuracy_m: float | None) -> None:
    """The operator's place wins over all others; null gives the decision back to the rule."""
    checked = _geometry(value, "geometry")
    positions = report.positions
    found = place(
        captured_at=report.captured_at,
        device_fix=stored_fix(positions.get("device")),
        pin=positions.get("pin"),
        exif_fixes=exif_fixes(report),
        operator=by_operator(checked, accuracy_m) if checked else None,
    )
    set_placing(report, found)


def accept(report: Report, by: Caller, now: datetime) -> bool:
    """Note who at headquarters had it first; False when somebody has already."""
    if report.accepted_at is not None:
        return False
    report.accepted_at, report.accepted_by = now, by.name
    return True


def report_accept(*, report_id: uuid.UUID, by: Caller, now: datetime | None = None) -> Report:
    """Headquarters has the report, whatever comes of it; the first one stays, again is harmless.

    Without a version: two who accept at once mean the same, and seconds count.
    Raises Problem: report_unknown / report_erased, not_allowed.
    """
    with pghistory.context(key=by.key, name=by.name, at=str(now) if now else None):
        return _accept(report_id=report_id, by=by, now=now or datetime.now(UTC))


@action
def _accept(*, report_id: uuid.UUID, by: Caller, now: datetime) -> Report:
    report = for_hq(report_id, by)
    if accept(report, by, now):
        report.version += 1
        report.save()
    return report


def report_merge(
    *, report_id: uuid.UUID, into: uuid.UUID, seen: int, by: Caller, now: datetime | None = None
) -> Report:
    """Mark a report as the duplicate of another; its photos, words and author stay its own.

    Raises Problem as report_change, and transition_invalid when `into` is itself a duplicate,
    of another incident, or the same report.
    """
    with pghistory.context(key=by.key, name=by.name, at=str(now) if now else None):
        return _merge(
            report_id=report_id, into=into, seen=seen, by=by, now=now or datetime.now(UTC)
        )


@action
def _merge(
    *, report_id: uuid.UUID, into: uuid.UUID, seen: int, by: Caller, now: datetime
) -> Report:
    rules_stay(report_id)
    # both rows are locked in one order, so that two crossing merges wait instead of deadlocking
    ids = sorted([report_id, into])
    list(Report.objects.select_for_update(no_key=True).filter(id__in=ids).order_by("id"))
    report = for_hq(report_id, by)
    same_version(report, seen)
    report.status, report.merged_into = "duplicate", _target(report, into)
    accept(report, by, now)
    settle(report, None)
    _save(report)
    return report


def _target(report: Report, into: uuid.UUID) -> Report:
    """The report that stands for both afterwards; merges never make chains."""
    target = Report.objects.filter(id=into, incident_id=report.incident_id).first()
    if target is None or target.id == report.id or target.status == "duplicate":
        raise Problem("transition_invalid", "Not a report to merge into.", field="into")
    if report.merged.exists():
        raise Problem("transition_invalid", "Other reports are merged into this one.", field="into")
    return target


def report_undo(*, report_id: uuid.UUID, seen: int, by: Caller) -> Report:
    """Take back the last change people made to a report; undoing is itself in the history, and
    again goes further back.

    Raises Problem as report_change, and transition_invalid when there is nothing to undo.
    """
    with pghistory.context(key=by.key, name=by.name, undo=True):
        return _undo(report_id=report_id, seen=seen, by=by)


UNDONE = ("category", "detail", "severity", "status", "reason", "comment", "comment_hq",
          "accepted_at", "accepted_by", "assigned_to", "due_at", "floor", "geometry",
          "geometry_note", "accuracy_m", "positions", "municipality_code", "municipality_how",
          "place", "merged_into_id", "release", "public_text", "redacted_geometry",
          "private_home", "release_how", "public_place")  # fmt: skip
DECIDED = frozenset({"release", "release_how", "public_text", "public_place"})


@action
def _undo(*, report_id: uuid.UUID, seen: int, by: Caller) -> Report:
    report = for_hq(report_id, by)
    same_version(report, seen)
    as_now, before = _versions_back(report)
    event = _last_of(report, before)
    if event is None:
        raise Problem("transition_invalid", "There is nothing to undo.")
    if event.merged_into_id and event.merged_into_id != report.merged_into_id:
        # merged again by undoing: what it stood behind may itself be merged or gone by now
        list(Report.objects.select_for_update(no_key=True).filter(id=event.merged_into_id))
        _target(report, event.merged_into_id)
    was_public = report.release == "public"
    kept = DECIDED if _undone_by_hand(report, as_now) else frozenset()
    for name in set(UNDONE) - kept:
        setattr(report, name, getattr(event, name))
    # a photo that was taken back is not shown again without another look
    report.public_photos = [c for c in event.public_photos if c in report.public_photos]
    settle_undone(report, was_public)
    with pghistory.context(undo_to=before):
        _save(report)
    return report


def _versions_back(report: Report) -> tuple[int, int]:
    """(the version that people made and that the report is as now, the one before it).

    Both other than the numbers say once something was taken back: that made a version, too.
    """
    from reports.models import ReportEvent  # type: ignore[attr-defined]

    undone = ReportEvent.objects.filter(pgh_obj_id=report.id, pgh_context__metadata__undo=True)
    to = dict(undone.values_list("version", "pgh_context__metadata__undo_to"))
    version = report.version
    while version - 1 in to:
        # kept without its aim, it went one back
        version = to[version - 1] or version - 2
    return version, version - 1


def _last_of(report: Report, version: int) -> Any:
    """Photos change the row without raising the version: the last row is what people saw."""
    from reports.models import ReportEvent  # type: ignore[attr-defined]

    events = ReportEvent.objects.filter(pgh_obj_id=report.id, version=version)
    return events.order_by("-pgh_id").first()


def _undone_by_hand(report: Report, as_now: int) -> bool:
    """Whether an undo has decided about the release since: going further back does not unsay it."""
    if report.release_how != "hand" or as_now == report.version:
        return False
    event = _last_of(report, as_now)
    return event is not None and event.release_how != "hand"


def note_add(
    *,
    report_id: uuid.UUID,
    kind: str,
    text: str,
    by: Caller,
    note_id: uuid.UUID | None = None,
    now: datetime | None = None,
) -> Note:
    """Add HQ's note or question, or the author's answer; the same note_id again is the same note.

    Raises Problem: report_unknown / report_erased, not_allowed, invalid (no text).
    """
    if not text.strip():
        raise Problem("invalid", "A note needs words.", field="text")
    with pghistory.context(key=by.key, name=by.name):
        return _note(
            report_id=report_id,
            kind=kind,
            text=text,
            by=by,
            note_id=note_id or uuid.uuid4(),
            now=now or datetime.now(UTC),
        )


@action
def _note(
    *, report_id: uuid.UUID, kind: str, text: str, by: Caller, note_id: uuid.UUID, now: datetime
) -> Note:
    report = Report.objects.select_related("incident").filter(id=report_id).first()
    if report is None:
        raise queries.missing(report_id, by)
    if kind == "answer":
        if report.author_key != by.key:
            raise Problem("report_unknown")
    else:
        access.require_hq(by, report.incident)
    note, created = Note.objects.get_or_create(
        id=note_id,
        defaults={
            "report": report,
            "kind": kind,
            "text": text,
            "author_key": by.key,
            "author_name": by.name,
            "created_at": now,
        },
    )
    if not created and (note.report_id, note.kind, note.text) != (report.id, kind, text):
        raise Problem("edit_differs", field="id")
    return note
