"""To whom headquarters can hand a report, and how much each has already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Q

from gspace.access import Caller
from gspace.models import Incident, IncidentOrganisation, Organisation, Team
from gspace.teams import teams
from reports.models import Report
from reports.statuses import OPEN

# `assigned_to` is text, so that a body which is nowhere in the service can be named too
LONGEST = 120

Load = dict[str, tuple[int, int]]


def assignees(incident: Incident, by: Caller, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """{teams, organisations, persons, others}; of each: value (what `assigned_to` becomes), name,
    name_en, organisation, open, overdue; of persons `me`, of organisations `part`; others: named
    by hand."""
    load = _load(incident, now)
    found = {
        "teams": [_team(team, load) for team in teams(incident)],
        "organisations": [_body(part, load) for part in _parts(incident)],
        "persons": [_person(name, who, load, by) for name, who in _persons(incident).items()],
    }
    known = {one["value"] for group in found.values() for one in group}
    others = sorted(set(load) - known)
    return found | {"others": [_told(name, name, "", "", load) for name in others]}


def _load(incident: Incident, now: datetime) -> Load:
    """(open, overdue) by what `assigned_to` says; an assignment of the others is history."""
    rows = Report.objects.filter(incident=incident, status__in=OPEN).exclude(assigned_to="")
    counted = rows.values_list("assigned_to").annotate(
        n=Count("id"), late=Count("id", filter=Q(due_at__lt=now))
    )
    return {name: (n, late) for name, n, late in counted.order_by()}


def _parts(incident: Incident) -> Iterable[IncidentOrganisation]:
    found = incident.parts.select_related("organisation")
    return sorted(found, key=lambda p: (p.part != "hq", p.part, p.organisation.name))


def _persons(incident: Incident) -> dict[str, str]:
    """Name -> organisation, of who works at a headquarters' desk; namesakes are one name."""
    hq = Organisation.objects.filter(incident_parts__incident=incident, incident_parts__part="hq")
    people = User.objects.filter(
        is_active=True,
        memberships__organisation__in=hq,
        memberships__role__in=["operator", "admin"],
    )
    named = people.values_list(
        "first_name", "last_name", "username", "memberships__organisation__name"
    )
    ordered = sorted(named, key=lambda row: (row[3], row[0], row[1], row[2]))
    return {f"{first} {last}".strip() or account: house for first, last, account, house in ordered}


def team_value(team: Team) -> str:
    """Two towns at one desk both have a team of public works."""
    return f"{team.organisation.name} {team.name}"[:LONGEST]


def _team(team: Team, load: Load) -> dict[str, Any]:
    house = team.organisation.name
    return _told(team_value(team), team.name, team.name_en, house, load)


def _body(part: IncidentOrganisation, load: Load) -> dict[str, Any]:
    one = part.organisation
    return _told(one.name, one.name, one.name_en, "", load) | {"part": part.part}


def _person(name: str, house: str, load: Load, by: Caller) -> dict[str, Any]:
    return _told(name, name, "", house, load) | {"me": name == by.name}


def _told(value: str, name: str, name_en: str, house: str, load: Load) -> dict[str, Any]:
    count, late = load.get(value, (0, 0))
    return {
        "value": value,
        "name": name,
        "name_en": name_en,
        "organisation": house,
        "open": count,
        "overdue": late,
    }
