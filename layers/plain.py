"""Points of a batch by columns: what most rows of most files are, handed on without a dict a row.

The child puts them so (layers.readers.stream), the parent looks at a whole column at once. As
`features` they are what they were. Pure: imports no Django.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat
from typing import Any

Feature = dict[str, Any]
Item = tuple[int, Feature]
# of our own names in `properties` (layers.rows)
TEXTS = ("name", "name_en", "address", "municipality_code", "source_name", "licence")
# a feature that says one of these is looked at by itself
APART = frozenset({"source_url", "estimated", "id", "kind"})


@dataclass(slots=True)
class Plain:
    """One entry a row in each column. texts, moments, states: where a row of the batch has one.

    properties: the other attributes, as JSON text. lon, lat: degrees.
    """

    rows: list[int]
    ids: list[Any]
    lon: list[float]
    lat: list[float]
    texts: dict[str, list[str]]
    moments: list[str | None] | None
    states: list[dict[str, Any] | None] | None
    properties: list[str]

    def __len__(self) -> int:
        return len(self.rows)

    def text(self, name: str) -> Iterable[str]:
        return self.texts[name] if name in self.texts else repeat("", len(self.rows))

    def features(self) -> list[Item]:
        """(row, GeoJSON feature) of each."""
        found = []
        for place, row in enumerate(self.rows):
            told = json.loads(self.properties[place])
            told |= {name: texts[place] for name, texts in self.texts.items() if texts[place]}
            for name, values in (("source_as_of", self.moments), ("state", self.states)):
                if values is not None and values[place] is not None:
                    told[name] = values[place]
            point = {"type": "Point", "coordinates": [self.lon[place], self.lat[place]]}
            feature: Feature = {"type": "Feature", "geometry": point, "properties": told}
            ident = self.ids[place]
            found.append((row, feature if ident is None else {"id": ident, **feature}))
        return found


def columns_of(items: list[Item]) -> dict[str, Any] | None:
    """What goes before the properties of features, which lose what is taken; None where one of
    them is no point or says more in our own terms than texts, a time and a state."""
    told = [feature["properties"] for _, feature in items]
    names = set().union(*told)
    if names & APART or not all(_is_point(feature["geometry"]) for _, feature in items):
        return None
    texts = {name: [one.get(name, "") for one in told] for name in TEXTS if name in names}
    if any(set(map(type, column)) != {str} for column in texts.values()):
        return None
    for name in texts:
        for one in told:
            one.pop(name, None)
    ats = [feature["geometry"]["coordinates"] for _, feature in items]
    return {
        "rows": [row for row, _ in items],
        "ids": [feature.get("id") for _, feature in items],
        "lon": [at[0] for at in ats],
        "lat": [at[1] for at in ats],
        "texts": {name: column for name, column in texts.items() if any(column)},
        "moments": _taken(told, "source_as_of") if "source_as_of" in names else None,
        "states": _taken(told, "state") if "state" in names else None,
    }


def _is_point(geometry: Feature | None) -> bool:
    """Of two decimals."""
    if geometry is None or geometry["type"] != "Point":
        return False
    at = geometry["coordinates"]
    return len(at) == 2 and type(at[0]) is float and type(at[1]) is float


def _taken(told: list[dict[str, Any]], name: str) -> list[Any] | None:
    found = [one.pop(name, None) for one in told]
    return found if any(value is not None for value in found) else None
