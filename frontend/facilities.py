"""What `/hq/<incident>/facilities/` lists: the places that people visit, shelters first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from gspace import vocabulary
from gspace.models import Incident
from layers import sight
from layers.features import FROM_FEATURES
from layers.sight import VISIBLE

SQL = f"""
SELECT l.slug AS layer, f.feature_id AS id, l.kind, f.name, f.name_en, f.address,
       l.title AS layer_title, count(*) OVER () AS total
  {FROM_FEATURES}
 WHERE (l.incident_id IS NULL OR l.incident_id = %(incident)s) AND {VISIBLE}
   AND l.kind = ANY(%(kinds)s) AND {{condition}}
 ORDER BY array_position(%(kinds)s, l.kind::text), l.slug, f.name, f.feature_id
 LIMIT %(limit)s OFFSET %(skip)s"""
NAMED = "(f.name ILIKE %(like)s OR f.name_en ILIKE %(like)s OR f.address ILIKE %(like)s)"
CHOSEN = """(l.slug, f.feature_id) IN
   (SELECT * FROM unnest(%(slugs)s::text[], %(ids)s::text[]))"""


@dataclass(frozen=True)
class Listed:
    """One page of facilities. total: how many match on all pages."""

    rows: list[dict[str, Any]]
    total: int
    page: int

    @property
    def more(self) -> bool:
        return self.page * settings.LIMIT_FACILITY_SHEETS < self.total


def listed(incident: Incident, kind: str = "", text: str = "", page: int = 1) -> Listed:
    """Facilities as headquarters sees them; text: part of a name or an address."""
    kinds = [kind] if kind else list(vocabulary.VISITED)
    like = "%" + text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
    skip = (page - 1) * settings.LIMIT_FACILITY_SHEETS
    rows = _rows(incident, NAMED if text else "true", kinds=kinds, like=like, skip=skip)
    return Listed(rows, rows[0]["total"] if rows else 0, page)


def chosen(incident: Incident, keys: Sequence[str]) -> list[dict[str, Any]]:
    """Those of "<layer>/<feature id>" keys that there are, at most LIMIT_FACILITY_SHEETS."""
    split = [key.replace("\x00", "").partition("/") for key in keys]
    names = {"slugs": [slug for slug, _, _ in split], "ids": [ident for _, _, ident in split]}
    return _rows(incident, CHOSEN, kinds=list(vocabulary.VISITED), skip=0, **names)


def _rows(incident: Incident, condition: str, **params: Any) -> list[dict[str, Any]]:
    params |= {"incident": incident.id, "limit": settings.LIMIT_FACILITY_SHEETS}
    params |= sight.as_audience(incident.id, "hq").params()
    with connection.cursor() as cursor:
        cursor.execute(SQL.format(condition=condition), params)
        names = [column[0] for column in cursor.description or ()]
        return [_row(dict(zip(names, values, strict=True))) for values in cursor.fetchall()]


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """key names it in the form, path is what its QR code opens on the phone."""
    row["key"] = f"{row['layer']}/{row['id']}"
    row["path"] = f"/m/shelter/{row['layer']}/{quote(row['id'], safe='')}"
    return row
