"""Exports: asked for at the desk, made by the worker, taken away, cancelled, gone after a while."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django_tasks_db.models import DBTaskResult

from gspace import access
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from gspace.transactions import action
from reports import blobs
from reports.filters import NAMES, PAGING, moment, where
from reports.models import Photo, PhotoOpening
from reports.outgoing import EXPORT_KINDS, EXPORT_PHOTOS, Export, ExportOpening

RUNNING = ("waiting", "working")


@action
def export_create(
    *,
    incident: Incident,
    kind: str,
    filters: dict[str, Any],
    photos: str,
    language: str,
    by: Caller,
    now: datetime | None = None,
) -> Export:
    """An export that the worker makes next.

    Raises Problem: not_allowed, invalid naming kind, photos or the filter, exports_waiting.
    """
    access.require_hq(by, incident)
    kept = {n: v for n, v in filters.items() if v not in (None, "") and n not in PAGING}
    _check(incident, kind, photos, kept, by)
    now = now or datetime.now(UTC)
    export = Export.objects.create(
        incident=incident, kind=kind, filters=_since(kept, now), photos=photos, language=language,
        by_key=by.key, by_name=by.name, created_at=now, touched_at=now,
    )  # fmt: skip
    _enqueue(export)
    return export


def _check(incident: Incident, kind: str, photos: str, filters: dict[str, Any], by: Caller) -> None:
    if kind not in EXPORT_KINDS:
        raise Problem("invalid", f"One of: {', '.join(EXPORT_KINDS)}", field="kind")
    if photos not in EXPORT_PHOTOS or (photos != "none" and kind != "zip"):
        raise Problem("invalid", "Photos come along in a ZIP only.", field="photos")
    if unknown := set(filters) - set(NAMES):
        # left aside it would let out more than was asked for
        raise Problem("invalid", "There is no such filter.", field=sorted(unknown)[0])
    where(incident, "hq", filters | {"viewer": by.key})
    running = Export.objects.filter(incident=incident, state__in=RUNNING)
    if running.count() >= settings.LIMIT_EXPORTS_WAITING:
        raise Problem("exports_waiting")


def _since(filters: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The last hours as the time they begin: the file is made later and piece by piece, and says
    itself what is in it."""
    kept = filters.copy()
    if not (hours := kept.pop("recent", None)):
        return kept
    begin = now - timedelta(hours=int(hours))
    if given := kept.get("since"):
        begin = max(begin, moment(given, "since"))
    return kept | {"since": begin.astimezone(UTC).isoformat()}


def _enqueue(export: Export) -> None:
    from reports.tasks import export_make

    export_make.enqueue(str(export.id))


@action
def export_begin(*, export_id: uuid.UUID, now: datetime | None = None) -> Export | None:
    """The export, if it still waits; from now on it is being made, as of now."""
    export = _locked(export_id)
    if export is None or export.state != "waiting":
        return None
    export.state, export.as_of = "working", now or datetime.now(UTC)
    export.touched_at = export.as_of
    export.save(update_fields=["state", "as_of", "touched_at"])
    return export


@action
def export_progress(*, export_id: uuid.UUID, done: int, total: int | None = None) -> bool:
    """Note how far it is; False when nobody wants it any more."""
    told: dict[str, Any] = {"done": done, "touched_at": datetime.now(UTC)}
    if total is not None:
        told["total"] = total
    return bool(Export.objects.filter(id=export_id, state="working").update(**told))


@action
def export_finish(*, export_id: uuid.UUID, done: int, size: int) -> bool:
    """The file lies under its name. False when it was cancelled meanwhile: the file must go."""
    now = datetime.now(UTC)
    told = {"state": "ready", "ready_at": now, "touched_at": now, "done": done, "size": size}
    return bool(Export.objects.filter(id=export_id, state="working").update(total=done, **told))


@action
def export_fail(*, export_id: uuid.UUID, reason: str) -> None:
    found = Export.objects.filter(id=export_id, state__in=RUNNING)
    found.update(state="failed", reason=reason, touched_at=datetime.now(UTC))


@action
def export_originals_taken(*, export: Export, photo_ids: list[uuid.UUID]) -> None:
    """Originals that were put into the file: each counts as opened by who asked for it."""
    known = Photo.objects.filter(id__in=photo_ids).values_list("id", flat=True)
    PhotoOpening.objects.bulk_create(
        PhotoOpening(photo_id=i, caller_key=export.by_key, caller_name=export.by_name)
        for i in known
    )


@action
def export_cancel(*, export_id: uuid.UUID, by: Caller) -> Export:
    """Stop it while it is made, remove its file when it is there; again changes nothing.

    Raises Problem: export_unknown, also for those who may not know of it.
    """
    export = _locked(export_id)
    if export is None or access.audience(by, export.incident) != "hq":
        raise Problem("export_unknown")
    if export.state in RUNNING:
        export.state = "cancelled"
    elif export.state == "ready":
        export.state = "removed"
        _delete_file(export)
    export.touched_at = datetime.now(UTC)
    export.save(update_fields=["state", "touched_at"])
    return export


@action
def export_opened(*, export: Export, by: Caller) -> None:
    ExportOpening.objects.create(export=export, caller_key=by.key, caller_name=by.name)


@action
def exports_expire(*, now: datetime | None = None) -> int:
    """Files that are too old, or that hold what has been erased since, go; the rows stay.

    What a dead worker left behind is said to have failed: asking again is one press.
    """
    now = now or datetime.now(UTC)
    _end(_lost(now), "failed", "lost", now)
    ready = Export.objects.select_for_update(no_key=True).filter(state="ready")
    gone = [export for export in ready if is_outdated(export, now)]
    _end(gone, "removed", "", now)
    return len(gone)


def _lost(now: datetime) -> list[Export]:
    """Those under way of which no worker has given a sign, unless they stand in the queue."""
    since = now - timedelta(seconds=settings.LIMIT_EXPORT_STALL_S)
    # one that was taken just now is about to begin
    standing = DBTaskResult.objects.filter(
        Q(status="READY") | Q(started_at__gte=since), task_path="reports.tasks.export_make"
    )
    queued = set(standing.values_list("args_kwargs__args__0", flat=True))
    silent = Export.objects.select_for_update(no_key=True).filter(
        state__in=RUNNING, touched_at__lt=since
    )
    return [one for one in silent if one.state == "working" or str(one.id) not in queued]


def _end(exports: list[Export], state: str, reason: str, now: datetime) -> None:
    for export in exports:
        export.state, export.reason, export.touched_at = state, reason, now
        export.save(update_fields=["state", "reason", "touched_at"])
        _delete_file(export)


def _delete_file(export: Export) -> None:
    """With the commit: a row that is rolled back keeps its file."""
    transaction.on_commit(partial(blobs.delete, file_name(export)))


def file_name(export: Export) -> str:
    ident = str(export.id)
    return f"{blobs.EXPORTS}/{ident[:2]}/{ident}.{export.kind}"


def is_outdated(export: Export, now: datetime) -> bool:
    """Past its hours, or a report of the incident has been erased since it was begun."""
    from reports.models import Tombstone

    if export.ready_at is None or export.as_of is None:
        return True
    if export.ready_at < now - timedelta(hours=settings.LIMIT_EXPORT_HOURS):
        return True
    erased = Tombstone.objects.filter(incident=export.incident_id, erased_at__gte=export.as_of)
    return erased.exists()


def _locked(export_id: uuid.UUID) -> Export | None:
    return Export.objects.select_for_update(no_key=True).filter(id=export_id).first()
