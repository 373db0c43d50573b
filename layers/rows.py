"""One feature of a file -> one row of the database, with what was found doubtful on the way.

Nothing is lost without a word: a value that cannot be used is left out or kept among the
attributes, and a finding names row, field and reason. A missing state is "not reported".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any

from gspace import municipality_codes, vocabulary
from gspace.problems import Problem
from layers import geometries
from layers.findings import PLACE_TOLD, Findings
from layers.geometries import Place
from layers.merged import FIELDS, FILE_ONLY
from layers.payload import LIMIT_PERSONS
from layers.readers.storable import Cleaner

TEXTS = {"name": 300, "name_en": 300, "address": 300, "source_name": 200, "licence": 200}
# what was refused stays readable among the attributes
KEPT_IF_REFUSED = ("municipality_code", "source_as_of", "source_url")
CONSUMED = frozenset({*TEXTS, *KEPT_IF_REFUSED, "estimated", "state"})
DAY = len("2016-04-16")
# a column of times has few different ones
_parsed = lru_cache(maxsize=4096)(datetime.fromisoformat)
_code = lru_cache(maxsize=4096)(municipality_codes.complete)


@dataclass(slots=True)
class Row:
    """A feature ready to be stored. number: the row of the person's file; key: the id it came with.

    values: the columns of our own names; properties: everything else the publisher says.
    """

    number: int
    key: Any
    values: dict[str, Any]
    place: Place | None
    properties: dict[str, Any]
    state: dict[str, Any]


class Checker:
    """Checks features of a layer kind; times without offset are read in `zone`."""

    def __init__(self, kind: str, zone: tzinfo, findings: Findings) -> None:
        self.kind, self.zone, self.findings, self.number = kind, zone, findings, 0
        self.refused: set[str] = set()

    def rows(self, batch: Sequence[tuple[int, dict[str, Any]]]) -> list[Row]:
        """batch: (row as people count it in their file, feature)."""
        found = geometries.places([feature.get("geometry") for _, feature in batch])
        return [
            self._row(number, feature, place)
            for (number, feature), place in zip(batch, found, strict=True)
        ]

    def _row(self, number: int, feature: dict[str, Any], place: Place | Problem | None) -> Row:
        self.number = number
        self.refused.clear()
        given = feature.get("properties")
        given = given if isinstance(given, dict) else {}
        values: dict[str, Any] = {n: self._text(given, n, limit) for n, limit in TEXTS.items()}
        values["source_url"] = self._url(given.get("source_url"))
        values["source_as_of"] = self.moment(given.get("source_as_of"), "source_as_of")
        values["municipality_code"] = self._municipality(given.get("municipality_code"))
        values["estimated"] = given.get("estimated") is True
        if not isinstance(place, Place):
            self._tell_of_place(place)
            place = None
        state = self._state(given["state"]) if given.get("state") is not None else {}
        key = feature.get("id")
        return Row(number, key, values, place, self._attributes(given, key), state)

    def state_of_row(self, number: int, given: Any) -> dict[str, Any]:
        self.number = number
        return self._state(given) if given is not None else {}

    def moment_of_row(self, number: int, given: Any) -> datetime | None:
        """The row's own time, which `is_moment`."""
        self.number = number
        return self.moment(given, "source_as_of")

    @staticmethod
    def is_moment(text: str) -> bool:
        try:
            return 1900 <= _parsed(text.strip()).year <= 9000
        except ValueError:
            return False

    @staticmethod
    def is_code(text: str) -> bool:
        """A municipality code as it is stored."""
        try:
            return _code(text) == text
        except ValueError:
            return False

    def tell(self, name: str, level: str, code: str, /, **given: Any) -> None:
        if level == "refused":
            self.refused.add(name)
        self.findings.add(self.number, name, level, code, **given)

    def _text(self, given: dict[str, Any], name: str, limit: int) -> str:
        value = given.get(name)
        if value is None:
            return ""
        text = value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if len(text) > limit:
            self.tell(name, "repaired", "text_cut", limit=limit)
            return text[:limit]
        return text

    def _url(self, value: Any) -> str:
        """Absolute http(s) only: this becomes a link on other people's screens."""
        if value is None or value == "":
            return ""
        plain = isinstance(value, str) and len(value) <= 500
        if plain and value.startswith(("https://", "http://")):
            return str(value)
        self.tell("source_url", "refused", "url_refused")
        return ""

    def moment(self, value: Any, name: str) -> datetime | None:
        """A time; a day alone is its first minute; without offset it is read in the zone."""
        if value is None or value == "":
            return None
        text = str(value).strip()
        try:
            found = _parsed(text)
            if not 1900 <= found.year <= 9000:
                raise ValueError
        except ValueError:
            self.tell(name, "refused", "time_unreadable", value=text[:40])
            return None
        if found.tzinfo is None:
            if len(text) > DAY:
                self.tell(name, "repaired", "time_without_offset", zone=self.zone)
            found = found.replace(tzinfo=self.zone)
        return found

    def _municipality(self, value: Any) -> str:
        if value is None or value == "":
            return ""
        try:
            return _code(str(value))
        except ValueError as error:
            self.tell("municipality_code", "refused", "municipality_unknown", why=str(error))
            return ""

    def _tell_of_place(self, why: Problem | None) -> None:
        if why is not None:
            self.tell("geometry", "refused", "geometry_refused", why=why.detail)
        elif not self.findings.has(self.number, *PLACE_TOLD):
            self.tell("geometry", "doubted", "place_missing")

    def _state(self, given: Any) -> dict[str, Any]:
        """Checked state of the file; a key with null = reported as blank."""
        if not isinstance(given, dict):
            self.tell("state", "refused", "state_unreadable")
            return {}
        found = {n: self._state_value(n, given[n]) for n in FIELDS if self._speaks(n, given)}
        found |= {n: self._flat(given[n]) for n in FILE_ONLY if given.get(n) is not None}
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
        found = {k: v for k, v in given.items() if k not in CONSUMED}
        if "id" in found and found["id"] == key:
            del found["id"]
        if found.get("kind") == self.kind:
            del found["kind"]
        for name in self.refused.intersection(KEPT_IF_REFUSED):
            found[name] = given[name]
        for name, value in found.items():
            if type(value) is dict or type(value) is list:
                found[name] = self._flat(value)
        return found

    def _flat(self, value: Any) -> Any:
        """No deeper than PostgreSQL's stack can take."""
        if type(value) is not dict and type(value) is not list:
            return value
        clean = Cleaner()
        found = clean.value(value, 2)
        for what in sorted(clean.repaired):
            self.tell("", "repaired", what)
        return found


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
