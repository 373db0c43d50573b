"""How a place has been: what file, hand and visitors said of its state, newest first.

Each said what it said: nothing is merged here, and what was not said is null, never zero. What a
visitor said also went into the hand's state; it is told once, as the visit.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from gspace.problems import Problem
from layers.models import Feature, Layer
from layers.situations import Scope

FIELDS = ("persons", "operation", "congestion", "traffic")
Item = dict[str, Any]


def of(layer: Layer, feature_id: str, scope: Scope, limit: Any = None) -> dict[str, list[Item]]:
    """{items: [{as_of, persons, operation, congestion, traffic, from: file|hand|visit, by}]}.

    by: who said it, for headquarters and partners only. Raises Problem feature_unknown, invalid.
    """
    number = _limit(limit)
    seen = Feature.objects.filter(version__layer=layer, feature_id=feature_id)
    if not seen.filter(version__published_at__isnull=False).exists():
        raise Problem("feature_unknown")
    params = {"layer": layer.id, "feature": feature_id, **scope.params()}
    visits = _visits(params, scope)
    told = {(item["as_of"], item["by"]) for item in visits}
    hands = [i for i in _hands(params) if (i["as_of"], i["by"]) not in told]
    items = sorted([*visits, *hands, *_files(params)], key=lambda i: i["as_of"], reverse=True)
    staff = scope.audience in ("hq", "partner")
    return {"items": [_shown(item, staff=staff) for item in items[:number]]}


def _shown(item: Item, *, staff: bool) -> Item:
    return {name: value for name, value in item.items() if staff or name != "by"}


VISITS_SQL = """
SELECT as_of, persons, operation, congestion, NULL, author_name FROM layers_situation si
 WHERE layer_id = %(layer)s AND feature_id = %(feature)s AND {within}
   AND (persons IS NOT NULL OR operation IS NOT NULL OR congestion IS NOT NULL)
 ORDER BY as_of DESC LIMIT {limit}"""


def _visits(params: dict[str, Any], scope: Scope) -> list[Item]:
    sql = VISITS_SQL.format(within=scope.within, limit=settings.LIMIT_LIST)
    return [_item(row[0], row[1:5], "visit", row[5]) for row in _rows(sql, params)]


# every state there has been: the event keeps the row as it was before a change
HANDS_SQL = """
SELECT clocks, persons, operation, congestion, traffic FROM layers_livestate
 WHERE layer_id = %(layer)s AND feature_id = %(feature)s
UNION ALL
SELECT clocks, persons, operation, congestion, traffic FROM layers_livestateevent
 WHERE layer_id = %(layer)s AND feature_id = %(feature)s"""


def _hands(params: dict[str, Any]) -> list[Item]:
    """What was said at one time by one person is one item; what was only taken back is none."""
    found: dict[tuple[str, str, str], Item] = {}
    for clocks, *values in _rows(HANDS_SQL, params):
        known = json.loads(clocks) if isinstance(clocks, str) else clocks
        for name, value in zip(FIELDS, values, strict=True):
            if clock := known.get(name):
                key = (clock["source_as_of"], clock["set_at"], clock["by"])
                as_of = datetime.fromisoformat(key[0])
                item = found.setdefault(key, _item(as_of, (None,) * len(FIELDS), "hand", key[2]))
                item[name] = value
    return [i for i in found.values() if any(i[name] is not None for name in FIELDS)]


FILES_SQL = """
SELECT DISTINCT coalesce((f.state->>'source_as_of')::timestamptz, v.source_as_of, v.published_at),
       (f.state->>'persons')::int, f.state->>'operation', f.state->>'congestion',
       f.state->>'traffic', coalesce(nullif(f.source_name, ''), l.source_name)
  FROM layers_feature f
  JOIN layers_layerversion v ON v.id = f.version_id
  JOIN layers_layer l ON l.id = v.layer_id
 WHERE v.layer_id = %(layer)s AND f.feature_id = %(feature)s AND v.published_at IS NOT NULL
   AND jsonb_strip_nulls(f.state) ?| ARRAY['persons', 'operation', 'congestion', 'traffic']"""


def _files(params: dict[str, Any]) -> list[Item]:
    return [_item(row[0], row[1:5], "file", row[5]) for row in _rows(FILES_SQL, params)]


def _item(as_of: datetime, values: Any, source: str, by: str) -> Item:
    return {"as_of": as_of, **dict(zip(FIELDS, values, strict=True)), "from": source, "by": by}


def _rows(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _limit(value: Any) -> int:
    text = str(value or settings.LIMIT_LIST)
    if not (text.isascii() and text.isdigit() and int(text[:18]) > 0):
        raise Problem("invalid", "limit is a whole number from 1.", field="limit")
    return min(int(text[:18]), settings.LIMIT_LIST)
