"""Why a version waits for a person: what a mistake looks like, when the last good one is public.

A hold is (code, given); its sentence stands in layers.findings. Nothing here is certain: each says
what is odd, a person looks, and publishing by hand is the answer yes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection

from layers import events, prefectures
from layers.findings import message
from layers.models import BY_HAND, Layer, LayerVersion

Hold = tuple[str, dict[str, Any]]
REMOVED_SHARE, REMOVED_FROM = 0.5, 5
OUTSIDE_SHARE, OUTSIDE_FROM = 0.2, 3
# some kilometres around where the places were, and a half of their spread: a layer may grow
AROUND_KM, AROUND_SPREAD = 10, 0.5
FILLED_SHARE = 0.5
# any of these says where a row is
POSITION = {"lat", "lon", "latlon", "x", "y", "lat_d", "lon_d"}
TOLD_APART = ("name", "address", "municipality_code")
STATES = ("operation", "congestion", "traffic", "persons")


def reasons(
    layer: Layer,
    before: LayerVersion | None,
    version: LayerVersion,
    *,
    asked: Hold | None = None,
) -> list[Hold]:
    """What a person has to say yes to first, the file's own question (`asked`) before all.

    before: the published version, None when there is none. To be called when the version's
    features are stored, with what edits carried over.
    """
    found = [*([asked] if asked else []), *_overtaken(layer, version)]
    if before is not None:
        found += [*_emptied(before, version), *_many_removed(before, version)]
        found += [*_schema_changed(before, version), *_encoding_changed(before, version)]
    found += _left_coverage(layer, before, version)
    return found + events.other_event(layer, version)


def stored(found: list[Hold]) -> list[dict[str, Any]]:
    """As LayerVersion.holds; the first sentence is the version's reason."""
    return [{"code": c, "given": given, "message": message(c, given)} for c, given in found]


def spoken(holds: list[dict[str, Any]], translate: Callable[[str], str]) -> list[dict[str, Any]]:
    """[{code, message}] in the reader's language."""
    return [
        {"code": one["code"], "message": message(one["code"], one["given"], translate)}
        for one in holds
    ]


def _overtaken(layer: Layer, version: LayerVersion) -> list[Hold]:
    """A file that came later was public first: a reader had to begin again with this one."""
    later = layer.versions.filter(number__gt=version.number, published_at__isnull=False)
    newest = later.exclude(format=BY_HAND).order_by("-number").first()
    return [("overtaken", {"number": f"{newest.number}"})] if newest else []


def _emptied(before: LayerVersion, version: LayerVersion) -> list[Hold]:
    empty = not version.feature_count and before.feature_count
    return [("empty", {})] if empty else []


GONE_SQL = """
SELECT count(*), count(*) FILTER (WHERE b.id IS NULL) FROM layers_feature a
  LEFT JOIN layers_feature b ON b.version_id = %(version)s AND b.feature_id = a.feature_id
 WHERE a.version_id = %(before)s"""


def _many_removed(before: LayerVersion, version: LayerVersion) -> list[Hold]:
    if not version.feature_count:
        return []
    had, gone = _row(GONE_SQL, {"before": before.id, "version": version.id})
    if had < REMOVED_FROM or gone <= had * REMOVED_SHARE:
        return []
    return [("many_removed", {"gone": f"{gone:,}", "had": f"{had:,}"})]


def _schema_changed(before: LayerVersion, version: LayerVersion) -> list[Hold]:
    """Columns that gave a field are gone; where one of the two is no table, fields that are."""
    if not version.feature_count:
        return []
    tables = before.columns and version.columns
    lost = _lost_columns(before, version) if tables else _lost_fields(before, version)
    return [("schema_changed", {"columns": ", ".join(sorted(lost)[:10])})] if lost else []


def _lost_columns(before: LayerVersion, version: LayerVersion) -> list[str]:
    used = {c["field"]: c["name"] for c in before.columns or [] if c["field"]}
    kept = {c["field"] for c in version.columns or [] if c["field"]}
    # one way to give the position is as good as another
    kept |= POSITION if kept & POSITION else set()
    return [name for field, name in used.items() if field not in kept]


def _lost_fields(before: LayerVersion, version: LayerVersion) -> list[str]:
    was, now = _filled(before), _filled(version)
    return [name for name, share in was.items() if share > FILLED_SHARE and not now[name]]


def _filled(version: LayerVersion) -> dict[str, float]:
    """field -> share of the features that say it."""
    asked = [f"count(*) FILTER (WHERE {name} <> '')" for name in TOLD_APART]
    asked += [f"count(*) FILTER (WHERE state->'{name}' <> 'null')" for name in STATES]
    asked += ["count(geometry)"]
    sql = f"SELECT count(*), {', '.join(asked)} FROM layers_feature WHERE version_id = %(version)s"
    total, *numbers = _row(sql, {"version": version.id})
    names = (*TOLD_APART, *STATES, "position")
    return {name: number / max(total, 1) for name, number in zip(names, numbers, strict=True)}


def _encoding_changed(before: LayerVersion, version: LayerVersion) -> list[Hold]:
    """Of one format only; a mark at the front (utf-8-sig) changes no letter."""
    was, now = (one.encoding.removesuffix("-sig") for one in (before, version))
    if not was or not now or was == now or before.format != version.format:
        return []
    return [("encoding_changed", {"before": was, "now": now})]


# The middle 96 % of what was there: one row far off must not open the door to all.
AROUND_SQL = """
WITH box AS MATERIALIZED (
  SELECT percentile_disc(0.02) WITHIN GROUP (ORDER BY lon) AS w,
         percentile_disc(0.98) WITHIN GROUP (ORDER BY lon) AS e,
         percentile_disc(0.02) WITHIN GROUP (ORDER BY lat) AS s,
         percentile_disc(0.98) WITHIN GROUP (ORDER BY lat) AS n, count(*) AS had
    FROM (SELECT ST_X(c) AS lon, ST_Y(c) AS lat FROM (SELECT ST_Centroid(geometry) AS c
            FROM layers_feature WHERE version_id = %(before)s AND geometry IS NOT NULL) p) q),
wide AS MATERIALIZED (
  SELECT had, greatest((e - w) * %(spread)s, %(km)s / 111.0 / cos(radians(s))) AS dx,
         greatest((n - s) * %(spread)s, %(km)s / 111.0) AS dy, w, s, e, n FROM box)
SELECT min(had), count(*), count(*) FILTER (WHERE NOT (ST_X(c) BETWEEN w - dx AND e + dx
         AND ST_Y(c) BETWEEN s - dy AND n + dy))
  FROM (SELECT ST_Centroid(geometry) AS c FROM layers_feature
         WHERE version_id = %(version)s AND geometry IS NOT NULL) f, wide"""


def _left_coverage(layer: Layer, before: LayerVersion | None, version: LayerVersion) -> list[Hold]:
    """Against where the places were; of a first version, against the prefectures declared."""
    if before is None:
        return _outside_declared(layer, version)
    params = {"before": before.id, "version": version.id, "km": AROUND_KM,
              "spread": AROUND_SPREAD}  # fmt: skip
    had, placed, outside = _row(AROUND_SQL, params)
    if not had or outside < OUTSIDE_FROM or outside <= placed * OUTSIDE_SHARE:
        return []
    return [("left_coverage", {"outside": f"{outside:,}", "placed": f"{placed:,}"})]


def _outside_declared(layer: Layer, version: LayerVersion) -> list[Hold]:
    codes = sorted(prefectures.codes_in(layer.coverage))
    if not codes:
        return []
    boxes = ["ST_Intersects(geometry, ST_MakeEnvelope(%s, %s, %s, %s, 4326))"] * len(codes)
    sql = f"""SELECT count(*), count(*) FILTER (WHERE NOT ({" OR ".join(boxes)}))
  FROM layers_feature WHERE version_id = %s AND geometry IS NOT NULL"""
    edges = [edge for code in codes for edge in prefectures.TABLE[code][1]]
    placed, outside = _row(sql, [*edges, version.id])
    if outside < OUTSIDE_FROM or outside <= placed / 2:
        return []
    area = "・".join(prefectures.name(code) for code in codes)
    given = {"outside": f"{outside:,}", "placed": f"{placed:,}", "area": area}
    return [("outside_declared", given)]


def _row(sql: str, params: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return tuple(cursor.fetchone())
