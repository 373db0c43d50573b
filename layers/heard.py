"""What the sandbox's child says, looked at as if it came from a stranger: for it may be one.

layers.readers.stream has the format. Whatever does not follow it raises ValueError, TypeError,
KeyError or RecursionError; what it says of a file's fault raises Refused. Pure: no Django.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from layers.findings import CATALOGUE, LEVELS, PASSED_ON, Finding
from layers.plain import TEXTS, Feature, Item, Plain
from layers.readers.storable import LIMIT_DEPTH, Cleaner

LIMIT_TEXT = 300
LIMIT_COLUMNS = 1000
# as json.dumps writes NUL, half letters and numbers that are none; it may be somebody's words, too
SUSPICIOUS = (b"\\u0000", b"\\ud", b"\\uD", b"NaN", b"Infinity")
# openings of objects and lists in a row's attributes, below which nesting is no question
SHALLOW = LIMIT_DEPTH - 2
Batch = list[Item] | Plain


class Refused(Exception):
    """The file cannot be taken: code of layers.findings, given for its sentence."""

    def __init__(self, code: str, given: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code, self.given = code, given or {}


@dataclass
class Told:
    """What the child says of a file as a whole, and what had to be put right in its rows.

    total: rows that will come, None where that is not known yet; rows: all below the column names;
    header: row of these names. held: code and given of a question to a person, None when there is
    none. passed: row -> codes told of it, before the findings come, which is at the end; counts:
    (field, code) -> how many findings there are, of which `findings` may hold fewer.
    features, numbers: by `read` only.
    """

    features: list[Feature] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    passed: dict[int, list[str]] = field(default_factory=dict)
    repaired: list[tuple[int, str]] = field(default_factory=list)
    total: int | None = None
    format: str = ""
    encoding: str = ""
    crs: str = ""
    rows: int = 0
    header: int = 0
    source_as_of: str | None = None
    held: tuple[str, dict[str, Any]] | None = None
    columns: list[dict[str, Any]] | None = None


def is_aside(said: dict[str, Any], told: Told) -> bool:
    """What is said between the batches is noted."""
    if "about" in said:
        told.total = _number(said["about"]["total"])
    elif "told" in said:
        for row, codes in said["told"]:
            told.passed[_number(row) or 0] = [code for code in codes if code in PASSED_ON]
    else:
        return False
    return True


def value_of(line: bytes) -> Any:
    found = json.loads(line.decode())
    if not isinstance(found, (list, dict)):
        raise ValueError("neither features nor an answer")
    return found


def batch_of(items: list[Any], line: bytes, told: Told) -> Batch:
    """What the child hands over is looked at as if it came from a stranger."""
    found: list[Item] = []
    for row, feature in items:
        if _number(row) is None or type(feature) is not dict:
            raise ValueError("not a feature")
        _check_properties(feature)
        found.append((row, feature))
    return _cleaned(found, told) if _is_suspicious(line) else found


def plain_of(given: dict[str, Any], line: bytes, lines: Iterator[bytes], told: Told) -> Batch:
    """The columns, and as many lines of properties as there are rows."""
    properties = list(islice(lines, len(given["rows"])))
    found = Plain(**given, properties=b"\n".join(properties).decode().split("\n"))
    columns = [found.rows, found.ids, found.lon, found.lat, *found.texts.values(),
               *(c for c in (found.moments, found.states) if c is not None)]  # fmt: skip
    if any(type(c) is not list or len(c) != len(found.properties) for c in columns):
        raise ValueError("columns of different lengths")
    _check_columns(found)
    if _is_suspicious(line, *properties) or not _is_shallow(found.properties):
        items = found.features()
        return _cleaned(batch_of(items, b"", told), told)  # type: ignore[arg-type]
    return found


def _check_columns(found: Plain) -> None:
    if not all(text[:1] == "{" and text[-1:] == "}" for text in found.properties):
        raise ValueError("not objects")
    for name, texts in found.texts.items():
        if name not in TEXTS or set(map(type, texts)) != {str}:
            raise ValueError("not texts")
    if set(map(type, found.rows)) != {int} or not 0 <= min(found.rows) <= max(found.rows) < 2**31:
        raise ValueError("not rows")
    if {*map(type, found.lon), *map(type, found.lat)} != {float}:
        raise ValueError("not positions")
    if not {*map(type, found.moments or [None])} <= {str, type(None)}:
        raise ValueError("not times")


def _is_shallow(properties: list[str]) -> bool:
    """Objects of JSON text, none of which can be nested deeper than PostgreSQL can take."""
    whole = "".join(properties)
    if whole.count("{") + whole.count("[") == len(properties):
        return True
    return all(p.count("{") + p.count("[") < SHALLOW for p in properties)


def _is_suspicious(*lines: bytes) -> bool:
    """Half letters, NUL, NaN: most files have none, and are not looked at value by value."""
    whole = b"".join(lines)
    return any(mark in whole for mark in SUSPICIOUS)


def _cleaned(items: list[Item], told: Told) -> list[Item]:
    found = []
    for row, feature in items:
        clean = Cleaner()
        found.append((row, clean.value(feature, 0)))
        told.repaired += [(row, what) for what in sorted(clean.repaired)]
    return found


def _check_properties(feature: Feature) -> None:
    told = feature["properties"]
    if type(told) is not dict:
        raise ValueError("no properties")
    for name in ("name", "address", "municipality_code"):
        if type(told.get(name, "")) is not str:
            raise ValueError("not a text")


def finish(found: Told, last: Any) -> None:
    match last:
        case {"refused": [str(code), dict(given)]} if code in CATALOGUE:
            raise Refused(code, _texts(given))
        case {"read": {"rows": int(rows), "header": int(header), "findings": list(items)} as read}:
            found.rows, found.header = rows, header
            found.findings = [_finding(item) for item in items]
            found.format, found.encoding, found.crs = (
                str(read[name])[:40] for name in ("format", "encoding", "crs")
            )
            found.source_as_of = read["source_as_of"] and str(read["source_as_of"])[:40]
            found.columns = _columns(read["columns"])
            found.counts = Counter({(_text(n), _known(c)): _number(k) or 0
                                    for n, c, k in read.get("counts", [])})  # fmt: skip
            if held := read["held"]:
                found.held = (_known(held[0]), _texts(held[1]))
            return
    raise ValueError("no answer")


def _columns(items: Any) -> list[dict[str, Any]] | None:
    """As LayerVersion.columns."""
    if items is None:
        return None
    return [
        {"name": _text(one["name"]), "field": one["field"] and _text(one["field"], 40),
         "how": _text(one["how"], 20), "samples": [_text(s, 60) for s in one["samples"][:3]]}
        for one in list(items)[:LIMIT_COLUMNS]
    ]  # fmt: skip


def _finding(item: dict[str, Any]) -> Finding:
    if item["level"] not in LEVELS or not (item["row"] is None or type(item["row"]) is int):
        raise ValueError("not a finding")
    given = _texts(item["given"])
    return {"row": item["row"], "field": _text(item["field"]), "level": item["level"],
            "code": _known(item["code"]), "message": _text(item["message"], 1000),
            "given": given}  # fmt: skip


def _number(value: Any) -> int | None:
    if value is not None and (type(value) is not int or not 0 <= value < 2**31):
        raise ValueError("not a number of rows")
    return value


def _known(code: Any) -> str:
    if code not in CATALOGUE:
        raise ValueError("not a code")
    return str(code)


def _texts(given: dict[str, Any]) -> dict[str, str]:
    return {_text(key): _text(value) for key, value in given.items()}


def _text(value: Any, limit: int = LIMIT_TEXT) -> str:
    return str(Cleaner().text(str(value)[:limit]))
