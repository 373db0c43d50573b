"""The features of a file, checked and named, ready to be stored; before any transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from layers import identity
from layers.models import Layer
from layers.queries import known_features
from layers.rows import Checker, Findings, Row


@dataclass(frozen=True)
class Reading:
    """rows: (feature id, row) in the order of the file; extent: [w, s, e, n] degrees or None."""

    rows: list[tuple[str, Row]]
    findings: list[dict[str, Any]]
    extent: list[float] | None


def read_rows(
    layer: Layer, features: list[dict[str, Any]], repaired: list[tuple[int, str]]
) -> Reading:
    """Check GeoJSON features for a layer and give each its id (layers.identity).

    repaired: (row counted from 1, code) of what the reader already had to replace.
    """
    findings = Findings()
    for number, code in repaired:
        findings.add(number, "", "repaired", code, "what PostgreSQL cannot hold was replaced")
    checker = Checker(layer.kind, _zone(layer), findings)
    keys = identity.keys([feature.get("id") for feature in features])
    register = identity.Register([identity.Known(*row) for row in known_features(layer)])
    register.reserve(keys)
    rows = []
    for number, (feature, key) in enumerate(zip(features, keys, strict=True), start=1):
        row = checker.row(number, feature)
        ident = register.give(key, row.values["name"], row.values["address"], row.at)
        if key is not None and ident != key:
            checker.doubt("id", "id_repeated", f"{key!r} is used twice; this one got a new id")
        elif key is None and feature.get("id") is not None:
            checker.doubt("id", "id_not_a_key", "a row number or unusable; not used as an id")
        rows.append((ident, row))
    return Reading(rows, findings.all(), _extent([row for _, row in rows]))


def _zone(layer: Layer) -> tzinfo:
    return ZoneInfo(layer.incident.time_zone if layer.incident else settings.TIME_ZONE)


def _extent(rows: list[Row]) -> list[float] | None:
    boxes = [row.box for row in rows if row.box is not None]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return [min(west), min(south), max(east), max(north)]
