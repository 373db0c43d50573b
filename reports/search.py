"""Free text over reports as SQL: width, case, kana and dashes alike, words of any length.

The functions find_*, the column `words` (all of a report, folded) and its index report_grams are
made by migrations 0008, 0011 and 0020. They know the words of everybody; what this reader may read
is asked of the rows that are found.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection

from gspace.problems import Problem

_PLACE = "r.place ->> 'ja', r.place ->> 'en'"
_STAFF = f"find_fold(concat_ws(chr(10), r.comment, r.receipt, r.detail, {_PLACE}))"
# Folding takes longer than everything else: it is spared where nothing in `words` is hidden. (The
# staff are told the town by the place.)
_HIDDEN = "(r.comment_hq <> '' OR r.public_text <> '' OR coalesce(r.told_by, '') <> '')"
# SQL of what else must hold of the words asked for; public_words: migration 0017
READABLE = {
    "partner": f"(NOT {_HIDDEN} OR {_STAFF} LIKE ALL (find_patterns(%s::text[])))",
    "public": "r.public_words LIKE ALL (find_patterns(%s::text[]))",
}
READABLE |= {"field": READABLE["partner"], "author": READABLE["partner"]}
# of reports; above it the newest are sooner found one after the other than by the index
COMMON = 0.05


def words_clause(text: Any, reader: str) -> tuple[str, list[Any]] | None:
    """(SQL condition on r, its parameters): every word is found; None where there is no word.

    reader: an audience, or "author". Raises Problem invalid.
    """
    words = str(text or "").split()
    if any("\x00" in word for word in words):
        raise Problem("invalid", "NUL is not text.", field="q")
    if len(words) > settings.LIMIT_FILTER_WORDS:
        raise Problem("invalid", f"At most {settings.LIMIT_FILTER_WORDS} words.", field="q")
    if not words:
        return None
    clauses = ["r.words LIKE ALL (find_patterns(%s::text[]))"]
    if reader in READABLE:
        clauses.append(READABLE[reader])
    if not _are_common(words):
        clauses.append("find_grams(r.words) @> find_asked(%s::text[])")
    return " AND ".join(clauses), [words] * len(clauses)


# What the database has noted of the index: of each word the rarest of its entries, and how frequent
# that is; of several words together, as if they had nothing to do with each other.
COMMON_SQL = """
SELECT exp(sum(ln(greatest(share, 1e-9)))) FROM (
  SELECT min(coalesce(frequent.share, 0)) AS share
    FROM unnest(%s::text[]) word CROSS JOIN LATERAL unnest(find_asked(ARRAY[word])) asked(gram)
    LEFT JOIN (SELECT u.gram, u.share FROM pg_stats s,
         unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) u(gram, share)
       WHERE s.schemaname = current_schema() AND s.tablename = 'report_grams') frequent
      ON frequent.gram = asked.gram
   GROUP BY word) of_words"""


def _are_common(words: list[str]) -> bool:
    """Whether they stand in so many reports that the index would be the longer way."""
    with connection.cursor() as cursor:
        cursor.execute(COMMON_SQL, [words])
        (share,) = cursor.fetchone()
    return share is not None and share > COMMON
