"""Rows of a version as lines for PostgreSQL's COPY (text format), without version and id."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import repeat

import numpy as np

from gspace import grid
from layers.geometries import POINT
from layers.plain import Plain
from layers.rows import TEXTS, Checker, Row

COLUMNS = (
    "version_id", "feature_id", "name", "name_en", "address", "municipality_code", "properties",
    "state", "source_name", "source_url", "licence", "geometry", "source_as_of", "estimated",
    "row", "grid_x", "grid_y", "span",
)  # fmt: skip
NULL = "\\N"
_TEXTS = 9
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def line_of(row: Row) -> str:
    """From the third of COLUMNS on, with the end of the line. Raises ValueError for NaN."""
    v, place, as_of = row.values, row.place, row.values["source_as_of"]
    texts = (
        v["name"], v["name_en"], v["address"], v["municipality_code"], _encode(row.properties),
        _encode(row.state) if row.state else "{}", v["source_name"], v["source_url"], v["licence"],
    )  # fmt: skip
    line = "\t".join(texts)
    if "\\" in line or line.count("\t") >= _TEXTS or "\n" in line or "\r" in line:
        line = "\t".join(map(escaped, texts))
    ewkb, cells = NULL, f"{NULL}\t{NULL}\t{NULL}"
    if place is not None:
        ewkb, cells = place.ewkb, "{}\t{}\t{}".format(*place.grid())
    moment = as_of.isoformat() if as_of else NULL
    estimated = "t" if v["estimated"] else "f"
    return f"{line}\t{ewkb}\t{moment}\t{estimated}\t{row.number}\t{cells}\n"


def escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def plain_lines(batch: Plain, checker: Checker) -> list[str] | None:
    """The lines of a whole batch; None where one of its rows has to be looked at by itself."""
    at = np.array([batch.lon, batch.lat])
    # a NaN is not within anything
    if not (np.abs(at) <= [[180], [90]]).all() or not _are_clean(batch, checker):
        return None
    texts = {name: _all_escaped(column) for name, column in batch.texts.items()}
    x, y = (map(str, values.tolist()) for values in grid.pixels(*at))
    columns = (
        *(texts.get(name, repeat("")) for name in ("name", "name_en", "address")),
        texts.get("municipality_code", repeat("")), _all_escaped(batch.properties),
        _states(batch, checker), texts.get("source_name", repeat("")), repeat(""),
        texts.get("licence", repeat("")), _points(at), _moments(batch, checker), repeat("f"),
        map(str, batch.rows), x, y, ["0\n"] * len(batch),
    )  # fmt: skip
    return list(map("\t".join, zip(*columns)))  # noqa: B905 (some columns never end)


def _are_clean(batch: Plain, checker: Checker) -> bool:
    """Nothing about these columns needs a finding."""
    for name, column in batch.texts.items():
        limit = TEXTS.get(name)
        if limit is None and not all(map(checker.is_code, set(column) - {""})):
            return False
        if limit is not None and max(map(len, column)) > limit:
            return False
        if list(map(str.strip, column)) != column:
            return False
    return all(map(checker.is_moment, {text for text in batch.moments or [] if text is not None}))


def _all_escaped(column: list[str]) -> list[str]:
    whole = "".join(column)
    return list(map(escaped, column)) if any(c in whole for c in "\\\t\n\r") else column


def _points(at: np.ndarray) -> Iterable[str]:
    whole = np.ascontiguousarray(at.T, "<f8").tobytes().hex()
    return (POINT + whole[start : start + 32] for start in range(0, len(whole), 32))


def _moments(batch: Plain, checker: Checker) -> Iterable[str]:
    if batch.moments is None:
        return repeat(NULL)
    found = map(checker.moment_of_row, batch.rows, batch.moments)
    return (moment.isoformat() if moment else NULL for moment in found)


def _states(batch: Plain, checker: Checker) -> Iterable[str]:
    if batch.states is None:
        return repeat("{}")
    found = map(checker.state_of_row, batch.rows, batch.states)
    return (escaped(_encode(state)) for state in found)
