"""Who at headquarters has which report open: told to headquarters alone."""

import django.db.models.deletion
from django.db import migrations, models

from gspace.feed import trigger_sql

# Not for each sign of life: only what is looked at is news. 1: for headquarters.
CLAIM = """
  IF TG_OP = 'DELETE' THEN
    PERFORM feed_touch('claim', OLD.id::text, OLD.incident_id, true, 1::smallint);
  ELSIF TG_OP = 'INSERT' OR NEW.report_id <> OLD.report_id THEN
    PERFORM feed_touch('claim', NEW.id::text, NEW.incident_id, false, 1::smallint);
  END IF;"""


class Migration(migrations.Migration):
    dependencies = [
        ("gspace", "0005_broadcasts"),
        ("reports", "0011_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("by_key", models.CharField(max_length=60)),
                ("by_name", models.CharField(max_length=120)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="gspace.incident",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to="reports.report",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            trigger_sql("reports_claim", CLAIM, events="INSERT OR UPDATE OR DELETE"),
            "DROP FUNCTION feed_reports_claim() CASCADE",
        ),
    ]
