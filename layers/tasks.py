"""Background work of the layers: reading what publishers sent."""

from __future__ import annotations

from django_tasks import task

from layers import intake


@task(queue_name="layers")
def version_read(version_id: int) -> str:
    """Read the file of a version; runs again harmlessly. The state it came to."""
    return intake.read(version_id)
