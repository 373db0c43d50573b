"""What the templates of the public pages say: languages, link tiles, addresses."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from gspace import vocabulary

register = template.Library()


@register.simple_tag
def everybodys_languages(request: HttpRequest) -> list[dict[str, str]]:
    """The other languages; each by the address of this very page, which works without cookies."""
    query = request.GET.copy()
    found = []
    for code, _ in settings.LANGUAGES:
        if code != translation.get_language():
            query["lang"] = code
            name = translation.get_language_info(code)["name_local"]
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
def has_state(kind: str) -> bool:
    return kind in vocabulary.STATES


@register.filter
def has_operation(kind: str) -> bool:
    """Whether a place of this kind can be open."""
    return "operation" in vocabulary.STATES.get(kind, {})


def _english() -> bool:
    return not (translation.get_language() or "ja").startswith("ja")
