"""Rows of a version as lines for PostgreSQL's COPY (text format), without version and id."""

from __future__ import annotations

import json

from layers.rows import Row

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
