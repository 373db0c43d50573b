"""A publisher's file as bytes -> the layer's next version, by whatever reader it needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gspace.access import Caller
from gspace.problems import Problem
from layers import actions, datums, findings, placing, sandbox
from layers.models import Layer, LayerVersion
from layers.readers import geojson
from layers.reading import zone_of

TODAY = "Formats that are read today: CSV, TSV, XLSX, GeoJSON (RFC 7946)."
# first bytes of what is neither text nor a zip; the name of a file says nothing
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHERS = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"SQLite format 3\x00", b"fgb",
          b"II*\x00", b"MM\x00*", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"RIFF", b"\x7fELF",
          b"{\\rtf")  # fmt: skip


def kind_of(raw: bytes) -> str:
    """GeoJSON, zip, text or old_excel, by content. Raises Problem invalid for anything else."""
    if raw.startswith(OLD_EXCEL):
        return "old_excel"
    if raw.startswith(b"PK\x03\x04"):
        return "zip"
    if geojson.looks_like(raw):
        return "GeoJSON"
    start = raw[:200].lstrip(b"\xef\xbb\xbf").lstrip()
    if not start or raw.startswith(OTHERS) or start.startswith((b"<", b"[")):
        raise Problem("invalid", TODAY, field="body")
    return "text"


def take(
    *,
    layer: Layer,
    raw: bytes,
    filename: str,
    publish: bool,
    source_as_of: datetime | None,
    crs: str,
    by: Caller,
) -> LayerVersion:
    """Read the file and load it; one that cannot be read is kept as refused, with the reason.

    crs: "EPSG:6670" and the like (layers.datums) where the sender names it, else "".
    Raises Problem: invalid (format, crs), busy, and what the actions raise.
    """
    filename = "".join(c if c.isprintable() else "\ufffd" for c in filename)
    given: dict[str, Any] = {"layer": layer, "filename": filename, "raw": raw, "by": by}
    kind = kind_of(raw)
    code = datums.parse(crs) if crs else None
    if crs and (code is None or kind == "GeoJSON"):
        raise Problem("invalid", "A code such as EPSG:6670, for CSV, TSV and XLSX.", field="crs")
    loaded = {"source_as_of": source_as_of, "publish": publish}
    if kind == "GeoJSON":
        return _geojson(given, loaded)
    return _table(kind, code, given, loaded)


def _geojson(given: dict[str, Any], loaded: dict[str, Any]) -> LayerVersion:
    given["format"] = "GeoJSON"
    try:
        read = geojson.read(given["raw"])
    except geojson.NotGeoJSON as error:
        return actions.version_refuse(reason=str(error), **given)
    return actions.version_load(
        features=read.features,
        encoding=read.encoding,
        crs=read.crs,
        repaired=read.repaired,
        **loaded,
        **given,
    )


def _table(
    kind: str, crs: int | None, given: dict[str, Any], loaded: dict[str, Any]
) -> LayerVersion:
    layer: Layer = given["layer"]
    try:
        if kind == "old_excel":
            raise sandbox.Refused("old_excel")
        context = {"how": kind, "kind": layer.kind, "zone": str(zone_of(layer)), "crs": crs,
                   "coverage": layer.coverage}  # fmt: skip
        told = sandbox.read(given["raw"], context)
    except sandbox.Refused as refused:
        return _refuse(refused, kind, given)
    except OSError:
        raise Problem("busy") from None
    placing.place_rows(told, layer.coverage)
    if told.source_as_of and not loaded["source_as_of"]:
        loaded["source_as_of"] = _moment(told.source_as_of, layer)
    return actions.version_load(
        features=told.features,
        format=told.format,
        encoding=told.encoding,
        crs=told.crs,
        repaired=told.repaired,
        told=told,
        **loaded,
        **given,
    )


def _refuse(refused: sandbox.Refused, kind: str, given: dict[str, Any]) -> LayerVersion:
    found = findings.Findings()
    found.add(None, "", "refused", refused.code, **refused.given)
    name = {"text": "CSV", "zip": "XLSX"}.get(kind, "XLS")
    reason = str(found.items[0]["message"])
    return actions.version_refuse(reason=reason, format=name, findings=found.items, **given)


def _moment(text: str, layer: Layer) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=zone_of(layer))
