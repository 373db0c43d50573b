"""A version's features as they stream by: checked, named, and made into lines for the database."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cached_property
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from layers import identity
from layers.findings import Finding, Findings
from layers.lines import escaped, line_of, plain_lines
from layers.models import Layer
from layers.plain import Item, Plain
from layers.queries import known_features
from layers.readers.storable import Cleaner
from layers.rows import Checker, Row

BATCH = 1000
NO_KEYS = {"", ".", ".."}


@dataclass
class Described:
    """What is said of the file as a whole; held: code and given of a question to a person."""

    format: str = ""
    encoding: str = ""
    crs: str = ""
    rows: int | None = None
    header: int = 0
    source_as_of: datetime | None = None
    held: tuple[str, dict[str, Any]] | None = None
    columns: list[dict[str, Any]] | None = None


@dataclass(slots=True)
class Waiting:
    """A row whose id is not decided yet; line: without the id."""

    number: int
    key: Any
    name: str
    address: str
    at: tuple[float, float] | None
    line: str


@dataclass
class Reading:
    """count, without_place, extent ([w, s, e, n] degrees or None): of what was taken so far."""

    layer: Layer
    findings: Findings = field(default_factory=Findings)
    described: Described = field(default_factory=Described)
    count: int = 0
    without_place: int = 0
    box: tuple[float, float, float, float] = (math.inf, math.inf, -math.inf, -math.inf)

    def __post_init__(self) -> None:
        self.checker = Checker(self.layer.kind, zone_of(self.layer), self.findings)
        self.ids = Ids(self.layer, self.findings)

    @property
    def extent(self) -> list[float] | None:
        return list(self.box) if self.box[0] <= self.box[2] else None

    def take(self, batch: Sequence[Item] | Plain) -> Iterable[str]:
        """The lines that are ready, each with its feature's id; others follow with `rest`."""
        if not isinstance(batch, Plain):
            return self._take(batch)
        lines = plain_lines(batch, self.checker)
        return self._take(batch.features()) if lines is None else self._take_plain(batch, lines)

    def _take_plain(self, batch: Plain, lines: list[str]) -> Iterable[str]:
        self.count += len(lines)
        self._measure([(min(batch.lon), min(batch.lat), max(batch.lon), max(batch.lat))])
        if (found := self.ids.give_all(batch.ids, lines)) is not None:
            return found
        columns = (batch.rows, batch.ids, batch.text("name"), batch.text("address"),
                   zip(batch.lon, batch.lat, strict=True), lines)  # fmt: skip
        rows = map(Waiting, *columns)
        return (line for row in rows for line in self.ids.give(row))

    def _take(self, batch: Sequence[Item]) -> Iterator[str]:
        rows = self.checker.rows(batch)
        self.count += len(rows)
        self._measure([row.place.box for row in rows if row.place is not None])
        for row in rows:
            yield from self.ids.give(_waiting(row, self._line(row)))

    def rest(self) -> Iterator[str]:
        """What had to wait for the last row."""
        return self.ids.rest()

    def told(self) -> list[Finding]:
        """All that was found, in the order of the file; when everything was taken."""
        self.findings.fold(self.count, self.described.header)
        return self.findings.all()

    def _measure(self, boxes: list[tuple[float, float, float, float]]) -> None:
        if boxes:
            west, south, east, north = zip(*boxes, self.box, strict=True)
            self.box = (min(west), min(south), max(east), max(north))

    def _line(self, row: Row) -> str:
        self.without_place += row.place is None
        try:
            return line_of(row)
        except ValueError:
            clean = Cleaner()
            row.properties = clean.value(row.properties, 1)
            row.state = clean.value(row.state, 1)
            for what in sorted(clean.repaired):
                self.findings.add(row.number, "", "repaired", what)
            return line_of(row)


class Ids:
    """Gives each row its id (layers.identity) as soon as no later row can change it.

    Ids that only count the rows are none, which the last row tells; a row without a key is matched
    with what is known when all keys of the file are taken.
    """

    def __init__(self, layer: Layer, findings: Findings) -> None:
        self.layer, self.findings = layer, findings
        self.register = identity.Register()
        self.counting, self.held = True, list[Waiting]()
        self.loose = list[Waiting]()

    def give(self, row: Waiting) -> Iterator[str]:
        if self.counting and identity.goes_on([one.key for one in self.held[-1:]], row.key):
            self.held.append(row)
            return
        if self.counting:
            self.counting = False
            for one in self.held:
                yield from self._keyed(one)
            self.held.clear()
        yield from self._keyed(row)

    def give_all(self, keys: list[Any], lines: list[str]) -> Iterable[str] | None:
        """Of a batch that needs no second look at any of its keys; None for any other."""
        if self.held or set(map(type, keys)) != {str}:
            return None
        whole, different = "".join(keys), set(keys)
        plain = whole.isprintable() and list(map(str.strip, keys)) == keys
        if (
            not plain
            or not different.isdisjoint(NO_KEYS)
            or not different.isdisjoint(self.register.taken)
        ):
            return None
        if len(different) < len(keys) or max(map(len, keys)) > identity.LIMIT_LENGTH:
            return None
        self.counting = False
        self.register.taken |= different
        return map("\t".join, zip(map(escaped, keys), lines, strict=True))

    def rest(self) -> Iterator[str]:
        if len(self.held) > 1:
            self.loose, self.held = self.held, []
        for one in self.held:
            yield from self._keyed(one)
        if self.loose:
            self.register.know(self.known)
        for one in self.loose:
            yield self._named(one, None)

    @cached_property
    def known(self) -> list[identity.Known]:
        """The features of the published version; asked for where a row comes without a key."""
        return [identity.Known(*row) for row in known_features(self.layer)]

    def _keyed(self, row: Waiting) -> Iterator[str]:
        key = identity.usable(row.key)
        if key is None and self.known:
            self.loose.append(row)
        else:
            yield self._named(row, key)

    def _named(self, row: Waiting, key: str | None) -> str:
        ident = self.register.give(key, row.name, row.address, row.at)
        if key is not None and ident != key:
            self.findings.add(row.number, "id", "doubted", "id_repeated", value=key)
        elif key is None and row.key is not None:
            self.findings.add(row.number, "id", "doubted", "id_not_a_key")
        return f"{escaped(ident)}\t{row.line}"


def _waiting(row: Row, line: str) -> Waiting:
    # a town's middle is not where the place is
    at = row.place.at if row.place is not None and not row.values["estimated"] else None
    return Waiting(row.number, row.key, row.values["name"], row.values["address"], at, line)


def batches(features: Iterable[dict[str, Any]]) -> Iterator[list[Item]]:
    """Features that come from no file, counted from 1."""
    counted = enumerate(features, start=1)
    while batch := list(islice(counted, BATCH)):
        yield batch


def zone_of(layer: Layer) -> tzinfo:
    return ZoneInfo(layer.incident.time_zone if layer.incident else settings.TIME_ZONE)
