"""One feature of a file -> one row of the database, with what was found doubtful on the way.

Nothing is lost without a word: a value that cannot be used is left out or kept among the
attributes, and a finding names row, field and reason. A missing state is "not reported".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from gspace import geo, municipality_codes, vocabulary
from gspace.problems import Problem
from layers import grid
from layers.findings import Findings
from layers.merged import FIELDS, FILE_ONLY
from layers.payload import LIMIT_PERSONS

TEXTS = {"name": 300, "name_en": 300, "address": 300, "source_name": 200, "licence": 200}
# the reader has already said why the row has no position
PLACE_TOLD = ("position_unreadable", "position_half", "position_abroad")
CONSUMED = {*TEXTS, "source_url", "source_as_of", "municipality_code", "estimated", "state"}


@dataclass
class Row:
    """A feature ready to be stored. Without a place geometry, at and box are None.

    at: (lon, lat) of a point on it; box: (west, south, east, north) in degrees; number: the row
    of the person's file.
    """

    values: dict[str, Any]
    geometry: GEOSGeometry | None
    properties: dict[str, Any]
    state: dict[str, Any]
    number: int
    at: tuple[float, float] | None = None
    box: tuple[float, float, float, float] | None = None

    def __post_init__(self) -> None:
        if self.geometry is not None:
            # most features are points, and GEOS is slow to ask
            point = self.geometry.geom_type == "Point"
            on = self.geometry if point else self.geometry.point_on_surface
            self.at = (on.x, on.y)
            self.box = (*self.at, *self.at) if point else self.geometry.extent

    def grid(self) -> tuple[int | None, int | None, int | None]:
        """grid_x, grid_y, span as in models.Feature."""
        if self.at is None or self.box is None:
            return None, None, None
        return *grid.pixel(*self.at), grid.span(*self.box)


class Checker:
    """Checks features of a layer kind; times without offset are read in `zone`."""

    def __init__(self, kind: str, zone: tzinfo, findings: Findings) -> None:
        self.kind, self.zone, self.findings, self.number = kind, zone, findings, 0

    def row(self, number: int, feature: dict[str, Any]) -> Row:
        """number: counted from 1, as people count features in a file."""
        self.number = number
        given = feature.get("properties")
        given = dict(given) if isinstance(given, dict) else {}
        values: dict[str, Any] = {n: self._text(given, n, limit) for n, limit in TEXTS.items()}
        values["source_url"] = self._url(given.get("source_url"))
        values["source_as_of"] = self.moment(given.get("source_as_of"), "source_as_of")
        values["municipality_code"] = self._municipality(given.get("municipality_code"))
        values["estimated"] = given.get("estimated") is True
        geometry = self._geometry(feature.get("geometry"))
        state = self._state(given.get("state"))
        return Row(values, geometry, self._attributes(given, feature.get("id")), state, number)

    def tell(self, name: str, level: str, code: str, /, **given: Any) -> None:
        self.findings.add(self.number, name, level, code, **given)

    def _text(self, given: dict[str, Any], name: str, limit: int) -> str:
        value = given.get(name)
        if value is None:
            return ""
        text = value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if len(text) > limit:
            self.tell(name, "repaired", "text_cut", limit=limit)
        return text[:limit]

    def _url(self, value: Any) -> str:
        """Absolute http(s) only: this becomes a link on other people's screens."""
        if value in (None, ""):
            return ""
        plain = isinstance(value, str) and len(value) <= 500
        if plain and value.startswith(("https://", "http://")):
            return str(value)
        self.tell("source_url", "refused", "url_refused")
        return ""

    def moment(self, value: Any, name: str) -> datetime | None:
        """A time; a day alone is its first minute; without offset it is read in the zone."""
        if value in (None, ""):
            return None
        try:
            found = datetime.fromisoformat(str(value).strip())
            if not 1900 <= found.year <= 9000:
                raise ValueError
        except ValueError:
            self.tell(name, "refused", "time_unreadable", value=str(value)[:40])
            return None
        if found.tzinfo is None:
            if len(str(value).strip()) > len("2016-04-16"):
                self.tell(name, "repaired", "time_without_offset", zone=self.zone)
            found = found.replace(tzinfo=self.zone)
        return found

    def _municipality(self, value: Any) -> str:
        if value in (None, ""):
            return ""
        try:
            return municipality_codes.complete(str(value))
        except ValueError as error:
            self.tell("municipality_code", "refused", "municipality_unknown", why=str(error))
            return ""

    def _geometry(self, value: Any) -> GEOSGeometry | None:
        if value is None:
            if not self.findings.has(self.number, *PLACE_TOLD):
                self.tell("geometry", "doubted", "place_missing")
            return None
        try:
            return geo.geometry_from_geojson(value)
        except Problem as problem:
            self.tell("geometry", "refused", "geometry_refused", why=problem.detail)
            return None

    def _state(self, given: Any) -> dict[str, Any]:
        """Checked state of the file; a key with null = reported as blank."""
        if given is None:
            return {}
        if not isinstance(given, dict):
            self.tell("state", "refused", "state_unreadable")
            return {}
        found = {n: self._state_value(n, given[n]) for n in FIELDS if self._speaks(n, given)}
        found |= {n: given[n] for n in FILE_ONLY if given.get(n) is not None}
        for name in ("checked_at", "source_as_of"):
            if moment := self.moment(given.get(name), f"state.{name}"):
                found[name] = moment.isoformat()
        return found

    def _speaks(self, name: str, given: dict[str, Any]) -> bool:
        """Whether the file says this field, and this kind of layer has it."""
        if name not in given:
            return False
        if name in ("persons", "note") or vocabulary.state_kind(self.kind, name):
            return True
        if given[name] not in (None, "", "unknown"):
            self.tell(f"state.{name}", "refused", "state_not_of_kind", kind=self.kind, name=name)
        return False

    def _state_value(self, name: str, value: Any) -> Any:
        try:
            return state_value(self.kind, name, value)
        except ValueError as error:
            self.tell(f"state.{name}", "refused", "state_refused", why=str(error))
            return None

    def _attributes(self, given: dict[str, Any], key: Any) -> dict[str, Any]:
        """Everything else the publisher says about the feature, as it is."""
        same = {"id"} if given.get("id") == key else set()
        same |= {"kind"} if given.get("kind") == self.kind else set()
        found = {k: v for k, v in given.items() if k not in CONSUMED | same}
        for name in ("municipality_code", "source_as_of", "source_url"):
            if given.get(name) not in (None, "") and self._refused(name):
                found[name] = given[name]
        return found

    def _refused(self, name: str) -> bool:
        last = [f for f in self.findings.items[-8:] if f["row"] == self.number]
        return any(f["field"] == name and f["level"] == "refused" for f in last)


def state_value(kind: str, name: str, value: Any) -> Any:
    """A live-state value of a layer kind: a code, a number of persons, words, or None.

    Raises ValueError with the sentence for people. 0 persons is 0; blank is None.
    """
    if value is None or value == "":
        return None
    if name == "note":
        if not isinstance(value, str) or len(value) > 2000:
            raise ValueError("a note is a text of at most 2,000 characters")
        return value
    if name == "persons":
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not 0 <= value <= LIMIT_PERSONS:
            raise ValueError("persons is a whole number from 0; leave it out when not known")
        return value
    codes = vocabulary.state_kind(kind, name)
    if codes is None:
        raise ValueError(f"{kind} has no {name}")
    if value not in vocabulary.codes(codes):
        raise ValueError(f"{str(value)[:40]!r} is not one of {', '.join(vocabulary.codes(codes))}")
    return value
