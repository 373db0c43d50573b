"""What the publisher's pages say of a layer, its versions, their findings and changes."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop, ngettext

from frontend.column_words import word as column_word
from frontend.templatetags.words import icon, titled, word
from gspace import access, vocabulary
from layers.models import Layer, LayerVersion

register = template.Library()
# of the fields of a kind, the one that a person asks for first
FIRST = ("operation", "traffic")
LEVELS = {
    "refused": ("ui_close", gettext_noop("Not used")),
    "doubted": ("ui_alert", gettext_noop("Please check")),
    "repaired": ("ui_check", gettext_noop("Put right")),
}
STATES = {
    "reading": ("badge--half", gettext_noop("Is being read")),
    "ready": ("badge--bar-3", gettext_noop("Ready to publish")),
    "published": ("badge--filled", gettext_noop("Public")),
    "quarantined": ("badge--dashed", gettext_noop("Held")),
    "refused": ("badge--slashed", gettext_noop("Could not be read")),
    "superseded": ("badge--hollow", gettext_noop("Earlier version")),
}
STEPS = {
    "reading": gettext_noop("Reading the file"),
    "checking": gettext_noop("Checking rows and places"),
    "storing": gettext_noop("Storing"),
}
ENCODINGS = {"utf-8-sig": "UTF-8 (BOM)", "utf-8": "UTF-8", "cp932": "Shift_JIS (CP932)"}
HOW = {
    "chosen": gettext_noop("as you chose"),
    "remembered": gettext_noop("as you chose last time"),
    "name": gettext_noop("by its name"),
    "content": gettext_noop("by what is in it"),
}
FIELDS = {
    "name": gettext_noop("Name"),
    "name_en": gettext_noop("Name in English"),
    "address": gettext_noop("Address"),
    "municipality_code": gettext_noop("Municipality code"),
    "geometry": gettext_noop("Position"),
    "position": gettext_noop("Position"),
    "state": gettext_noop("State"),
    "estimated": gettext_noop("Position is rough"),
    "operation": gettext_noop("Open or closed"),
    "congestion": gettext_noop("How full it is"),
    "traffic": gettext_noop("Traffic restriction"),
    "persons": gettext_noop("People"),
    "note": gettext_noop("Remarks"),
}
CODES = ("shelter_operation", "service_operation", "congestion", "traffic")


@register.simple_tag(takes_context=True)
def may_publish(context: dict[str, Any]) -> bool:
    """Whether the one who looks has a desk at /publish/."""
    request = context.get("request")
    return request is not None and access.publishes(access.caller_from_request(request))


@register.filter
def title_of(layer: dict[str, Any]) -> str:
    """Title in the page's language; never empty."""
    return titled(SimpleNamespace(title=layer["title"], title_en=layer["title_en"]))


@register.filter
def moment(text: str | None) -> datetime | None:
    """A time of a JSON answer, for the filters that take datetimes."""
    return datetime.fromisoformat(text) if text else None


@register.filter
def grouped(number: int | None) -> str:
    """32,000"""
    return "" if number is None else number_format(number, use_l10n=True, force_grouping=True)


@register.filter
def at(counts: dict[str, int], key: str) -> int:
    return counts.get(key, 0)


@register.filter
def states(layer: dict[str, Any]) -> list[tuple[str, int]]:
    """(word, number) of the states that the layer's places are in, the most frequent first."""
    kinds = vocabulary.STATES.get(layer["kind"], {})
    field = next((name for name in FIRST if name in kinds), "")
    counts = layer["counts"].get(field, {})
    said = [(code, n) for code, n in counts.items() if code != "not_reported"]
    return [(word(kinds[field], code), n) for code, n in sorted(said, key=lambda one: -one[1])]


@register.filter
def on_the_map(version: LayerVersion) -> int:
    return (version.feature_count or 0) - (version.without_place or 0)


@register.filter
def encoding(name: str) -> str:
    return ENCODINGS.get(name.lower(), name.upper())


@register.filter
def how(code: str) -> str:
    """How it was found out what a column is; "" for a way that has no words yet."""
    return gettext(HOW[code]) if code in HOW else ""


@register.filter
def field_word(name: str) -> str:
    """`state.operation`, `attributes.電話番号`, `name` in words."""
    plain = name.removeprefix("state.").removeprefix("attributes.")
    return gettext(FIELDS[plain]) if plain in FIELDS else column_word(plain)


@register.filter
def said(value: Any) -> str:
    """A value of a feature as a person reads it; nothing said is not the same as nothing."""
    if value is None or value == "":
        return gettext("nothing said")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value, 1)
        return ", ".join(f"{key}: {said(one)}" for key, one in items)
    return _code(value)


@register.filter
def said_of(value: Any, field: str) -> str:
    return (
        ngettext("{n} person", "{n} people", value).format(n=value)
        if (field == "persons" and isinstance(value, int))
        else said(value)
    )


def _code(value: Any) -> str:
    if not isinstance(value, str):
        return str(value)
    known = [kind for kind in CODES if value in vocabulary.codes(kind)]
    return word(known[0], value) if known else value


@register.simple_tag
def level_word(level: str) -> str:
    return gettext(LEVELS[level][1])


@register.simple_tag
def level_mark(level: str) -> SafeString:
    return icon(LEVELS[level][0])


@register.simple_tag
def version_state(version: LayerVersion, public: bool) -> SafeString:
    look, words = STATES["published" if public else version.state]
    return format_html('<span class="badge {}">{}</span>', look, gettext(words))


@register.simple_tag
def progress_words(progress: dict[str, Any] | None) -> str:
    """Reading the file: 32,000 / 100,000 rows"""
    if not progress:
        return gettext("Waiting for its turn…")
    step = gettext(STEPS.get(progress.get("step", ""), STEPS["reading"]))
    done, total = progress.get("done") or 0, progress.get("total")
    if total:
        counted = gettext("{done} / {total} rows").format(done=grouped(done), total=grouped(total))
    else:
        counted = gettext("{done} rows").format(done=grouped(done)) if done else "…"
    return gettext("{step}: {counted}").format(step=step, counted=counted)


@register.simple_tag
def publish_words(layer: Layer, version: LayerVersion) -> str:
    """What the button will do, before it is pressed."""
    who = {
        "public": gettext("Everybody sees them at once, on every map and list."),
        "partner": gettext("Headquarters and partner organisations see them at once."),
        "hq": gettext("Headquarters sees them at once."),
    }[layer.audience]
    if layer.withdrawn_at:
        who = gettext("The layer is withdrawn: nobody sees them until you put it back.")
    if layer.published is None:
        return who
    number, count = layer.published.number, grouped(layer.published.feature_count)
    takes = gettext("They take the place of version {n} ({count} places), which can come back.")
    stays = gettext("States set by hand stay.")
    overridden = (version.diff or {}).get("states_overridden")
    if overridden:
        stays = ngettext(
            "{n} state set by hand is replaced by newer word of the file.",
            "{n} states set by hand are replaced by newer word of the file.",
            overridden,
        ).format(n=overridden)
    return " ".join((who, takes.format(n=number, count=count), stays))


@register.simple_tag
def diff_words(diff: dict[str, Any]) -> str:
    """Against version 3: 2 new, 1 gone, 0 moved, 5 changed"""
    words = gettext("Against version {against}: {added} new, {removed} gone, {moved} moved, "
                    "{changed} changed.")  # fmt: skip
    names = ("against", "added", "removed", "moved", "changed")
    return words.format(**{name: grouped(diff.get(name) or 0) for name in names})


@register.simple_tag
def raw_url(layer: Layer, version: LayerVersion) -> str:
    """The file's bytes as they came."""
    return reverse("api:get_version", args=[layer.slug, version.number]) + "/file"
