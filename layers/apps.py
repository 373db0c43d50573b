"""The layers app."""

from __future__ import annotations

from django.apps import AppConfig


class LayersConfig(AppConfig):
    name = "layers"

    def ready(self) -> None:
        from gspace import feed
        from layers import (
            checks,  # noqa: F401 - registers the system check
            queries,
        )

        queries.register(feed)
