"""What a version changes against the one that is public: counted in one pass, told in lists.

Nothing moves that moves by less than half a metre: formats round differently. What a file says of
the state counts as changed like any other field; what a hand said is apart (docs of LiveState) and
listed as kept or overridden by the rule of layers.merged.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from layers.merged import FIELDS
from layers.models import LayerVersion

STILL_M = 0.5
TEXTS = ("name", "name_en", "address", "municipality_code", "source_name", "source_url", "licence")
# a newer clock alone is no news
CLOCKS = ("source_as_of", "checked_at")
STATE = "({0}.state - 'source_as_of' - 'checked_at')"

# aliases: a feature of the version before, b of the new one
BOTH = """
  FROM (SELECT * FROM layers_feature WHERE version_id = %(before)s) a
  FULL JOIN (SELECT * FROM layers_feature WHERE version_id = %(version)s) b USING (feature_id)"""
IN_BOTH = "(a.id IS NOT NULL AND b.id IS NOT NULL)"
POINTS = "(GeometryType(a.geometry) = 'POINT' AND GeometryType(b.geometry) = 'POINT')"
DISTANCE = "ST_DistanceSphere(ST_Centroid(a.geometry), ST_Centroid(b.geometry))"
MOVED = f"""({IN_BOTH} AND a.geometry IS DISTINCT FROM b.geometry
  AND NOT coalesce({POINTS} AND {DISTANCE} < {STILL_M}, false))"""
CHANGED = (
    f"({IN_BOTH} AND ("
    + " OR ".join(f"a.{name} <> b.{name}" for name in TEXTS)
    + f" OR a.estimated <> b.estimated OR a.properties <> b.properties"
    f" OR {STATE.format('a')} <> {STATE.format('b')}))"
)


def counts(before: LayerVersion | None, version: LayerVersion) -> dict[str, int | None]:
    """As LayerVersion.diff: {against, added, removed, moved, changed, same, states_kept,
    states_overridden}; moved and changed may count one feature twice. against null: the first."""
    sql = f"""
SELECT count(*) FILTER (WHERE a.id IS NULL), count(*) FILTER (WHERE b.id IS NULL),
       count(*) FILTER (WHERE {MOVED}), count(*) FILTER (WHERE {CHANGED}),
       count(*) FILTER (WHERE {IN_BOTH} AND NOT {MOVED} AND NOT {CHANGED}) {BOTH}"""
    names = ("added", "removed", "moved", "changed", "same")
    if before is None:
        return {"against": None, **dict.fromkeys(names, 0), "added": version.feature_count,
                "states_kept": 0, "states_overridden": 0}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, _params(before, version))
        found: dict[str, int | None] = dict(zip(names, cursor.fetchone(), strict=True))
    states = _states(before, version)
    overridden = sum(1 for one in states if one["overridden"])
    found |= {"states_kept": len(states) - overridden, "states_overridden": overridden}
    return {"against": before.number} | found


def detail(before: LayerVersion | None, version: LayerVersion, limit: int) -> dict[str, Any]:
    """{counts, added [{id, name, row}], removed [{id, name}], moved [{id, name, row, distance_m}],
    changed [{id, name, row, fields {field: [old, new]}}], states {kept, overridden: [{id, name,
    field, hand, file}]}, by_hand [{id, name, what, fields}]}; each list at most `limit` long.

    distance_m: null where one of the two has no place, 0 where only the shape differs.
    what of by_hand: added (kept though the file lacks it), kept, overwritten, returned (withdrawn
    by hand, and in the file again), gone.
    """
    found: dict[str, Any] = {"counts": counts(before, version)}
    params = _params(before, version) | {"limit": limit}
    found["added"] = _list("b.id AS _, b.name, b.row", "a.id IS NULL", params)
    found["removed"] = _list("a.id AS _, a.name", "b.id IS NULL", params)
    distance = f"round({DISTANCE}::numeric, 1)::float AS distance_m"
    found["moved"] = _list(f"b.id AS _, b.name, b.row, {distance}", MOVED, params)
    both = "b.id AS _, b.name, b.row, to_jsonb(a) AS old, to_jsonb(b) AS new"
    # geometry is told as moved, and to_jsonb of 100,000 vertices is not wanted here
    slim = BOTH.replace("SELECT *", f"SELECT {', '.join(SLIM)}")
    found["changed"] = [_changes(one) for one in _list(both, CHANGED, params, slim)]
    states = _states(before, version)
    found["states"] = {
        name: [_without(one, "overridden") for one in states if one["overridden"] is said][:limit]
        for name, said in (("kept", False), ("overridden", True))
    }
    found["by_hand"] = _by_hand(before, version)[:limit]
    return found


SLIM = ("id", "feature_id", "row", *TEXTS, "estimated", "properties", "state")


def fields_of(row: dict[str, Any]) -> dict[str, Any]:
    """field -> value of a feature as a row: what people tell apart, attributes by their names."""
    found = {name: row[name] for name in (*TEXTS, "estimated")}
    found |= {f"attributes.{key}": value for key, value in row["properties"].items()}
    said = {k: v for k, v in row["state"].items() if k not in CLOCKS}
    return found | {f"state.{key}": value for key, value in said.items()}


def changed_fields(old: dict[str, Any], new: dict[str, Any]) -> dict[str, list[Any]]:
    """field -> [old, new] where they differ; a field that is not there is null."""
    was, now = fields_of(old), fields_of(new)
    return {
        name: [was.get(name), now.get(name)]
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    }


def _changes(one: dict[str, Any]) -> dict[str, Any]:
    old, new = one.pop("old"), one.pop("new")
    return one | {"fields": changed_fields(old, new)}


def _list(
    wanted: str, where: str, params: dict[str, Any], source: str = BOTH
) -> list[dict[str, Any]]:
    """In the order of the file, else of the ids."""
    order = "coalesce(b.row, a.row), feature_id"
    sql = f"""SELECT to_jsonb(page) - '_' FROM (SELECT feature_id AS id, {wanted} {source}
 WHERE {where} ORDER BY {order} LIMIT %(limit)s) page"""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [_parsed(row[0]) for row in cursor.fetchall()]


# Shown until now = set by hand and not older than what the file before had said.
STATES_SQL = """
SELECT b.feature_id, b.name, h.field, h.hand, b.state->h.field,
       coalesce(b.state->h.field NOT IN ('null', h.hand)
         AND coalesce((b.state->>'source_as_of')::timestamptz, %(clock)s) > h.at, false)
  FROM layers_livestate s
  JOIN layers_feature b ON b.version_id = %(version)s AND b.feature_id = s.feature_id
  LEFT JOIN layers_feature a ON a.version_id = %(before)s AND a.feature_id = s.feature_id
 CROSS JOIN LATERAL (VALUES {fields}) h(field, hand, at)
 WHERE s.layer_id = %(layer)s AND h.hand IS NOT NULL
   AND NOT coalesce(a.state->h.field <> 'null'
     AND coalesce((a.state->>'source_as_of')::timestamptz, %(clock_before)s) > h.at, false)
 ORDER BY b.row, b.feature_id, h.field""".replace(
    "{fields}",
    ", ".join(
        f"('{f}', to_jsonb(s.{f}), (s.clocks->'{f}'->>'source_as_of')::timestamptz)" for f in FIELDS
    ),
)


def _states(before: LayerVersion | None, version: LayerVersion) -> list[dict[str, Any]]:
    """Hand-set values of features that the version has: [{id, name, field, hand, file,
    overridden}]."""
    params = _params(before, version) | {
        "layer": version.layer_id,
        "clock": _clock(version),
        "clock_before": _clock(before) if before else None,
    }
    sql = STATES_SQL.replace("%(clock)s", "coalesce(%(clock)s::timestamptz, now())").replace(
        "%(clock_before)s", "%(clock_before)s::timestamptz"
    )
    names = ("id", "name", "field", "hand", "file", "overridden")
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [one | {n: _parsed(one[n]) for n in ("hand", "file")} for one in rows]


def _clock(version: LayerVersion) -> Any:
    return version.source_as_of or version.published_at


HAND_SQL = """
SELECT coalesce(b.feature_id, a.feature_id), coalesce(b.name, a.name),
       CASE WHEN b.id IS NULL THEN 'gone' WHEN b.row IS NULL AND b.by_hand THEN 'added'
            WHEN b.by_hand THEN 'kept' ELSE 'overwritten' END,
       to_jsonb(a) - 'geometry', to_jsonb(b) - 'geometry',
       a.geometry IS DISTINCT FROM b.geometry
  FROM layers_feature a
  LEFT JOIN layers_feature b ON b.version_id = %(version)s AND b.feature_id = a.feature_id
 WHERE a.version_id = %(before)s AND a.by_hand ORDER BY a.row, a.feature_id"""
RETURNED_SQL = """
SELECT b.feature_id, b.name, b.row FROM (
    SELECT DISTINCT ON (feature_id) feature_id, after FROM layers_featureedit
     WHERE layer_id = %(layer)s AND version_id = %(before)s ORDER BY feature_id, id DESC) e
  JOIN layers_feature b ON b.version_id = %(version)s AND b.feature_id = e.feature_id
 WHERE e.after IS NULL ORDER BY b.row, b.feature_id"""


def returned(before: LayerVersion | None, version: LayerVersion) -> list[int | None]:
    """Rows of the places that were withdrawn by hand and are in the file again."""
    return [row for _, _, row in _rows(RETURNED_SQL, before, version)]


def _by_hand(before: LayerVersion | None, version: LayerVersion) -> list[dict[str, Any]]:
    found = []
    for ident, name, what, old, new, moved in _rows(HAND_SQL, before, version):
        differs = changed_fields(_parsed(old), _parsed(new)) if new is not None else {}
        fields = [*differs, *(["geometry"] if moved and new is not None else [])]
        # one whose correction the file has taken over is nothing to tell
        if what != "overwritten" or fields:
            found.append({"id": ident, "name": name, "what": what, "fields": fields})
    back = _rows(RETURNED_SQL, before, version)
    return found + [{"id": i, "name": n, "what": "returned", "fields": []} for i, n, _ in back]


def _rows(sql: str, before: LayerVersion | None, version: LayerVersion) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, _params(before, version) | {"layer": version.layer_id})
        return list(cursor.fetchall())


def _params(before: LayerVersion | None, version: LayerVersion) -> dict[str, Any]:
    return {"before": before.id if before else None, "version": version.id}


def _parsed(value: Any) -> Any:
    """Django reads jsonb as text."""
    return json.loads(value) if isinstance(value, str) else value


def _without(one: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key != name}
