"""Rows of a table against the gazetteer: a place by address, the edge of a municipality."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry

from gspace import municipality_codes
from gspace.models import Municipality, Place
from layers import addresses, prefectures
from layers.findings import Findings
from layers.sandbox import Batch, Feature

# outlines are simplified, and piers and car parks lie across them: some 500 m
EDGE_DEG = 0.005
# rows that tell which prefecture a file is about
TELLING = 500
# letters of an address in which its municipality is named, if it is
BEGINNING = 30


class Placer:
    """Gives rows without a position the place their address names; doubts those over the border.

    What is placed so is marked `estimated`, and a finding says where. coverage: what the layer is
    declared to cover, in words. Without a gazetteer nothing happens.
    """

    def __init__(self, coverage: str, findings: Findings) -> None:
        self.coverage, self.findings = coverage, findings

    def placed(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """The same batches, their features changed in place."""
        stream = iter(batches)
        first: list[Batch] = []
        while sum(map(len, first)) < TELLING and (batch := next(stream, None)) is not None:
            first.append(batch)
        self.country = Country([feature for batch in first for _, feature in batch])
        self.declared = self.country.named_in(self.coverage)
        for batch in chain(first, stream):
            self._place(batch)
            yield batch

    def _place(self, batch: Batch) -> None:
        inside = Inside(self.country)
        said: list[tuple[int, tuple[float, float], addresses.Municipality | None]] = []
        for number, feature in batch:
            if feature.get("geometry") is None:
                self._by_address(number, feature)
                continue
            known, at = self.country.municipality_of(feature["properties"]), None
            if (known or self.declared) and (at := _first(feature["geometry"])):
                said.append((number, at, known))
                inside.ask(at, *self.declared, *([known] if known else []))
        for number, at, known in said:
            self._judge(number, at, known, inside)

    def _by_address(self, number: int, feature: Feature) -> None:
        told = feature["properties"]
        known, rest = self.country.municipality(told)
        if known and (found := self.country.place(known, rest, told)):
            feature["geometry"] = {"type": "Point", "coordinates": [found.lon, found.lat]}
            told["estimated"] = True
            where = f"{known.name}{found.name}"
            self.findings.add(number, "position", "doubted", "place_estimated", place=where)

    def _judge(
        self,
        number: int,
        at: tuple[float, float],
        known: addresses.Municipality | None,
        inside: Inside,
    ) -> None:
        outside = [known] if known and inside.is_outside(known, at) else []
        if self.declared and all(inside.is_outside(one, at) for one in self.declared):
            outside = outside or self.declared
        if outside and not self.findings.has(number, "outside_area"):
            area = "・".join(one.name for one in outside)
            given = {"value": f"{at[1]:.6g} / {at[0]:.7g}", "area": area}
            self.findings.add(number, "position", "doubted", "outside_municipality", **given)


class Inside:
    """Which positions of a batch lie in which municipalities; GEOS is asked for all together."""

    def __init__(self, country: Country) -> None:
        self.country = country
        self.asked: dict[str, set[tuple[float, float]]] = defaultdict(set)
        self.out: dict[str, set[tuple[float, float]]] = {}

    def ask(self, at: tuple[float, float], *known: addresses.Municipality) -> None:
        for one in known:
            self.asked[one.code].add(at)

    def is_outside(self, known: addresses.Municipality, at: tuple[float, float]) -> bool:
        """Whether it is over the edge; False where the outline is not known."""
        if known.code not in self.out:
            self.out[known.code] = self._outside(known.code)
        return at in self.out[known.code]

    def _outside(self, code: str) -> set[tuple[float, float]]:
        edge, points = self.country.edge(code), list(self.asked[code])
        if edge is None:
            return set()
        held = shapely.contains_xy(edge, points)
        return {at for at, within in zip(points, held, strict=True) if not within}


class Country:
    """Municipalities, their towns and outlines, read as they are asked for."""

    def __init__(self, features: list[dict[str, Any]]) -> None:
        self.features = features
        self.towns: dict[str, addresses.Towns] = {}
        self.points: dict[str, dict[str, addresses.Town]] = {}
        self.edges: dict[str, Any] = {}
        self.named: dict[tuple[str, str], addresses.Municipality | None] = {}

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

    def municipality_of(self, told: dict[str, Any]) -> addresses.Municipality | None:
        """The first of `municipality`, which is slow to find: addresses begin alike."""
        key = (told.get("address", "")[:BEGINNING], told.get("municipality_code", ""))
        if key not in self.named:
            found = {"address": key[0], "municipality_code": key[1]}
            self.named[key] = self.municipality(found)[0]
        return self.named[key]

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

    def edge(self, code: str) -> Any:
        """The outline with some room around it, for shapely; None where it is not known."""
        if code not in self.edges:
            outline = Municipality.objects.filter(code=code).values_list("boundary").first()
            shape: GEOSGeometry | None = outline[0] if outline else None
            wide = shapely.from_wkb(bytes(shape.buffer(EDGE_DEG).wkb)) if shape else None
            shapely.prepare(wide)
            self.edges[code] = wide
        return self.edges[code]


def _first(geometry: Any) -> tuple[float, float] | None:
    """The position a geometry begins with; None for what is no geometry."""
    try:
        found = geometry["coordinates"]
        while type(found[0]) is list:
            found = found[0]
        return float(found[0]), float(found[1])
    except (TypeError, ValueError, KeyError, IndexError):
        return None
