"""Free text over reports as SQL: width, case, kana and dashes alike, words of any length.

The functions find_*, the column `words` (all of a report, folded) and its index report_grams are
made by migrations 0008 and 0011. They know the words of everybody; what this reader may read is
asked of the rows that are found.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection

from gspace.problems import Problem
from reports.features import PUBLIC_TOWN

_PLACE = "r.place ->> 'ja', r.place ->> 'en'"
READABLE = {
    "partner": f"r.comment, r.receipt, r.detail, {_PLACE}",
    "field": f"r.comment, r.receipt, r.detail, {_PLACE}",
    "author": f"r.comment, r.receipt, r.detail, {_PLACE}",
    "public": f"r.public_text, r.receipt, r.detail, {PUBLIC_TOWN['ja']}, {PUBLIC_TOWN['en']}",
}
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
        readable = f"find_fold(concat_ws(chr(10), {READABLE[reader]}))"
        clauses.append(f"{readable} LIKE ALL (find_patterns(%s::text[]))")
    if not _are_common(words):
        clauses.append("find_grams(r.words) @> find_asked(%s::text[])")
    return " AND ".join(clauses), [words] * len(clauses)


# What the database has noted of the index: the most frequent of its entries, and how frequent.
COMMON_SQL = """
SELECT min(coalesce(frequent.share, 0)) FROM unnest(find_asked(%s::text[])) asked(gram)
  LEFT JOIN (SELECT u.gram, u.share FROM pg_stats s,
       unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) u(gram, share)
     WHERE s.schemaname = current_schema() AND s.tablename = 'report_grams') frequent
    ON frequent.gram = asked.gram"""


def _are_common(words: list[str]) -> bool:
    """Whether they stand in so many reports that the index would be the longer way."""
    with connection.cursor() as cursor:
        cursor.execute(COMMON_SQL, [words])
        (share,) = cursor.fetchone()
    return share is not None and share > COMMON
