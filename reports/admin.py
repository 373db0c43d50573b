"""Reports in the admin: to look at. They are changed at the desk, where history has a name."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from reports.models import Photo, PhotoOpening, Report, Tombstone


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Report)
class ReportAdmin(ReadOnly):
    list_display = ["receipt", "incident", "category", "severity", "status", "received_at"]
    list_filter = ["incident", "status", "category", "severity"]
    search_fields = ["receipt", "comment"]


@admin.register(Photo)
class PhotoAdmin(ReadOnly):
    list_display = ["id", "report", "state", "reason", "size", "stored_at"]
    list_filter = ["state"]


@admin.register(PhotoOpening)
class PhotoOpeningAdmin(ReadOnly):
    list_display = ["photo", "caller_name", "opened_at"]


@admin.register(Tombstone)
class TombstoneAdmin(ReadOnly):
    list_display = ["receipt", "incident", "erased_at", "erased_by"]
