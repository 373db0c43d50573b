"""Reports as GeoJSON and as CSV, in pieces; both stand alone and in a ZIP."""

from __future__ import annotations

import json
from collections.abc import Iterator

from gspace import spreadsheet
from reports.export_making import Making, about
from reports.export_rows import COLUMNS, SHAPE, Feature


def geojson_parts(making: Making, features: Iterator[Feature]) -> Iterator[bytes]:
    head = json.dumps({"type": "FeatureCollection", **about(making)}, ensure_ascii=False)
    yield f'{head[:-1]}, "features": ['.encode()
    between = "\n"
    for feature in features:
        yield (between + json.dumps(feature, ensure_ascii=False)).encode("utf-8", "replace")
        between = ",\n"
    yield b"\n]}\n"


def csv_parts(making: Making, features: Iterator[Feature]) -> Iterator[bytes]:
    columns = [*COLUMNS, SHAPE]
    header = [name for name, _, _ in columns]
    extra = ["not_real"] if about(making)["not_real"] else []
    rows = (
        [cell(feature, making.speaker) for _, _, cell in columns] + [True for _ in extra]
        for feature in features
    )
    return spreadsheet.csv_parts(header + extra, rows)
