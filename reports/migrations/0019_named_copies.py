"""A copy that a report not public yet still names stays when another is named beside it."""

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION public_copies_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM reports_publiccopy c WHERE c.id = ANY(OLD.public_photos) AND ({gone}
    OR NOT c.id = ANY(NEW.public_photos));
  RETURN NULL;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0018_shapes")]

    operations = [
        migrations.RunSQL(
            SQL.format(gone="OLD.audiences & 8 <> 0 AND NEW.audiences & 8 = 0"),
            SQL.format(gone="NEW.audiences & 8 = 0"),
        )
    ]
