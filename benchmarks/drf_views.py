"""Model, serializer, view set and address of the plain DRF service."""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry
from django.urls import include, path
from django.utils import timezone
from rest_framework import routers, serializers, viewsets

from benchmarks.drf_table import TABLE
from reports.models import Report


def _columns() -> dict[str, Any]:
    made = [f for f in Report._meta.concrete_fields if not isinstance(f, models.GeneratedField)]
    plain = {f.name: f.clone() for f in made if not isinstance(f, models.ForeignKey)}
    for name in ("device", "organisation", "merged_into"):
        to = Report._meta.get_field(name).related_model
        plain[name] = models.ForeignKey(to, models.DO_NOTHING, null=True, related_name="+")
    plain["incident"] = models.ForeignKey("gspace.Incident", models.DO_NOTHING, related_name="+")
    return plain


PlainReport = type(
    "PlainReport",
    (models.Model,),
    {
        **_columns(),
        "__module__": __name__,
        "Meta": type("Meta", (), {"managed": False, "db_table": TABLE, "app_label": "reports"}),
    },
)


class GeometryField(serializers.Field):
    """GeoJSON in and out."""

    def to_internal_value(self, data: Any) -> GEOSGeometry:
        return GEOSGeometry(json.dumps(data), srid=4326)

    def to_representation(self, value: GEOSGeometry) -> Any:
        return json.loads(value.geojson)


class ReportSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField()
    geometry = GeometryField()
    redacted_geometry = GeometryField(required=False)

    class Meta:
        model = PlainReport
        fields = "__all__"
        read_only_fields = (
            "author_key", "author_name", "body_sha256", "receipt", "received_at", "device",
            "organisation",
        )  # fmt: skip


class ReportViewSet(viewsets.ModelViewSet):
    queryset = PlainReport.objects.all()
    serializer_class = ReportSerializer

    def perform_create(self, serializer: Any) -> None:
        caller = self.request.user.caller
        serializer.save(
            author_key=caller.key,
            author_name=caller.name,
            device_id=caller.device,
            organisation_id=caller.roles[0][0],
            receipt=secrets.token_hex(3),
            received_at=timezone.now(),
        )


router = routers.SimpleRouter()
router.register("reports", ReportViewSet)
urlpatterns = [path("", include(router.urls))]
