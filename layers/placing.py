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
from layers.plain import Feature, Item, Plain
from layers.sandbox import Batch

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
        self.country = Country([feature for batch in first for _, feature in _items(batch)])
        self.declared = self.country.named_in(self.coverage)
        for batch in chain(first, stream):
            self._place(batch)
            yield batch

    def _place(self, batch: Batch) -> None:
        if isinstance(batch, Plain):
            where = zip(batch.text("address"), batch.text("municipality_code"), strict=False)
            whose = [self.country.municipality_of(*said) for said in where]
            self._judge(batch.rows, list(zip(batch.lon, batch.lat, strict=True)), whose)
            return
        rows, points, whose = [], [], []
        for number, feature in batch:
            told = feature["properties"]
            if feature.get("geometry") is None:
                self._by_address(number, feature)
            elif at := _first(feature["geometry"]):
                rows.append(number)
                points.append(at)
                said = (told.get(name, "") for name in ("address", "municipality_code"))
                whose.append(self.country.municipality_of(*said))
        self._judge(rows, points, whose)

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
        rows: list[int],
        points: list[tuple[float, float]],
        whose: list[addresses.Municipality | None],
    ) -> None:
        """Who begins over the edge of what it says it is in, or of all that the layer covers."""
        groups: dict[addresses.Municipality, list[int]] = defaultdict(list)
        for place, known in enumerate(whose):
            if known is not None:
                groups[known].append(place)
        outside = {p: [one] for one, of in groups.items() for p in self._out_of(one, points, of)}
        everywhere = list(range(len(points)))
        nowhere = [set(self._out_of(one, points, everywhere)) for one in self.declared]
        for place in set.intersection(*nowhere) if nowhere else ():
            outside.setdefault(place, self.declared)
        for place in sorted(outside):
            if not self.findings.has(rows[place], "outside_area"):
                x, y = points[place]
                area = "・".join(one.name for one in outside[place])
                given = {"value": f"{y:.6g} / {x:.7g}", "area": area}
                self.findings.add(
                    rows[place], "position", "doubted", "outside_municipality", **given
                )

    def _out_of(
        self, known: addresses.Municipality, points: list[tuple[float, float]], of: list[int]
    ) -> list[int]:
        """Those of the points (by their place) over the edge; none where it is not known."""
        edge = self.country.edge(known.code) if of else None
        if edge is None:
            return []
        within = shapely.contains_xy(edge, [points[place] for place in of])
        return [place for place, held in zip(of, within, strict=True) if not held]


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

    def municipality_of(self, address: str, code: str) -> addresses.Municipality | None:
        """The first of `municipality`, which is slow to find: addresses begin alike."""
        key = (address[:BEGINNING], code)
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


def _items(batch: Batch) -> list[Item]:
    return batch.features() if isinstance(batch, Plain) else batch


def _first(geometry: Any) -> tuple[float, float] | None:
    """The position a geometry begins with; None for what is no geometry."""
    try:
        found = geometry["coordinates"]
        while type(found[0]) is list:
            found = found[0]
        return float(found[0]), float(found[1])
    except (TypeError, ValueError, KeyError, IndexError):
        return None
