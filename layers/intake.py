"""A publisher's file -> the layer's next version: taken at once, read by a worker.

`take` keeps the bytes and numbers the version; `read` runs in the worker (layers.tasks) and brings
it to ready, published, quarantined, or refused with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _
from psycopg2 import DataError

from gspace.access import Caller
from gspace.problems import Problem
from layers import actions, datums, files, mappings, placing, progress, sandbox
from layers.actions.loading import Write
from layers.findings import Findings
from layers.models import Layer, LayerVersion
from layers.progress import Progress
from layers.readers import kinds
from layers.reading import Described, Reading, zone_of
from layers.sandbox import Batch, Refused, Told


def take(
    *,
    layer: Layer,
    raw: bytes | files.Readable,
    filename: str,
    publish: bool,
    source_as_of: datetime | None,
    crs: str,
    by: Caller,
    columns: dict[str, str | None] | None = None,
    header: int | None = None,
) -> LayerVersion:
    """Keep a file and queue its reading; the version, in state `reading`.

    raw: the bytes, or what to read them from. crs: "EPSG:6670" and the like (layers.datums) where
    the sender names it, else "". columns: column name -> field of layers.headings, or None to keep
    it as it is; header: row of the column names. Both override what would be found out.
    Raises Problem: invalid (crs, empty file), too_large, and what the action raises.
    """
    if crs and datums.parse(crs) is None:
        raise Problem("invalid", _("A code such as EPSG:6670."), field="crs")
    asked: dict[str, Any] = {"publish": publish, "crs": crs}
    asked |= {"columns": columns} if columns else {}
    asked |= {"header": header} if header is not None else {}
    return actions.version_receive(
        layer=layer,
        kept=files.keep(raw),
        filename="".join(c if c.isprintable() else "\ufffd" for c in filename),
        asked=asked,
        source_as_of=source_as_of,
        by=by,
    )


def read(version_id: int) -> str:
    """Read the file of a version that was taken; the state it comes to. Harmless when repeated."""
    with actions.being_read(version_id) as mine:
        return _read(version_id) if mine else "being read"


def _read(version_id: int) -> str:
    rows = LayerVersion.objects.select_related("layer__incident", "layer__published")
    version = rows.filter(id=version_id).first()
    if version is None or version.state != "reading":
        return "read meanwhile"
    by = _sender(version)
    with ExitStack() as open_files:
        try:
            path = open_files.enter_context(files.local(version.raw_sha256))
        except FileNotFoundError:
            return _refuse(version, Refused("file_gone"), "", by)
        try:
            return _fill(version, path, by)
        except Refused as refused:
            return _refuse(version, refused, kinds.NAMES.get(_kind(path), ""), by)


def _sender(version: LayerVersion) -> Caller:
    """Whose file it is; that they may publish was made sure of when it was taken."""
    roles = ((version.layer.publisher_id, "publisher"),)
    return Caller(str(version.asked.get("by", "")), version.uploaded_by, roles)


def _kind(path: Path) -> str:
    with path.open("rb") as stream:
        return kinds.kind_of(stream.read(kinds.HEAD_BYTES))


def _fill(version: LayerVersion, path: Path, by: Caller) -> str:
    """Raises Refused; OSError if no process started."""
    context = _context(version)
    with progress.shown(version.id) as shown:
        try:
            done = actions.version_fill(
                version=version,
                read=lambda write: _stream(version.layer, path, context, write, shown),
                by=by,
                publish=bool(version.asked.get("publish")),
            )
        except (DataError, JSONDecodeError) as error:
            # what the child called JSON is none
            raise Refused("reader_died") from error
    return done.state


def _context(version: LayerVersion) -> dict[str, Any]:
    layer, asked = version.layer, version.asked
    crs = datums.parse(asked["crs"]) if asked.get("crs") else None
    return {"kind": layer.kind, "zone": str(zone_of(layer)), "crs": crs,
            "coverage": layer.coverage, "more": mappings.for_reader(layer, asked)}  # fmt: skip


def _stream(
    layer: Layer, path: Path, context: dict[str, Any], write: Write, shown: Progress
) -> Reading:
    """Child, gazetteer and checks in one stream of batches; what is ready is written at once."""
    told, reading = Told(), Reading(layer)
    placer = placing.Placer(layer.coverage, reading.findings)
    with path.open("rb") as source:
        batches = _heard(sandbox.stream(source, context, told), told, reading.findings)
        for batch in placer.placed(batches):
            write(reading.take(batch))
            shown.say("checking", reading.count, told.total)
    write(reading.rest())
    reading.findings.join(told.findings, told.counts)
    as_of = _moment(told.source_as_of, layer) if told.source_as_of else None
    reading.described = Described(
        told.format, told.encoding, told.crs, told.rows, told.header, as_of, told.held, told.columns
    )
    shown.say("storing", reading.count, reading.count)
    return reading


def _heard(stream: Iterable[Batch], told: Told, heard: Findings) -> Iterator[Batch]:
    """What the child has told of the rows is known before they are looked at."""
    for batch in stream:
        for row, codes in told.passed.items():
            heard.note(row, codes)
        for row, code in told.repaired:
            heard.add(row, "", "repaired", code)
        told.passed.clear()
        told.repaired.clear()
        yield batch


def _refuse(version: LayerVersion, refused: Refused, name: str, by: Caller) -> str:
    found = Findings()
    found.add(None, "", "refused", refused.code, **refused.given)
    done = actions.version_refuse(version=version, finding=found.items[0], format=name, by=by)
    return done.state


def _moment(text: str, layer: Layer) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=zone_of(layer))
