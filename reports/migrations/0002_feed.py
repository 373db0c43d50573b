"""Triggers that publish reports, photos and notes to the change feed."""

from django.db import migrations

from gspace.feed import trigger_sql

# A report that moves to another incident disappears from the old one.
REPORT = """
  IF TG_OP = 'DELETE' THEN
    PERFORM feed_touch('report', OLD.id::text, OLD.incident_id, true, OLD.audiences);
  ELSE
    IF TG_OP = 'UPDATE' AND NEW.incident_id <> OLD.incident_id THEN
      PERFORM feed_touch('report', OLD.id::text, OLD.incident_id, true, OLD.audiences);
    END IF;
    PERFORM feed_touch('report', NEW.id::text, NEW.incident_id, false, NEW.audiences);
  END IF;"""

# A photo shows up as a change of its report. Not on INSERT: photos are announced together with
# a change of the report row itself.
PHOTO = """
  PERFORM feed_touch('report', r.id::text, r.incident_id, false, r.audiences)
    FROM reports_report r WHERE r.id = NEW.report_id;"""

NOTE = """
  IF TG_OP = 'DELETE' THEN
    PERFORM feed_touch('note', OLD.id::text, r.incident_id, true, 1::smallint)
      FROM (SELECT incident_id FROM reports_report WHERE id = OLD.report_id
            UNION ALL SELECT incident_id FROM reports_tombstone WHERE id = OLD.report_id LIMIT 1) r;
  ELSE
    PERFORM feed_touch('note', NEW.id::text, r.incident_id, false, 1::smallint)
      FROM reports_report r WHERE r.id = NEW.report_id;
  END IF;"""


def install(table: str, body: str, events: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        trigger_sql(table, body, events=events), f"DROP FUNCTION feed_{table}() CASCADE"
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("gspace", "0002_feed")]

    operations = [
        install("reports_report", REPORT, "INSERT OR UPDATE OR DELETE"),
        install("reports_photo", PHOTO, "UPDATE"),
        install("reports_note", NOTE, "INSERT OR UPDATE OR DELETE"),
    ]
