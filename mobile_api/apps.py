"""The phone's door."""

from __future__ import annotations

from django.apps import AppConfig


class MobileApiConfig(AppConfig):
    name = "mobile_api"
