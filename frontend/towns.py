"""Named places to count distances from: typed, or picked from a list without a keyboard."""

from __future__ import annotations

from django.contrib.gis.db.models.functions import Distance
from django.db.models import Q

from gspace.models import Incident, Municipality, Place

# around the middle of an incident (about 120 km); farther away nobody looks for its shelters
AROUND_DEG = 1.1


def find_place(text: str, incident: Incident) -> Municipality | Place | None:
    """What people mean: the municipality or town whose name holds the words, nearest first."""
    like = Q(name__contains=text) | Q(name_en__icontains=text)
    towns = Place.objects.filter(like)
    cities = Municipality.objects.filter(like, location__isnull=False).defer("boundary")
    if incident.centre is None:
        return cities.first() or towns.first()
    near = Distance("location", incident.centre)
    return cities.order_by(near).first() or towns.order_by(near).first()


def municipalities(incident: Incident) -> list[Municipality]:
    """Those around the incident by code, its own prefecture first; all where it has no middle."""
    found = Municipality.objects.filter(location__isnull=False).defer("boundary").order_by("code")
    if incident.centre is None:
        return list(found)
    near = list(found.filter(location__dwithin=(incident.centre, AROUND_DEG)))
    nearest = found.order_by(Distance("location", incident.centre), "code").first()
    home = nearest.prefecture if nearest else ""
    return sorted(near, key=lambda one: one.prefecture != home)


def towns_of(code: str) -> list[Place]:
    """The towns of a municipality, by name."""
    found = Place.objects.filter(municipality_id=code).order_by("name", "id")
    return list({place.name: place for place in found}.values())


def municipality(code: str) -> Municipality | None:
    """One with a place; None for anything else."""
    found = Municipality.objects.filter(code=code[:6], location__isnull=False)
    return found.defer("boundary").first()


def key(place: Municipality | Place) -> str:
    """How a place is named in an address: its code, or "<code of its municipality>-<name>"."""
    return (
        place.code if isinstance(place, Municipality) else f"{place.municipality_id}-{place.name}"
    )


def town(text: str) -> Municipality | Place | None:
    """The place that a key names."""
    code, dash, name = text.partition("-")
    if not dash:
        return municipality(code)
    return Place.objects.filter(municipality_id=code[:6], name=name).order_by("id").first()
