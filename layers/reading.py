"""The features of a file, checked and named, ready to be stored; before any transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from layers import identity
from layers.findings import Findings, fold
from layers.models import Layer
from layers.queries import known_features
from layers.rows import Checker, Row
from layers.sandbox import Told


@dataclass(frozen=True)
class Reading:
    """rows: (feature id, row) in the order of the file; extent: [w, s, e, n] degrees or None."""

    rows: list[tuple[str, Row]]
    findings: list[dict[str, Any]]
    extent: list[float] | None


def read_rows(
    layer: Layer,
    features: list[dict[str, Any]],
    repaired: list[tuple[int, str]],
    told: Told | None = None,
) -> Reading:
    """Check GeoJSON features for a layer and give each its id (layers.identity).

    repaired: (row counted from 1, code) of what the reader already had to replace. told: for a
    table, the row that each feature comes from and what was found in it.
    """
    findings = Findings(list(told.findings) if told else [])
    for number, code in repaired:
        findings.add(number, "", "repaired", code)
    checker = Checker(layer.kind, zone_of(layer), findings)
    numbers = told.numbers if told else range(1, len(features) + 1)
    keys = identity.keys([feature.get("id") for feature in features])
    register = identity.Register([identity.Known(*row) for row in known_features(layer)])
    register.reserve(keys)
    rows = []
    for number, feature, key in zip(numbers, features, keys, strict=True):
        row = checker.row(number, feature)
        ident = register.give(key, row.values["name"], row.values["address"], row.at)
        if key is not None and ident != key:
            checker.tell("id", "doubted", "id_repeated", value=key)
        elif key is None and feature.get("id") is not None:
            checker.tell("id", "doubted", "id_not_a_key")
        rows.append((ident, row))
    findings.items = fold(findings.items, len(rows), told.header if told else 0)
    return Reading(rows, findings.all(), _extent([row for _, row in rows]))


def zone_of(layer: Layer) -> tzinfo:
    return ZoneInfo(layer.incident.time_zone if layer.incident else settings.TIME_ZONE)


def _extent(rows: list[Row]) -> list[float] | None:
    boxes = [row.box for row in rows if row.box is not None]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return [min(west), min(south), max(east), max(north)]
