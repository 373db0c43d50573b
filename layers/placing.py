"""Rows of a table against the gazetteer: a place by address, the edge of a municipality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point
from django.contrib.gis.geos.prepared import PreparedGeometry

from gspace import municipality_codes
from gspace.models import Municipality, Place
from layers import addresses, prefectures
from layers.findings import Findings
from layers.sandbox import Told

# outlines are simplified, and piers and car parks lie across them: some 500 m
EDGE_DEG = 0.005


def place_rows(told: Told, coverage: str = "") -> None:
    """Give rows without a position the place their address names; doubt those over the border.

    What is placed so is marked `estimated`, and a finding says where. coverage: what the layer is
    declared to cover, in words. Without a gazetteer nothing happens. Changes told in place.
    """
    findings = Findings(told.findings)
    country = Country(told.features)
    declared = country.named_in(coverage)
    for number, feature in zip(told.numbers, told.features, strict=True):
        known, rest = country.municipality(feature["properties"])
        if feature.get("geometry") is None:
            if known and (found := country.place(known, rest, feature["properties"])):
                feature["geometry"] = {"type": "Point", "coordinates": [found.lon, found.lat]}
                feature["properties"]["estimated"] = True
                where = f"{known.name}{found.name}"
                findings.add(number, "position", "doubted", "place_estimated", place=where)
            continue
        outside = [known] if known and country.is_outside(known, feature["geometry"]) else []
        if declared and all(country.is_outside(one, feature["geometry"]) for one in declared):
            outside = outside or declared
        if outside and not findings.has(number, "outside_area"):
            x, y = _first(feature["geometry"])
            area = "・".join(one.name for one in outside)
            given = {"value": f"{y:.6g} / {x:.7g}", "area": area}
            findings.add(number, "position", "doubted", "outside_municipality", **given)


class Country:
    """Municipalities, their towns and outlines, read as they are asked for."""

    def __init__(self, features: list[dict[str, Any]]) -> None:
        self.features = features
        self.towns: dict[str, addresses.Towns] = {}
        self.points: dict[str, dict[str, addresses.Town]] = {}
        self.edges: dict[str, PreparedGeometry | None] = {}

    @cached_property
    def known(self) -> dict[str, addresses.Municipality]:
        rows = Municipality.objects.values_list("code", "name", "prefecture")
        return {code: addresses.Municipality(code, name, pref) for code, name, pref in rows}

    @cached_property
    def names(self) -> addresses.Municipalities:
        return addresses.Municipalities(self.known.values())

    @cached_property
    def prefecture(self) -> str:
        """The two digits that the addresses and codes of the file name most, or ""."""
        found = Counter(
            code
            for feature in self.features
            if (code := feature["properties"].get("municipality_code", "")[:2]
                or prefectures.code_in(feature["properties"].get("address", "")))
        )  # fmt: skip
        return found.most_common(1)[0][0] if found else ""

    def municipality(self, told: dict[str, Any]) -> tuple[addresses.Municipality | None, str]:
        """(what the row says it is in, the rest of its address): by address, else by code."""
        found, rest = self.names.find(told.get("address", ""), self.prefecture)
        return found or self.known.get(told.get("municipality_code", "")), rest

    def named_in(self, words: str) -> list[addresses.Municipality]:
        """The municipalities that words name; 津市 is none of 大津市."""
        named = [one for one in self.known.values() if words and one.name in words]
        names = {one.name for one in named}
        inside = {a for a in names for b in names if a != b and a in b}
        return [one for one in named if one.name not in inside]

    def place(
        self, known: addresses.Municipality, rest: str, told: dict[str, Any]
    ) -> addresses.Town | None:
        """A facility of exactly this name, else the town of the address."""
        if known.code not in self.towns:
            self._load(known.code)
        name = addresses.plain(told.get("name", ""))
        return self.points[known.code].get(name) or self.towns[known.code].find(rest)

    def _load(self, code: str) -> None:
        towns, points = [], {}
        for kind, name, town in self._places(code):
            if kind == "town":
                towns.append(town)
            else:
                points[addresses.plain(name)] = town
        self.towns[code], self.points[code] = addresses.Towns(towns), points

    def _places(self, code: str) -> Iterator[tuple[str, str, addresses.Town]]:
        """Of the municipality; of a designated city, those of its wards."""
        wards = [c for c in self.known if c == code or municipality_codes.city_of(c) == code]
        rows = Place.objects.filter(municipality__in=wards)
        for kind, name, at in rows.values_list("kind", "name", "location"):
            yield kind, name, addresses.Town(name, at.x, at.y)

    def is_outside(self, known: addresses.Municipality, geometry: dict[str, Any]) -> bool:
        """Whether a point is over the edge; False where the outline is not known."""
        if known.code not in self.edges:
            outline = Municipality.objects.filter(code=known.code).values_list("boundary").first()
            shape: GEOSGeometry | None = outline[0] if outline else None
            self.edges[known.code] = shape.buffer(EDGE_DEG).prepared if shape else None
        edge = self.edges[known.code]
        return edge is not None and not edge.covers(Point(*_first(geometry)))


def _first(geometry: dict[str, Any]) -> tuple[float, float]:
    """The position a geometry begins with; the readers have made sure that it has one."""
    found = geometry["coordinates"]
    while isinstance(found[0], list):
        found = found[0]
    return found[0], found[1]
