"""Room for what files said last, for the tiles' grid, promises of freshness and edit numbers."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0002_feed"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("feature_id", models.CharField(max_length=200)),
                ("said", models.JSONField(default=dict)),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="layer",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="livestate",
            name="changed_update",
        ),
        migrations.AddField(
            model_name="feature",
            name="grid_x",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="feature",
            name="grid_y",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="feature",
            name="span",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="layer",
            name="refresh_s",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="layerevent",
            name="refresh_s",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="layerversion",
            name="extent",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="layerversion",
            name="without_place",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="livestate",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="livestateevent",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddIndex(
            model_name="feature",
            index=models.Index(fields=["version", "grid_x", "grid_y"], name="feature_grid"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="layer",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."attribution" IS DISTINCT FROM (NEW."attribution") OR OLD."audience" IS DISTINCT FROM (NEW."audience") OR OLD."coverage" IS DISTINCT FROM (NEW."coverage") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."incident_id" IS DISTINCT FROM (NEW."incident_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."licence" IS DISTINCT FROM (NEW."licence") OR OLD."published_id" IS DISTINCT FROM (NEW."published_id") OR OLD."publisher_id" IS DISTINCT FROM (NEW."publisher_id") OR OLD."refresh_s" IS DISTINCT FROM (NEW."refresh_s") OR OLD."reuse" IS DISTINCT FROM (NEW."reuse") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."source_name" IS DISTINCT FROM (NEW."source_name") OR OLD."source_url" IS DISTINCT FROM (NEW."source_url") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."title_en" IS DISTINCT FROM (NEW."title_en") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at"))',
                    func='INSERT INTO "layers_layerevent" ("attribution", "audience", "coverage", "created_at", "id", "incident_id", "kind", "licence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_id", "publisher_id", "refresh_s", "reuse", "slug", "source_name", "source_url", "title", "title_en", "withdrawn_at") VALUES (OLD."attribution", OLD."audience", OLD."coverage", OLD."created_at", OLD."id", OLD."incident_id", OLD."kind", OLD."licence", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."published_id", OLD."publisher_id", OLD."refresh_s", OLD."reuse", OLD."slug", OLD."source_name", OLD."source_url", OLD."title", OLD."title_en", OLD."withdrawn_at"); RETURN NULL;',
                    hash="48a588dcb8f6311b1c1171887899016545e0a8b3",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_eadad",
                    table="layers_layer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="livestate",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "layers_livestateevent" ("checked_at", "clocks", "congestion", "feature_id", "id", "layer_id", "note", "operation", "persons", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "traffic", "valid_from", "valid_until", "version") VALUES (OLD."checked_at", OLD."clocks", OLD."congestion", OLD."feature_id", OLD."id", OLD."layer_id", OLD."note", OLD."operation", OLD."persons", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."traffic", OLD."valid_from", OLD."valid_until", OLD."version"); RETURN NULL;',
                    hash="c64118faa6b1db37c6788b9a7e2adb1a74fccb50",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_a8bec",
                    table="layers_livestate",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="filestate",
            name="layer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="file_states",
                to="layers.layer",
            ),
        ),
        migrations.AddConstraint(
            model_name="filestate",
            constraint=models.UniqueConstraint(
                fields=("layer", "feature_id"), name="file_state_once"
            ),
        ),
        migrations.RunSQL(
            # the highest seq of a layer's features is asked for at every tile
            "CREATE INDEX feed_feature_of_layer ON feed (oid text_pattern_ops, seq)"
            " WHERE kind = 'feature'",
            "DROP INDEX feed_feature_of_layer",
        ),
    ]
