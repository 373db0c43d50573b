"""When a report's status changed is read for all reports at once, from the index alone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0015_grid")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX report_event_turn ON reports_reportevent "
            "(incident_id, pgh_obj_id, status, pgh_created_at)",
            "DROP INDEX report_event_turn",
        )
    ]
