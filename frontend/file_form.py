"""The forms of a new file, and of reading a kept one again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from frontend.column_words import choices as column_choices
from layers import datums, prefectures

PASTED = "pasted.tsv"
MAX_COLUMNS = 500


def crs_choices() -> list[tuple[str, Any]]:
    """Coordinate systems a person may name; zones with the prefectures that use them."""
    found: list[tuple[str, Any]] = [
        ("", _("As found in the file")),
        ("EPSG:6668", _("Latitude and longitude (JGD2011, JGD2000, WGS 84, GPS)")),
        ("EPSG:4301", _("Latitude and longitude of the old Tokyo Datum (日本測地系)")),
    ]
    for code in datums.PLANE_JGD2011:
        zone = datums.zone_of(code)
        names = [name for name, _box, zones in prefectures.TABLE.values() if zone in zones]
        found.append((f"EPSG:{code}", zone_words(zone, names)))
    return found


def zone_words(zone: int, names: list[str]) -> str:
    return gettext("Metres, plane-rectangular zone {zone} ({prefectures})").format(
        zone=zone, prefectures="・".join(names)
    )


class FileForm(forms.Form):
    """A file, or a table pasted as text. zone: in which the time typed by hand is meant."""

    file = forms.FileField(required=False, allow_empty_file=True)
    table = forms.CharField(
        required=False,
        strip=False,
        label=_("Or paste a table"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )
    source_as_of = forms.DateTimeField(
        required=False,
        label=_("As of when is it so?"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=_("If the file itself does not say. Left blank: the time you publish it."),
    )
    crs = forms.ChoiceField(
        required=False, label=_("How are the positions meant?"), choices=crs_choices
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_source_as_of(self) -> datetime | None:
        said: datetime | None = self.cleaned_data["source_as_of"]
        # typed without an offset: meant as the incident's clock shows it
        return said.replace(tzinfo=self.zone) if said else None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("file") and not (said.get("table") or "").strip():
            self.add_error("file", _("Choose a file, or paste a table."))
        return said

    def words(self) -> dict[str, Any]:
        """Arguments of layers.intake.take. The form must be valid."""
        said = self.cleaned_data
        sent: UploadedFile | None = said["file"]
        raw: Any = sent if sent else said["table"].encode()
        name = (sent.name or "")[:200] if sent else PASTED
        return {"raw": raw, "filename": name, "source_as_of": said["source_as_of"],
                "crs": said["crs"]}  # fmt: skip


class AgainForm(forms.Form):
    """How a kept file is to be read again: coordinate system, row of names, fields of columns.

    columns: as LayerVersion.columns; `field-<n>` is what a person chooses for the n-th of them.
    """

    crs = forms.ChoiceField(
        required=False, label=_("How are the positions meant?"), choices=crs_choices
    )
    header = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=1000,
        label=_("Row of the column names"),
        help_text=_("As your file counts its rows; 0: there are none. Left blank: as found."),
    )

    def __init__(self, *args: Any, columns: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns[:MAX_COLUMNS]
        for number, column in enumerate(self.columns):
            field = forms.ChoiceField(
                required=False, choices=column_choices, label=column["name"],
                initial=column.get("field") or "",
            )  # fmt: skip
            field.widget.attrs["aria-label"] = column["name"]
            self.fields[f"field-{number}"] = field

    def rows(self) -> list[tuple[dict[str, Any], forms.BoundField]]:
        """(column, its select) of each column of the file."""
        return [(column, self[f"field-{n}"]) for n, column in enumerate(self.columns)]

    def words(self) -> dict[str, Any]:
        """Members of layers.payload.ReadAgain: what differs from how it was read."""
        said = self.cleaned_data
        columns = {}
        for number, column in enumerate(self.columns):
            if (chosen := said[f"field-{number}"]) != (column.get("field") or ""):
                columns[column["name"]] = chosen or None
        return {"columns": columns, "crs": said["crs"], "header": said["header"]}
