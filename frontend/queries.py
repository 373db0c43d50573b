"""What the plain pages read across the house, one function a page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from gspace import access, incidents
from gspace.access import BITS, Caller
from gspace.models import Incident, Organisation
from gspace.problems import Problem
from layers import queries as layers
from layers.models import Layer
from reports import queries as reports
from reports.counts import counts
from reports.models import Report

OWN_REPORTS = 20


@dataclass(frozen=True)
class Card:
    """An incident as the front page lists it; released = number of publicly visible reports."""

    incident: Incident
    headquarters: list[Organisation]
    released: int
    desk: bool
    may_report: bool


def cards(caller: Caller) -> list[Card]:
    """Every incident, open ones first, then the newest."""
    released = _released()
    order = {"active": 0, "drill": 1, "closed": 2}
    found = Incident.objects.prefetch_related("parts__organisation").order_by("-created_at")
    return [
        Card(
            incident,
            [p.organisation for p in incident.parts.all() if p.part == "hq"],
            released.get(incident.pk, 0),
            access.audience(caller, incident) in ("hq", "partner"),
            access.may_report(caller, incident),
        )
        for incident in sorted(found, key=lambda i: order[i.state])
    ]


def _released() -> dict[int, int]:
    sql = """SELECT incident_id, count(*) FROM reports_report
              WHERE audiences & %s <> 0 GROUP BY incident_id"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [BITS["public"]])
        return dict(cursor.fetchall())


def incident(slug: str) -> Incident:
    """Raises Problem incident_unknown."""
    found = Incident.objects.filter(slug=slug).first()
    if found is None:
        raise Problem("incident_unknown")
    return found


def reportable(caller: Caller) -> list[Incident]:
    """Open incidents this caller may report in; real ones before drills."""
    return incidents.reportable(caller)


def own_reports(caller: Caller) -> list[Report]:
    """The caller's last reports, newest first, whatever their status."""
    if not caller.key:
        return []
    mine = Report.objects.filter(author_key=caller.key).select_related("incident")
    return list(mine.prefetch_related("photos").order_by("-received_at", "-id")[:OWN_REPORTS])


def own_report(caller: Caller, report_id: Any) -> Report:
    """One of the caller's own. Raises Problem report_unknown."""
    mine = Report.objects.filter(author_key=caller.key, id=report_id).select_related("incident")
    found = mine.prefetch_related("photos").first() if caller.key else None
    if found is None:
        raise Problem("report_unknown")
    return found


@dataclass(frozen=True)
class Released:
    """Released reports as the public may see them, newest first; total: how many in all.

    cursor: to go on from the last one; empty when this is the end.
    """

    reports: list[dict[str, Any]]
    total: int
    cursor: str


def released(incident: Incident, limit: int, cursor: str = "") -> Released:
    """Raises Problem invalid for a cursor that is none of ours."""
    text = reports.snapshot(incident, "public", "", {"limit": limit, "cursor": cursor})
    found = json.loads(text)
    total = counts(incident, "public")["total"]
    rows = [f["properties"] | {"id": f["id"]} for f in found["features"]]
    return Released(rows, total, found["cursor"] or "")


def public_layer(incident: Incident, slug: str) -> Layer:
    """A layer that everybody may see beside this incident. Raises Problem layer_unknown."""
    layer, _ = layers.layer_for(slug, access.NOBODY)
    if layer.incident_id not in (None, incident.pk):
        raise Problem("layer_unknown")
    return layer
