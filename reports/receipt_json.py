"""The photo receipt that lets an outbox forget its copy."""

from __future__ import annotations

import json

from reports.models import Photo


def photo_receipt(photo: Photo) -> str:
    """JSON {id, report, state, sha256, size, reason}; size in bytes."""
    return json.dumps(
        {
            "id": str(photo.id),
            "report": str(photo.report_id),
            "state": photo.state,
            "sha256": photo.sha256,
            "size": photo.size,
            "reason": photo.reason or None,
        }
    )
