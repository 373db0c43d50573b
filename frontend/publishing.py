"""What the pages below `/publish/` read across the house: own layers, and what of them waits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from gspace.access import Caller
from gspace.models import Incident, Organisation
from layers import queries, sight
from layers.models import LayerVersion

WAITING = ("reading", "ready", "quarantined", "refused")
WAITING_SHOWN = 3
SHOWN = ("layer", "number", "state", "filename", "received_at")


@dataclass
class Own:
    """A layer as `queries.own_summaries` gives it, with the versions that wait for a person.

    waiting: newer than the published one, the newest first; what is superseded waits no more.
    """

    layer: dict[str, Any]
    waiting: list[LayerVersion] = field(default_factory=list)


@dataclass
class Group:
    """incident None = the standing layers."""

    incident: Incident | None
    layers: list[Own]


def groups(caller: Caller) -> list[Group]:
    """The caller's own layers by incident: open ones first, the standing ones last."""
    found = [Own(layer) for layer in queries.own_summaries(caller)]
    waiting = _waiting([own.layer["slug"] for own in found])
    by_incident: dict[str | None, list[Own]] = defaultdict(list)
    for own in found:
        own.waiting = waiting.get(own.layer["slug"], [])
        by_incident[own.layer["incident"]].append(own)
    groups = [Group(i, by_incident[i.slug]) for i in _ordered() if i.slug in by_incident]
    if standing := by_incident.get(None):
        groups.append(Group(None, standing))
    return groups


def _waiting(slugs: list[str]) -> dict[str, list[LayerVersion]]:
    newer = Q(layer__published=None) | Q(number__gt=F("layer__published__number"))
    rows = LayerVersion.objects.filter(newer, layer__slug__in=slugs, state__in=WAITING)
    newest = Window(RowNumber(), partition_by="layer_id", order_by="-number")
    shown = rows.annotate(place=newest).filter(place__lte=WAITING_SHOWN).order_by("-number")
    found: dict[str, list[LayerVersion]] = defaultdict(list)
    # a finding is a row of somebody's file: megabytes, of which the list says nothing
    for version in shown.select_related("layer").only(*SHOWN, "layer__slug"):
        found[version.layer.slug].append(version)
    return found


def publishers(caller: Caller) -> list[Organisation]:
    """The organisations the caller may publish for, by name."""
    rows = Organisation.objects.order_by("name")
    return list(rows if caller.superuser else rows.filter(id__in=sight.publishing_for(caller)))


def incidents(caller: Caller) -> list[Incident]:
    """Those a layer can be made for: real ones, then drills; those of one's own part first."""
    mine = {o for o, _ in caller.roles}
    open_ones = [i for i in _ordered() if i.state != "closed"]
    return sorted(open_ones, key=lambda i: not mine & {p.organisation_id for p in i.parts.all()})


def _ordered() -> list[Incident]:
    order = {"active": 0, "drill": 1, "closed": 2}
    rows = Incident.objects.prefetch_related("parts").order_by("-created_at")
    return sorted(rows, key=lambda i: order[i.state])
