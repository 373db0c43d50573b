"""The list filters of what a report is like, as SQL.

They look only at what the reader may read: who cannot see photos finds no report that has one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from django.conf import settings

from gspace import vocabulary
from gspace.models import Incident, Organisation
from gspace.problems import Problem
from reports.features import NEVER, PROPERTIES, told_where
from reports.filter_places import Clause, listed
from reports.orders import DUE, URGENT, WAITING

NOTHING: Clause = ("FALSE", [])
NOBODY = "-"
# in place of a code: what a phone of ours sent came by none
DEVICE = "device"
CHANNELS = (*vocabulary.codes("channel"), DEVICE)


def clauses(incident: Incident, reader: str, shown: str, filters: dict[str, Any]) -> list[Clause]:
    """filters: organisation, channel, assigned_to, uncertain, has_photo, needs_place, waiting,
    urgent, due, unseen, since_last_looked, viewer (Caller.key).

    reader: an audience, or "author".
    """
    found: list[Clause] = []
    read = PROPERTIES[reader]
    if slugs := filters.get("organisation"):
        found.append(_organisation(str(slugs)) if "organisation" in read else NOTHING)
    if ways := filters.get("channel"):
        found.append(_channel(str(ways)) if "channel" in read else NOTHING)
    if who := filters.get("assigned_to"):
        found.append(_where_told("assigned_to", reader, _assigned, str(who)))
    if metres := filters.get("uncertain"):
        worse: Clause = ("r.accuracy_m > %s", [_metres(metres)])
        found.append(worse if "accuracy_m" in read else NOTHING)
    if due := filters.get("due"):
        found.append(_where_told("due_at", reader, _due, str(due)))
    sees_photos = reader != "public"
    for name, clause in (
        ("has_photo", PHOTO if sees_photos else "FALSE"),
        ("waiting", WAITING if "accepted_at" in read else "FALSE"),
        ("urgent", URGENT if "accepted_at" in read else "FALSE"),
        ("needs_place", f"{shown} IS NULL"),
    ):
        if filters.get(name):
            found.append(_yes_or_no(clause, [], filters, name))
    return found + _looks(incident, filters)


PHOTO = """EXISTS (SELECT FROM reports_photo p WHERE p.report_id = r.id
 AND p.state IN ('preview', 'stored', 'ready'))"""
UNSEEN = """(r.received_at > coalesce((SELECT all_seen_until FROM reports_look
  WHERE incident_id = %s AND key = %s), '-infinity')
 AND NOT EXISTS (SELECT FROM reports_seen s WHERE s.report_id = r.id AND s.key = %s))"""
# arrived or changed; who never looked has everything before them
NEWS = """r.updated_at > coalesce((SELECT at FROM reports_look
  WHERE incident_id = %s AND key = %s), '-infinity')"""


def _looks(incident: Incident, filters: dict[str, Any]) -> list[Clause]:
    found, key = [], filters.get("viewer")
    if filters.get("unseen"):
        found.append(_yes_or_no(UNSEEN, [incident.id, key, key], filters, "unseen"))
    if filters.get("since_last_looked"):
        found.append(_yes_or_no(NEWS, [incident.id, key], filters, "since_last_looked"))
    return found


def _yes_or_no(clause: str, params: list[Any], filters: dict[str, Any], name: str) -> Clause:
    value = str(filters[name]).strip().lower()
    if value in ("1", "true"):
        return clause, params
    if value in ("0", "false"):
        return f"NOT ({clause})", params
    raise Problem("invalid", f"{name} is 1 or 0.", field=name)


def _organisation(value: str) -> Clause:
    slugs = listed(value, "organisation")
    known = dict(Organisation.objects.filter(slug__in=slugs).values_list("slug", "id"))
    if unknown := set(slugs) - set(known):
        raise Problem("invalid", f"Unknown: {', '.join(sorted(unknown))}", field="organisation")
    return "r.organisation_id = ANY(%s)", [list(known.values())]


def _channel(value: str) -> Clause:
    codes = listed(value, "channel")
    if unknown := set(codes) - set(CHANNELS):
        raise Problem("invalid", f"Unknown: {', '.join(sorted(unknown))}", field="channel")
    return f"coalesce(r.channel, '{DEVICE}') = ANY(%s)", [codes]


def _where_told(name: str, reader: str, made: Callable[[str], Clause], value: str) -> Clause:
    """Only among the reports of which the reader is told this property."""
    if (told := told_where(name, reader)) == NEVER:
        return NOTHING
    clause, params = made(value)
    return f"({told} AND {clause})", params


def _assigned(value: str) -> Clause:
    if "\x00" in value:
        raise Problem("invalid", "NUL is not text.", field="assigned_to")
    return "r.assigned_to = %s", ["" if value == NOBODY else value]


def _due(value: str) -> Clause:
    """overdue: its time is past. soon: within LIMIT_DUE_SOON_MIN, not past yet. Never what is over
    (orders.OVER)."""
    if value == "overdue":
        return f"{DUE} < now()", []
    if value == "soon":
        soon = f"{DUE} >= now() AND {DUE} < now() + %s * interval '1 minute'"
        return soon, [settings.LIMIT_DUE_SOON_MIN]
    raise Problem("invalid", "due is overdue or soon.", field="due")


def _metres(value: Any) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise Problem("invalid", "uncertain is a number of metres.", field="uncertain")
    return number
