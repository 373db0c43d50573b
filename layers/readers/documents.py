"""JSON of every shape: GeoJSON, one Feature a line, Esri JSON, lists of places. No GDAL: a
.geojson may be anything but (T1). Pure: imports no Django.
"""

from __future__ import annotations

import json
from typing import Any

from layers import datums, encodings
from layers.findings import Findings
from layers.readers import listings, records, rings, shapes
from layers.readers.outcome import Context, Read, Record, Records
from layers.tables import Unreadable

NO_FEATURE = "A feature is an object with type, geometry and properties."


def read(raw: bytes, context: Context) -> Read:
    """Raises Unreadable, encodings.Undecodable."""
    findings = Findings()
    encoding, text = _decoded(raw, findings)
    document = _parsed(text)
    found = _records(document, findings, context)
    found.encoding = encoding
    return records.read(found, context, findings)


def _decoded(raw: bytes, findings: Findings) -> tuple[str, str]:
    encoding = json.detect_encoding(raw)
    try:
        return encoding, raw.decode(encoding)
    except UnicodeDecodeError:
        found = encodings.read(raw, findings)
        return found.encoding, found.text


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise Unreadable("not_json", why="it is nested too deeply") from None
    except ValueError as error:
        if (found := _lines(text)) is not None:
            return {"type": "FeatureCollection", "features": found}
        raise Unreadable("not_json", why=str(error)[:100]) from None


def _lines(text: str) -> list[Any] | None:
    """GeoJSON text sequences (RFC 8142, or a Feature a line); None for anything else."""
    found = []
    # a letter that some take for the end of a line (U+2028) may stand in a text
    for line in text.split("\n"):
        bare = line.strip("\x1e \t\r")
        if not bare:
            continue
        try:
            one = json.loads(bare)
        except (ValueError, RecursionError):
            return None
        if not isinstance(one, dict) or one.get("type") != "Feature":
            return None
        found.append(one)
    return found or None


def _records(document: Any, findings: Findings, context: Context) -> Records:
    if not isinstance(document, dict):
        return listings.read(document, findings, context)
    kind = document.get("type")
    if kind == "FeatureCollection":
        return _features(document, document.get("features"), findings, context)
    if kind == "Feature":
        return _features(document, [document], findings, context)
    if isinstance(kind, str) and (kind in shapes.NESTING or kind == "GeometryCollection"):
        features = [{"type": "Feature", "geometry": document}]
        return _features(document, features, findings, context)
    if kind == "Topology":
        raise Unreadable("json_other", what="TopoJSON")
    if isinstance(document.get("features"), list) and _is_esri(document["features"]):
        return _esri(document, context)
    if "geometry" in document or isinstance(document.get("features"), list):
        raise Unreadable("not_geojson", why='The member "type" is missing or wrong.')
    return listings.read(document, findings, context)


def _features(
    document: dict[str, Any], features: Any, findings: Findings, context: Context
) -> Records:
    if not isinstance(features, list):
        raise Unreadable("not_geojson", why='The member "features" is not a list.')
    if len(features) > records.LIMIT_FEATURES:
        raise Unreadable("too_many_features", limit=f"{records.LIMIT_FEATURES:,}")
    items = [_record(row, one, findings) for row, one in enumerate(features, start=1)]
    return Records(items, "GeoJSON", crs=_crs(document.get("crs"), context))


def _record(row: int, feature: Any, findings: Findings) -> Record:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return Record(row, None, {}, wanting=NO_FEATURE)
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        if properties is not None:
            findings.add(row, "properties", "doubted", "properties_unreadable")
        properties = {}
    return Record(row, feature.get("geometry"), properties, feature.get("id"))


def _crs(member: Any, context: Context) -> int | None:
    """The old `crs` member. None where there is none, WGS 84 then, and where a person has said
    better. Raises Unreadable."""
    if member is None or context.crs:
        return None
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str) and (code := datums.parse(name)):
        return code
    raise Unreadable("crs_not_read", name=str(name or properties or member)[:60])


# --- Esri JSON -------------------------------------------------------------------------------
def _is_esri(features: list[Any]) -> bool:
    return bool(features) and all(isinstance(f, dict) and "attributes" in f for f in features)


def _esri(document: dict[str, Any], context: Context) -> Records:
    items = []
    for row, feature in enumerate(document["features"], start=1):
        given = feature["attributes"]
        geometry = _esri_geometry(feature.get("geometry"))
        items.append(Record(row, geometry, given if isinstance(given, dict) else {}))
    crs = _esri_crs(document.get("spatialReference"), context)
    return Records(items, "Esri JSON", crs=crs)


def _esri_crs(member: Any, context: Context) -> int | None:
    if not isinstance(member, dict) or context.crs:
        return None
    for name in ("latestWkid", "wkid"):
        code = member.get(name)
        if isinstance(code, int) and (known := datums.listed(code)):
            return known
    raise Unreadable("crs_not_read", name=str(member)[:60])


def _esri_geometry(given: Any) -> dict[str, Any] | None:
    if not isinstance(given, dict):
        return None
    if "x" in given:
        return {"type": "Point", "coordinates": [given.get("x"), given.get("y")]}
    if "points" in given:
        return {"type": "MultiPoint", "coordinates": given["points"]}
    if "paths" in given:
        return {"type": "MultiLineString", "coordinates": given["paths"]}
    if "rings" in given:
        try:
            return rings.areas(given["rings"])
        except (TypeError, ValueError, IndexError):
            return {"type": "Polygon", "coordinates": None}
    return None
