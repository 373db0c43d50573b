"""The pages."""

from __future__ import annotations

from django.apps import AppConfig

from gspace import app_build


class FrontendConfig(AppConfig):
    name = "frontend"

    def ready(self) -> None:
        from frontend import phone_files

        app_build.register(phone_files.current)
