"""What a column of a table can stand for (`layers.headings`), in the words of the one who asks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gspace import vocabulary
from layers.headings import HAZARDS, NAMES

# in groups, in the order a person looks for them
GROUPS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (
        _("Name and address"),
        {
            "name": _("Name"),
            "name_en": _("Name in English"),
            "address": _("Address"),
            "prefecture": _("Prefecture (part of the address)"),
            "municipality": _("Municipality (part of the address)"),
            "prefecture_municipality": _("Prefecture and municipality in one"),
            "town": _("Town (part of the address)"),
            "block": _("Block and number (part of the address)"),
            "building": _("Building"),
            "place_code": _("Municipality code of the place"),
        },
    ),
    (
        _("Position"),
        {
            "lat": _("Latitude"),
            "lon": _("Longitude"),
            "latlon": _("Latitude and longitude in one"),
            "x": _("X in metres"),
            "y": _("Y in metres"),
            "lat_d": _("Latitude: degrees"),
            "lat_m": _("Latitude: minutes"),
            "lat_s": _("Latitude: seconds"),
            "lon_d": _("Longitude: degrees"),
            "lon_m": _("Longitude: minutes"),
            "lon_s": _("Longitude: seconds"),
            "datum": _("Coordinate system"),
        },
    ),
    (
        _("State"),
        {
            "operation": _("Open or closed"),
            "congestion": _("How full it is"),
            "traffic": _("Traffic restriction"),
            "status": _("State (open, full or barred)"),
            "persons": _("Number of people now"),
            "capacity": _("Capacity"),
            "hours": _("Hours"),
            "as_of": _("As of (time)"),
            "checked_at": _("Checked at"),
            "note": _("Remarks"),
        },
    ),
    (
        _("Others"),
        {
            "key": _("Key that stays the same (id)"),
            "number": _("Row number"),
            "code": _("Code of the publishing body"),
            "phone": _("Phone"),
            "postal": _("Postal code"),
            "email": _("E-mail"),
            "url": _("Web address"),
            "source": _("Source"),
        },
    ),
)


def choices() -> list[tuple[Any, Any]]:
    """Grouped (field, words) for a select; "" keeps the column as it is."""
    language = get_language() or "ja"
    listed = {name for _title, words in GROUPS for name in words}
    # a field that readers learn later can be chosen by its name until it has words
    later = {name: name for name in NAMES if name not in listed}
    hazards = [(f"hazard:{code}", vocabulary.label("hazard", code, language)) for code in HAZARDS]
    others = [(title, list(words.items())) for title, words in GROUPS]
    found: list[tuple[Any, Any]] = [("", _("Keep as it is"))]
    found += [*others, (_("Suitable for which hazard"), hazards)]
    return [*found, (_("More"), list(later.items()))] if later else found


def word(field: str) -> str:
    """The words of one field; the field itself where it has none."""
    for _title, words in GROUPS:
        if field in words:
            return str(words[field])
    if field.startswith("hazard:"):
        return vocabulary.label("hazard", field[7:], get_language() or "ja")
    return field
