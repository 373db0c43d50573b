"""What the page of numbers counts, once for all screens that show the same."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language

from gspace.short_cache import ShortCache
from reports.asking import Asked
from reports.coverage import coverage
from reports.numbers import numbers

# as long as a screen waits from one reading to the next (frontend/src/numbers/body.ts)
KEPT_S, KEPT_BYTES = 5.0, 16 * 1024 * 1024
# towns and their names come without a change of the feed
ANEW_S = 60
cache = ShortCache(most=KEPT_BYTES, seconds=KEPT_S)


def told(of: Asked) -> dict[str, Any]:
    """As reports.numbers says."""
    return _shared(of, "numbers", lambda: numbers(of.incident, of.audience, of.filters))


def squares(of: Asked) -> dict[str, Any]:
    """As reports.coverage says; Problem, too."""
    return _shared(of, "squares", lambda: coverage(of.incident, of.audience, of.filters))


def _shared(of: Asked, name: str, count: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    key = (name, get_language(), int(time.monotonic() // ANEW_S))
    made = of.shared(cache, key, lambda: json.dumps(count(), ensure_ascii=False).encode())
    return dict(json.loads(made.content))
