"""The change feed's sequence, its one writer, the epoch row, and the trigger on incidents."""

from django.db import migrations

from gspace.feed import TOUCH_SQL, trigger_sql

INCIDENT = "  PERFORM feed_touch('incident', NEW.slug, NEW.id, false, 15::smallint);"


class Migration(migrations.Migration):
    dependencies = [("gspace", "0001_initial")]

    operations = [
        migrations.RunSQL(
            # CACHE 1: a cached range would hand out numbers out of commit order
            "CREATE SEQUENCE feed_seq CACHE 1",
            "DROP SEQUENCE feed_seq",
        ),
        migrations.RunSQL(
            TOUCH_SQL,
            "DROP FUNCTION feed_touch(text, text, bigint, boolean, smallint)",
        ),
        migrations.RunSQL(
            "INSERT INTO gspace_feedepoch (id, nonce) VALUES (1, gen_random_uuid())",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            trigger_sql("gspace_incident", INCIDENT, events="INSERT OR UPDATE"),
            "DROP FUNCTION feed_gspace_incident() CASCADE",
        ),
    ]
