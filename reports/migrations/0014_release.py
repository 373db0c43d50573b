"""What is released to the public: photos looked through, rougher places, rules of headquarters."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# A copy goes with the moment in which the public may not see it any more, whoever brought that about.
TAKEN_BACK = """
CREATE FUNCTION public_copies_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM reports_publiccopy c WHERE c.id = ANY(OLD.public_photos)
    AND (NEW.audiences & 8 = 0 OR NOT c.id = ANY(NEW.public_photos));
  RETURN NULL;
END $$;
CREATE TRIGGER public_copies_go AFTER UPDATE ON reports_report FOR EACH ROW
  WHEN (OLD.public_photos <> '{}' AND (OLD.public_photos <> NEW.public_photos
    OR OLD.audiences & 8 <> 0 AND NEW.audiences & 8 = 0))
  EXECUTE FUNCTION public_copies_go()"""

# What was released or taken back until now, people did: no rule overrules them.
BY_HAND = """
ALTER TABLE reports_report DISABLE TRIGGER USER;
UPDATE reports_report r SET release_how = 'hand' WHERE release <> 'none' OR EXISTS (
  SELECT FROM reports_reportevent e WHERE e.pgh_obj_id = r.id AND e.release <> 'none');
ALTER TABLE reports_report ENABLE TRIGGER USER"""


class Migration(migrations.Migration):
    dependencies = [
        ("gspace", "0006_teams"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("reports", "0013_entered"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicCopy",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("boxes", models.JSONField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("by_key", models.CharField(max_length=60)),
                ("by_name", models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name="ReleaseRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("category", models.CharField(max_length=30)),
                ("status", models.CharField(max_length=20)),
                ("place", models.CharField(default="rounded", max_length=20)),
                ("text", models.CharField(default="none", max_length=20)),
                ("fixed_text", models.TextField(blank=True, default="")),
                ("enabled", models.BooleanField(default=True)),
                ("by_key", models.CharField(max_length=60)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ReleaseRuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("category", models.CharField(max_length=30)),
                ("status", models.CharField(max_length=20)),
                ("place", models.CharField(default="rounded", max_length=20)),
                ("text", models.CharField(default="none", max_length=20)),
                ("fixed_text", models.TextField(blank=True, default="")),
                ("enabled", models.BooleanField(default=True)),
                ("by_key", models.CharField(max_length=60)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="report",
            name="changed_update",
        ),
        migrations.AddField(
            model_name="report",
            name="public_photos",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="public_place",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="report",
            name="release_how",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        migrations.AddField(
            model_name="reportevent",
            name="public_photos",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="reportevent",
            name="public_place",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="reportevent",
            name="release_how",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."accepted_at" IS DISTINCT FROM (NEW."accepted_at") OR OLD."accepted_by" IS DISTINCT FROM (NEW."accepted_by") OR OLD."accuracy_m" IS DISTINCT FROM (NEW."accuracy_m") OR OLD."assigned_to" IS DISTINCT FROM (NEW."assigned_to") OR OLD."author_key" IS DISTINCT FROM (NEW."author_key") OR OLD."author_name" IS DISTINCT FROM (NEW."author_name") OR OLD."bearing_deg" IS DISTINCT FROM (NEW."bearing_deg") OR OLD."body_sha256" IS DISTINCT FROM (NEW."body_sha256") OR OLD."captured_at" IS DISTINCT FROM (NEW."captured_at") OR OLD."captured_in_future" IS DISTINCT FROM (NEW."captured_in_future") OR OLD."captured_source" IS DISTINCT FROM (NEW."captured_source") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."clock_skew_s" IS DISTINCT FROM (NEW."clock_skew_s") OR OLD."comment" IS DISTINCT FROM (NEW."comment") OR OLD."comment_hq" IS DISTINCT FROM (NEW."comment_hq") OR OLD."detail" IS DISTINCT FROM (NEW."detail") OR OLD."device_id" IS DISTINCT FROM (NEW."device_id") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."floor" IS DISTINCT FROM (NEW."floor") OR OLD."follows" IS DISTINCT FROM (NEW."follows") OR OLD."geometry" IS DISTINCT FROM (NEW."geometry") OR OLD."geometry_note" IS DISTINCT FROM (NEW."geometry_note") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."incident_id" IS DISTINCT FROM (NEW."incident_id") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."municipality_code" IS DISTINCT FROM (NEW."municipality_code") OR OLD."municipality_how" IS DISTINCT FROM (NEW."municipality_how") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."positions" IS DISTINCT FROM (NEW."positions") OR OLD."private_home" IS DISTINCT FROM (NEW."private_home") OR OLD."public_photos" IS DISTINCT FROM (NEW."public_photos") OR OLD."public_place" IS DISTINCT FROM (NEW."public_place") OR OLD."public_text" IS DISTINCT FROM (NEW."public_text") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."receipt" IS DISTINCT FROM (NEW."receipt") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at") OR OLD."redacted_geometry" IS DISTINCT FROM (NEW."redacted_geometry") OR OLD."release" IS DISTINCT FROM (NEW."release") OR OLD."release_how" IS DISTINCT FROM (NEW."release_how") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."severity" IS DISTINCT FROM (NEW."severity") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."told_by" IS DISTINCT FROM (NEW."told_by") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "reports_reportevent" ("about", "accepted_at", "accepted_by", "accuracy_m", "assigned_to", "author_key", "author_name", "bearing_deg", "body_sha256", "captured_at", "captured_in_future", "captured_source", "category", "channel", "clock_skew_s", "comment", "comment_hq", "detail", "device_id", "due_at", "floor", "follows", "geometry", "geometry_note", "id", "incident_id", "merged_into_id", "municipality_code", "municipality_how", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "positions", "private_home", "public_photos", "public_place", "public_text", "reason", "receipt", "received_at", "redacted_geometry", "release", "release_how", "sent_at", "severity", "status", "told_by", "updated_at", "version") VALUES (OLD."about", OLD."accepted_at", OLD."accepted_by", OLD."accuracy_m", OLD."assigned_to", OLD."author_key", OLD."author_name", OLD."bearing_deg", OLD."body_sha256", OLD."captured_at", OLD."captured_in_future", OLD."captured_source", OLD."category", OLD."channel", OLD."clock_skew_s", OLD."comment", OLD."comment_hq", OLD."detail", OLD."device_id", OLD."due_at", OLD."floor", OLD."follows", OLD."geometry", OLD."geometry_note", OLD."id", OLD."incident_id", OLD."merged_into_id", OLD."municipality_code", OLD."municipality_how", OLD."organisation_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."place", OLD."positions", OLD."private_home", OLD."public_photos", OLD."public_place", OLD."public_text", OLD."reason", OLD."receipt", OLD."received_at", OLD."redacted_geometry", OLD."release", OLD."release_how", OLD."sent_at", OLD."severity", OLD."status", OLD."told_by", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="c060309f94cb83b8186927fccd6e293eb1b2acc4",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_d5bfe",
                    table="reports_report",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("release_how__in", ["", "rule", "hand"])),
                name="report_released_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("public_place__in", ["", "rounded", "municipality"])),
                name="report_public_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("release_how", "rule"), _negated=True),
                    models.Q(
                        ("status__in", ["handed_over", "in_progress", "resolved", "verified"]),
                        models.Q(("category__in", ["building", "rescue"]), _negated=True),
                        models.Q(("severity", "critical"), _negated=True),
                        models.Q(
                            ("private_home__isnull", True), ("private_home", False), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="never_by_rule",
            ),
        ),
        migrations.AddField(
            model_name="publiccopy",
            name="photo",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="public_copies",
                to="reports.photo",
            ),
        ),
        migrations.AddField(
            model_name="releaserule",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="release_rules",
                to="gspace.incident",
            ),
        ),
        migrations.AddField(
            model_name="releaseruleevent",
            name="incident",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="gspace.incident",
            ),
        ),
        migrations.AddField(
            model_name="releaseruleevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="releaseruleevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                to="reports.releaserule",
            ),
        ),
        migrations.AddConstraint(
            model_name="releaserule",
            constraint=models.UniqueConstraint(
                fields=("incident", "category", "status"), name="rule_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="releaserule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "category__in",
                        [
                            "all_clear",
                            "bridge",
                            "building",
                            "farmland",
                            "fire",
                            "flooding",
                            "gas",
                            "isolated",
                            "landslide",
                            "obstacle",
                            "other",
                            "power",
                            "rescue",
                            "river",
                            "road_blocked",
                            "road_damaged",
                            "shelter",
                            "support_needed",
                            "telecom",
                            "transit",
                            "water_cut",
                        ],
                    )
                ),
                name="rule_category",
            ),
        ),
        migrations.AddConstraint(
            model_name="releaserule",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__in", ["building", "rescue"]), _negated=True),
                name="rule_never_of_these",
            ),
        ),
        migrations.AddConstraint(
            model_name="releaserule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["handed_over", "in_progress", "resolved", "verified"])
                ),
                name="rule_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="releaserule",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__in", ["exact", "municipality", "rounded"])),
                name="rule_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="releaserule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("text__in", ["category", "none"]),
                    models.Q(("text", "fixed"), models.Q(("fixed_text", ""), _negated=True)),
                    _connector="OR",
                ),
                name="rule_text",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="releaserule",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "reports_releaseruleevent" ("at", "by_key", "by_name", "category", "enabled", "fixed_text", "id", "incident_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "status", "text") VALUES (OLD."at", OLD."by_key", OLD."by_name", OLD."category", OLD."enabled", OLD."fixed_text", OLD."id", OLD."incident_id", _pgh_attach_context(), NOW(), \'changed\', OLD."id", OLD."place", OLD."status", OLD."text"); RETURN NULL;',
                    hash="cf39501461955b6932d0dcb289b7a9fd2f3c997d",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_b2528",
                    table="reports_releaserule",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(TAKEN_BACK, "DROP FUNCTION public_copies_go() CASCADE"),
        migrations.RunSQL(BY_HAND, migrations.RunSQL.noop),
    ]
