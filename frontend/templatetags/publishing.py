"""What the publisher's pages say of a layer as `layers.queries` gives it."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django import template

from frontend.templatetags.words import titled, word
from gspace import vocabulary

register = template.Library()
# of the fields of a kind, the one that a person asks for first
FIRST = ("operation", "traffic")


@register.filter
def title_of(layer: dict[str, Any]) -> str:
    """Title in the page's language; never empty."""
    return titled(SimpleNamespace(title=layer["title"], title_en=layer["title_en"]))


@register.filter
def moment(text: str | None) -> datetime | None:
    """A time of a JSON answer, for the filters that take datetimes."""
    return datetime.fromisoformat(text) if text else None


@register.filter
def states(layer: dict[str, Any]) -> list[tuple[str, int]]:
    """(word, number) of the states that the layer's places are in, the most frequent first."""
    kinds = vocabulary.STATES.get(layer["kind"], {})
    field = next((name for name in FIRST if name in kinds), "")
    counts = layer["counts"].get(field, {})
    said = [(code, n) for code, n in counts.items() if code != "not_reported"]
    return [(word(kinds[field], code), n) for code, n in sorted(said, key=lambda one: -one[1])]
