"""OpenStreetMap XML: nodes and ways that bear tags -> records. Pure: imports no Django."""

from __future__ import annotations

from typing import Any

from layers.findings import Findings
from layers.readers.outcome import Record

# tags about the data, not about the place
ABOUT = {"created_by", "source", "attribution", "fixme", "note"}
AREAS = {"building", "landuse", "natural", "leisure", "amenity", "area", "place", "tourism",
         "shop", "military", "emergency"}  # fmt: skip
NAMES = {"name:en": "name_en", "addr:full": "address"}
INCOMPLETE = "Points of the line are missing in the file."


class Reader:
    wanted = ("node", "way", "relation")

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.records: list[Record] = []
        self.nodes: dict[str, list[float]] = {}
        self.relations = 0

    def start(self, name: str) -> None:
        """Nothing outside of these elements matters."""

    def end(self, name: str, element: Any) -> None:
        if name == "node":
            self._node(element)
        elif name == "way":
            self._way(element)
        elif name == "relation":
            self.relations += 1

    def finished(self) -> list[Record]:
        if self.relations:
            given = {"what": "relation", "number": self.relations}
            self.findings.add(None, "", "doubted", "not_loaded", **given)
        return self.records

    def _node(self, element: Any) -> None:
        try:
            at = [float(element.get("lon", "")), float(element.get("lat", ""))]
        except ValueError:
            at = []
        if at:
            self.nodes[element.get("id", "")] = at
        if tags := _tags(element):
            self._add("node", element, {"type": "Point", "coordinates": at}, tags)

    def _way(self, element: Any) -> None:
        tags = _tags(element)
        if not tags:
            return
        refs = [one.get("ref", "") for one in element if str(one.tag) == "nd"]
        line = [self.nodes[ref] for ref in refs if ref in self.nodes]
        if len(line) < 2:
            self._add("way", element, None, tags, INCOMPLETE)
            return
        if missing := len(refs) - len(line):
            row = len(self.records) + 1
            self.findings.add(row, "geometry", "doubted", "points_left_out", number=missing)
        # an area that lacks some of its corners is another area
        closed = len(line) > 3 and refs[0] == refs[-1] and not missing and tags.get("area") != "no"
        if closed and AREAS & set(tags) and "highway" not in tags:
            self._add("way", element, {"type": "Polygon", "coordinates": [line]}, tags)
        else:
            self._add("way", element, {"type": "LineString", "coordinates": line}, tags)

    def _add(
        self, kind: str, element: Any, shape: dict[str, Any] | None, tags: dict[str, Any],
        wanting: str = "",
    ) -> None:  # fmt: skip
        key = f"{kind}/{element.get('id', '')}"
        self.records.append(Record(len(self.records) + 1, shape, tags, key, wanting=wanting))


def _tags(element: Any) -> dict[str, Any]:
    found = {NAMES.get(one.get("k", ""), one.get("k", "")): one.get("v", "")
             for one in element if str(one.tag) == "tag"}  # fmt: skip
    return found if set(found) - ABOUT else {}
