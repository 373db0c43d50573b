"""A publisher's file -> the layer's next version: taken at once, read by a worker.

`take` keeps the bytes and numbers the version; `read` runs in the worker (layers.tasks) and brings
it to ready, published, quarantined, or refused with the reason.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from gspace.access import Caller
from gspace.problems import Problem
from layers import actions, datums, files, findings, mappings, placing, sandbox
from layers.models import Layer, LayerVersion
from layers.readers import kinds
from layers.reading import read_rows, zone_of
from layers.sandbox import Refused, Told


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
        raise Problem("invalid", "A code such as EPSG:6670.", field="crs")
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
    rows = LayerVersion.objects.select_related("layer__incident")
    version = rows.filter(id=version_id).first()
    if version is None or version.state != "reading":
        return "read meanwhile"
    by = _sender(version)
    kind = ""
    try:
        with files.local(version.raw_sha256) as path:
            kind = _kind(path)
            told = _told(version, path)
    except FileNotFoundError:
        return _refuse(version, Refused("file_gone"), "", by)
    except Refused as refused:
        return _refuse(version, refused, kinds.NAMES.get(kind, ""), by)
    return _store(version, told, by)


def _sender(version: LayerVersion) -> Caller:
    """Whose file it is; that they may publish was made sure of when it was taken."""
    roles = ((version.layer.publisher_id, "publisher"),)
    return Caller(str(version.asked.get("by", "")), version.uploaded_by, roles)


def _kind(path: Path) -> str:
    with path.open("rb") as stream:
        return kinds.kind_of(stream.read(kinds.HEAD_BYTES))


def _told(version: LayerVersion, path: Path) -> Told:
    """What the file holds. Raises Refused; OSError if no process started."""
    layer, asked = version.layer, version.asked
    crs = datums.parse(asked["crs"]) if asked.get("crs") else None
    context = {"kind": layer.kind, "zone": str(zone_of(layer)), "crs": crs,
               "coverage": layer.coverage,
               "more": mappings.for_reader(layer, asked)}  # fmt: skip
    told = sandbox.read(path.read_bytes(), context)
    placing.place_rows(told, layer.coverage)
    return told


def _store(version: LayerVersion, told: Told, by: Caller) -> str:
    reading = read_rows(version.layer, told.features, told.repaired, told)
    as_of = _moment(told.source_as_of, version.layer) if told.source_as_of else None
    done = actions.version_fill(
        version=version,
        reading=reading,
        by=by,
        publish=version.asked.get("publish", False),
        format=told.format,
        encoding=told.encoding,
        crs=told.crs,
        rows=told.rows,
        source_as_of=as_of,
        held=told.held,
        columns=told.columns,
    )
    return done.state


def _refuse(version: LayerVersion, refused: Refused, name: str, by: Caller) -> str:
    found = findings.Findings()
    found.add(None, "", "refused", refused.code, **refused.given)
    done = actions.version_refuse(version=version, finding=found.items[0], format=name, by=by)
    return done.state


def _moment(text: str, layer: Layer) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=zone_of(layer))
