"""Placemarks of KML (OGC 2.2, gx extensions) -> records. Pure: imports no Django.

Descriptions become plain text; styles are left; what points to other files or addresses is
counted and not loaded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from layers.findings import Findings
from layers.readers.markup import child, said, tag, text_in
from layers.readers.outcome import Record
from layers.readers.plain_text import LIMIT_TEXT, plain_text

FOLDERS = ("folder", "document")
ELSEWHERE = {"networklink": "NetworkLink", "groundoverlay": "GroundOverlay",
             "screenoverlay": "ScreenOverlay", "photooverlay": "PhotoOverlay"}  # fmt: skip
TEXTS = {"name": "name", "address": "address", "phonenumber": "phone"}
GEOMETRIES = ("point", "linestring", "linearring", "polygon", "multigeometry", "track",
              "multitrack", "model")  # fmt: skip
LIMIT_DEPTH = 16
LIMIT_TIMES = 5000


class Reader:
    """Takes finished placemarks; keeps the folder they lie in as an attribute."""

    wanted = ("placemark",)

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.records: list[Record] = []
        self.folders: list[tuple[str, str]] = []
        self.above: list[str] = []
        self.elsewhere: Counter[str] = Counter()

    def start(self, name: str) -> None:
        self.above.append(name)
        if name in FOLDERS:
            self.folders.append((name, ""))

    def end(self, name: str, element: Any) -> None:
        self.above.pop()
        if name in FOLDERS and self.folders:
            self.folders.pop()
        elif name == "name" and self.folders:
            self._name(text_in(element))
        elif name in ELSEWHERE:
            self.elsewhere[ELSEWHERE[name]] += 1
        elif name == "placemark":
            self._placemark(element)

    def _name(self, text: str) -> None:
        kind, known = self.folders[-1]
        # a name inside of a style or a link is not the folder's
        if not known and self.above and self.above[-1] in FOLDERS:
            self.folders[-1] = (kind, text)

    def finished(self) -> list[Record]:
        for what, number in sorted(self.elsewhere.items()):
            self.findings.add(None, "", "doubted", "not_loaded", what=what, number=number)
        return self.records

    def _placemark(self, element: Any) -> None:
        row = len(self.records) + 1
        given: dict[str, Any] = {}

        def cut(name: str) -> None:
            limit = f"{LIMIT_TEXT:,}"
            self.findings.add(row, name, "repaired", "text_cut", limit=limit)

        for one in element:
            _take(given, one, cut)
        if path := " / ".join(text for kind, text in self.folders if kind == "folder" and text):
            given.setdefault("folder", path)
        geometry = None
        if (shape := child(element, *GEOMETRIES)) is not None:
            times: list[str] = []
            geometry = _geometry(shape, times, 0)
            _keep_times(given, times)
        self.records.append(Record(row, geometry, given))


def _take(given: dict[str, Any], one: Any, cut: Callable[[str], None]) -> None:
    name = tag(one)
    if name in TEXTS:
        if text := text_in(one):
            given[TEXTS[name]] = text
    elif name == "description":
        if text := plain_text(text_in(one), partial(cut, "description")):
            given["description"] = text
    elif name == "extendeddata":
        for key, value in _extended(one, cut):
            given.setdefault(key, value)
    elif name == "timestamp":
        given["time"] = said(one, "when")
    elif name == "timespan":
        given |= {"begin": said(one, "begin"), "end": said(one, "end")}


def _extended(element: Any, cut: Callable[[str], None]) -> list[tuple[str, str]]:
    """Data and SchemaData; a value that is HTML is shown as text."""
    found = []
    for one in element.iter():
        name = str(one.get("name") or "")[:200]
        if not name or tag(one) not in ("data", "simpledata"):
            continue
        text = said(one, "value") if tag(one) == "data" else text_in(one)
        found.append((name, plain_text(text, partial(cut, name)) if "<" in text else text))
    return found


# --- geometry --------------------------------------------------------------------------------
def _geometry(element: Any, times: list[str], depth: int) -> dict[str, Any] | None:
    """GeoJSON; a list of positions that is empty is told by whoever checks it."""
    name = tag(element)
    if name in ("multigeometry", "multitrack"):
        if depth >= LIMIT_DEPTH:
            return {"type": "GeometryCollection", "geometries": []}
        parts = [_geometry(one, times, depth + 1) for one in element if tag(one) in GEOMETRIES]
        return {"type": "GeometryCollection", "geometries": [one for one in parts if one]}
    if name == "track":
        times += [text_in(one) for one in element if tag(one) == "when"]
        line = [_numbers(text_in(one).split()) for one in element if tag(one) == "coord"]
        return _line(line)
    if name == "model":
        place = child(element, "location")
        at = [said(place, n) for n in ("longitude", "latitude")] if place is not None else []
        return {"type": "Point", "coordinates": _numbers(at)}
    if name == "polygon":
        rings = [one for one in element if tag(one) in ("outerboundaryis", "innerboundaryis")]
        found = [_coordinates(one) for one in rings]
        return {"type": "Polygon", "coordinates": [ring for ring in found if ring]}
    found = _coordinates(element)
    if name == "point":
        return {"type": "Point", "coordinates": found[0] if found else []}
    return _line(found)


def _line(found: list[list[Any]]) -> dict[str, Any]:
    if len(found) == 1:
        return {"type": "Point", "coordinates": found[0]}
    return {"type": "LineString", "coordinates": found}


def _coordinates(element: Any) -> list[list[Any]]:
    """All `coordinates` below: longitude,latitude[,height] apart by blanks."""
    found: list[list[Any]] = []
    for one in element.iter():
        if tag(one) == "coordinates":
            # "130.7, 32.8, 0" is written by hand
            words = re.sub(r"\s*,\s*", ",", text_in(one)).split()
            found += [_numbers(word.split(",")) for word in words]
    return found


def _numbers(words: list[str]) -> list[Any]:
    """[lon, lat] or [lon, lat, height]; a word that is no number stays one, and is told."""
    found: list[Any] = []
    for word in words[:3]:
        try:
            found.append(float(word))
        except ValueError:
            found.append(word)
    # 0 is what programs write where there is no height
    return found[:2] if len(found) == 3 and found[2] == 0 else found


def _keep_times(given: dict[str, Any], times: list[str]) -> None:
    keep_times(given, [text for text in times if text])


def keep_times(given: dict[str, Any], times: list[str]) -> None:
    """Of a track: its first and last moment, and all of them while they are few."""
    if not times:
        return
    given.setdefault("begin", times[0])
    given.setdefault("end", times[-1])
    if len(times) <= LIMIT_TIMES:
        given["times"] = times
