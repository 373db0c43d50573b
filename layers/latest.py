"""What was said last in a layer: its features, the ones with the newest word first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from gspace.access import Audience
from layers.features import FROM_FEATURES, feature_sql
from layers.merged import CHECKED_AT, FIELDS
from layers.models import Layer
from layers.situations import Scope

_SET_AT = ", ".join(f"(s.clocks->'{field}'->>'set_at')::timestamptz" for field in FIELDS)
# greatest() passes over what is null: a feature that nobody touched is as old as its version
TOLD_AT = f"""greatest(v.published_at, {CHECKED_AT}, {_SET_AT},
  (SELECT max(e.at) FROM layers_featureedit e
    WHERE e.layer_id = l.id AND e.feature_id = f.feature_id))"""


@dataclass(frozen=True)
class Told:
    """feature: as the API gives it. told_at: when it reached us or was confirmed."""

    feature: dict[str, Any]
    told_at: datetime


def latest(layer: Layer, audience: Audience, number: int, most: int) -> tuple[list[Told], int]:
    """Page `number` (from 1) of `most` features, and how many there are in all."""
    scope = Scope(layer.incident_id, audience if layer.incident_id else "public")
    sql = f"""
SELECT {feature_sql(audience, scope)}, {TOLD_AT} AS told_at, count(*) OVER ()
 {FROM_FEATURES} WHERE l.id = %(layer)s
 ORDER BY told_at DESC, f.feature_id LIMIT %(most)s OFFSET %(skip)s"""
    params = {"layer": layer.id, "most": most, "skip": (number - 1) * most}
    with connection.cursor() as cursor:
        cursor.execute(sql, params | scope.params())
        rows = cursor.fetchall()
    return [Told(json.loads(text), at) for text, at, _ in rows], rows[0][2] if rows else 0
