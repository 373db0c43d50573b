"""What a status says: whether a report counts, and whether there is work left."""

from __future__ import annotations

from gspace import vocabulary

# of what did not happen, or is told by another report
NOT_COUNTED = ("rejected", "duplicate", "withdrawn")
# nothing is left to do
OVER = ("resolved", *NOT_COUNTED)
OPEN = tuple(code for code in vocabulary.codes("status") if code not in OVER)


def listed(codes: tuple[str, ...]) -> str:
    """As in SQL between brackets."""
    return ", ".join(f"'{code}'" for code in codes)
