"""What the pages of a layer's versions read: what a file became, and what it would change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from layers import findings, holds, versions
from layers.findings import LEVELS
from layers.models import Layer, LayerVersion

PLACELESS_SHOWN = 100
CHANGES_SHOWN = 50
VERSIONS_SHOWN = 50


@dataclass(frozen=True)
class Found:
    """The findings of a version in the reader's language; counts: level -> how many."""

    rows: list[dict[str, Any]]
    counts: dict[str, int]
    reason: str


def found(version: LayerVersion) -> Found:
    rows = [findings.spoken(one, gettext) for one in version.findings]
    counted = Counter(one["level"] for one in rows)
    # the reason is one of the sentences about the whole file: in the reader's language, too
    pairs = zip(version.findings, rows, strict=True)
    said = {known["message"]: shown["message"] for known, shown in pairs}
    reason = said.get(version.reason, version.reason)
    return Found(rows, {level: counted[level] for level in LEVELS}, reason)


def questions(version: LayerVersion) -> list[dict[str, Any]]:
    """Why a person has to say yes first: [{code, message}] in the reader's language."""
    if version.state != "quarantined":
        return []
    spoken = holds.spoken(version.holds, gettext)
    return spoken or [{"code": "", "message": version.reason}]


def placeless(version: LayerVersion) -> list[dict[str, Any]]:
    """Features that are in the list and on no map, in the order of the file."""
    rows = version.features.filter(geometry=None).order_by("row", "feature_id")
    return list(rows.values("feature_id", "row", "name", "address")[:PLACELESS_SHOWN])


def rough(version: LayerVersion) -> int:
    """How many stand where their address says, at town precision."""
    return version.features.filter(estimated=True).count()


def changes(layer: Layer, version: LayerVersion) -> dict[str, Any] | None:
    """`layers.diff.detail` against what is public, or was before it; None where nothing was."""
    if version.published_at is None and layer.published is None:
        return None
    found = versions.changes(layer, version, {"limit": CHANGES_SHOWN})
    return found if found["counts"]["against"] is not None else None


def history(layer: Layer, page: int) -> tuple[list[LayerVersion], bool]:
    """(versions, newest first; whether there are older ones)."""
    skip = (page - 1) * VERSIONS_SHOWN
    rows = layer.versions.order_by("-number").defer("findings", "columns")
    listed = list(rows[skip : skip + VERSIONS_SHOWN + 1])
    return listed[:VERSIONS_SHOWN], len(listed) > VERSIONS_SHOWN
