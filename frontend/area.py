"""The headquarters' own area in words."""

from __future__ import annotations

from collections.abc import Sequence

from gspace.models import Municipality


def area_name(codes: Sequence[str], language: str) -> str:
    """Names of municipality codes, in the page's language; a code not in the table as itself."""
    found = {m.code: m for m in Municipality.objects.filter(code__in=codes).defer("boundary")}
    return "・".join(_name(found.get(code), code, language) for code in codes)


def _name(municipality: Municipality | None, code: str, language: str) -> str:
    if municipality is None:
        return code
    english = municipality.name_en if language == "en" else ""
    return english or municipality.name
