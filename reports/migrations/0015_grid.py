"""The place of a report as a pixel of the tiles' grid (gspace.grid), and what tiles and lists read.

One rewrite of the table, in which it can be neither read nor written: of 200,000 reports it takes a
minute or more, most of it for the index of words.
"""

from django.db import migrations

CENTRE = "ST_Centroid(geometry)"
LATITUDE = f"greatest(-85.0511287798066, least(85.0511287798066, ST_Y({CENTRE})))"
X = f"(ST_X({CENTRE}) + 180) / 360 * 1073741824"
Y = f"(1 - asinh(tan(radians({LATITUDE}))) / pi()) / 2 * 1073741824"


def column(name: str, pixel: str) -> str:
    # least and greatest make a number of nothing
    whole = f"least(1073741823, greatest(0, floor({pixel})))::integer"
    made = f"CASE WHEN geometry IS NULL THEN NULL ELSE {whole} END"
    return f"ADD COLUMN {name} integer GENERATED ALWAYS AS ({made}) STORED"


# Everything that the usual filters ask: clusters of 200,000 reports are made without reading them.
GRID = """
CREATE INDEX report_grid ON reports_report (incident_id, grid_x, grid_y) INCLUDE (
  receipt, audiences, category, severity, status, received_at, accepted_at, due_at,
  municipality_code, id)"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0014_release"),
    ]

    operations = [
        # no fields of the model: only reports/tiles.py reads them
        migrations.RunSQL(
            f"ALTER TABLE reports_report {column('grid_x', X)}, {column('grid_y', Y)}",
            "ALTER TABLE reports_report DROP COLUMN grid_x, DROP COLUMN grid_y",
        ),
        migrations.RunSQL(GRID, "DROP INDEX report_grid"),
    ]
