"""pytest plugin: the private PostGIS is up for as long as this test run lasts."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from gspace.cluster import ClusterError, using

_held = ExitStack()


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start it before any fixture; `make run` of the same checkout may be using it already."""
    if session.config.option.collectonly:
        return
    try:
        _held.enter_context(using())
    except ClusterError as error:
        pytest.exit(str(error), returncode=3)


def pytest_unconfigure() -> None:
    _held.close()
