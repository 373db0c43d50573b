"""Versions: a complete reading of a publisher's data is loaded, published, rolled back.

A republished layer is one change of the feed, however many features it has: the feed's trigger is
on the layer's row, and a client that hears of the layer reads its features again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pghistory
from django.contrib.gis.geos import WKBWriter
from django.db import connection
from django.db.models import Max
from psycopg2.extras import execute_values

from gspace import access
from gspace.access import Caller
from gspace.problems import Problem
from gspace.transactions import action
from layers.actions.layer import locked
from layers.findings import message
from layers.models import Layer, LayerVersion
from layers.reading import Reading, read_rows
from layers.rows import Row

COLUMNS = (
    "version_id", "feature_id", "geometry", "name", "name_en", "address", "municipality_code",
    "properties", "state", "source_name", "source_url", "licence", "source_as_of", "estimated",
    "grid_x", "grid_y", "span",
)  # fmt: skip
INSERT_SQL = f"INSERT INTO layers_feature ({', '.join(COLUMNS)}) VALUES %s"
EMPTY = "The file has no features, the published version has some."


def version_load(
    *,
    layer: Layer,
    features: Iterable[dict[str, Any]],
    filename: str,
    raw: bytes | None,
    source_as_of: datetime | None,
    by: Caller,
    now: datetime | None = None,
    publish: bool = True,
    **read_as: Any,
) -> LayerVersion:
    """Store GeoJSON features as the layer's next version, and publish it unless told otherwise.

    features: parsed GeoJSON features; of `properties`, name, name_en, address, municipality_code,
    source_name, source_url, licence, source_as_of, estimated and state {operation, congestion,
    traffic, persons, note, checked_at, hours, passed_at} are understood, the rest is kept as
    attributes. raw: the file's bytes, kept as size and SHA-256. read_as: format, encoding, crs,
    repaired [(row, code)], told (sandbox.Told of a table). An empty file in place of features is
    quarantined, not published; so is a table with a question that a person has to answer.
    Raises Problem: not_allowed, layer_unknown.
    """
    if not access.may_publish(by, layer.publisher_id):
        raise Problem("not_allowed")
    told = read_as.pop("told", None)
    reading = read_rows(layer, list(features), read_as.pop("repaired", []), told)
    now = now or datetime.now(UTC)
    version = _new(filename, raw, source_as_of, by, now, read_as)
    version.feature_count = len(reading.rows)
    version.rows = told.rows if told else version.feature_count
    version.without_place = sum(1 for _, row in reading.rows if row.geometry is None)
    version.extent, version.findings = reading.extent, reading.findings
    held = message(*told.held) if told and told.held else ""
    with pghistory.context(key=by.key, name=by.name):
        return _load(
            layer=layer,
            version=version,
            reading=reading,
            by=by,
            now=now,
            publish=publish,
            held=held,
        )


@action
def _load(
    *,
    layer: Layer,
    version: LayerVersion,
    reading: Reading,
    by: Caller,
    now: datetime,
    publish: bool,
    held: str,
) -> LayerVersion:
    current = locked(layer, by)
    version.state, version.published_at = "quarantined" if held else "ready", None
    version.reason = held
    _store(current, version)
    _insert(version, reading.rows)
    had = current.published.feature_count if current.published else 0
    if held:
        return version
    if publish and not reading.rows and had:
        version.state, version.reason = "quarantined", EMPTY
        version.save(update_fields=["state", "reason"])
    elif publish:
        _point_to(current, version, now)
    return version


def version_refuse(
    *,
    layer: Layer,
    reason: str,
    filename: str,
    raw: bytes | None,
    by: Caller,
    now: datetime | None = None,
    **read_as: Any,
) -> LayerVersion:
    """Keep the note of a file that could not be read at all. Raises Problem not_allowed."""
    version = _new(filename, raw, None, by, now or datetime.now(UTC), read_as)
    version.state, version.reason = "refused", reason
    with pghistory.context(key=by.key, name=by.name):
        return _refuse(layer=layer, version=version, by=by)


@action
def _refuse(*, layer: Layer, version: LayerVersion, by: Caller) -> LayerVersion:
    _store(locked(layer, by), version)
    return version


def version_publish(
    *, layer: Layer, number: int, by: Caller, now: datetime | None = None
) -> LayerVersion:
    """Make a version that is ready (or quarantined: a person has looked) the layer's public one.

    Publishing the published one again changes nothing. Raises Problem: not_allowed,
    version_unknown, version_not_ready (409; an earlier one comes back by layer_rollback).
    """
    with pghistory.context(key=by.key, name=by.name):
        return _publish(layer=layer, number=number, by=by, now=now or datetime.now(UTC))


@action
def _publish(*, layer: Layer, number: int, by: Caller, now: datetime) -> LayerVersion:
    current = locked(layer, by)
    version = current.versions.filter(number=number).first()
    if version is None:
        raise Problem("version_unknown")
    if version.id == current.published_id:
        return version
    if version.state not in ("ready", "quarantined"):
        raise Problem("version_not_ready", f"Version {number} is {version.state}.")
    _point_to(current, version, now)
    return version


def layer_rollback(*, layer: Layer, by: Caller, seen: int | None = None) -> LayerVersion:
    """Publish the version before the published one: its geometry and attributes, no states.

    Live state stays as it is known now, and the version keeps the clocks it had. seen: number of
    the version to step back from, so that two people do not step back twice.
    Raises Problem: not_allowed, version_stale (412), version_not_ready (there is none before).
    """
    with pghistory.context(key=by.key, name=by.name):
        return _rollback(layer=layer, by=by, seen=seen)


@action
def _rollback(*, layer: Layer, by: Caller, seen: int | None) -> LayerVersion:
    current = locked(layer, by)
    if seen is not None and (current.published is None or current.published.number != seen):
        raise Problem("version_stale", "Another version is published by now.")
    number = current.published.number if current.published else 0
    before = current.versions.filter(state="superseded", number__lt=number)
    version = before.order_by("-number").first()
    if version is None:
        raise Problem("version_not_ready", "There is no earlier version.")
    _swap(current, version)
    return version


def _point_to(layer: Layer, version: LayerVersion, now: datetime) -> None:
    """Publish for the first time: the version's clock starts, and what its file says is heard."""
    version.published_at = now
    version.save(update_fields=["published_at"])
    with connection.cursor() as cursor:
        clock = version.source_as_of or now
        cursor.execute(HEAR_SQL, {"version": version.id, "layer": layer.id, "clock": clock})
    _swap(layer, version)


def _swap(layer: Layer, version: LayerVersion) -> None:
    layer.versions.filter(id=layer.published_id).update(state="superseded")
    version.state, version.reason = "published", ""
    version.save(update_fields=["state", "reason"])
    layer.published = version
    layer.save(update_fields=["published"])


# Per field the later word counts; of two of one time the one published last (a correction).
HEAR_SQL = """
INSERT INTO layers_filestate AS known (layer_id, feature_id, said)
SELECT %(layer)s, f.feature_id, (
    SELECT jsonb_object_agg(e.key, jsonb_build_object('value', e.value, 'source_as_of',
             coalesce((f.state->>'source_as_of')::timestamptz, %(clock)s)))
      FROM jsonb_each(f.state - 'source_as_of') e)
  FROM layers_feature f
 WHERE f.version_id = %(version)s AND f.state - 'source_as_of' <> '{}'
ON CONFLICT (layer_id, feature_id) DO UPDATE SET said = (
  SELECT jsonb_object_agg(key, CASE
      WHEN heard.value IS NULL THEN before.value
      WHEN (before.value->>'source_as_of')::timestamptz
         > (heard.value->>'source_as_of')::timestamptz THEN before.value
      ELSE heard.value END)
    FROM jsonb_each(known.said) before FULL JOIN jsonb_each(EXCLUDED.said) heard USING (key))"""


def _new(
    filename: str,
    raw: bytes | None,
    source_as_of: datetime | None,
    by: Caller,
    now: datetime,
    read_as: dict[str, Any],
) -> LayerVersion:
    return LayerVersion(
        state="ready",
        filename=filename[:200],
        raw_sha256=hashlib.sha256(raw).hexdigest() if raw is not None else "",
        raw_size=len(raw) if raw is not None else None,
        source_as_of=source_as_of,
        received_at=now,
        uploaded_by=by.name[:120],
        **read_as,
    )


def _store(layer: Layer, version: LayerVersion) -> None:
    """Numbered under the layer's lock, so that no number is given twice."""
    last = layer.versions.aggregate(last=Max("number"))["last"]
    version.layer, version.number = layer, (last or 0) + 1
    # a retried transaction must insert again, not update the row that was rolled back
    version.pk = None
    version.save(force_insert=True)


def _insert(version: LayerVersion, rows: list[tuple[str, Row]]) -> None:
    with connection.cursor() as cursor:
        # psycopg2's own cursor, below Django's and the pool's wrappers
        execute_values(cursor.cursor, INSERT_SQL, _records(version.id, rows), page_size=1000)


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
            *row.grid(),
        )  # fmt: skip
