"""One feature's row written by hand. Called inside the action that owns the transaction."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from gspace import grid
from layers.edits import Row
from layers.models import Feature, LayerVersion


def insert(version: LayerVersion, feature_id: str, row: Row) -> None:
    """row: as layers.edits.rows gives it."""
    Feature(version=version, feature_id=feature_id, **_columns(row)).save(force_insert=True)


def of_hand(row: Row) -> Row:
    """A row of another version, put where no file has it: its row number says nothing here."""
    return row | {"row": None, "by_hand": True}


def update(version_id: int, feature_id: str, row: Row) -> None:
    Feature.objects.filter(version_id=version_id, feature_id=feature_id).update(**_columns(row))


def delete(version_id: int, feature_id: str) -> None:
    Feature.objects.filter(version_id=version_id, feature_id=feature_id).delete()


def _columns(row: Row) -> dict[str, Any]:
    found = dict(row)
    place = found.pop("geometry")
    # our own text: checked as it came in
    found["geometry"] = GEOSGeometry(json.dumps(place), srid=4326) if place else None
    as_of = found["source_as_of"]
    found["source_as_of"] = datetime.fromisoformat(as_of) if as_of else None
    return found | _cells(found["geometry"])


def _cells(geometry: GEOSGeometry | None) -> dict[str, int | None]:
    """grid_x, grid_y, span as in models.Feature."""
    if geometry is None:
        return dict.fromkeys(("grid_x", "grid_y", "span"))
    on = geometry if geometry.geom_type == "Point" else geometry.point_on_surface
    x, y = grid.pixel(on.x, on.y)
    return {"grid_x": x, "grid_y": y, "span": grid.span(*geometry.extent)}


COUNT_SQL = """
SELECT number, bare, ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (
  SELECT count(*) AS number, count(*) FILTER (WHERE geometry IS NULL) AS bare,
         ST_Extent(geometry) AS e FROM layers_feature WHERE version_id = %s) found"""


def count_again(version: LayerVersion) -> None:
    """feature_count, without_place and extent after a hand has added, moved or taken away."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_SQL, [version.id])
        found = cursor.fetchone()
    version.feature_count, version.without_place = found[:2]
    version.extent = list(found[2:]) if found[2] is not None else None
    version.save(update_fields=["feature_count", "without_place", "extent"])
