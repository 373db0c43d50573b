"""Broadcasts and their receipts; the feed tells headquarters, and whoever joins an incident."""

import uuid

import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.db import migrations, models

from gspace.feed import trigger_sql

# 1: for headquarters; crews read their own lane (gspace.lane). A receipt rings no bell: three
# hundred phones that read one broadcast would else wake each other three hundred times.
BROADCAST = """
  PERFORM feed_touch('broadcast', NEW.id::text, NEW.incident_id, false, 1::smallint);"""

# Opening an incident to an organisation offers it to its phones, whenever that happens.
PART = """
  PERFORM feed_touch('incident', i.slug, i.id, false, 15::smallint)
    FROM gspace_incident i
   WHERE i.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.incident_id ELSE NEW.incident_id END;"""


def install(table: str, body: str, events: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        trigger_sql(table, body, events=events), f"DROP FUNCTION feed_{table}() CASCADE"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("gspace", "0004_device_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="Broadcast",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("text", models.TextField()),
                ("area", django.contrib.gis.db.models.fields.GeometryField(null=True, srid=4326)),
                ("area_name", models.CharField(blank=True, default="", max_length=300)),
                ("created_at", models.DateTimeField()),
                ("author_key", models.CharField(max_length=60)),
                ("author_name", models.CharField(max_length=120)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.CharField(blank=True, default="", max_length=120)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="broadcasts",
                        to="gspace.incident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BroadcastRead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("read_at", models.DateTimeField()),
                (
                    "broadcast",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reads",
                        to="gspace.broadcast",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="gspace.device"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["danger", "gather", "info", "tsunami", "withdraw"])
                ),
                name="broadcast_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="broadcastread",
            constraint=models.UniqueConstraint(
                fields=("broadcast", "device"), name="broadcast_read_once"
            ),
        ),
        install("gspace_broadcast", BROADCAST, "INSERT OR UPDATE"),
        install("gspace_incidentorganisation", PART, "INSERT OR UPDATE OR DELETE"),
    ]
