"""What templates say: words of the vocabulary, icons, times in the incident's zone, distances."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import formats, timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from gspace import vocabulary

register = template.Library()
ICONS = Path(__file__).resolve().parent.parent / "icons"
PAGE_LANGUAGES = ("ja", "en")
DEFAULT_ZONE = "Asia/Tokyo"


@register.simple_tag
def icon(name: str) -> SafeString:
    """The drawing itself, so that it takes the colour of the text; hidden from screen readers."""
    return _icon(str(name))


@cache
def _icon(name: str) -> SafeString:
    # names come from the vocabulary or a template, never from a request
    if not re.fullmatch(r"[a-z_]+", name) or not (path := ICONS / f"{name}.svg").is_file():
        return SafeString("")
    attributes = '<svg class="icon" aria-hidden="true" focusable="false" '
    return mark_safe(path.read_text().strip().replace("<svg ", attributes, 1))  # noqa: S308


@register.simple_tag
def page_languages() -> list[dict[str, Any]]:
    """The languages that the pages are written in; やさしい日本語 is the phone's app's alone."""
    return [translation.get_language_info(code) for code in PAGE_LANGUAGES]


@register.simple_tag
def word(kind: str, code: str | None) -> str:
    """Words of a code in the page's language; an unknown code shows as itself."""
    found = _term(kind, code)
    return found.label(_language()) if found else (code or "")


@register.simple_tag
def detail_word(category: str, detail: str | None) -> str:
    try:
        return vocabulary.label("detail", detail or "", _language(), category)
    except KeyError:
        return detail or ""


@register.simple_tag
def letter(kind: str, code: str) -> str:
    """One character for a mark."""
    found = _term(kind, code)
    if found is None:
        return "?"
    return found.letter_ja if _language().startswith("ja") else found.letter


@register.simple_tag
def shape(kind: str, code: str) -> str:
    found = _term(kind, code)
    return found.shape if found else "dashed"


@register.simple_tag
def icon_of(kind: str, code: str) -> SafeString:
    found = _term(kind, code)
    return _icon(found.icon) if found else SafeString("")


@register.filter
def named(thing: Any) -> str:
    """Name in the page's language of anything with name and name_en; never empty."""
    english = getattr(thing, "name_en", "")
    return thing.name if _language().startswith("ja") or not english else english


@register.filter
def named_row(row: dict[str, Any]) -> str:
    """The same of a row with name and name_en."""
    english = row["name_en"]
    return str(row["name"] if _language().startswith("ja") or not english else english)


@register.filter
def titled(thing: Any) -> str:
    """Title in the page's language of anything with title and title_en; never empty."""
    english = getattr(thing, "title_en", "")
    return str(thing.title if _language().startswith("ja") or not english else english)


@register.filter
def called(item: dict[str, Any]) -> str:
    """Name of a support place in the page's language; the kind's word when it has none."""
    english = "" if _language().startswith("ja") else item["name_en"]
    return english or item["name"] or word("layer_kind", item["kind"])


@register.filter
def publisher(item: dict[str, Any]) -> str:
    english = "" if _language().startswith("ja") else item["publisher_en"]
    return english or item["publisher"]


@register.filter
def place_words(properties: dict[str, Any]) -> str:
    """Where a report is, in the page's language; never invents a reading."""
    japanese = properties.get("place") or properties.get("municipality_name") or ""
    if _language().startswith("ja"):
        return str(japanese)
    return str(properties.get("place_en") or japanese)


@register.filter
def in_words(place: dict[str, Any]) -> str:
    """A stored place (`Report.place`) in the page's language; "" when there is none."""
    japanese = place.get("ja") or ""
    return str(japanese if _language().startswith("ja") else place.get("en") or japanese)


@register.filter
def when(value: datetime | str | None, incident: Any = None) -> str:
    """A time in the incident's zone: `4月16日（土）02:11`, `Sat 16 Apr, 02:11`; "" for none."""
    if not value:
        return ""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    zone = ZoneInfo(getattr(incident, "time_zone", None) or DEFAULT_ZONE)
    local = timezone.localtime(moment, zone)
    # Translators: date() format; the year stands only when it is another one
    short = gettext("D j M, H:i")
    full = gettext("D j M Y, H:i")
    this_year = timezone.localtime(timezone.now(), zone).year
    return formats.date_format(local, short if local.year == this_year else full)


@register.filter
def distance(metres: float | None) -> str:
    """`120 m`, `3.4 km`: as fine as it is useful."""
    if metres is None:
        return ""
    if metres < 995:
        return gettext("{metres} m").format(metres=int(round(metres, -1 if metres >= 20 else 0)))
    return gettext("{km} km").format(km=formats.number_format(metres / 1000, 1))


@register.filter
def counted_reports(number: int) -> str:
    return ngettext("{n} released report", "{n} released reports", number).format(n=number)


def _term(kind: str, code: str | None) -> vocabulary.Term | None:
    try:
        return vocabulary.term(kind, code or "")
    except KeyError:
        return None


def _language() -> str:
    return translation.get_language() or "ja"
