"""Headquarters' log: only appended, and told to headquarters alone."""

import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from gspace.feed import trigger_sql

# A line changes the looks of those it corrects or settles, and of what the corrected one settled.
# 1: for headquarters.
LOG = """
  PERFORM feed_touch('log', e.id::text, e.incident_id, false, 1::smallint)
    FROM reports_logentry e
   WHERE e.id IN (NEW.id, NEW.corrects_id, NEW.settles_id)
      OR e.id = (SELECT settles_id FROM reports_logentry WHERE id = NEW.corrects_id);"""


class Migration(migrations.Migration):
    dependencies = [
        ("gspace", "0005_broadcasts"),
        ("reports", "0006_report_context"),
    ]

    operations = [
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("written_at", models.DateTimeField()),
                ("sender", models.CharField(blank=True, default="", max_length=120)),
                ("receiver", models.CharField(blank=True, default="", max_length=120)),
                ("kind", models.CharField(max_length=20)),
                ("text", models.TextField()),
                ("by_key", models.CharField(max_length=60)),
                ("by_name", models.CharField(max_length=120)),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction",
                        to="reports.logentry",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log",
                        to="gspace.incident",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="log",
                        to="reports.report",
                    ),
                ),
                (
                    "settles",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settled_by",
                        to="reports.logentry",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["incident", "-at", "-written_at"], name="log_latest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["decision", "instruction", "note", "report", "request"])
                        ),
                        name="log_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="log_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("corrects", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="log_corrects_other",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="logentry",
            trigger=pgtrigger.compiler.Trigger(
                name="only_appended",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e26ee93e21e480c678a54662566b959d03bff4bc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_only_appended_45dd1",
                    table="reports_logentry",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            trigger_sql("reports_logentry", LOG, events="INSERT"),
            "DROP FUNCTION feed_reports_logentry() CASCADE",
        ),
    ]
