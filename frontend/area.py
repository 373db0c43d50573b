"""The headquarters' own area in codes and words, and where published places are in words."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from django.db import connection

from gspace.access import Audience
from gspace.models import Incident, Municipality
from gspace.municipality_codes import covers
from layers import sight
from layers.features import FROM_FEATURES
from layers.sight import VISIBLE


def covered(codes: Sequence[str]) -> list[str]:
    """These codes, and those of the wards of the cities among them."""
    prefectures = {code[:2] for code in codes}
    known = Municipality.objects.order_by("code").values_list("code", flat=True)
    near = [code for code in known if code[:2] in prefectures]
    return sorted({*codes, *(code for code in near if _inside(code, codes))})


def _inside(code: str, codes: Sequence[str]) -> bool:
    for own in codes:
        # an organisation's code is typed by hand
        with suppress(ValueError):
            if covers(own, code):
                return True
    return False


def area_name(codes: Sequence[str], language: str) -> str:
    """Names of municipality codes, in the page's language; a code not in the table as itself."""
    found = {m.code: m for m in Municipality.objects.filter(code__in=codes).defer("boundary")}
    return "・".join(_name(found.get(code), code, language) for code in codes)


CODES_SQL = f"""
SELECT DISTINCT f.municipality_code {FROM_FEATURES}
 WHERE (l.incident_id IS NULL OR l.incident_id = %(incident)s) AND {VISIBLE}
   AND l.kind = ANY(%(kinds)s) AND f.municipality_code <> ''"""


def municipality_names(
    incident: Incident, audience: Audience, kinds: Sequence[str], language: str
) -> dict[str, str]:
    """Code -> name of the municipalities in which this audience sees places of these kinds."""
    params = {"incident": incident.id, "kinds": list(kinds)}
    with connection.cursor() as cursor:
        cursor.execute(CODES_SQL, params | sight.as_audience(incident.id, audience).params())
        codes = [code for (code,) in cursor.fetchall()]
    found = Municipality.objects.filter(code__in=codes).defer("boundary")
    return {m.code: _name(m, m.code, language) for m in found}


def _name(municipality: Municipality | None, code: str, language: str) -> str:
    if municipality is None:
        return code
    english = municipality.name_en if language == "en" else ""
    return english or municipality.name
