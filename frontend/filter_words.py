"""The filters of a list in words, as pages show what they are narrowed to."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from frontend.area import area_name
from frontend.export_form import LISTS, with_offset
from frontend.log_form import local_time
from frontend.templatetags.words import named, when
from gspace import vocabulary
from gspace.models import Incident, Organisation
from reports.filter_places import NOWHERE
from reports.filter_traits import DEVICE, NOBODY

FILTERS = {
    "category": _("Category"),
    "severity": _("Severity"),
    "status": _("Status"),
    "exclude_category": _("Not of category"),
    "exclude_severity": _("Not of severity"),
    "exclude_status": _("Not of status"),
    "since": _("Received from"),
    "until": _("Received before"),
    "recent": _("Received in the last"),
    "captured_since": _("Taken from"),
    "captured_until": _("Taken before"),
    "q": _("Words"),
    "bbox": _("Part of the map"),
    "outside": _("Not in this part of the map"),
    "within": _("Inside an outline"),
    "mesh": _("Grid square"),
    "area": _("Municipality"),
    "municipality": _("Municipality"),
    "organisation": _("Organisation"),
    "channel": _("Came by"),
    "assigned_to": _("Assigned to"),
    "has_photo": _("With photo"),
    "needs_place": _("Needs a place"),
    "uncertain": _("Uncertain place"),
    "unseen": _("Not opened yet"),
    "since_last_looked": _("Since you last looked"),
    "waiting": _("Accepted by nobody yet"),
    "urgent": _("Urgent and accepted by nobody yet"),
    "due": _("Due"),
}
SWITCHES = {"1": _("yes"), "true": _("yes"), "0": _("no"), "false": _("no")}
DUE = {"overdue": _("Overdue"), "soon": _("Soon")}


@dataclass(frozen=True)
class Reader:
    incident: Incident
    language: str


def told(filters: dict[str, Any], incident: Incident, language: str) -> list[tuple[str, str]]:
    """(name, value) of each filter in words; what cannot be said in any, as it is."""
    reader = Reader(incident, language)
    return [
        (str(FILTERS.get(name, name)), _value(name, str(value), reader))
        for name, value in filters.items()
    ]


def _value(name: str, value: str, reader: Reader) -> str:
    if (kind := name.removeprefix("exclude_")) in (*LISTS, "channel"):
        return _labels(kind, value, reader)
    return WORDS.get(name, _as_it_is)(value, reader)


def _as_it_is(value: str, reader: Reader) -> str:
    return value


def _labels(kind: str, value: str, reader: Reader) -> str:
    known = {term.code: term.label(reader.language) for term in vocabulary.terms(kind)}
    if kind == "channel":
        known[DEVICE] = str(_("App"))
    return ", ".join(known.get(code, code) for code in value.split(","))


def _towns(value: str, reader: Reader) -> str:
    codes = [code for code in value.split(",") if code != NOWHERE]
    beside = [str(_("no municipality"))] if NOWHERE in value.split(",") else []
    return ", ".join([*filter(None, [area_name(codes, reader.language)]), *beside])


def _organisations(value: str, reader: Reader) -> str:
    slugs = value.split(",")
    known = {one.slug: named(one) for one in Organisation.objects.filter(slug__in=slugs)}
    return ", ".join(known.get(slug, slug) for slug in slugs)


def _time(value: str, reader: Reader) -> str:
    with suppress(ValueError):
        moment = local_time(with_offset(value, reader.incident), reader.incident)
        return when(moment, reader.incident)
    return value


def _hours(value: str, reader: Reader) -> str:
    with suppress(ValueError):
        return ngettext("{n} hour", "{n} hours", int(value)).format(n=int(value))
    return value


def _corners(value: str, reader: Reader) -> str:
    n = len(value.split(",")) // 2
    return ngettext("drawn, {n} corner", "drawn, {n} corners", n).format(n=n)


def _metres(value: str, reader: Reader) -> str:
    return now("over {n} m").format(n=value)


def _person(value: str, reader: Reader) -> str:
    return str(_("nobody")) if value == NOBODY else value


def _due(value: str, reader: Reader) -> str:
    return str(DUE.get(value, value))


def _switch(value: str, reader: Reader) -> str:
    return str(SWITCHES.get(value.strip().lower(), value))


Words = Callable[[str, Reader], str]
WORDS: dict[str, Words] = {
    "area": _towns,
    "municipality": _towns,
    "organisation": _organisations,
    "assigned_to": _person,
    "within": _corners,
    "uncertain": _metres,
    "recent": _hours,
    "due": _due,
    **dict.fromkeys(("since", "until", "captured_since", "captured_until"), _time),
    **dict.fromkeys(
        ("has_photo", "needs_place", "unseen", "since_last_looked", "waiting", "urgent"), _switch
    ),
}
