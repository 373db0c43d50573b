"""Situations of facilities: a series that only grows, told through the feed as their feature."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from gspace.feed import trigger_sql

# Of a standing layer, too, only the incident in which somebody looked hears of it.
SITUATION = """
  PERFORM feed_touch('feature', l.slug || '/' || s.feature_id, s.incident_id, false, l.audiences)
    FROM (SELECT (CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END).*) s
    JOIN layers_layer l ON l.id = s.layer_id;"""


class Migration(migrations.Migration):
    dependencies = [
        ("gspace", "0003_invite_label"),
        ("layers", "0003_clocks_and_grid"),
    ]

    operations = [
        migrations.CreateModel(
            name="Situation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("feature_id", models.CharField(max_length=200)),
                ("captured_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField()),
                ("as_of", models.DateTimeField()),
                ("author_key", models.CharField(max_length=60)),
                ("author_name", models.CharField(blank=True, max_length=120)),
                ("body_sha256", models.CharField(max_length=64)),
                ("operation", models.CharField(max_length=30, null=True)),
                ("congestion", models.CharField(max_length=30, null=True)),
                ("persons", models.PositiveIntegerField(null=True)),
                ("households", models.PositiveIntegerField(null=True)),
                ("car_stayers", models.PositiveIntegerField(null=True)),
                ("power", models.CharField(max_length=30, null=True)),
                ("water", models.CharField(max_length=30, null=True)),
                ("toilets", models.CharField(max_length=30, null=True)),
                ("needs", models.TextField(null=True)),
                ("note", models.TextField(null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="situations",
                        to="gspace.incident",
                    ),
                ),
                (
                    "layer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="situations",
                        to="layers.layer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["layer", "feature_id", "-as_of", "-id"], name="situation_latest"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "congestion__in",
                                ["crowded", "fairly_full", "full", "space", "unknown"],
                            )
                        ),
                        name="situation_congestion",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("power__in", ["limited", "out", "unknown", "works"])),
                        name="situation_power",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("water__in", ["limited", "out", "unknown", "works"])),
                        name="situation_water",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("toilets__in", ["limited", "out", "unknown", "works"])),
                        name="situation_toilets",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="situation",
            trigger=pgtrigger.compiler.Trigger(
                name="never_overwritten",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="44916ce989b0598514779cccbfcd9f190e7ff8b4",
                    operation="UPDATE",
                    pgid="pgtrigger_never_overwritten_009b2",
                    table="layers_situation",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(
            trigger_sql("layers_situation", SITUATION, events="INSERT OR DELETE"),
            "DROP FUNCTION feed_layers_situation() CASCADE",
        ),
    ]
