"""A published layer as a file to take away: CSV, GeoJSON, GeoPackage.

Source, licence, attribution and the clocks stand in every row, because rows are copied out of
files. One version is read in pieces by the order of its ids, so a new file that is published
meanwhile does not mix with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Max, Sum
from django.utils import timezone

from gspace import geopackage, spreadsheet, vocabulary
from gspace.access import Audience
from layers import features, hours, queries
from layers.features import feature_sql
from layers.merged import ANY_CONFLICT, CHECKED_AT, STATE_JOINS, merged, shown_clock
from layers.models import Layer
from layers.situations import Scope

ROWS_AT_ONCE = 2_000
# more columns than this stay together as JSON in one: no program reads a wider sheet well
MOST_COLUMNS = 200
REST = "other_attributes"

FROM_VERSION = f"""
  FROM layers_layer l
  JOIN layers_layerversion v ON v.id = %(version)s
  JOIN layers_feature f ON f.version_id = v.id
  JOIN gspace_organisation o ON o.id = l.publisher_id{STATE_JOINS}
 WHERE l.id = %(layer)s"""

WHO = (
    ("id", "TEXT", "f.feature_id"),
    ("name", "TEXT", "nullif(f.name, '')"),
    ("name_en", "TEXT", "nullif(f.name_en, '')"),
    ("address", "TEXT", "nullif(f.address, '')"),
    ("municipality", "TEXT", "nullif(f.municipality_code, '')"),
    ("longitude", "REAL", "ST_X(ST_PointOnSurface(f.geometry))"),
    ("latitude", "REAL", "ST_Y(ST_PointOnSurface(f.geometry))"),
    ("place_estimated", "BOOLEAN", "f.estimated"),
)
SHAPE = ("geometry", "TEXT", "ST_AsText(f.geometry, 7)")
MORE_STATE = (
    ("persons", "INTEGER", merged("persons")),
    ("note", "TEXT", merged("note")),
    ("valid_from", "DATETIME", "s.valid_from"),
    ("valid_until", "DATETIME", "s.valid_until"),
    ("hours", "TEXT", "fs.said->'hours'->>'value'"),
    ("passed_at", "TEXT", "fs.said->'passed_at'->>'value'"),
    ("sources_disagree", "BOOLEAN", ANY_CONFLICT),
)
CLOCKS = (
    ("source_as_of", "DATETIME", "coalesce(f.source_as_of, v.source_as_of)"),
    ("received_at", "DATETIME", "v.received_at"),
    ("published_at", "DATETIME", "v.published_at"),
    ("checked_at", "DATETIME", CHECKED_AT),
)
RIGHTS = (
    ("publisher", "TEXT", "o.name"),
    ("source_name", "TEXT", "nullif(coalesce(nullif(f.source_name, ''), l.source_name), '')"),
    ("source_url", "TEXT", "nullif(coalesce(nullif(f.source_url, ''), l.source_url), '')"),
    ("licence", "TEXT", "nullif(coalesce(nullif(f.licence, ''), l.licence), '')"),
    ("attribution", "TEXT", "nullif(l.attribution, '')"),
    ("reuse", "BOOLEAN", "l.reuse"),
)
Column = tuple[str, str, str]


@dataclass(frozen=True)
class Taken:
    """A layer as it stands now, for one audience. The caller has made sure that it may be seen."""

    layer: Layer
    audience: Audience

    @property
    def version(self) -> int | None:
        return self.layer.published_id

    @property
    def name(self) -> str:
        """Of the file, without its ending."""
        number = self.layer.published.number if self.layer.published else 0
        return f"{self.layer.slug}-v{number}"

    @cached_property
    def about(self) -> dict[str, Any]:
        """Title, kind, publisher, source, licence, attribution, reuse, coverage and clocks."""
        told = queries.summary(self.layer)
        # a list of a drill must not be taken for a real one once it has left the house
        return told | {"not_real": self.not_real}

    @property
    def not_real(self) -> bool:
        incident = self.layer.incident
        return incident is not None and (incident.demo or incident.state == "drill")

    @property
    def etag(self) -> str:
        """Changes with everything that is in the files: version, hand edits, states, drill."""
        states = self.layer.live_states.aggregate(sum=Sum("version"))["sum"] or 0
        edit = self.layer.edits.aggregate(last=Max("id"))["last"] or 0
        stands = f"{features.seq(self.layer.slug)}-{self.version or 0}.{states}.{edit}"
        return f'"{self.audience}-{stands}{".drill" * self.not_real}"'

    @property
    def zone(self) -> tzinfo:
        incident = self.layer.incident
        return ZoneInfo(incident.time_zone) if incident else timezone.get_default_timezone()


# --- the three files -----------------------------------------------------------------------
def geojson_parts(taken: Taken) -> Iterator[bytes]:
    """Features as the API gives them, all of them; about the layer as further members."""
    kept = {k: v for k, v in taken.about.items() if k not in ("id", "counts", "conflicts", "seq")}
    head = json.dumps({"type": "FeatureCollection", **kept}, ensure_ascii=False)
    yield f'{head[:-1]}, "features": ['.encode()
    layer = taken.layer
    scope = Scope(layer.incident_id, taken.audience if layer.incident_id else "public")
    between = ""
    for rows in _pages(taken, [feature_sql(taken.audience, scope)], scope.params()):
        yield (between + ",\n".join(text for _, text in rows)).encode()
        between = ",\n"
    yield b"]}"


def csv_parts(taken: Taken) -> Iterator[bytes]:
    """One row a place: what it is, how it is, when that was so, who says it, all attributes."""
    fixed = _fixed(taken, shapes=_has_shapes(taken))
    own = _attributes(taken, [name for name, _, _ in fixed])
    header = [name for name, _, _ in fixed] + [column.name for column in own]
    return spreadsheet.csv_parts(header, _rows(taken, fixed, own))


def write_geopackage(taken: Taken, path: Path) -> None:
    fixed = _fixed(taken, shapes=False)
    own = _attributes(taken, [*geopackage.OWN_NAMES, *(name for name, _, _ in fixed)])
    about = taken.about
    table = geopackage.Table(
        name="places",
        title=about["title"],
        description=_in_one_line(about),
        columns=[(name, kind) for name, kind, _ in fixed] + [(c.name, c.kind) for c in own],
        about=json.dumps(about, ensure_ascii=False),
    )
    shape: Column = ("geom", "", "ST_AsBinary(f.geometry, 'NDR')")
    rows = _rows(taken, [shape, *fixed], own)
    split = ((bytes(row[0]) if row[0] is not None else None, row[1:]) for row in rows)
    geopackage.write(path, table, split, datetime.now(UTC))


def _in_one_line(about: dict[str, Any]) -> str:
    said = ("source_name", "source_url", "source_as_of", "licence", "attribution", "coverage")
    parts = [f"{name}: {about[name]}" for name in said if about.get(name)]
    return "; ".join(["not real: an exercise or a demo"] * about["not_real"] + parts)


# --- rows ----------------------------------------------------------------------------------
def _fixed(taken: Taken, *, shapes: bool) -> list[Column]:
    fields = vocabulary.STATES.get(taken.layer.kind, {})
    state = [(name, "TEXT", merged(name)) for name in fields]
    clocks = [(f"{name}_as_of", "DATETIME", shown_clock(name)) for name in fields]
    found = [*WHO, *([SHAPE] if shapes else []), *state, *clocks]
    found += [*(MORE_STATE if fields else ()), *CLOCKS, *RIGHTS]
    if taken.about["not_real"]:
        found.append(("not_real", "BOOLEAN", "true"))
    return found


@dataclass(frozen=True)
class Attribute:
    """A column made of the publisher's own words. path: keys to the value; () = all the rest."""

    name: str
    kind: str
    path: tuple[str, ...]


KEYS_SQL = """
SELECT e.key, s.key, array_agg(DISTINCT jsonb_typeof(coalesce(s.value, e.value))), count(*)
  FROM layers_feature f, jsonb_each(f.properties) e
  LEFT JOIN LATERAL jsonb_each(
    CASE WHEN jsonb_typeof(e.value) = 'object' THEN e.value ELSE '{}' END) s ON true
 WHERE f.version_id = %s AND e.value <> 'null' GROUP BY 1, 2"""


def _attributes(taken: Taken, taken_names: list[str]) -> list[Attribute]:
    """In the order of the publisher's file where it is known, else the most common first."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS_SQL, [taken.version])
        found = cursor.fetchall()
    columns = (taken.layer.published.columns if taken.layer.published else None) or []
    order = {str(column.get("name")): n for n, column in enumerate(columns)}
    found.sort(key=lambda row: (order.get(row[0], len(order)), -row[3], row[0], row[1] or ""))
    paths = [(key,) if sub is None else (key, sub) for key, sub, _, _ in found]
    names = geopackage.unique(["_".join(path) for path in paths], taken_names)
    made = [
        Attribute(name, _kind(types), path)
        for name, path, (_, _, types, _) in zip(names, paths, found, strict=True)
    ]
    if len(made) <= MOST_COLUMNS:
        return made
    rest = geopackage.unique([REST], [*taken_names, *names])[0]
    return [*made[:MOST_COLUMNS], Attribute(rest, "TEXT", ())]


def _kind(types: list[str]) -> str:
    only = sorted(set(types) - {"null"})
    return {"number": "REAL", "boolean": "BOOLEAN"}.get(",".join(only), "TEXT")


def _rows(taken: Taken, fixed: list[Column], own: list[Attribute]) -> Iterator[list[Any]]:
    expressions = [expression for _, _, expression in fixed]
    names = [name for name, _, _ in fixed]
    spoken = names.index("hours") if "hours" in names else None
    shown = {column.path for column in own}
    for page in _pages(taken, [*expressions, "f.properties"], {}):
        for _, *values, properties in page:
            told = [_local(value, taken.zone) for value in values]
            if spoken is not None:
                told[spoken] = hours.plain(told[spoken]) or None
            said = json.loads(properties) if isinstance(properties, str) else properties
            yield told + [_attribute(said, column.path, shown) for column in own]


def _attribute(properties: dict[str, Any], path: tuple[str, ...], shown: set[Any]) -> Any:
    if not path:
        rest = {k: v for k, v in properties.items() if not any(p[:1] == (k,) for p in shown)}
        return json.dumps(rest, ensure_ascii=False) if rest else None
    value: Any = properties
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _local(value: Any, zone: tzinfo) -> Any:
    return value.astimezone(zone) if isinstance(value, datetime) else value


def _has_shapes(taken: Taken) -> bool:
    sql = """SELECT EXISTS (SELECT 1 FROM layers_feature
      WHERE version_id = %s AND ST_Dimension(geometry) > 0)"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [taken.version])
        return bool(cursor.fetchone()[0])


def _pages(taken: Taken, expressions: list[str], params: dict[str, Any]) -> Iterator[list[Any]]:
    """Rows of (id, expressions...), ROWS_AT_ONCE at a time."""
    sql = f"""SELECT f.feature_id, {", ".join(expressions)} {FROM_VERSION}
       AND (%(after)s::text IS NULL OR f.feature_id > %(after)s)
     ORDER BY f.feature_id LIMIT %(most)s"""
    asked = {"layer": taken.layer.id, "version": taken.version, "most": ROWS_AT_ONCE} | params
    after = None
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, asked | {"after": after})
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]
