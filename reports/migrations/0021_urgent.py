"""What nobody has accepted is counted and listed from an index of these alone.

Of 200,000 reports it takes half a second, in which none can be written.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0020_told_by")]

    operations = [
        # reports.orders.URGENT; a test holds the two together
        migrations.RunSQL(
            "CREATE INDEX report_urgent ON reports_report (incident_id, received_at, id) "
            "WHERE (category = 'rescue' OR severity = 'critical') AND accepted_at IS NULL "
            "AND NOT status IN ('resolved', 'rejected', 'duplicate', 'withdrawn')",
            "DROP INDEX report_urgent",
        )
    ]
