"""The form by which headquarters tells every crew something, and where it holds."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.gis.db.models import Union
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from frontend.area import area_name
from frontend.text_field import TextField
from gspace import vocabulary
from gspace.models import Incident, Municipality
from gspace.municipality_codes import covers
from gspace.places import locate
from gspace.problems import Problem
from reports.filter_places import outline as drawn

# as far as a phone in the rain needs it; boundaries of a prefecture weigh megabytes
SIMPLIFIED_DEG = 0.001
# what is said most; place and time are for the one who writes
TEXTS: tuple[tuple[str, Any], ...] = (
    ("withdraw", _("Pull back at once and report when you are in a safe place.")),
    ("tsunami", _("A tsunami is coming. Leave the coast and go up to high ground at once.")),
    ("danger", _("It is dangerous where you are. Stop work and keep away.")),
    ("gather", _("Gather at the meeting point of your crew.")),
    ("info", _("Report how you are and where.")),
)


class BroadcastForm(forms.Form):
    """id is made when the form is shown, so that pressing twice tells once. areas: none = all.

    within: corners drawn on the desk's map, as the filter of that name; it goes before areas.
    """

    id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        choices=[(code, code) for code in vocabulary.codes("broadcast_kind")],
        error_messages={"required": _("Choose what it is about.")},
    )
    text = TextField(max_length=1000)
    areas = forms.MultipleChoiceField(required=False)
    within = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        areas: list[Municipality],
        template: str = "",
        within: str = "",
        **kwargs: Any,
    ):
        text = dict(TEXTS).get(template, "")
        kind = template if text else ""
        first = {"id": uuid.uuid4(), "text": text, "kind": kind, "within": within}
        super().__init__(*args, initial=first, **kwargs)
        field = self.fields["areas"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(m.code, m.name) for m in areas]

    def clean_within(self) -> str:
        within = str(self.cleaned_data["within"])
        if within:
            try:
                drawn(within)
            except Problem:
                why = _("The area from the map cannot be read. Draw it again.")
                raise forms.ValidationError(why) from None
        return within

    def words(self, language: str) -> dict[str, Any]:
        """Arguments of gspace.actions.broadcast_create. The form must be valid."""
        said = self.cleaned_data
        codes = said["areas"]
        shape = drawn(said["within"]) if said["within"] else outline(codes)
        name = drawn_name(shape, language) if said["within"] else area_name(codes, language)
        return {
            "broadcast_id": said["id"],
            "kind": said["kind"],
            "text": said["text"],
            "area": shape,
            "area_name": name[:300],
        }


def drawn_name(shape: GEOSGeometry | None, language: str) -> str:
    """Where an area drawn by hand is, in words: a phone may show no map."""
    found = locate(*shape.centroid.tuple) if shape else None
    return now("Area on the map, {place}").format(place=found.words(language) if found else "–")


def outline(codes: list[str]) -> GEOSGeometry | None:
    """The municipalities as one roughly drawn area (WGS 84); None for no code."""
    if not codes:
        return None
    rows = Municipality.objects.filter(code__in=codes)
    found = rows.aggregate(area=Union("boundary"))["area"]
    return found.simplify(SIMPLIFIED_DEG, preserve_topology=True) if found else None


def areas(incident: Incident) -> list[Municipality]:
    """The municipalities of those who work the incident, with their wards, as far as drawn."""
    parts = incident.organisations.filter(incident_parts__part__in=["hq", "partner"])
    codes = set(parts.exclude(municipality_code="").values_list("municipality_code", flat=True))
    rows = Municipality.objects.filter(boundary__isnull=False)
    if incident.area:
        rows = rows.filter(boundary__intersects=incident.area)
    return [m for m in rows.defer("boundary").order_by("code") if any(_inside(m, codes))]


def _inside(municipality: Municipality, codes: set[str]) -> Iterator[bool]:
    for code in codes:
        try:
            yield covers(code, municipality.code)
        except ValueError:
            # an organisation's code is typed by hand
            continue
