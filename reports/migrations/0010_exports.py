"""What leaves the desk: exports and who opened them, situation reports."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gspace", "0005_broadcasts"),
        ("reports", "0009_duplicates"),
    ]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("filters", models.JSONField(default=dict)),
                ("photos", models.CharField(default="none", max_length=10)),
                ("language", models.CharField(default="ja", max_length=12)),
                ("by_key", models.CharField(max_length=60)),
                ("by_name", models.CharField(max_length=120)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=60)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(null=True)),
                ("size", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                ("as_of", models.DateTimeField(null=True)),
                ("ready_at", models.DateTimeField(null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to="gspace.incident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExportOpening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("caller_key", models.CharField(max_length=60)),
                ("caller_name", models.CharField(max_length=120)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="openings",
                        to="reports.export",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SituationReport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("as_of", models.DateTimeField()),
                ("issued_at", models.DateTimeField()),
                ("by_key", models.CharField(max_length=60)),
                ("by_name", models.CharField(max_length=120)),
                ("content", models.JSONField(default=dict)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="situation_reports",
                        to="gspace.incident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SituationItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ordinal", models.PositiveIntegerField()),
                ("chosen", models.BooleanField(default=False)),
                ("said", models.JSONField(default=dict)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="reports.report",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="reports.situationreport",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(fields=["incident", "-created_at"], name="export_newest"),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["geojson", "csv", "gpkg", "kml", "zip"])),
                name="export_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["waiting", "working", "ready", "failed", "cancelled", "removed"])
                ),
                name="export_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(("photos__in", ["none", "display", "original"])),
                name="export_photos",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(("photos", "none"), ("kind", "zip"), _connector="OR"),
                name="export_photos_in_zip",
            ),
        ),
        migrations.AddConstraint(
            model_name="situationreport",
            constraint=models.UniqueConstraint(
                fields=("incident", "number"), name="situation_report_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="situationreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gt", 0)), name="situation_report_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="situationitem",
            constraint=models.UniqueConstraint(
                fields=("paper", "report"), name="situation_item_once"
            ),
        ),
    ]
