"""The one file of an original: held while a row attaches it, given up when no row names it.

Attaching and giving up hold the same lock, so that nobody removes a file which is being attached.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from gspace.problems import Problem
from gspace.transactions import action
from reports import blobs
from reports.models import Photo


def lock_original(sha256: str) -> None:
    """Nobody else attaches or removes these bytes before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [blobs.LOCK, sha256])


def hold_original(sha256: str) -> None:
    """Lock the file for attaching, and fetch it back if the sweeper was quicker.

    Raises Problem busy when it is gone for good (an erased report had the same bytes): the client
    sends them again.
    """
    lock_original(sha256)
    if blobs.exists(blobs.original_name(sha256)):
        return
    try:
        blobs.move(blobs.trash_name(sha256), blobs.original_name(sha256))
    except FileNotFoundError:
        raise Problem("busy") from None


@action
def original_forget(*, sha256: str) -> None:
    """Remove the file at once, also from the trash, unless a photo still names it."""
    lock_original(sha256)
    if not _is_named(sha256):
        blobs.delete(blobs.original_name(sha256))
        blobs.delete(blobs.trash_name(sha256))


@action
def original_discard(*, sha256: str, now: datetime) -> bool:
    """Move an orphan to the trash. False when it is young, named by a photo, or gone."""
    lock_original(sha256)
    oldest = now - timedelta(hours=settings.LIMIT_ORPHAN_HOURS)
    name = blobs.original_name(sha256)
    try:
        if _is_named(sha256) or blobs.changed_at(name) > oldest:
            return False
        blobs.move(name, blobs.trash_name(sha256))
    except FileNotFoundError:
        return False
    return True


@action
def original_purge(*, sha256: str, now: datetime) -> bool:
    """Delete from the trash what has lain there long enough; back to its place if it is named."""
    lock_original(sha256)
    name = blobs.trash_name(sha256)
    oldest = now - timedelta(days=settings.LIMIT_TRASH_DAYS)
    if _is_named(sha256):
        _back(sha256)
        return False
    try:
        if blobs.changed_at(name) > oldest:
            return False
        blobs.delete(name)
    except FileNotFoundError:
        return False
    return True


def _back(sha256: str) -> None:
    if blobs.exists(blobs.original_name(sha256)):
        blobs.delete(blobs.trash_name(sha256))
    else:
        blobs.move(blobs.trash_name(sha256), blobs.original_name(sha256))


def _is_named(sha256: str) -> bool:
    return Photo.objects.filter(sha256=sha256, stored_at__isnull=False).exists()
