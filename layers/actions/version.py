"""Versions: which one is public is a pointer, moved by publishing and by rolling back.

A republished layer is one change of the feed, however many features it has: the feed's trigger is
on the layer's row, and a client that hears of the layer reads its features again.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pghistory
from django.db import connection

from gspace.access import Caller
from gspace.problems import Problem
from gspace.transactions import action
from layers.actions.carry import catch_up
from layers.actions.layer import locked
from layers.actions.mapping import mapping_remember
from layers.models import Layer, LayerVersion


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
    point_to(current, version, now)
    return version


def layer_rollback(
    *, layer: Layer, by: Caller, seen: int | None = None, to: int | None = None
) -> LayerVersion:
    """Publish the version before the published one, or one that was public once: its geometry and
    attributes, no states.

    Live state stays as it is known now, and the version keeps the clocks it had. seen: number of
    the version to step back from, so that two people do not step back twice. to: number of the
    version to go to, which may also be a later one.
    Raises Problem: not_allowed, version_stale (412), version_unknown, version_not_ready (there is
    none before, or that one was never public).
    """
    with pghistory.context(key=by.key, name=by.name):
        return _rollback(layer=layer, by=by, seen=seen, to=to)


@action
def _rollback(*, layer: Layer, by: Caller, seen: int | None, to: int | None) -> LayerVersion:
    current = locked(layer, by)
    if seen is not None and (current.published is None or current.published.number != seen):
        raise Problem("version_stale", "Another version is published by now.")
    version = _earlier(current) if to is None else current.versions.filter(number=to).first()
    if version is None:
        if to is not None:
            raise Problem("version_unknown")
        raise Problem("version_not_ready", "There is no earlier version.")
    if version.id == current.published_id:
        return version
    if version.state != "superseded":
        raise Problem("version_not_ready", f"Version {version.number} is {version.state}.")
    _swap(current, version)
    return version


def _earlier(layer: Layer) -> LayerVersion | None:
    number = layer.published.number if layer.published else 0
    before = layer.versions.filter(state="superseded", number__lt=number)
    return before.order_by("-number").first()


def point_to(layer: Layer, version: LayerVersion, now: datetime) -> None:
    """Publish for the first time: the version's clock starts, and what its file says is heard."""
    catch_up(layer, version)
    mapping_remember(layer, version, now)
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
