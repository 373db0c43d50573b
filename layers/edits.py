"""Edits by hand, read: a feature as the row that an edit keeps, and the list of what was done."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection

from gspace.problems import Problem
from layers.models import FeatureEdit, Layer

ROW_FIELDS = (
    "name", "name_en", "address", "municipality_code", "properties", "state", "source_name",
    "source_url", "licence", "source_as_of", "estimated", "row", "by_hand",
)  # fmt: skip
# fifteen digits: what is taken back must lie where it lay
ROW_JSON = (
    "jsonb_build_object('geometry', ST_AsGeoJSON(geometry, 15)::jsonb, "
    + ", ".join(f"'{name}', {name}" for name in ROW_FIELDS)
    + ")"
)
Row = dict[str, Any]


def rows(version_id: int, feature_ids: Iterable[str]) -> dict[str, Row]:
    """feature id -> the feature as FeatureEdit keeps it: {geometry (GeoJSON or null), ...}."""
    sql = f"""SELECT feature_id, {ROW_JSON} FROM layers_feature
 WHERE version_id = %s AND feature_id = ANY(%s)"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [version_id, list(feature_ids)])
        return {ident: json.loads(text) for ident, text in cursor.fetchall()}


def standing(layer: Layer, feature_id: str) -> str:
    """How a place stands: what is public, and the last edit by hand. Only to be compared."""
    last = layer.edits.filter(feature_id=feature_id).order_by("-id").values_list("id", flat=True)
    return f"{layer.published_id or ''}-{last.first() or ''}"


def differing(one: Row, other: Row) -> list[str]:
    """Names of the fields that differ; attributes one by one, as attributes.<name>."""
    a, b = flat(one), flat(other)
    return sorted(name for name in {*a, *b} if a.get(name) != b.get(name))


def flat(row: Row) -> Row:
    """field -> value of what a hand can change; attributes one by one."""
    plain = {k: v for k, v in row.items() if k not in ("properties", "row", "by_hand")}
    return plain | {f"attributes.{k}": v for k, v in row["properties"].items()}


def merged_attributes(known: Row, said: Row) -> Row:
    """Attributes with those of `said` written over them; null removes one."""
    return {k: v for k, v in (known | said).items() if v is not None or k not in said}


def listed(layer: Layer, filters: dict[str, Any]) -> dict[str, Any]:
    """{items: [newest first: {id, feature, name, what, fields, before, after, undoes, undone_by,
    version, by, at}], cursor}.

    what: added, changed, withdrawn, restored (put back by an undo). filters: feature, limit,
    cursor. For the publisher's own eyes. Raises Problem invalid.
    """
    found = layer.edits.order_by("-id").prefetch_related("undone_by").select_related("version")
    if filters.get("feature"):
        found = found.filter(feature_id=filters["feature"])
    if cursor := filters.get("cursor"):
        found = found.filter(id__lt=_whole(cursor, "cursor", "Take the cursor of the last answer."))
    limit = _limit(filters.get("limit"))
    page = list(found[:limit])
    items = [_item(edit) for edit in page]
    return {"items": items, "cursor": str(page[-1].id) if len(page) == limit else None}


def _item(edit: FeatureEdit) -> dict[str, Any]:
    before, after = edit.before, edit.after
    return {
        "id": edit.id,
        "feature": edit.feature_id,
        "name": (after or before or {}).get("name", ""),
        "what": what(edit),
        "fields": differing(before, after) if before and after else [],
        "before": before,
        "after": after,
        "undoes": edit.undoes_id,
        "undone_by": next((undo.id for undo in edit.undone_by.all()), None),
        "version": edit.version.number,
        "at": edit.at,
        "by": edit.by_name,
    }


def what(edit: FeatureEdit) -> str:
    if edit.after is None:
        return "withdrawn"
    if edit.before is None:
        return "restored" if edit.undoes_id else "added"
    return "changed"


def _limit(value: Any) -> int:
    if value in (None, ""):
        return int(settings.LIMIT_LIST)
    number = _whole(value, "limit", "limit is a whole number from 1.")
    if number < 1:
        raise Problem("invalid", "limit is a whole number from 1.", field="limit")
    return min(number, settings.LIMIT_LIST)


def _whole(value: Any, name: str, words: str) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Problem("invalid", words, field=name)
    return int(text)
