"""What a publisher's people chose for their columns, read for the next file of the kind."""

from __future__ import annotations

from typing import Any

from gspace.problems import Problem
from layers import datums, headings
from layers.models import ColumnMapping, Layer

LIMIT_COLUMNS = 1000


def remembered(layer: Layer) -> dict[str, Any]:
    """{columns: {column name: field or None}, crs: "EPSG:6670" or ""} of publisher and kind."""
    found = ColumnMapping.objects.filter(publisher_id=layer.publisher_id, kind=layer.kind).first()
    if found is None:
        return {"columns": {}, "crs": ""}
    return {"columns": dict(found.columns), "crs": found.crs}


def for_reader(layer: Layer, asked: dict[str, Any]) -> dict[str, Any]:
    """What layers.columns.examine takes of people: for this file (`asked` as LayerVersion.asked
    has it) and from earlier ones."""
    known = remembered(layer)
    found = {"chosen": asked.get("columns") or {}, "remembered": known["columns"]}
    found |= {"header": asked["header"]} if asked.get("header") is not None else {}
    crs = datums.parse(known["crs"]) if known["crs"] else None
    return found | ({"remembered_crs": crs} if crs else {})


def checked(columns: dict[str, str | None]) -> dict[str, str | None]:
    """Raises Problem invalid, naming `columns`, for a field that there is not."""
    if len(columns) > LIMIT_COLUMNS:
        raise Problem("invalid", f"At most {LIMIT_COLUMNS:,} columns.", field="columns")
    for name, field in columns.items():
        if field is not None and field not in headings.FIELDS:
            words = f"{name[:60]}: there is no field {field[:60]!r}."
            raise Problem("invalid", words, field="columns")
    return columns
