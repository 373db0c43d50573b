"""The bytes of a version, given back, and read once more in another way."""

from __future__ import annotations

from typing import Any

from django.core.files import File

from gspace.access import Caller
from gspace.problems import Problem
from layers import actions, datums, files, mappings
from layers.models import Layer, LayerVersion
from layers.payload import ReadAgain


def bytes_of(version: LayerVersion) -> File:
    """The file as it came, open. Raises Problem file_unknown."""
    if not version.raw_sha256:
        raise Problem("file_unknown")
    try:
        return files.open_file(version.raw_sha256)
    except FileNotFoundError:
        raise Problem("file_unknown") from None


def again(layer: Layer, version: LayerVersion, body: ReadAgain, by: Caller) -> LayerVersion:
    """A new version of the same bytes, in state `reading`; what was asked before still counts
    where it is not asked anew. Raises Problem: file_unknown, invalid (columns, crs)."""
    if body.crs and datums.parse(body.crs) is None:
        raise Problem("invalid", "A code such as EPSG:6670.", field="crs")
    bytes_of(version).close()
    asked: dict[str, Any] = {
        "publish": body.publish,
        "crs": body.crs or version.asked.get("crs", ""),
    }
    columns = (version.asked.get("columns") or {}) | mappings.checked(body.columns)
    header = body.header if body.header is not None else version.asked.get("header")
    asked |= {"columns": columns} if columns else {}
    asked |= {"header": header} if header is not None else {}
    return actions.version_receive(
        layer=layer,
        kept=files.Kept(version.raw_sha256, version.raw_size or 0),
        filename=version.filename,
        asked=asked,
        source_as_of=version.source_as_of,
        by=by,
    )
