"""What the publisher's pages say of a place and of its states."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext

from frontend.own_places import Said
from frontend.templatetags.words import word

register = template.Library()


@register.filter
def field_word(name: str) -> str:
    """Name of a state field; a field added after this as itself."""
    words = {
        "operation": gettext("State"),
        "congestion": gettext("How full"),
        "traffic": gettext("Traffic"),
        "persons": gettext("People there"),
        "note": gettext("Note"),
    }
    return words.get(name, name)


@register.filter
def stated(said: Said) -> str:
    """The value in words; "" for not reported."""
    return _words(said.codes, said.value)


@register.filter
def filed(said: Said) -> str:
    """What the file says, in words; "" where it says nothing."""
    return _words(said.codes, said.filed)


def _words(codes: str, value: Any) -> str:
    if value is None:
        return ""
    return word(codes, value) if codes else str(value)
