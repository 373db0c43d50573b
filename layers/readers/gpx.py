"""Waypoints, routes and tracks of GPX 1.0 and 1.1 -> records. Pure: imports no Django."""

from __future__ import annotations

from typing import Any

from layers.findings import Findings
from layers.readers.kml import keep_times
from layers.readers.markup import child, said, tag, text_in
from layers.readers.outcome import Record

TEXTS = {"name": "name", "cmt": "comment", "desc": "description", "src": "src", "type": "type",
         "sym": "sym", "number": "number", "url": "url", "urlname": "urlname"}  # fmt: skip
NO_POINTS = "The track has no points."
LIMIT_EXTENSIONS = 50


class Reader:
    wanted = ("wpt", "rte", "trk")

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.records: list[Record] = []

    def start(self, name: str) -> None:
        """Nothing outside of these elements matters."""

    def finished(self) -> list[Record]:
        return self.records

    def end(self, name: str, element: Any) -> None:
        if name not in self.wanted:
            return
        row = len(self.records) + 1
        given = _texts(element)
        if name == "wpt":
            geometry: dict[str, Any] | None = {"type": "Point", "coordinates": _position(element)}
            given |= {n: said(element, n) for n in ("ele", "time") if said(element, n)}
            if "ele" in given:
                given["ele"] = _number(given["ele"])
        else:
            geometry = self._line(row, name, element, given)
        wanting = "" if geometry else NO_POINTS
        self.records.append(Record(row, geometry, {"gpx": name} | given, wanting=wanting))

    def _line(
        self, row: int, name: str, element: Any, given: dict[str, Any]
    ) -> dict[str, Any] | None:
        """One line a segment; points that are none are left out, and counted."""
        segments = [element] if name == "rte" else [s for s in element if tag(s) == "trkseg"]
        lines, times, wrong = [], [], 0
        for segment in segments:
            points = [p for p in segment if tag(p) in ("rtept", "trkpt")]
            found = [(_position(p), said(p, "time")) for p in points]
            usable = [(at, time) for at, time in found if _usable(at)]
            wrong += len(found) - len(usable)
            times += [time for _, time in usable if time]
            if usable:
                lines.append([at for at, _ in usable])
        if wrong:
            self.findings.add(row, "geometry", "doubted", "points_left_out", number=wrong)
        keep_times(given, times)
        return _geometry(lines)


def _geometry(lines: list[list[list[Any]]]) -> dict[str, Any] | None:
    long = [line for line in lines if len(line) > 1]
    if len(long) > 1:
        return {"type": "MultiLineString", "coordinates": long}
    if long:
        return {"type": "LineString", "coordinates": long[0]}
    # a track of a single point is a place
    return {"type": "Point", "coordinates": lines[0][0]} if lines else None


def _position(point: Any) -> list[Any]:
    return [_number(point.get("lon")), _number(point.get("lat"))]


def _number(text: str | None) -> Any:
    try:
        return float(text or "")
    except ValueError:
        return text


def _usable(at: list[Any]) -> bool:
    return (
        isinstance(at[0], float) and isinstance(at[1], float)
        and abs(at[0]) <= 180 and abs(at[1]) <= 90
    )  # fmt: skip


def _texts(element: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in element:
        name = tag(one)
        if name in TEXTS and (text := text_in(one)):
            found[TEXTS[name]] = text
        elif name == "link" and one.get("href"):
            found.setdefault("url", str(one.get("href")))
    extensions = child(element, "extensions")
    if extensions is not None:
        leaves = [one for one in extensions.iter() if not len(one) and (one.text or "").strip()]
        for one in leaves[:LIMIT_EXTENSIONS]:
            found.setdefault(tag(one), text_in(one))
    return found
