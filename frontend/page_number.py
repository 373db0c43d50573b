"""Numbers in addresses: of pages, of versions."""

from __future__ import annotations


def whole_number(text: str | None, most: int) -> int | None:
    """1 to `most`; None for anything else, however long it is."""
    if not text or not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    return number if 0 < (number := int(text)) <= most else None
