"""What a crash leaves between a file and its version: who reads it, who reads it again, what goes.

A reader holds an advisory lock of its session while it reads. The database lets go of it when the
reader's connection ends, however it ends: no clock has to guess whether somebody is still at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import connection
from django_tasks_db.models import DBTaskResult

from gspace.transactions import action
from layers import files
from layers.findings import Finding, Findings
from layers.models import LayerVersion

# advisory lock space: whoever reads a version holds (9, its id)
READING = 9
ROUND = 2**31


def hold_file(sha256: str) -> None:
    """Against the sweeper, which takes away what no row names; until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [files.LOCK, sha256])


@action
def file_discard(*, sha256: str, oldest: datetime) -> bool:
    """Remove a file that came before `oldest` if still no version names it; whether it did."""
    hold_file(sha256)
    if LayerVersion.objects.filter(raw_sha256=sha256).exists():
        return False
    return files.delete_older(sha256, oldest)


@contextmanager
def being_read(version_id: int) -> Iterator[bool]:
    """Hold the reading of a version; False where another reader has it.

    The database lets go when the reader's connection ends, however it ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s::int)", [READING, version_id % ROUND])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_unlock(%s, %s::int)", [READING, version_id % ROUND]
                )


@action
def version_resume(*, version_id: int) -> bool:
    """Queue a version again that no reader has and no queue; refuse it after too many times."""
    from layers.tasks import version_read

    version = LayerVersion.objects.select_related("layer").filter(id=version_id).first()
    if version is None or version.state != "reading" or not _is_left(version_id):
        return False
    tries = int(version.asked.get("tries", 1))
    if tries >= settings.LIMIT_READ_TRIES:
        found = Findings()
        found.add(None, "", "refused", "reader_died")
        mark_refused(version, found.items[0], "")
        return True
    asked = version.asked | {"tries": tries + 1}
    LayerVersion.objects.filter(id=version_id).update(asked=asked)
    version_read.enqueue(version_id)
    return True


def _is_left(version_id: int) -> bool:
    with connection.cursor() as cursor:
        sql = LEFT_SQL.format(tasks=DBTaskResult._meta.db_table)
        cursor.execute(sql, [READING, version_id % ROUND, version_id])
        return bool(cursor.fetchone()[0])


# the lock first: who has it may just now be done with the task
LEFT_SQL = """
SELECT pg_try_advisory_xact_lock(%s, %s::int) AND NOT EXISTS (
  SELECT 1 FROM {tasks}
   WHERE status = 'READY' AND task_path = 'layers.tasks.version_read'
     AND args_kwargs->'args' = jsonb_build_array(%s))"""


def mark_refused(version: LayerVersion, finding: Finding, format: str) -> LayerVersion:
    version.state, version.reason = "refused", str(finding["message"])
    version.findings, version.format, version.progress = [finding], format, None
    fields = {n: getattr(version, n) for n in ("state", "reason", "findings", "format", "progress")}
    LayerVersion.objects.filter(id=version.id, state="reading").update(**fields)
    return version
