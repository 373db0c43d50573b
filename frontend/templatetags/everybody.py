"""What the templates of the public pages say: languages, link tiles, addresses."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

from gspace import vocabulary
from layers import hours

register = template.Library()


@register.simple_tag
def everybodys_languages(request: HttpRequest) -> list[dict[str, str]]:
    """The other languages; each by the address of this very page, which works without cookies."""
    query = request.GET.copy()
    found = []
    for code, name in settings.LANGUAGES:
        if code != translation.get_language():
            query["lang"] = code
            found.append({"code": code, "name_local": name, "href": f"?{query.urlencode()}"})
    return found


@register.filter
def titled(thing: Any) -> str:
    """Title of a link or a layer in the page's language."""
    return (_english() and thing["title_en"]) or thing["title"]


@register.filter
def linked_by(publisher: dict[str, Any]) -> str:
    """Who put a link or a layer here, in the page's language."""
    return (_english() and publisher["name_en"]) or publisher["name"]


@register.filter
def host(url: str) -> str:
    """Where a link leads, so that nobody is led on without knowing."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@register.filter
def opening(text: str) -> str:
    """Hours in words: `4/17 10:00–20:00`; the days that are over only when all are."""
    known = hours.spans(text)
    today = timezone.localdate()
    coming = [one for one in known if one[0] >= today] or known
    if not known:
        return text
    return ", ".join(f"{day.month}/{day.day} {start}–{end}" for day, start, end in coming)


@register.filter
def has_state(kind: str) -> bool:
    return kind in vocabulary.STATES


@register.filter
def has_operation(kind: str) -> bool:
    """Whether a place of this kind can be open."""
    return "operation" in vocabulary.STATES.get(kind, {})


def _english() -> bool:
    return not (translation.get_language() or "ja").startswith("ja")
