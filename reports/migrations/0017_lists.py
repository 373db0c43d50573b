"""What the orders of the list read in their turn, and of what is released its place and words.

One rewrite of the table, in which it can be neither read nor written: of 200,000 reports it takes a
minute or more, most of it for the index of words.
"""

from django.db import migrations

# As reports.features has them; a test holds the two together.
CELL = 0.005
ROUNDED = f"""ST_SetSRID(ST_MakePoint(
  (floor(ST_X(ST_Centroid(geometry)) / {CELL}) + 0.5) * {CELL},
  (floor(ST_Y(ST_Centroid(geometry)) / {CELL}) + 0.5) * {CELL}), 4326)"""
SHOWN = f"""CASE WHEN public_place = 'municipality' THEN NULL
  ELSE coalesce(redacted_geometry, CASE
  WHEN coalesce(private_home, category = 'building') OR public_place = 'rounded' THEN {ROUNDED}
  ELSE geometry END) END"""
CENTRE = f"ST_Centroid({SHOWN})"
LATITUDE = f"greatest(-85.0511287798066, least(85.0511287798066, ST_Y({CENTRE})))"
X = f"(ST_X({CENTRE}) + 180) / 360 * 1073741824"
Y = f"(1 - asinh(tan(radians({LATITUDE}))) / pi()) / 2 * 1073741824"
TOWN = "CASE WHEN public_place <> 'municipality' THEN coalesce(place ->> 'town_{}', '') ELSE '' END"
WORDS = " || chr(10) || ".join(
    ["public_text", "receipt", "coalesce(detail, '')", TOWN.format("ja"), TOWN.format("en")]
)


def pixel(name: str, number: str) -> str:
    # least and greatest make a number of nothing
    whole = f"least(1073741823, greatest(0, floor({number})))::integer"
    made = f"CASE WHEN ({SHOWN}) IS NULL THEN NULL ELSE {whole} END"
    return f"ADD COLUMN {name} integer GENERATED ALWAYS AS ({made}) STORED"


RELEASED = """
CREATE INDEX report_public_grid ON reports_report (incident_id, public_x, public_y) INCLUDE (
  receipt, audiences, category, severity, status, received_at, municipality_code, id)
  WHERE audiences & 8 <> 0"""
# the expressions of reports.orders
ORDERS = {
    "worst": "array_position(ARRAY['unknown','minor','moderate','serious','critical'], "
    "severity::text)",
    "due": "coalesce(CASE WHEN status IN ('resolved', 'rejected', 'duplicate', 'withdrawn') "
    "THEN NULL ELSE due_at END, 'infinity')",
    "waiting": "(NOT (status = 'received' AND accepted_at IS NULL))",
}


class Migration(migrations.Migration):
    dependencies = [("reports", "0016_turns")]

    operations = [
        # no fields of the model: only reports/tile_sql.py and reports/search.py read them
        migrations.RunSQL(
            f"ALTER TABLE reports_report {pixel('public_x', X)}, {pixel('public_y', Y)}, "
            f"ADD COLUMN public_words text GENERATED ALWAYS AS (find_fold({WORDS})) STORED",
            "ALTER TABLE reports_report "
            "DROP COLUMN public_x, DROP COLUMN public_y, DROP COLUMN public_words",
        ),
        migrations.RunSQL(RELEASED, "DROP INDEX report_public_grid"),
        *(
            migrations.RunSQL(
                f"CREATE INDEX report_{name} ON reports_report "
                f"(incident_id, ({key}), received_at, id)",
                f"DROP INDEX report_{name}",
            )
            for name, key in ORDERS.items()
        ),
    ]
