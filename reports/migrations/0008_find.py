"""Words found by an index whatever their length, what a person has seen, and kept views."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

# As layers/search.py and frontend/src/core/fold.ts: katakana as hiragana, dashes as one, no blanks.
KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7)))
HIRAGANA = "".join(map(chr, range(0x3041, 0x3097)))
DASHES = "‐‑‒–—―−ー-"
FROM = KATAKANA.replace("ヶ", "") + "ヶゖ" + DASHES + " 　\t"
TO = HIRAGANA.replace("ゖ", "") + "けけ" + "-" * len(DASHES)


def folded(expression: str) -> str:
    return f"translate(lower(normalize({expression}, NFKC)), '{FROM}', '{TO}')"


def function(signature: str, returns: str, body: str) -> migrations.RunSQL:
    """Built-ins only inside: a dump is restored with an empty search_path."""
    name = signature.partition("(")[0]
    return migrations.RunSQL(
        f"CREATE FUNCTION {signature} RETURNS {returns} LANGUAGE sql IMMUTABLE PARALLEL SAFE\n"
        f"AS $$ {body} $$",
        f"DROP FUNCTION {name}",
    )


FOLD = function("find_fold(words text)", "text", f"SELECT {folded('words')}")

# Everything of a report that anybody may search; who may read what is asked of the rows found.
FIELDS = ("comment", "comment_hq", "public_text", "receipt", "coalesce(detail, '')") + tuple(
    f"coalesce(place ->> '{name}', '')" for name in ("ja", "en", "town_ja", "town_en")
)
ALL_WORDS = function(
    "find_text(comment text, comment_hq text, public_text text, receipt text, detail text, "
    "place jsonb)",
    "text",
    "SELECT " + folded(" || chr(10) || ".join(FIELDS)),
)

# Trigrams, as pg_trgm has them, cannot find 断水: each character and each pair of neighbours can.
GRAMS = function(
    "find_grams(words text)",
    "text[]",
    """SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
      SELECT u.one AS gram FROM chars, unnest(chars.all_of) u(one)
      UNION ALL
      SELECT u.one || u.next FROM chars, unnest(chars.all_of, chars.all_of[2:]) u(one, next)
       WHERE u.next IS NOT NULL) each_one"""
    .replace("FROM chars,", "FROM (SELECT string_to_array(words, NULL) AS all_of) chars,"),
)  # fmt: skip

# What to look up for words, folded already: pairs, or the character where there is only one.
ASKED = function(
    "find_asked(words text[])",
    "text[]",
    f"""SELECT coalesce(array_agg(DISTINCT gram), '{{}}')
      FROM (SELECT {folded("word")} AS word FROM unnest(words) word) w,
           LATERAL (SELECT substr(w.word, n, 2) AS gram
                      FROM generate_series(1, greatest(length(w.word) - 1, 1)) n) g
     WHERE gram <> ''""",
)
PATTERNS = function(
    "find_patterns(words text[])",
    "text[]",
    rf"""SELECT coalesce(array_agg(
        '%' || regexp_replace({folded("word")}, '([\\%_])', '\\\1', 'g') || '%'), '{{}}')
      FROM unnest(words) word""",
)
INDEX = migrations.RunSQL(
    "CREATE INDEX report_grams ON reports_report USING gin ("
    "find_grams(find_text(comment, comment_hq, public_text, receipt, detail, place)))",
    "DROP INDEX report_grams",
)
# an estimate of 1 would make the planner fold every report rather than ask the index
COSTS = migrations.RunSQL(
    "ALTER FUNCTION find_grams(text) COST 500", "ALTER FUNCTION find_grams(text) COST 100"
)

SAVED_VIEW = migrations.CreateModel(
    name="SavedView",
    fields=[
        ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
        ("name", models.CharField(max_length=80)),
        ("query", models.TextField()),
        ("by_key", models.CharField(max_length=60)),
        ("by_name", models.CharField(max_length=120)),
        ("created_at", models.DateTimeField()),
        (
            "incident",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="views",
                to="gspace.incident",
            ),
        ),
        (
            "organisation",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="gspace.organisation",
            ),
        ),
    ],
    options={"indexes": [models.Index(fields=["incident", "by_key"], name="view_of_person")]},
)
LOOK = migrations.CreateModel(
    name="Look",
    fields=[
        (
            "id",
            models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
        ("key", models.CharField(max_length=60)),
        ("at", models.DateTimeField(null=True)),
        ("all_seen_until", models.DateTimeField(null=True)),
        (
            "incident",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="gspace.incident"
            ),
        ),
    ],
    options={
        "constraints": [models.UniqueConstraint(fields=("incident", "key"), name="look_once")]
    },
)
SEEN = migrations.CreateModel(
    name="Seen",
    fields=[
        (
            "id",
            models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
        ("key", models.CharField(max_length=60)),
        ("at", models.DateTimeField()),
        (
            "report",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reports.report"
            ),
        ),
    ],
    options={"constraints": [models.UniqueConstraint(fields=("report", "key"), name="seen_once")]},
)


class Migration(migrations.Migration):
    dependencies = [
        ("gspace", "0005_broadcasts"),
        ("reports", "0007_log"),
    ]

    operations = [
        FOLD,
        ALL_WORDS,
        GRAMS,
        ASKED,
        PATTERNS,
        COSTS,
        INDEX,
        SEEN,
        LOOK,
        SAVED_VIEW,
    ]
