"""Triggers that publish layers and live state to the change feed."""

from django.db import migrations

from gspace.feed import trigger_sql

# A standing layer (incident null) is told in every incident that is not closed.
LAYER = """
  PERFORM feed_touch('layer', NEW.slug, i.id, false, NEW.audiences)
    FROM gspace_incident i
   WHERE i.id = NEW.incident_id OR (NEW.incident_id IS NULL AND i.state <> 'closed');
  IF TG_OP = 'UPDATE' AND NEW.incident_id IS DISTINCT FROM OLD.incident_id THEN
    PERFORM feed_touch('layer', OLD.slug, i.id, true, OLD.audiences)
      FROM gspace_incident i
     WHERE (i.id = OLD.incident_id OR OLD.incident_id IS NULL)
       AND NEW.incident_id IS NOT NULL AND i.id <> NEW.incident_id;
  END IF;"""

STATE = """
  PERFORM feed_touch('feature', l.slug || '/' || s.feature_id, i.id, false, l.audiences)
    FROM (SELECT (CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END).*) s
    JOIN layers_layer l ON l.id = s.layer_id
    JOIN gspace_incident i
      ON i.id = l.incident_id OR (l.incident_id IS NULL AND i.state <> 'closed');"""

# A new incident starts with the standing layers.
STANDING = """
CREATE OR REPLACE FUNCTION feed_standing_layers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM feed_touch('layer', l.slug, NEW.id, false, l.audiences)
    FROM layers_layer l WHERE l.incident_id IS NULL;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER feed_standing_layers AFTER INSERT ON gspace_incident
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION feed_standing_layers();
"""


def install(table: str, body: str, events: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        trigger_sql(table, body, events=events), f"DROP FUNCTION feed_{table}() CASCADE"
    )


class Migration(migrations.Migration):
    dependencies = [("layers", "0001_initial"), ("gspace", "0002_feed")]

    operations = [
        install("layers_layer", LAYER, "INSERT OR UPDATE"),
        install("layers_livestate", STATE, "INSERT OR UPDATE OR DELETE"),
        migrations.RunSQL(STANDING, "DROP FUNCTION feed_standing_layers() CASCADE"),
    ]
