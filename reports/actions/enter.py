"""A report that was told to headquarters: by phone, radio, fax, at the counter.

Stored by the same statement as a phone's (reports.actions.intake) and a report like all others.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from gspace import access, geo
from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from reports.actions.intake import Received, envelope, in_future, store, where
from reports.payload import EnteredIn
from reports.placing import Placing, by_operator, place


def report_enter(
    *,
    report_id: uuid.UUID,
    incident: Incident,
    body: EnteredIn,
    by: Caller,
    now: datetime | None = None,
) -> Received:
    """Store what was told, once; the same again answers with the report as it is now.

    Raises Problem: not_allowed, invalid (a point nobody called exact, bad geometry),
    incident_closed, report_differs, report_unknown (entered by somebody else), report_erased.
    now: for re-enactments only; the clock of the service otherwise.
    """
    access.require_hq(by, incident)
    at = now or datetime.now(UTC)
    row = {
        **envelope(report_id, incident, by, at),
        "body": body.canonical_sha256(),
        "follows": None,
        "photos": "[]",
        **_content(body, at),
        **where(_placing(body)),
    }
    return store(row, incident=incident, audience="hq", by=by)


def _content(body: EnteredIn, now: datetime) -> dict[str, Any]:
    return {
        "channel": body.channel,
        "told_by": (body.told_by or "").strip() or None,
        "category": body.category,
        "detail": body.detail,
        "severity": body.severity,
        "comment": body.comment or "",
        "captured_at": body.captured_at,
        "captured_source": "told" if body.captured_at else "",
        "future": in_future(body.captured_at, now),
        "sent_at": None,
        "skew": None,
        "bearing": None,
        "floor": body.floor,
        "about": None,
        "geometry_note": body.geometry_note or "",
    }


def _placing(body: EnteredIn) -> Placing:
    operator = None
    if body.geometry is not None:
        geometry = geo.geometry_from_geojson(body.geometry)
        if geometry.geom_type in ("Point", "MultiPoint") and not body.exact:
            raise Problem(
                "invalid", _("A point is a place only if it is exactly there."), field="exact"
            )
        operator = by_operator(geometry, body.accuracy_m)
    return place(
        captured_at=body.captured_at, device_fix=None, pin=None, exif_fixes=[], operator=operator
    )
