"""Rows of a version into layers_feature. Called inside the action that owns the transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.contrib.gis.geos import WKBWriter
from django.db import connection
from psycopg2.extras import execute_values

from layers.rows import Row

COLUMNS = (
    "version_id", "feature_id", "geometry", "name", "name_en", "address", "municipality_code",
    "properties", "state", "source_name", "source_url", "licence", "source_as_of", "estimated",
    "row", "grid_x", "grid_y", "span",
)  # fmt: skip
INSERT_SQL = f"INSERT INTO layers_feature ({', '.join(COLUMNS)}) VALUES %s"


def insert(version_id: int, rows: list[tuple[str, Row]]) -> None:
    with connection.cursor() as cursor:
        # psycopg2's own cursor, below Django's and the pool's wrappers
        execute_values(cursor.cursor, INSERT_SQL, _records(version_id, rows), page_size=1000)


def _records(version_id: int, rows: list[tuple[str, Row]]) -> Iterator[tuple[Any, ...]]:
    # heights are left behind: the map is flat, and the column holds two dimensions
    writer = WKBWriter(dim=2)
    writer.srid = True
    for ident, row in rows:
        place = writer.write_hex(row.geometry).decode() if row.geometry is not None else None
        v = row.values
        yield (
            version_id, ident, place, v["name"], v["name_en"], v["address"],
            v["municipality_code"], json.dumps(row.properties), json.dumps(row.state),
            v["source_name"], v["source_url"], v["licence"], v["source_as_of"], v["estimated"],
            row.number, *row.grid(),
        )  # fmt: skip
