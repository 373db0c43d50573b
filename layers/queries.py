"""Everything that reads layers; features are in features.py, the nearest ones in nearest.py.

The rule for those who follow the feed: a `layer` item, or its `gone`, replaces all that was known
of the layer, its features included; read them again (GET /layers/{slug}/features). A `feature`
item is a change of one feature's hand-set state since then.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from gspace import vocabulary
from gspace.access import Audience, Caller
from gspace.feed import Loaded
from gspace.models import Incident
from gspace.problems import Problem
from layers import features, sight
from layers.merged import ANY_CONFLICT, STATE_JOINS, merged
from layers.models import Layer, LayerVersion
from layers.nearest import nearest as nearest
from layers.sight import VISIBLE, Sight

LAYER_PAIRS = {
    "id": "l.slug",
    "slug": "l.slug",
    "title": "l.title",
    "title_en": "nullif(l.title_en, '')",
    "kind": "l.kind",
    "publisher": "json_build_object('slug', o.slug, 'name', o.name,"
    " 'name_en', nullif(o.name_en, ''))",
    "incident": "i.slug",
    "audience": "l.audience",
    "licence": "nullif(l.licence, '')",
    "attribution": "nullif(l.attribution, '')",
    "reuse": "l.reuse",
    "source_name": "nullif(l.source_name, '')",
    "source_url": "nullif(l.source_url, '')",
    "coverage": "nullif(l.coverage, '')",
    "refresh_s": "l.refresh_s",
    "version": "v.number",
    "source_as_of": "v.source_as_of",
    "received_at": "v.received_at",
    "published_at": "v.published_at",
    "checked_at": "v.checked_at",
    "feature_count": "v.feature_count",
    "without_place": "v.without_place",
    "extent": "v.extent",
    "withdrawn": "l.withdrawn_at IS NOT NULL",
    "geojson_url": "'/api/v1/layers/' || l.slug || '/features'",
    "tiles_url": "'/tiles/layers/' || l.slug || '/{z}/{x}/{y}.mvt'",
    "tilejson_url": "'/tiles/layers/' || l.slug || '.json'",
}
LAYER_JSON = (
    "json_build_object(" + ", ".join(f"'{k}', {v}" for k, v in LAYER_PAIRS.items()) + ")::text"
)
FROM_LAYERS = """
  FROM layers_layer l
  JOIN gspace_organisation o ON o.id = l.publisher_id
  LEFT JOIN layers_layerversion v ON v.id = l.published_id
  LEFT JOIN gspace_incident i ON i.id = l.incident_id"""
OF_INCIDENT = "(l.incident_id IS NULL OR l.incident_id = %(incident)s)"


def register(feed: Any) -> None:
    """Tell the feed how to load layers and features."""
    feed.register("layer", load)
    feed.register("feature", features.load)


def load(incident_id: int, audience: Audience, slugs: Sequence[str]) -> dict[str, Loaded]:
    """Feed loader: the layers of `slugs` this audience may see, as JSON objects.

    What changes with a feature's state or with the clock (counts, stale) is not in it: the layer's
    own row would not tell of that.
    """
    sql = f"""
SELECT l.slug, coalesce(v.number, 0), {LAYER_JSON} {FROM_LAYERS}
 WHERE l.slug = ANY(%(slugs)s) AND {OF_INCIDENT} AND {VISIBLE}"""
    params = {"slugs": list(slugs), "incident": incident_id}
    with connection.cursor() as cursor:
        cursor.execute(sql, params | sight.as_audience(incident_id, audience).params())
        return {slug: Loaded(number, text) for slug, number, text in cursor.fetchall()}


def summaries(incident: Incident, audience: Audience) -> list[dict[str, Any]]:
    """The layers an audience sees in an incident, the standing ones too, by kind and title.

    Each as in `load`, plus counts, conflicts, stale and seq; see `_with_counts`.
    """
    return _summaries(sight.as_audience(incident.id, audience), incident.id)


def summaries_for(caller: Caller, incident: Incident | None) -> list[dict[str, Any]]:
    """As `summaries`, for a caller: publishers also see their own unpublished layers.

    incident None: the layers of all incidents, each by what the caller is there.
    """
    return _summaries(sight.of_caller(caller), incident.id if incident else None)


def own_summaries(caller: Caller) -> list[dict[str, Any]]:
    """The layers the caller writes, of all incidents, published or not, withdrawn or not."""
    return _read("(%(every)s OR l.publisher_id = ANY(%(own)s))", sight.of_caller(caller).params())


def summary(layer: Layer) -> dict[str, Any]:
    """One layer; the caller of this function has made sure that it is visible (layer_for)."""
    return _read("l.id = %(layer)s", {"layer": layer.id})[0]


def _summaries(view: Sight, incident_id: int | None) -> list[dict[str, Any]]:
    where = VISIBLE if incident_id is None else f"{OF_INCIDENT} AND {VISIBLE}"
    return _read(where, {"incident": incident_id, **view.params()})


def _read(where: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    seq = features.SEQ_SQL.replace("%(slug)s", "l.slug")
    sql = f"SELECT l.id, {seq}, {LAYER_JSON} {FROM_LAYERS} WHERE {where} ORDER BY l.kind, l.title"
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    found = {ident: json.loads(text) | {"seq": seq} for ident, seq, text in rows}
    _with_counts(found)
    return list(found.values())


COUNTS_SQL = f"""
SELECT l.id, {merged("operation")}, {merged("congestion")}, {merged("traffic")}, {ANY_CONFLICT},
       count(*)
  FROM layers_layer l JOIN layers_feature f ON f.version_id = l.published_id{STATE_JOINS}
 WHERE l.id = ANY(%s) GROUP BY 1, 2, 3, 4, 5"""


def _with_counts(found: dict[int, dict[str, Any]]) -> None:
    """Adds counts {field: {code: n}} ("not_reported" where nothing is said), conflicts, stale.

    stale: true when the promised interval has passed, null when nothing was promised.
    """
    now = datetime.now(UTC)
    for layer in found.values():
        fields = vocabulary.STATES.get(layer["kind"], {})
        layer["counts"] = {field: {} for field in fields}
        layer["conflicts"] = 0
        layer["stale"] = _stale(layer, now)
    stateful = [ident for ident, layer in found.items() if layer["counts"]]
    with connection.cursor() as cursor:
        cursor.execute(COUNTS_SQL, [stateful])
        for ident, operation, congestion, traffic, conflict, number in cursor.fetchall():
            layer, codes = found[ident], (operation, congestion, traffic)
            for name, code in zip(("operation", "congestion", "traffic"), codes, strict=True):
                if name in layer["counts"]:
                    counts, code = layer["counts"][name], code or "not_reported"
                    counts[code] = counts.get(code, 0) + number
            layer["conflicts"] += number if conflict else 0


def _stale(layer: dict[str, Any], now: datetime) -> bool | None:
    times = [layer[name] for name in ("published_at", "checked_at") if layer[name]]
    if layer["refresh_s"] is None or not times:
        return None
    last = max(datetime.fromisoformat(time) for time in times)
    return (now - last).total_seconds() > layer["refresh_s"]


def kept_from_partners(slugs: Sequence[str]) -> set[str]:
    """Which of these layers are headquarters' own now."""
    kept = Layer.objects.filter(slug__in=list(slugs), audience="hq")
    return set(kept.values_list("slug", flat=True))


def layer_for(slug: str, caller: Caller) -> tuple[Layer, Audience]:
    """A layer this caller may see, and as which audience. Raises Problem layer_unknown."""
    rows = Layer.objects.select_related("publisher", "incident", "published")
    layer = rows.filter(slug=slug).first()
    if layer is None:
        raise Problem("layer_unknown")
    audience = sight.audience_of(caller, layer.publisher_id, layer.incident)
    if not sight.sees(audience, layer.audiences, sight.is_own(caller, layer.publisher_id)):
        raise Problem("layer_unknown")
    return layer, audience


def version_for(layer: Layer, number: int, caller: Caller) -> LayerVersion:
    """A version; those that are not published are the publisher's own business.

    Raises Problem version_unknown.
    """
    version = layer.versions.filter(number=number).first()
    own = sight.is_own(caller, layer.publisher_id)
    if version is None or not (own or version.id == layer.published_id):
        raise Problem("version_unknown")
    return version


def known_features(layer: Layer) -> list[tuple[str, str, str, float | None, float | None]]:
    """(feature id, name, address, lon, lat of a point on it) of the published version.

    lon and lat are null without a position of its own; an estimated one is its town's.
    """
    sql = """
SELECT f.feature_id, f.name, f.address, ST_X(p.at), ST_Y(p.at)
  FROM layers_layer l JOIN layers_feature f ON f.version_id = l.published_id,
       LATERAL (SELECT CASE WHEN NOT f.estimated THEN ST_PointOnSurface(f.geometry) END AS at) p
 WHERE l.id = %s AND f.name <> ''"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [layer.id])
        return list(cursor.fetchall())
