"""Municipalities to narrow a list down by: looked for by name, or those that have reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection

from gspace.access import BITS, Audience
from gspace.models import Incident, Municipality
from gspace.problems import Problem

COLUMNS = ("code", "name", "name_en", "prefecture", "prefecture_en")
TOLD = f"SELECT {', '.join(f'm.{name}' for name in COLUMNS)}"
# a city's own row before its wards', which bear its name too
NAMED = f"""
{TOLD}, NULL FROM gspace_municipality m
  CROSS JOIN (SELECT centre FROM gspace_incident WHERE id = %(incident)s) i
 WHERE find_fold(concat(m.prefecture, m.name, chr(10), m.name_en, chr(10), m.code))
       LIKE ALL (find_patterns(%(words)s::text[]))
 ORDER BY m.location <-> coalesce(i.centre, m.location), length(m.name), m.code LIMIT %(limit)s"""
REPORTED = f"""
{TOLD}, r.number FROM (
    SELECT municipality_code AS code, count(*) AS number FROM reports_report
     WHERE incident_id = %(incident)s AND audiences & %(bit)s <> 0 AND municipality_code <> ''
     GROUP BY 1) r JOIN gspace_municipality m ON m.code = r.code
 ORDER BY r.number DESC, m.code LIMIT %(limit)s"""
CODED = f"{TOLD}, NULL FROM gspace_municipality m WHERE m.code = ANY(%(codes)s) ORDER BY m.code"


def municipalities(
    incident: Incident, audience: Audience, text: str = "", codes: str = "", *, limit: int = 12
) -> list[dict[str, Any]]:
    """codes (with commas): these. text: in which every word is found, the nearest first. Neither:
    those with the most reports that this audience may see.

    Each: {code, name, name_en, prefecture, prefecture_en, reports (null where not counted)}.
    Raises Problem invalid.
    """
    words = text.replace("\x00", "").split()
    if len(words) > settings.LIMIT_FILTER_WORDS:
        raise Problem("invalid", f"At most {settings.LIMIT_FILTER_WORDS} words.", field="q")
    wanted = [code.strip() for code in codes.replace("\x00", "").split(",") if code.strip()]
    params = {
        "incident": incident.pk,
        "bit": BITS[audience],
        "words": words,
        "codes": wanted[: settings.LIMIT_FILTER_CODES],
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(CODED if wanted else NAMED if words else REPORTED, params)
        return [dict(zip((*COLUMNS, "reports"), row, strict=True)) for row in cursor.fetchall()]


def names_of(codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Code -> name in Japanese and in English, of those that are known."""
    found = Municipality.objects.filter(code__in=codes).values_list("code", "name", "name_en")
    return {code: (name, name_en) for code, name, name_en in found}
