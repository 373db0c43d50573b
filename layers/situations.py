"""Reading situations: the latest of a feature, and the series. Who is told what is said here once.

A situation is read in the incident it was said in: words of a drill or of another city's incident
are not shown beside a standing layer's feature (docs/decisions/0013-situations.md).
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import connection

from gspace.access import Audience, Caller
from gspace.models import Incident
from gspace.problems import Problem
from layers import sight
from layers.models import Feature, Layer, Situation

NUMBERS = ("persons", "households", "car_stayers")
CODES = ("operation", "congestion", "power", "water", "toilets")
TIMES = ("captured_at", "as_of", "received_at")
# written in haste and for colleagues: no words of it are public
WORDS = ("needs", "note")


@dataclass(frozen=True)
class Scope:
    """Of which incident situations are read, and as whom.

    incident None: of a standing layer when no incident was named; then those of all incidents
    under way, as the public sees them.
    """

    incident: int | None
    audience: Audience

    @property
    def within(self) -> str:
        """SQL condition for the alias si."""
        if self.incident is None:
            return "si.incident_id IN (SELECT id FROM gspace_incident WHERE state = 'active')"
        return "si.incident_id = %(within)s"

    def params(self) -> dict[str, Any]:
        return {"within": self.incident}


def scope_of(layer: Layer, caller: Caller, incident: Incident | None = None) -> Scope:
    """incident: that of the page; it only matters for standing layers."""
    where = layer.incident or incident
    if where is None:
        own = sight.is_own(caller, layer.publisher_id)
        return Scope(None, "hq" if own else "public")
    return Scope(where.id, sight.audience_of(caller, layer.publisher_id, where))


def situation_sql(audience: Audience) -> str:
    """SQL expression (json) of a situation; who said it is told to headquarters and partners."""
    names = ["id", *TIMES, *CODES, *NUMBERS, *(WORDS if audience != "public" else ())]
    pairs = [f"'{name}', si.{name}" for name in names]
    if audience in ("hq", "partner"):
        pairs.append("'by', si.author_name")
    return f"json_build_object({', '.join(pairs)})"


def latest_sql(scope: Scope) -> str:
    """SQL expression (json or null) of a feature's latest; aliases as in layers.features."""
    return f"""(SELECT {situation_sql(scope.audience)} FROM layers_situation si
 WHERE si.layer_id = l.id AND si.feature_id = f.feature_id AND {scope.within}
 ORDER BY si.as_of DESC, si.id DESC LIMIT 1)"""


def series(layer: Layer, feature_id: str, scope: Scope, filters: dict[str, Any]) -> str:
    """{"items": [newest first], "cursor": to go on, or null} as JSON text.

    filters: limit, cursor (of the last answer). Raises Problem feature_unknown, invalid.
    """
    if not Feature.objects.filter(version__layer=layer, feature_id=feature_id).exists():
        raise Problem("feature_unknown")
    after, limit = _cursor(filters.get("cursor")), _limit(filters.get("limit"))
    earlier = """AND (si.as_of, si.id) < (
      SELECT c.as_of, c.id FROM layers_situation c WHERE c.id = %(after)s)"""
    sql = f"""
WITH page AS (
  SELECT si.id, si.as_of, {situation_sql(scope.audience)}::text AS item FROM layers_situation si
   WHERE si.layer_id = %(layer)s AND si.feature_id = %(feature)s AND {scope.within}
         {earlier if after else ""}
   ORDER BY si.as_of DESC, si.id DESC LIMIT %(limit)s)
SELECT count(*), coalesce(string_agg(item, ',' ORDER BY as_of DESC, id DESC), ''),
       (array_agg(id::text ORDER BY as_of, id))[1]
  FROM page"""
    params = {"layer": layer.id, "feature": feature_id, "after": after, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(sql, params | scope.params())
        count, items, last = cursor.fetchone()
    return f'{{"items":[{items}],"cursor":{json.dumps(last if count == limit else None)}}}'


def told(row: Situation) -> str:
    """What its author is answered, as JSON text: everything they said, and when it arrived."""
    found = {"id": str(row.id), "incident": row.incident.slug}
    found |= {"layer": row.layer.slug, "feature": row.feature_id}
    found |= {name: getattr(row, name).astimezone(UTC).isoformat() for name in TIMES}
    found |= {name: getattr(row, name) for name in (*CODES, *NUMBERS, *WORDS)}
    return json.dumps(found, ensure_ascii=False)


def _cursor(value: Any) -> str | None:
    if value in (None, ""):
        return None
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        raise Problem("invalid", "Take the cursor of the last answer.", field="cursor") from None


def _limit(value: Any) -> int:
    if value in (None, ""):
        return int(settings.LIMIT_LIST)
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = 0
    if number < 1:
        raise Problem("invalid", "limit is a whole number from 1.", field="limit")
    return min(number, settings.LIMIT_LIST)
