"""Where an address or a name is, by the gazetteer: to put a place on the map without clicking."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.db.models import Q

from gspace.models import Municipality, Place
from layers import addressed

MOST = 8


@dataclass(frozen=True)
class Candidate:
    """A place that may be meant. lon, lat: WGS 84 degrees, at the precision of a town."""

    name: str
    name_en: str
    lon: float
    lat: float

    @property
    def at(self) -> str:
        """As the forms send it."""
        return f"{self.lon:.7f},{self.lat:.7f}"


def candidates(text: str, near: Point | None = None) -> list[Candidate]:
    """What an address or name may mean: the address first, then names that hold it by distance."""
    if not text:
        return []
    found = [*_address(text), *map(_town, _named(text, near)), *map(_city, _cities(text))]
    once: dict[tuple[float, float], Candidate] = {}
    for one in found:
        # one town may be found by its address and by its name
        once.setdefault((round(one.lon, 5), round(one.lat, 5)), one)
    return list(once.values())[:MOST]


def _address(text: str) -> list[Candidate]:
    """The town that an address names, or the middle of the municipality it begins with."""
    found = addressed.find(text)
    if found is None:
        return []
    if found.precision == "town":
        return [Candidate(f"{found.municipality}{found.name}", "", found.lon, found.lat)]
    return [Candidate(found.name, found.name_en, found.lon, found.lat)]


def _named(text: str, near: Point | None) -> list[Place]:
    found = Place.objects.filter(Q(name__contains=text) | Q(name_en__icontains=text))
    found = found.select_related("municipality").defer("municipality__boundary")
    return list((found.order_by(Distance("location", near)) if near else found)[:MOST])


def _cities(text: str) -> list[Municipality]:
    like = Q(name__contains=text) | Q(name_en__icontains=text)
    found = Municipality.objects.filter(like, location__isnull=False).defer("boundary")
    return list(found.order_by("code")[:MOST])


def _town(place: Place) -> Candidate:
    city = place.municipality
    name = f"{city.name if city else ''}{place.name}"
    english = [place.name_en, city.name_en if city else ""] if place.name_en else []
    at = place.location
    return Candidate(name, ", ".join(word for word in english if word), at.x, at.y)


def _city(city: Municipality) -> Candidate:
    assert city.location is not None
    return Candidate(city.name, city.name_en, city.location.x, city.location.y)
