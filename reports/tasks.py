"""Background work of the reports: developing photos, making exports."""

from __future__ import annotations

import uuid

from django_tasks import task

from reports import actions, blobs, darkroom, exports, photos
from reports.models import Photo


@task(queue_name="photos")
def photo_develop(photo_id: str) -> str:
    """Make the display and thumb copies of a stored photo; runs again harmlessly."""
    photo = Photo.objects.filter(id=photo_id).first()
    if photo is None:
        return "erased meanwhile"
    path, temporary = blobs.local_copy(blobs.original_name(photo.sha256))
    try:
        done = darkroom.develop(path)
    except photos.Unreadable as error:
        actions.photo_unreadable(photo_id=photo.id, reason=error.reason)
        return error.reason
    finally:
        if temporary:
            path.unlink(missing_ok=True)
    for which in ("display", "thumb"):
        blobs.write(blobs.copy_name(photo.id, which), getattr(done, which))
    actions.photo_developed(
        photo_id=uuid.UUID(photo_id),
        width=done.width,
        height=done.height,
        dhash=done.dhash,
        doubts=done.doubts,
    )
    return "ready"


@task(queue_name="exports")
def export_make(export_id: str) -> str:
    """Write the file of an export; again does nothing. The state it came to."""
    return exports.make(uuid.UUID(export_id))
