"""Where an address is, by the gazetteer: its town, else the municipality it begins with."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from django.contrib.gis.geos import Point

from gspace import municipality_codes, places
from gspace.models import Municipality, Place
from layers.addresses import Municipality as Known
from layers.addresses import Town
from layers.placing import Country

# what only an address has; other words are looked for by name
ADDRESS = re.compile(r"[市区町村郡\d]")


@dataclass(frozen=True)
class Addressed:
    """The middle of a town or a municipality; where in it a house is, is not known here.

    lon, lat: WGS 84 degrees. municipality: of a municipality, its prefecture.
    """

    precision: Literal["town", "municipality"]
    name: str
    name_en: str
    municipality: str
    municipality_en: str
    lon: float
    lat: float


def find(text: str, near: Point | None = None) -> Addressed | None:
    """What an address names; None for what is none.

    near: where its prefecture and city go without saying (東区健軍本町, 健軍本町1-2).
    """
    if not ADDRESS.search(unicodedata.normalize("NFKC", text)) or text.isascii():
        return None
    country = Country([])
    city = _city(country, near) if near else None
    local = _parsed(country, f"{city.prefecture}{city.name}{text}") if city else None
    # 北区 alone is a ward of Tokyo, and here one of this city
    if local and local[0] != city:
        return _placed(*local)
    if whole := _parsed(country, text):
        return _placed(*whole)
    return _placed(*local) if local and local[1] and re.search(r"\d", text) else None


def _city(country: Country, at: Point) -> Known | None:
    where = places.locate(at.x, at.y)
    if where is None or not where.municipality:
        return None
    return country.known.get(municipality_codes.city_of(where.municipality))


def _parsed(country: Country, address: str) -> tuple[Known, Town | None] | None:
    told = {"address": address}
    known, rest = country.municipality(told)
    return (known, country.place(known, rest, told)) if known else None


def _placed(known: Known, town: Town | None) -> Addressed | None:
    if town is None:
        return _municipality(known)
    at = Point(town.lon, town.lat, srid=4326)
    rows = Place.objects.filter(name=town.name, location=at, municipality__isnull=False)
    row = rows.select_related("municipality").defer("municipality__boundary").first()
    if row is None or row.municipality is None:
        # several 丁目 together have no row of their own
        return Addressed("town", town.name, "", known.name, "", town.lon, town.lat)
    of = row.municipality
    return Addressed("town", row.name, row.name_en, of.name, of.name_en, town.lon, town.lat)


def _municipality(known: Known) -> Addressed | None:
    found = Municipality.objects.defer("boundary").filter(code=known.code).first()
    if found is None or found.location is None:
        return None
    of, at = (found.prefecture, found.prefecture_en), found.location
    return Addressed("municipality", found.name, found.name_en, *of, at.x, at.y)
