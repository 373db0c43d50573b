"""The tables of what leaves the desk: exports and who opened them, situation reports.

They stand apart from reports.models, which has enough to say of what comes in.
"""

from __future__ import annotations

import uuid

from django.contrib.gis.db import models
from django.db.models import Q

from gspace.models import Incident

EXPORT_KINDS = ["geojson", "csv", "gpkg", "kml", "zip"]
EXPORT_STATES = ["waiting", "working", "ready", "failed", "cancelled", "removed"]
EXPORT_PHOTOS = ["none", "display", "original"]


class Export(models.Model):
    """A file of the reports of one view, made for headquarters by the worker.

    filters: of the list (reports.filters). photos: which of them come along, in a ZIP only.
    as_of: when the making began; total, done: reports and photos. size: bytes. The row stays when
    the file is gone: who took what away is asked later.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="exports")
    kind = models.CharField(max_length=10)
    filters = models.JSONField(default=dict)
    photos = models.CharField(max_length=10, default="none")
    language = models.CharField(max_length=12, default="ja")
    by_key = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, default="waiting")
    reason = models.CharField(max_length=60, blank=True, default="")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    size = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    as_of = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EXPORT_KINDS), name="export_kind"),
            models.CheckConstraint(condition=Q(state__in=EXPORT_STATES), name="export_state"),
            models.CheckConstraint(condition=Q(photos__in=EXPORT_PHOTOS), name="export_photos"),
            models.CheckConstraint(
                condition=Q(photos="none") | Q(kind="zip"), name="export_photos_in_zip"
            ),
        ]
        indexes = [models.Index(fields=["incident", "-created_at"], name="export_newest")]


class ExportOpening(models.Model):
    """Who took the file of an export, and when."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="openings")
    caller_key = models.CharField(max_length=60)
    caller_name = models.CharField(max_length=120)
    opened_at = models.DateTimeField(auto_now_add=True)


class SituationReport(models.Model):
    """What headquarters said about the incident at one moment (第n報); never changed afterwards.

    number: counts up within the incident. content: see reports.situation_report. The chosen
    reports are rows of their own, so that what is erased leaves these papers too.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="situation_reports")
    number = models.PositiveIntegerField()
    as_of = models.DateTimeField()
    issued_at = models.DateTimeField()
    by_key = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120)
    content = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="situation_report_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="situation_report_number"),
        ]


class SituationItem(models.Model):
    """A report as it stood in a situation report. said: its feature as headquarters saw it."""

    paper = models.ForeignKey(SituationReport, models.CASCADE, related_name="items")
    report = models.ForeignKey("reports.Report", models.CASCADE, related_name="+")
    ordinal = models.PositiveIntegerField()
    chosen = models.BooleanField(default=False)
    said = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "report"], name="situation_item_once")
        ]
