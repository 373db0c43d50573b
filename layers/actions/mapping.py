"""What a publisher's people chose for their columns is remembered for their next file of a kind.

Called inside the action that publishes: only what a person has let out counts as right.
"""

from __future__ import annotations

from datetime import datetime

from layers.models import ColumnMapping, Layer, LayerVersion


def mapping_remember(layer: Layer, version: LayerVersion, now: datetime) -> None:
    """Columns as they were asked for, and the zone of the metres where a person named or let out
    one. Other columns that were chosen before stay remembered."""
    chosen = version.asked.get("columns") or {}
    crs = _crs(version)
    if not chosen and not crs:
        return
    of = {"publisher_id": layer.publisher_id, "kind": layer.kind}
    known = ColumnMapping.objects.select_for_update(no_key=True).filter(**of).first()
    columns = (known.columns if known else {}) | chosen
    said = {"columns": columns, "by_name": version.uploaded_by, "at": now}
    said |= {"crs": crs} if crs else {}
    ColumnMapping.objects.update_or_create(**of, defaults=said)


def _crs(version: LayerVersion) -> str:
    """Named with the file, or proposed by us and published by a person who looked."""
    confirmed = any(hold["code"] == "crs_to_confirm" for hold in version.holds)
    return str(version.asked.get("crs") or (version.crs if confirmed else ""))
