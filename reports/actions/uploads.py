"""Resumable uploads: opened, finished, ended, expired; and photos whose developing was lost."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gspace.access import Caller
from gspace.problems import Problem
from gspace.transactions import action
from reports import blobs, parts
from reports.actions.photos import announced, photo_share, photo_store
from reports.models import Photo, Upload

# these bytes will never become this photo; sending them again would not help
FINAL = {"photo_differs", "photo_unknown", "digest_mismatch", "size_mismatch"}


def upload_open(*, photo_id: uuid.UUID, length: int, by: Caller) -> Upload:
    """A new upload of an announced photo. length: bytes.

    Already complete when the same bytes are here for a report this caller may see. Of more than
    LIMIT_UPLOADS_PER_PHOTO open ones the idlest is ended: a client that never heard the answers to
    its first creations must not be locked out. Raises Problem photo_unknown, photo_differs,
    size_mismatch.
    """
    photo = announced(photo_id, by)
    if length != photo.size:
        raise Problem(
            "photo_differs" if photo.stored_at else "size_mismatch", field="Upload-Length"
        )
    if photo.stored_at is None:
        photo = photo_share(photo=photo, by=by)
    upload, ended = _open(photo_id=photo.id, length=length)
    for other in ended:
        parts.remove(other)
    if upload.completed_at is None:
        parts.create(upload.id)
    return upload


@action
def _open(*, photo_id: uuid.UUID, length: int) -> tuple[Upload, list[uuid.UUID]]:
    """(the upload, ids of those that were ended for it)"""
    photo = Photo.objects.select_for_update(no_key=True).filter(id=photo_id).first()
    if photo is None:
        raise Problem("photo_unknown")
    if photo.stored_at is not None:
        done = Upload.objects.filter(photo=photo, completed_at__isnull=False).first()
        now = timezone.now()
        return done or Upload.objects.create(photo=photo, length=length, completed_at=now), []
    open_ones = list(Upload.objects.filter(photo=photo, completed_at__isnull=True))
    open_ones.sort(key=lambda upload: parts.last_byte_at(upload.id) or upload.created_at)
    surplus = len(open_ones) - settings.LIMIT_UPLOADS_PER_PHOTO + 1
    ended = [upload.id for upload in open_ones[: max(0, surplus)]]
    Upload.objects.filter(id__in=ended).delete()
    return Upload.objects.create(photo=photo, length=length), ended


def upload_finish(*, upload: Upload, part: parts.Held) -> None:
    """Every byte is here: check, store and attach them, then give up the part.

    The part keeps its name until the photo's row is committed, so that whatever fails in between
    is made good by the client's next question. Raises the problems of photo_store; after one that
    no other try can cure the upload is gone.
    """
    photo = Photo.objects.filter(id=upload.photo_id).first()
    if photo is None:
        raise Problem("photo_unknown")
    try:
        photo_store(photo=photo, part=part.spare(), sha256=part.sha256(), size=part.size())
    except Problem as problem:
        if problem.code in FINAL:
            upload_end(upload_id=upload.id)
        raise
    Upload.objects.filter(id=upload.id).update(completed_at=timezone.now())
    parts.remove(upload.id)


def upload_end(*, upload_id: uuid.UUID) -> None:
    """Forget an upload and its bytes."""
    Upload.objects.filter(id=upload_id).delete()
    parts.remove(upload_id)


def uploads_expire(*, now: datetime) -> int:
    """End what has not grown for LIMIT_UPLOAD_DAYS; how many open uploads and leftover files.

    Rows of complete uploads go as well, after the same time, and are no event.
    """
    oldest = now - timedelta(days=settings.LIMIT_UPLOAD_DAYS)
    count = 0
    for upload in Upload.objects.filter(created_at__lt=oldest):
        last = upload.completed_at or parts.last_byte_at(upload.id) or upload.created_at
        if last < oldest:
            upload_end(upload_id=upload.id)
            count += upload.completed_at is None
    return count + _remove_leftovers(oldest)


def _remove_leftovers(oldest: datetime) -> int:
    """Parts without a row: of direct uploads and of developing that a crash cut short."""
    count = 0
    for entry in parts.entries():
        try:
            if datetime.fromtimestamp(entry.stat().st_mtime, UTC) < oldest:
                (settings.PARTS_ROOT / entry.name).unlink()
                count += 1
        except FileNotFoundError:
            continue
    return count


# Tries of one photo: the last one counts from when it began, and each next one waits twice as
# long (at most a day). One that still stands in the queue is not lost.
LOST_SQL = """
WITH tries AS (
  SELECT args_kwargs->'args'->>0 AS photo, count(*) AS number,
         bool_or(status = 'READY') AS waits, max(greatest(enqueued_at, started_at)) AS last
    FROM {tasks} WHERE task_path = 'reports.tasks.photo_develop' GROUP BY 1)
SELECT p.id FROM reports_photo p LEFT JOIN tries ON tries.photo = p.id::text
 WHERE p.state = 'stored' AND p.stored_at < %(now)s - %(wait)s AND NOT coalesce(waits, false)
   AND (last IS NULL
        OR last < %(now)s - least(%(wait)s * power(2, least(number, 20) - 1), interval '1 day'))
"""


@action
def photos_redevelop(*, now: datetime) -> int:
    """Enqueue photos whose task was lost with its worker, or failed; how many."""
    from reports.tasks import photo_develop

    with connection.cursor() as cursor:
        # two sweepers must not both enqueue
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [blobs.LOCK])
        sql = LOST_SQL.format(tasks=DBTaskResult._meta.db_table)
        cursor.execute(sql, {"now": now, "wait": timedelta(seconds=settings.LIMIT_DEVELOP_S)})
        lost = [row[0] for row in cursor.fetchall()]
    for photo_id in lost:
        photo_develop.enqueue(str(photo_id))
    return len(lost)
