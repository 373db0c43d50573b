"""Which build of the phone app this service serves: told to phones, so that they can ask to update.

The trunk does not know the pages; whoever builds them registers how to tell.
"""

from __future__ import annotations

from collections.abc import Callable

provider: Callable[[], str] | None = None


def register(told_by: Callable[[], str]) -> None:
    global provider
    provider = told_by


def current() -> str:
    """The build's name; "" where no pages are served."""
    return provider() if provider else ""
