"""Exports: the reports of a view as GeoJSON, CSV, GeoPackage, KML, or ZIP with photos.

Headquarters alone takes reports away in bulk, so a file holds what headquarters sees. It is
written beside everything else by a worker of its own, says how far it is, and stops when asked.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from gspace import access, geopackage, spreadsheet
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from reports import actions, blobs, kml
from reports.actions.exports import file_name, is_outdated
from reports.export_making import Cancelled, Making, Refused
from reports.export_rows import View
from reports.export_writers import WRITERS
from reports.outgoing import Export

MEDIA_TYPES = {
    "geojson": "application/geo+json",
    "csv": spreadsheet.MEDIA_TYPE,
    "gpkg": geopackage.MEDIA_TYPE,
    "kml": kml.MEDIA_TYPE,
    "zip": "application/zip",
}


# --- what the desk reads -------------------------------------------------------------------
def export_for(export_id: uuid.UUID, by: Caller) -> Export:
    """Raises Problem export_unknown, also for those who may not know of it."""
    found = Export.objects.select_related("incident").filter(id=export_id).first()
    if found is None or access.audience(by, found.incident) != "hq":
        raise Problem("export_unknown")
    return found


def recent(incident: Incident) -> list[Export]:
    """Those of the last LIMIT_EXPORT_HOURS, newest first, whoever asked."""
    since = timezone.now() - timedelta(hours=settings.LIMIT_EXPORT_HOURS)
    found = Export.objects.filter(incident=incident, created_at__gte=since)
    return list(found.order_by("-created_at").prefetch_related("openings")[:100])


def as_json(export: Export) -> dict[str, Any]:
    """total: reports and photos, null until they are counted. file: address when it is ready."""
    address = f"/api/v1/exports/{export.id}"
    ready = export.state == "ready"
    until = export.ready_at + timedelta(hours=settings.LIMIT_EXPORT_HOURS) if ready else None
    return {
        "id": str(export.id),
        "incident": export.incident.slug,
        "kind": export.kind,
        "filters": export.filters,
        "photos": export.photos,
        "state": export.state,
        "reason": export.reason or None,
        "done": export.done,
        "total": export.total,
        "size": export.size,
        "by": export.by_name,
        "created_at": _told(export.created_at),
        "as_of": _told(export.as_of),
        "ready_at": _told(export.ready_at),
        "expires_at": _told(until),
        "file": f"{address}/file" if ready else None,
    }


def _told(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def file_of(export: Export) -> str:
    """The stored file's name. Raises Problem export_not_ready, export_gone."""
    if export.state in ("waiting", "working", "failed"):
        raise Problem("export_not_ready")
    if export.state != "ready" or is_outdated(export, timezone.now()):
        raise Problem("export_gone")
    return file_name(export)


def called(export: Export) -> str:
    """The file's name for people: incident and moment."""
    at = timezone.localtime(export.as_of, View(export).zone)
    return f"{export.incident.slug}-{at:%Y%m%d-%H%M}.{export.kind}"


def with_file(ids: Iterable[str]) -> set[str]:
    """Which of these have their file, or may be about to."""
    found = Export.objects.filter(id__in=list(ids), state__in=("working", "ready"))
    return {str(ident) for ident in found.values_list("id", flat=True)}


# --- what the worker makes -----------------------------------------------------------------
def make(export_id: uuid.UUID) -> str:
    """Make the file of an export that waits; the state it came to."""
    export = actions.export_begin(export_id=export_id)
    if export is None:
        return "not waiting"
    making = Making(export, blobs.new_part())
    try:
        making.tell(total=making.view.total())
        WRITERS[export.kind](making)
        return _keep(making)
    except Cancelled:
        return "cancelled"
    except Refused as refused:
        actions.export_fail(export_id=export.id, reason=str(refused))
        return "failed"
    except Exception:
        actions.export_fail(export_id=export.id, reason="failed")
        raise
    finally:
        making.path.unlink(missing_ok=True)


def _keep(making: Making) -> str:
    """The file first, then the row that names it; what was cancelled in between goes again."""
    export, size = making.export, making.path.stat().st_size
    blobs.adopt(making.path, file_name(export))
    if actions.export_finish(export_id=export.id, done=making.done, size=size):
        return "ready"
    blobs.delete(file_name(export))
    return "cancelled"
