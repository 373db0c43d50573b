"""Pairs that are known to be two, and an index that finds a picture sent again."""

import django.db.models.deletion
from django.db import migrations, models

# Four numbered quarters of a perceptual hash: two hashes that differ in at most three of 64 bits
# have a quarter in common, which an index finds. An empty or full quarter is sky or night and
# would find everything; a hash with next to no (or all) bits set says nothing at all.
QUARTERS = """
CREATE FUNCTION photo_quarters(dhash text) RETURNS integer[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
  SELECT CASE
    WHEN dhash !~ '^[0-9a-f]{16}$' THEN '{}'::integer[]
    WHEN bit_count(('x' || dhash)::bit(64)) NOT BETWEEN 6 AND 58 THEN '{}'::integer[]
    ELSE ARRAY(SELECT n * 65536 + quarter
                 FROM (SELECT n, ('x' || substr(dhash, n * 4 + 1, 4))::bit(16)::integer AS quarter
                         FROM generate_series(0, 3) n) each_one
                WHERE quarter NOT IN (0, 65535))
  END
$$"""
INDEX = """
CREATE INDEX photo_quarters ON reports_photo USING gin (photo_quarters(dhash))"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0008_find"),
    ]

    operations = [
        migrations.CreateModel(
            name="Distinct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_key", models.CharField(max_length=60)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="reports.report",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="distinct_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="distinct_in_order",
                    ),
                ],
            },
        ),
        migrations.RunSQL(QUARTERS, "DROP FUNCTION photo_quarters(text)"),
        migrations.RunSQL(INDEX, "DROP INDEX photo_quarters"),
    ]
