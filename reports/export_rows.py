"""The reports of an export: read in pieces, and what stands in the columns of its tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from django.db import connection

from gspace import vocabulary
from reports.features import feature_sql
from reports.filters import where
from reports.outgoing import Export
from reports.queries import JOINS

ROWS_AT_ONCE = 500
Feature = dict[str, Any]


@dataclass(frozen=True)
class View:
    """The reports that an export holds: those of its filters that had come in when it began."""

    export: Export

    @cached_property
    def condition(self) -> tuple[str, list[Any]]:
        asked = self.export.filters | {"viewer": self.export.by_key}
        clause, params, _ = where(self.export.incident, "hq", asked)
        return f"{clause} AND r.received_at <= %s", [*params, self.export.as_of]

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.export.incident.time_zone)

    def total(self) -> int:
        clause, params = self.condition
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM reports_report r WHERE {clause}", params)
            return int(cursor.fetchone()[0])

    def features(self) -> Iterator[Feature]:
        """As headquarters sees them, the oldest first; ROWS_AT_ONCE in one statement."""
        clause, params = self.condition
        sql = f"""
SELECT r.received_at, r.id, {feature_sql("hq")} FROM reports_report r {JOINS}
 WHERE {clause} AND (r.received_at, r.id) > (%s, %s::uuid)
 ORDER BY r.received_at, r.id LIMIT %s"""
        at, ident = datetime.min, "00000000-0000-0000-0000-000000000000"
        while True:
            with connection.cursor() as cursor:
                cursor.execute(sql, [*params, at, ident, ROWS_AT_ONCE])
                rows = cursor.fetchall()
            for _, _, text in rows:
                yield json.loads(text)
            if len(rows) < ROWS_AT_ONCE:
                return
            at, ident = rows[-1][0], str(rows[-1][1])


@dataclass(frozen=True)
class Speaker:
    """Codes and times as the person who asked reads them."""

    language: str
    zone: tzinfo

    def word(self, kind: str, code: str | None, parent: str = "") -> str | None:
        try:
            return vocabulary.label(kind, code, self.language, parent) if code else None
        except KeyError:
            return code

    def moment(self, value: str | None) -> datetime | None:
        return datetime.fromisoformat(value).astimezone(self.zone) if value else None


Cell = Callable[[Feature, Speaker], Any]


def _own(name: str) -> Cell:
    return lambda feature, speaker: feature["properties"].get(name)


def _moment(name: str) -> Cell:
    return lambda feature, speaker: speaker.moment(feature["properties"].get(name))


def _word(kind: str) -> Cell:
    return lambda feature, speaker: speaker.word(kind, feature["properties"].get(kind))


def _detail(feature: Feature, speaker: Speaker) -> str | None:
    told = feature["properties"]
    return speaker.word("detail", told.get("detail"), told["category"])


def _point(axis: int) -> Cell:
    def cell(feature: Feature, speaker: Speaker) -> float | None:
        if not (geometry := feature["geometry"]):
            return None
        if geometry["type"] == "Point":
            return float(geometry["coordinates"][axis])
        inside = shapely.point_on_surface(shapely.geometry.shape(geometry))
        return round(float((inside.x, inside.y)[axis]), 7)

    return cell


def _shape(feature: Feature, speaker: Speaker) -> str | None:
    geometry = feature["geometry"]
    if not geometry or geometry["type"] == "Point":
        return None
    return str(shapely.to_wkt(shapely.geometry.shape(geometry), rounding_precision=7))


def _photo_count(feature: Feature, speaker: Speaker) -> int:
    return len(feature["properties"]["photos"])


# name, kind in a GeoPackage, where it comes from
COLUMNS: tuple[tuple[str, str, Cell], ...] = (
    ("receipt", "TEXT", _own("receipt")),
    ("id", "TEXT", lambda feature, speaker: feature["id"]),
    ("category", "TEXT", _own("category")),
    ("category_words", "TEXT", _word("category")),
    ("detail", "TEXT", _own("detail")),
    ("detail_words", "TEXT", _detail),
    ("severity", "TEXT", _own("severity")),
    ("severity_words", "TEXT", _word("severity")),
    ("status", "TEXT", _own("status")),
    ("status_words", "TEXT", _word("status")),
    ("captured_at", "DATETIME", _moment("captured_at")),
    ("received_at", "DATETIME", _moment("received_at")),
    ("place", "TEXT", _own("place")),
    ("municipality", "TEXT", _own("municipality")),
    ("municipality_name", "TEXT", _own("municipality_name")),
    ("longitude", "REAL", _point(0)),
    ("latitude", "REAL", _point(1)),
    ("accuracy_m", "REAL", _own("accuracy_m")),
    ("needs_place", "BOOLEAN", _own("needs_place")),
    ("geometry_note", "TEXT", _own("geometry_note")),
    ("floor", "TEXT", _own("floor")),
    ("comment", "TEXT", _own("comment")),
    ("comment_hq", "TEXT", _own("comment_hq")),
    ("assigned_to", "TEXT", _own("assigned_to")),
    ("due_at", "DATETIME", _moment("due_at")),
    ("accepted_at", "DATETIME", _moment("accepted_at")),
    ("accepted_by", "TEXT", _own("accepted_by")),
    ("reason", "TEXT", _own("reason")),
    ("merged_into", "TEXT", _own("merged_into")),
    ("release", "TEXT", _own("release")),
    ("public_text", "TEXT", _own("public_text")),
    ("channel", "TEXT", _own("channel")),
    ("channel_words", "TEXT", _word("channel")),
    ("told_by", "TEXT", _own("told_by")),
    ("reporter", "TEXT", _own("reporter")),
    ("organisation", "TEXT", _own("organisation")),
    ("photos", "INTEGER", _photo_count),
    ("incident", "TEXT", _own("incident")),
)
# a table program has no geometries; only what is no point needs one
SHAPE: tuple[str, str, Cell] = ("geometry", "TEXT", _shape)
