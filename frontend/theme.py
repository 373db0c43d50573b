"""Colours of css/tokens.css for what no style sheet reaches: address bars and app icons."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

TOKENS = Path(__file__).resolve().parent / "css" / "tokens.css"


def colour(token: str, *, dark: bool = False) -> str:
    """`#rrggbb` of `--<token>`. KeyError if there is no such token."""
    return _colours(dark)[token]


@cache
def _colours(dark: bool) -> dict[str, str]:
    light, _, rest = TOKENS.read_text("utf-8").partition("@media (prefers-color-scheme: dark)")
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", rest if dark else light))
