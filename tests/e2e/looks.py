"""How pages are looked at: each language, theme and width; each pair in `make prove` only."""

from __future__ import annotations

import pytest


def rest(*values: object) -> object:
    """Values that `make test` leaves to `make prove`."""
    return pytest.param(*values, marks=pytest.mark.prove)


# (theme, language)
LANGUAGES = [("light", "ja"), ("dark", "en"), rest("dark", "ja"), rest("light", "en")]
# (theme, width in CSS pixels)
WIDTHS = [("light", 360), ("dark", 1366), rest("dark", 360), rest("light", 1366)]
