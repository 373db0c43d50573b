"""Which build of the phone's app this server offers, for answers that tell a phone to update.

The trunk does not know the pages: they say here who can tell.
"""

from __future__ import annotations

from collections.abc import Callable


def _unknown() -> str:
    return ""


_tell: Callable[[], str] = _unknown


def register(tell: Callable[[], str]) -> None:
    """Called once, at start; `tell` answers quickly and at every call anew."""
    global _tell
    _tell = tell


def current() -> str:
    """A short hash; "" where no app is served."""
    try:
        return _tell()
    except OSError:
        # the front end is not built, or just being built: no reason to refuse an answer
        return ""
