"""The form by which headquarters makes an invitation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from gspace.models import DEVICE_AUDIENCES, Organisation

MAX_USES, MAX_DAYS = 500, 365


class InviteForm(forms.Form):
    """organisation is asked only of those who work for several headquarters of the incident."""

    label = forms.CharField(max_length=120)
    audience = forms.ChoiceField(choices=DEVICE_AUDIENCES)
    max_uses = forms.IntegerField(min_value=1, max_value=MAX_USES)
    days = forms.IntegerField(min_value=1, max_value=MAX_DAYS)
    organisation = forms.ModelChoiceField(Organisation.objects.none())

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **kwargs: Any) -> None:
        given = {"audience": "field", "max_uses": 30, "days": 30}
        super().__init__(*args, initial=given, **kwargs)
        self.organisations = list(organisations)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.filter(id__in=[o.pk for o in self.organisations])
        if len(self.organisations) == 1:
            del self.fields["organisation"]

    def words(self) -> dict[str, Any]:
        """Arguments of gspace.actions.invite_create. The form must be valid."""
        return {"organisation": self.organisations[0], **self.cleaned_data}
