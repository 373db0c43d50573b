"""A publisher's file becomes a version: received, read, and stored whole, or refused.

Between receiving and storing lies the reading (layers.intake), in a worker and outside of every
transaction. What crashes leaves a version in `reading`, which is read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pghistory
from django.db.models import Max

from gspace import access
from gspace.access import Caller
from gspace.problems import Problem
from gspace.transactions import action
from layers import diff, files, holds
from layers.actions import storing
from layers.actions.carry import carry_over
from layers.actions.layer import locked
from layers.actions.resuming import hold_file, mark_refused
from layers.actions.version import point_to
from layers.files import Kept
from layers.findings import Finding
from layers.holds import Hold
from layers.models import Layer, LayerVersion
from layers.reading import Described, Reading, batches

Write = Callable[[Iterable[str]], None]


def version_receive(
    *,
    layer: Layer,
    kept: Kept,
    filename: str,
    asked: dict[str, Any],
    source_as_of: datetime | None,
    by: Caller,
    now: datetime | None = None,
) -> LayerVersion:
    """Number a file that has arrived and queue its reading (layers.tasks.version_read).

    asked: how the sender wants it read {publish, crs, columns, header}, kept with the version.
    Raises Problem: not_allowed, layer_unknown.
    """
    version = LayerVersion(
        state="reading",
        filename=filename[:200],
        raw_sha256=kept.sha256,
        raw_size=kept.size,
        asked=asked | {"by": by.key},
        source_as_of=source_as_of,
        received_at=now or datetime.now(UTC),
        uploaded_by=by.name[:120],
    )
    with pghistory.context(key=by.key, name=by.name):
        return _receive(layer=layer, version=version, by=by)


@action
def _receive(*, layer: Layer, version: LayerVersion, by: Caller) -> LayerVersion:
    from layers.tasks import version_read

    hold_file(version.raw_sha256)
    if not files.exists(version.raw_sha256):
        raise Problem("busy")
    _number(locked(layer, by), version)
    version_read.enqueue(version.id)
    return version


def version_fill(
    *,
    version: LayerVersion,
    read: Callable[[Write], Reading],
    by: Caller,
    publish: bool,
    now: datetime | None = None,
) -> LayerVersion:
    """Store a received file while it is read, and publish it if asked and nothing holds it.

    read: hands the lines of Reading.take and Reading.rest to what it is called with; what it
    raises leaves nothing behind. It is called again when the transaction has to be tried again.
    No row is locked before it returns.
    Raises Problem: not_allowed, layer_unknown, version_not_ready (somebody else was faster).
    """
    with pghistory.context(key=by.key, name=by.name):
        done = _fill(
            version=version, read=read, by=by, now=now or datetime.now(UTC), publish=publish
        )
    storing.learn(done.feature_count or 0)
    return done


@action
def _fill(
    *,
    version: LayerVersion,
    read: Callable[[Write], Reading],
    by: Caller,
    now: datetime,
    publish: bool,
) -> LayerVersion:
    storing.prepare()
    with storing.Copier(version.id) as copier:
        reading = read(copier.write)
    layer = locked(version.layer, by)
    still = LayerVersion.objects.select_for_update(no_key=True).filter(id=version.id)
    if not still.filter(state="reading").exists():
        raise Problem("version_not_ready", "The file has been read meanwhile.")
    _describe(version, reading)
    return _settle(layer, version, reading.described.held, now, publish=publish)


@action
def version_progress(*, version_id: int, progress: dict[str, Any]) -> None:
    """Say how far the reading is; as LayerVersion.progress. Waits for nobody."""
    rows = LayerVersion.objects.filter(id=version_id, state="reading")
    if rows.select_for_update(no_key=True, skip_locked=True).exists():
        rows.update(progress=progress)


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
    **described: Any,
) -> LayerVersion:
    """Store GeoJSON features as the layer's next version, and publish it unless told otherwise.

    features: parsed GeoJSON features; of `properties`, name, name_en, address, municipality_code,
    source_name, source_url, licence, source_as_of, estimated and state {operation, congestion,
    traffic, persons, note, checked_at, hours, passed_at} are understood, the rest is kept as
    attributes. raw: the file's bytes, noted as size and SHA-256. described: format, encoding, crs.
    What a person has to say yes to first is quarantined, not published.
    Raises Problem: not_allowed, layer_unknown.
    """
    if not access.may_publish(by, layer.publisher_id):
        raise Problem("not_allowed")
    reading = Reading(layer, described=Described(**described))
    lines = [line for batch in batches(features) for line in reading.take(batch)]
    lines += reading.rest()
    now = now or datetime.now(UTC)
    version = LayerVersion(
        filename=filename[:200],
        raw_sha256=hashlib.sha256(raw).hexdigest() if raw is not None else "",
        raw_size=len(raw) if raw is not None else None,
        source_as_of=source_as_of,
        received_at=now,
        uploaded_by=by.name[:120],
    )
    _describe(version, reading)
    with pghistory.context(key=by.key, name=by.name):
        done = _load(layer=layer, version=version, lines=lines, by=by, now=now, publish=publish)
    storing.learn(len(lines))
    return done


@action
def _load(
    *,
    layer: Layer,
    version: LayerVersion,
    lines: list[str],
    by: Caller,
    now: datetime,
    publish: bool,
) -> LayerVersion:
    if len(lines) >= storing.LEARN_FROM:
        storing.prepare()
    current = locked(layer, by)
    _number(current, version)
    with storing.Copier(version.id) as copier:
        copier.write(lines)
    return _settle(current, version, None, now, publish=publish)


def version_refuse(
    *,
    version: LayerVersion,
    finding: Finding,
    by: Caller,
    format: str = "",
    now: datetime | None = None,
) -> LayerVersion:
    """Say of a received file that it cannot be taken, and why. Raises Problem not_allowed."""
    with pghistory.context(key=by.key, name=by.name):
        return _refuse(version=version, finding=finding, format=format, by=by)


@action
def _refuse(*, version: LayerVersion, finding: Finding, format: str, by: Caller) -> LayerVersion:
    locked(version.layer, by)
    return mark_refused(version, finding, format)


def _describe(version: LayerVersion, reading: Reading) -> None:
    said = reading.described
    for name in ("format", "encoding", "crs", "columns"):
        setattr(version, name, getattr(said, name))
    version.source_as_of = version.source_as_of or said.source_as_of
    version.feature_count, version.without_place = reading.count, reading.without_place
    version.rows = said.rows if said.rows is not None else reading.count
    version.extent, version.findings = reading.extent, reading.told()


def _settle(
    layer: Layer, version: LayerVersion, held: Hold | None, now: datetime, *, publish: bool
) -> LayerVersion:
    """The features are in: public, ready or held. The layer is locked, the version numbered."""
    carry_over(layer, version)
    before = layer.published
    found = holds.reasons(layer, before, version, asked=held)
    version.holds = holds.stored(found)
    version.diff = diff.counts(before, version)
    version.reason = version.holds[0]["message"] if found else ""
    version.state, version.published_at = "quarantined" if found else "ready", None
    version.progress = None
    version.save()
    if publish and not found:
        point_to(layer, version, now)
    return version


def _number(layer: Layer, version: LayerVersion) -> None:
    """Numbered under the layer's lock, so that no number is given twice."""
    last = layer.versions.aggregate(last=Max("number"))["last"]
    version.layer, version.number = layer, (last or 0) + 1
    # a retried transaction must insert again, not update the row that was rolled back
    version.pk = None
    version.save(force_insert=True)
