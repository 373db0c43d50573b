"""Who told it is among the words: headquarters looks a caller up by name or number.

One rewrite of the table, in which it can be neither read nor written: of 200,000 reports it takes a
minute or more, most of it for the index of words.
"""

from django.db import migrations

TEXT = "find_text(comment, comment_hq, public_text, receipt, detail, place)"
TOLD = f"{TEXT} || chr(10) || find_fold(coalesce(told_by, ''))"
# what the planner knew of the column, and of the index, went with them
KNOWN = "ANALYZE reports_report"
INDEX = "CREATE INDEX report_grams ON reports_report USING gin (find_grams(words))"


def words(of: str) -> str:
    """A column of other words; its index goes with it."""
    return (
        "ALTER TABLE reports_report DROP COLUMN words, "
        f"ADD COLUMN words text GENERATED ALWAYS AS ({of}) STORED"
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0019_named_copies")]

    operations = [
        # no field of the model: only reports/search.py reads it
        migrations.RunSQL([words(TOLD), INDEX, KNOWN], [words(TEXT), INDEX, KNOWN]),
    ]
