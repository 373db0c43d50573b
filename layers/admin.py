"""Layers in the admin: to look at. Data come through the API or /publish/, states from the map."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from leaflet.admin import LeafletGeoAdminMixin

from layers.models import Feature, Layer, LayerVersion, LiveState


class ReadOnly(admin.ModelAdmin):
    """Writes go through layers.actions, which check rights and tell the feed."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Layer)
class LayerAdmin(ReadOnly):
    list_display = ("title", "slug", "kind", "publisher", "incident", "audience", "version",
                    "features", "source_as_of", "withdrawn_at")  # fmt: skip
    list_filter = ("kind", "audience", "publisher", "incident")
    list_select_related = ("publisher", "incident", "published")
    search_fields = ("slug", "title", "title_en", "source_name")

    @admin.display(ordering="published__number")
    def version(self, layer: Layer) -> int | None:
        return layer.published.number if layer.published else None

    @admin.display(ordering="published__feature_count")
    def features(self, layer: Layer) -> int | None:
        return layer.published.feature_count if layer.published else None

    @admin.display(ordering="published__source_as_of")
    def source_as_of(self, layer: Layer) -> Any:
        return layer.published.source_as_of if layer.published else None


@admin.register(LayerVersion)
class LayerVersionAdmin(ReadOnly):
    list_display = ("layer", "number", "state", "feature_count", "without_place", "filename",
                    "source_as_of", "received_at", "published_at", "uploaded_by")  # fmt: skip
    list_filter = ("state", "layer")
    list_select_related = ("layer",)
    date_hierarchy = "received_at"


@admin.register(Feature)
class FeatureAdmin(LeafletGeoAdminMixin, ReadOnly):
    """The map of a feature; only those of published versions."""

    modifiable = False
    list_display = ("name", "feature_id", "layer", "municipality_code", "estimated")
    search_fields = ("feature_id", "name", "name_en", "address")
    list_select_related = ("version__layer",)
    # a layer may have hundreds of thousands
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feature]:
        return super().get_queryset(request).filter(version__published_as__isnull=False)

    @admin.display(ordering="version__layer__title")
    def layer(self, feature: Feature) -> Layer:
        return feature.version.layer


@admin.register(LiveState)
class LiveStateAdmin(ReadOnly):
    list_display = ("layer", "feature_id", "operation", "congestion", "traffic", "persons",
                    "checked_at", "version")  # fmt: skip
    list_filter = ("layer",)
    search_fields = ("feature_id", "note")
    list_select_related = ("layer",)
