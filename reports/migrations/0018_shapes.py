"""The few reports whose place is a line or an area: what is counted by centres is put right by them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0017_lists")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX report_shapes ON reports_report (incident_id) WHERE "
            "GeometryType(geometry) <> 'POINT' OR GeometryType(redacted_geometry) <> 'POINT'",
            "DROP INDEX report_shapes",
        )
    ]
