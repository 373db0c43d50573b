"""Which layers a caller sees, as one SQL condition; the rights themselves are gspace.access's."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, cast

from gspace import access
from gspace.access import BITS, Audience, Caller
from gspace.models import Incident

# aliases: l layers_layer
VISIBLE = """(l.audiences & coalesce((%(by_incident)s::jsonb->>l.incident_id::text)::int,
  CASE WHEN l.incident_id IS NULL THEN %(standing)s ELSE %(elsewhere)s END) <> 0
  OR %(every)s OR l.publisher_id = ANY(%(own)s))"""


@dataclass(frozen=True)
class Sight:
    """Audience bits by incident, for standing layers and elsewhere; publishers see their own."""

    standing: int
    elsewhere: int = BITS["public"]
    by_incident: dict[int, int] = field(default_factory=dict)
    own: tuple[int, ...] = ()
    every: bool = False

    def params(self) -> dict[str, Any]:
        return {
            "standing": self.standing,
            "elsewhere": self.elsewhere,
            "by_incident": json.dumps(self.by_incident),
            "own": list(self.own),
            "every": self.every,
        }


def as_audience(incident_id: int, audience: Audience) -> Sight:
    """What an audience of an incident sees of its layers and the standing ones."""
    bit = BITS[audience]
    return Sight(standing=bit, elsewhere=0, by_incident={incident_id: bit})


def of_caller(caller: Caller) -> Sight:
    """A caller's sight over all incidents; standing layers by the widest audience they have."""
    bits = {i.id: BITS[access.audience(caller, i)] for i in _own_incidents(caller)}
    return Sight(
        # hq is bit 1, public bit 8: the smaller the number, the wider the view
        standing=min(bits.values(), default=BITS["hq" if caller.superuser else "public"]),
        by_incident=bits,
        own=publishing_for(caller),
        every=caller.superuser,
    )


def publishing_for(caller: Caller) -> tuple[int, ...]:
    """Ids of the organisations whose layers the caller may write."""
    return tuple(sorted({o for o, _ in caller.roles if access.may_publish(caller, o)}))


def audience_of(caller: Caller, publisher_id: int, incident: Incident | None) -> Audience:
    """How a caller sees one layer; publishers see all of their own ("hq")."""
    if access.may_publish(caller, publisher_id):
        return "hq"
    if incident is not None:
        return access.audience(caller, incident)
    bit = of_caller(caller).standing
    found = next(name for name, value in BITS.items() if value == bit)
    return cast(Audience, found)


def is_own(caller: Caller, publisher_id: int) -> bool:
    """Whether the caller writes this publisher's layers, and so sees all of their versions."""
    return access.may_publish(caller, publisher_id)


def sees(audience: Audience, audiences: int, own: bool) -> bool:
    """The rule of VISIBLE for one layer row."""
    return own or bool(audiences & BITS[audience])


def _own_incidents(caller: Caller) -> list[Incident]:
    """Incidents in which the caller can be more than the public."""
    found = Incident.objects.all()
    if not caller.superuser:
        organisations = {o for o, _ in caller.roles}
        if not organisations:
            return []
        found = found.filter(parts__organisation_id__in=organisations).distinct()
    return list(found.only("id"))
