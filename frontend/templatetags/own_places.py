"""What the publisher's pages say of a place and of its states."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from frontend.own_places import Said
from frontend.templatetags.words import icon, word
from gspace import vocabulary

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


@register.simple_tag
def state_sprite(kind: str) -> SafeString:
    """The icons of a layer kind's states, once; `state_icon` draws them from here.

    Every button of a long list would bring its own drawing otherwise: half of the page's bytes.
    """
    terms = [term for codes in vocabulary.STATES.get(kind, {}).values()
             for term in vocabulary.terms(codes)]  # fmt: skip
    drawn = {term.icon: _symbol(str(icon(term.icon)), term.icon) for term in terms}
    return format_html(
        '<svg class="unseen" aria-hidden="true">{}</svg>', SafeString("".join(drawn.values()))
    )


def _symbol(drawing: str, name: str) -> str:
    inner = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")]
    return f'<symbol id="state-{name}" viewBox="0 0 24 24">{inner}</symbol>'


@register.simple_tag
def state_icon(codes: str, code: str) -> SafeString:
    use = '<svg class="icon" aria-hidden="true" focusable="false"><use href="#state-{}"/></svg>'
    return format_html(use, vocabulary.term(codes, code).icon)


def _words(codes: str, value: Any) -> str:
    if value is None:
        return ""
    return word(codes, value) if codes else str(value)
