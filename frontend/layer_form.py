"""How a publisher describes a layer: asked once, and it travels with every output."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.text_field import TextField
from gspace import vocabulary
from gspace.models import SLUG, Incident, Organisation
from gspace.problems import Problem
from layers.models import Layer

# what stands in the layer, and how it is offered
LICENCES = (
    ("CC BY 4.0", _("CC BY 4.0: everybody may use it and names the source")),
    ("PDL1.0", _("PDL1.0 (公共データ利用規約): everybody may use it and names the source")),
    ("CC0 1.0", _("CC0 1.0: everybody may use it, without conditions")),
    ("other", _("Other terms (write them below)")),
    ("none", _("Not decided")),
)
INTERVALS = (
    ("", _("No promise")),
    ("900", _("Every 15 minutes")),
    ("3600", _("Every hour")),
    ("10800", _("Every 3 hours")),
    ("21600", _("Every 6 hours")),
    ("43200", _("Every 12 hours")),
    ("86400", _("Every day")),
    ("604800", _("Every week")),
)
AUDIENCES = (
    ("public", _("Everybody")),
    ("partner", _("Headquarters and partner organisations")),
    ("hq", _("Headquarters only")),
)
REUSE = (
    ("yes", _("Yes, also on printed lists")),
    ("no", _("No, only on the maps of this service")),
    ("", _("Not decided")),
)
# addresses of their own below /publish/
RESERVED = {"new", "links"}


class DescribeForm(forms.Form):
    """What describes a layer and can be corrected later. layer: as it is now."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("As residents read it. Example: Shelters in Kumamoto City."),
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    source_name = forms.CharField(
        label=_("Source: who says so?"),
        max_length=200,
        required=False,
        help_text=_("Whose word it is, if not your own. You stay named as the publisher."),
    )
    source_url = forms.URLField(
        label=_("Web address of the source"), max_length=500, required=False, assume_scheme="https"
    )
    licence = forms.ChoiceField(label=_("Licence"), choices=LICENCES, initial="CC BY 4.0")
    licence_other = forms.CharField(label=_("Other terms"), max_length=200, required=False)
    attribution = forms.CharField(
        label=_("How to name it"),
        max_length=300,
        required=False,
        help_text=_("The line that stands beside the data. Left blank: the source's name."),
    )
    reuse = forms.ChoiceField(
        label=_("May others copy and print it?"), choices=REUSE, required=False, initial="yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    coverage = TextField(
        label=_("What does it cover, and what does it not contain?"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Example: designated shelters in 熊本県熊本市; shelters that residents opened "
            "themselves are missing. Places outside the area you name are pointed out to you."
        ),
    )
    refresh_s = forms.ChoiceField(
        label=_("How often do you send news?"), choices=INTERVALS, required=False,
        help_text=_("Once this time has passed, the maps show the layer as out of date."),
    )  # fmt: skip
    audience = forms.ChoiceField(
        label=_("Who sees it?"), choices=AUDIENCES, initial="public", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, layer: Layer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **({"initial": _said(layer)} if layer else {}), **kwargs)
        interval = str(layer.refresh_s or "") if layer else ""
        field = self.fields["refresh_s"]
        assert isinstance(field, forms.ChoiceField)
        if interval not in dict(INTERVALS):
            # a program promised another interval: keep it selectable
            field.choices = [*INTERVALS, (interval, f"{interval} s")]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("licence") == "other" and not said.get("licence_other"):
            self.add_error("licence_other", _("Write the terms, or choose another licence."))
        return said

    def describing(self) -> dict[str, Any]:
        """Arguments of layers.actions.layer_change. The form must be valid."""
        said = self.cleaned_data
        licence = said["licence_other"] if said["licence"] == "other" else said["licence"]
        names = ("title", "title_en", "source_name", "source_url", "coverage", "audience")
        return {
            **{name: said[name] for name in names},
            "licence": "" if licence == "none" else licence,
            "attribution": said["attribution"] or said["source_name"],
            "reuse": {"yes": True, "no": False}.get(said["reuse"]),
            "refresh_s": int(said["refresh_s"]) if said["refresh_s"] else None,
        }


def _said(layer: Layer) -> dict[str, Any]:
    """A layer as the form shows it."""
    names = (
        "title",
        "title_en",
        "source_name",
        "source_url",
        "attribution",
        "coverage",
        "audience",
    )
    known = layer.licence in {code for code, _words in LICENCES} - {"other", "none"}
    other = bool(layer.licence) and not known
    return {
        **{name: getattr(layer, name) for name in names},
        "licence": "other" if other else layer.licence or "none",
        "licence_other": layer.licence if other else "",
        "reuse": {True: "yes", False: "no"}.get(layer.reuse, ""),
        "refresh_s": str(layer.refresh_s or ""),
    }


class LayerForm(DescribeForm):
    """A new layer. publisher is asked only of those who publish for several organisations."""

    kind = forms.ChoiceField(
        choices=[(code, code) for code in vocabulary.codes("layer_kind")],
        error_messages={"required": _("Choose what it shows.")},
    )
    publisher = forms.ModelChoiceField(Organisation.objects.none(), label=_("Publisher"))
    incident = forms.ModelChoiceField(
        Incident.objects.none(), label=_("For which incident?"), required=False
    )
    slug = forms.CharField(
        label=_("Short name in addresses"),
        max_length=80,
        required=False,
        validators=[SLUG],
        help_text=_("Lower-case letters, digits and hyphens. Left blank: made for you."),
    )

    def __init__(
        self,
        *args: Any,
        publishers: Iterable[Organisation],
        incidents: Iterable[Incident],
        kind: str = "",
        **kwargs: Any,
    ) -> None:
        self.publishers, self.incidents = list(publishers), list(incidents)
        first = self.incidents[0] if self.incidents else None
        super().__init__(*args, initial={"kind": kind, "incident": first}, **kwargs)
        _offer(self.fields["publisher"], self.publishers)
        _offer(self.fields["incident"], self.incidents)
        if len(self.publishers) == 1:
            del self.fields["publisher"]

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if slug in RESERVED:
            raise forms.ValidationError(_("This name is taken. Choose another."))
        return slug

    def words(self) -> dict[str, Any]:
        """Arguments of layers.actions.layer_create. The form must be valid."""
        said = self.cleaned_data
        publisher = said.get("publisher") or self.publishers[0]
        given = self.describing()
        if not given["source_name"]:
            given["source_name"] = publisher.name
            given["attribution"] = given["attribution"] or publisher.name
        slug = said["slug"] or free_slug(publisher, said["kind"])
        return given | {"slug": slug, "kind": said["kind"], "publisher": publisher,
                        "incident": said["incident"]}  # fmt: skip

    def refuse(self, problem: Problem) -> None:
        """Say at its field why the layer was not made."""
        field = problem.field if problem.field in self.fields else None
        self.add_error(field, problem.body()["detail"])


def _offer(field: forms.Field, rows: list[Any]) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    model = field.queryset.model if field.queryset is not None else None
    assert model is not None
    field.queryset = model.objects.filter(id__in=[row.pk for row in rows])


def free_slug(publisher: Organisation, kind: str) -> str:
    """kitakyushu-city-shelter, or with -2, -3 ... where that is taken."""
    stem = f"{publisher.slug}-{kind.replace('_', '-')}"[:70]
    taken = set(Layer.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)
