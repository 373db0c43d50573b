"""GeoJSON (RFC 7946) read in pure Python. No GDAL: a .geojson may be anything but (T1).

Hostile content is bounded before it reaches GEOS or PostgreSQL: nesting, text that PostgreSQL
cannot hold, numbers that JSON cannot say. Pure: imports no Django.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import Any

LIMIT_FEATURES = 500_000
# deeper properties overflow PostgreSQL's stack; geometries are counted by their type
LIMIT_DEPTH = 16
# all are longitude, latitude on WGS 84 or within a metre of it in Japan
SAME_AS_WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::6668", "EPSG:6668")


class NotGeoJSON(ValueError):
    """The sentence says what is wrong with the file as a whole."""


@dataclass
class Read:
    """features: GeoJSON feature dicts in the order of the file; repaired: (row, what) pairs."""

    features: list[dict[str, Any]]
    encoding: str
    crs: str = ""
    repaired: list[tuple[int, str]] = field(default_factory=list)


def looks_like(raw: bytes) -> bool:
    """Whether the bytes begin like a JSON object; the name of a file says nothing."""
    # UTF-16 has a NUL in every other byte, and a mark in front
    start = raw[:64].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\x00", b"").lstrip()
    return start.startswith(b"{")


def read(raw: bytes) -> Read:
    """All features of a FeatureCollection, or the one Feature. Raises NotGeoJSON."""
    encoding, text = _decoded(raw)
    document = _parsed(text)
    if not isinstance(document, dict):
        raise NotGeoJSON("A GeoJSON file is one JSON object.")
    features = _features(document)
    crs = _crs(document.get("crs"))
    found = Read([], encoding, crs)
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            feature = {"type": "Feature", "geometry": None, "properties": None}
        clean = Cleaner()
        found.features.append(clean.value(feature, 0))
        found.repaired += [(number, what) for what in sorted(clean.repaired)]
    return found


def _decoded(raw: bytes) -> tuple[str, str]:
    encoding = json.detect_encoding(raw)
    try:
        return encoding, raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotGeoJSON(f"Byte {error.start} is not {encoding}; GeoJSON is UTF-8.") from None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise NotGeoJSON("The file is nested too deeply.") from None
    except ValueError as error:
        raise NotGeoJSON(f"Not JSON: {error}.") from None


def _features(document: dict[str, Any]) -> list[Any]:
    kind = document.get("type")
    if kind == "Feature":
        return [document]
    if kind != "FeatureCollection":
        raise NotGeoJSON(f"A FeatureCollection is expected, not {str(kind)[:40]!r}.")
    features = document.get("features")
    if not isinstance(features, list):
        raise NotGeoJSON("The member `features` is not a list.")
    if len(features) > LIMIT_FEATURES:
        raise NotGeoJSON(f"{len(features):,} features; {LIMIT_FEATURES:,} are accepted.")
    return features


def _crs(member: Any) -> str:
    """The old `crs` member, as far as it means WGS 84; another one would move every place."""
    if member is None:
        return ""
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str) and name.upper().endswith(SAME_AS_WGS84):
        return name[:60]
    raise NotGeoJSON(f"Coordinates in {str(name)[:60]!r}: only WGS 84 longitude, latitude is read.")


class Cleaner:
    """A copy of a JSON value that PostgreSQL can hold; `repaired` says what was replaced."""

    def __init__(self) -> None:
        self.repaired: set[str] = set()

    def value(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, float) and not math.isfinite(value):
            self.repaired.add("number_not_finite")
            return None
        if isinstance(value, (dict, list)) and depth >= LIMIT_DEPTH:
            self.repaired.add("nested_too_deeply")
            return None
        if isinstance(value, dict):
            return {self.text(k): self.value(v, depth + 1) for k, v in value.items()}
        if isinstance(value, list):
            return [self.value(v, depth + 1) for v in value]
        return value

    def text(self, value: str) -> str:
        """NUL and half surrogate pairs become U+FFFD."""
        clean = value.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass")
        done = clean.decode("utf-16", "replace")
        if done != value:
            self.repaired.add("text_not_storable")
        return done
