"""Map links of the publisher's organisations: the form of a new one, and those there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.templatetags.words import named
from gspace import vocabulary
from gspace.access import Caller
from gspace.models import Incident, Organisation
from layers import sight
from layers.models import MapLink


class LinkForm(forms.Form):
    """publisher is asked only of those who publish for several organisations."""

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("As residents read it on the tile.")
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    url = forms.URLField(
        label=_("Web address"),
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": _("Enter an address that begins with https://.")},
    )
    note = forms.CharField(label=_("Second line of the tile"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("Among which kind?"), initial="other")
    publisher = forms.ModelChoiceField(Organisation.objects.none(), label=_("Publisher"))
    incident = forms.ModelChoiceField(
        Incident.objects.none(),
        label=_("For which incident?"),
        required=False,
        empty_label=_("For every incident"),
    )

    def __init__(
        self,
        *args: Any,
        publishers: Iterable[Organisation],
        incidents: Iterable[Incident],
        language: str,
        **kwargs: Any,
    ) -> None:
        self.publishers = list(publishers)
        rows = list(incidents)
        super().__init__(*args, initial={"incident": rows[0] if rows else None}, **kwargs)
        self._offer("publisher", Organisation, self.publishers)
        self._offer("incident", Incident, rows)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = vocabulary.choices("layer_kind", language)
        if len(self.publishers) == 1:
            del self.fields["publisher"]

    def _offer(self, name: str, model: Any, rows: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = model.objects.filter(id__in=[row.pk for row in rows])
        field.label_from_instance = named  # type: ignore[method-assign]

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        if not url.startswith(("https://", "http://")):
            raise forms.ValidationError(_("Enter an address that begins with https://."))
        return url

    def words(self) -> dict[str, Any]:
        """Arguments of layers.actions.link_create. The form must be valid."""
        said = dict(self.cleaned_data)
        return {"publisher": self.publishers[0], **said}


def own_links(caller: Caller) -> list[MapLink]:
    """Tiles that are shown, by incident and title."""
    found = MapLink.objects.filter(withdrawn_at=None).select_related("publisher", "incident")
    if not caller.superuser:
        found = found.filter(publisher_id__in=sight.publishing_for(caller))
    return list(found.order_by("incident__name", "title", "id"))
