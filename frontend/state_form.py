"""The form by which a publisher says how a place is: buttons, a number, words and hours."""

from __future__ import annotations

import unicodedata
from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from frontend.text_field import TextField
from layers.payload import LIMIT_PERSONS

CODED = ("operation", "congestion", "traffic")
HOURS = ("valid_from", "valid_until")
INPUT = "%Y-%m-%dT%H:%M"


class StateForm(forms.Form):
    """act: what was pressed. Empty = a button with a code as its value; an empty code takes the
    hand's word back.

    persons_was and so on: what the page showed. What is still the same is not said again: it would
    be taken for news, and silence a colleague's.
    as_of: as of when it is so, as a clock on the wall in the zone of the incident; empty = now.
    """

    act = forms.ChoiceField(
        required=False, choices=[(c, c) for c in ("", "persons", "uncounted", "checked", "words")]
    )
    persons = forms.CharField(required=False, max_length=20)
    persons_was = forms.CharField(required=False)
    note = TextField(required=False, max_length=2000)
    note_was = TextField(required=False)
    valid_from = forms.DateTimeField(required=False)
    valid_until = forms.DateTimeField(required=False)
    valid_from_was = forms.CharField(required=False)
    valid_until_was = forms.CharField(required=False)
    as_of = forms.DateTimeField(
        required=False, error_messages={"invalid": _("Enter day and time, as 2016-04-16 14:05.")}
    )

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def full_clean(self) -> None:
        # a clock on the wall has no offset of its own
        with timezone.override(self.zone):
            super().full_clean()

    def clean_persons(self) -> int | None:
        """0 is counted; nothing is not."""
        text = unicodedata.normalize("NFKC", self.cleaned_data["persons"])
        text = text.replace(",", "").removesuffix("人").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or int(text) > LIMIT_PERSONS:
            raise ValidationError(_("Enter a whole number: 0 if nobody is there."))
        return int(text)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("act") == "persons" and said.get("persons", 0) is None:
            self.add_error(
                "persons", _("Enter the number. If nobody has counted, press “Not counted”.")
            )
        return said

    @property
    def clock(self) -> datetime | None:
        """As of when it is so; None = now."""
        found: datetime | None = self.cleaned_data["as_of"]
        return found

    def values(self, now: datetime) -> dict[str, Any]:
        """Arguments `values` of layers.actions.state_set. The form must be valid."""
        said = self.cleaned_data
        if said["act"] == "words":
            return self._words()
        if said["act"] == "uncounted":
            return {"persons": None}
        values: dict[str, Any] = {n: self.data[n] or None for n in CODED if n in self.data}
        if said["act"] == "checked":
            values = {"checked_at": self.clock or now}
        # a number that was typed is not lost because another button was pressed
        if said["act"] == "persons" or self._typed():
            values["persons"] = said["persons"]
        return values

    def _typed(self) -> bool:
        number = self.cleaned_data["persons"]
        return number is not None and str(number) != self.cleaned_data["persons_was"]

    def _words(self) -> dict[str, Any]:
        said = self.cleaned_data
        found: dict[str, Any] = {}
        if said["note"] != said["note_was"]:
            found["note"] = said["note"] or None
        for name in HOURS:
            if self.data.get(name, "") != said[f"{name}_was"]:
                found[name] = said[name]
        return found


def on_the_wall(moment: str | datetime | None, zone: tzinfo) -> str:
    """A time as <input type="datetime-local"> takes it, in this zone; "" for none."""
    if not moment:
        return ""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{found.astimezone(zone):{INPUT}}"
