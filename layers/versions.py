"""Versions, told: what became of each file, what waits, what a version would change."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from gspace.access import Caller
from gspace.problems import Problem
from layers import diff, findings, holds, sight
from layers.models import Layer, LayerVersion

SHOWN = ("number", "state", "reason", "filename", "format", "encoding", "crs", "rows",
         "feature_count", "without_place", "extent", "raw_sha256", "raw_size", "source_as_of",
         "received_at", "published_at", "checked_at")  # fmt: skip
OWN = ("uploaded_by", "progress", "diff")
LISTED = 100


def listed(layer: Layer, caller: Caller, filters: dict[str, Any]) -> dict[str, Any]:
    """{items: [newest first, as `told` without findings and columns], cursor}; to others than the
    publisher the public one only. filters: limit, cursor. Raises Problem invalid."""
    own = sight.is_own(caller, layer.publisher_id)
    found = layer.versions.defer("findings", "columns").order_by("-number")
    if not own:
        found = found.filter(id=layer.published_id)
    if cursor := filters.get("cursor"):
        found = found.filter(number__lt=_whole(cursor, "cursor"))
    limit = min(_whole(filters.get("limit") or LISTED, "limit"), LISTED)
    page = list(found[:limit])
    items = [summary(version, own=own) for version in page]
    return {"items": items, "cursor": str(page[-1].number) if len(page) == limit else None}


def summary(version: LayerVersion, *, own: bool) -> dict[str, Any]:
    """Who sent it, how far it is and why it waits are the publisher's own business."""
    found = {name: getattr(version, name) for name in SHOWN}
    found["features"] = found.pop("feature_count")
    if own:
        found |= {name: getattr(version, name) for name in OWN}
        found["holds"] = holds.spoken(version.holds, gettext)
        found["has_file"] = bool(version.raw_sha256) and version.raw_size is not None
        if version.state == "quarantined" and found["holds"]:
            found["reason"] = found["holds"][0]["message"]
    return found


def told(version: LayerVersion, *, own: bool) -> dict[str, Any]:
    """DESIGN 4.3, in the reader's language; findings, columns and what was asked to own people."""
    found = summary(version, own=own)
    if own:
        spoken = [findings.spoken(one, gettext) for one in version.findings]
        found |= {"findings": spoken, "columns": version.columns, "asked": _asked(version)}
        # a refusal's reason is one of the findings about the whole file
        said = {f["message"]: s["message"] for f, s in zip(version.findings, spoken, strict=True)}
        found["reason"] = said.get(found["reason"], found["reason"])
    return found


def _asked(version: LayerVersion) -> dict[str, Any]:
    return {name: value for name, value in version.asked.items() if name != "by"}


def changes(layer: Layer, version: LayerVersion, filters: dict[str, Any]) -> dict[str, Any]:
    """As diff.detail, plus `against`: its number. filters: limit; against: another version than
    the one that was public before this. Raises Problem: invalid, version_unknown."""
    limit = min(_whole(filters.get("limit") or LISTED, "limit"), settings.LIMIT_LIST)
    before = _against(layer, version, filters.get("against"))
    return diff.detail(before, version, limit)


def _against(layer: Layer, version: LayerVersion, asked: Any) -> LayerVersion | None:
    if asked not in (None, ""):
        found = layer.versions.filter(number=_whole(asked, "against")).first()
        if found is None:
            raise Problem("version_unknown", field="against")
        return found
    if version.published_at is None:
        return layer.published
    earlier = layer.versions.filter(number__lt=version.number, published_at__isnull=False)
    number = (version.diff or {}).get("against")
    return earlier.filter(number=number).first() or earlier.order_by("-number").first()


def _whole(value: Any, name: str) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise Problem("invalid", f"{name} is a whole number from 1.", field=name)
    return int(text[:9])
