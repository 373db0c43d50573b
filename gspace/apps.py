"""The trunk app."""

from __future__ import annotations

from django.apps import AppConfig


class GspaceConfig(AppConfig):
    name = "gspace"
    verbose_name = "G-space"

    def ready(self) -> None:
        from gspace import (
            broadcasts,
            checks,  # noqa: F401 - registers the system checks
            feed,
            incidents,
            lane,
            pool,
        )

        pool.install()

        feed.register("incident", incidents.load)
        lane.register("incident", incidents.SCAN_SQL, incidents.load_own)
        broadcasts.register()
