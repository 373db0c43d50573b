"""Waiting for what the page does not show: a row of the database, a count."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page


def until(said: Callable[[], bool], page: Page, seconds: float) -> None:
    """The page goes on meanwhile."""
    end = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < end
        page.wait_for_timeout(50)
