"""Free text over reports as SQL: width, case, kana and dashes alike, words of any length.

The functions find_* and the index report_grams are made by migration 0008. The index knows the
words of everybody; what this reader may read is asked of the rows that it finds.
"""

from __future__ import annotations

from typing import Any

from gspace.problems import Problem

# must read as the index does
GRAMS = """find_grams(find_text(r.comment, r.comment_hq, r.public_text, r.receipt, r.detail,
 r.place))"""
_PLACE = "r.place ->> 'ja', r.place ->> 'en'"
READABLE = {
    "hq": f"r.comment, r.comment_hq, r.public_text, r.receipt, r.detail, {_PLACE}",
    "partner": f"r.comment, r.receipt, r.detail, {_PLACE}",
    "field": f"r.comment, r.receipt, r.detail, {_PLACE}",
    "author": f"r.comment, r.receipt, r.detail, {_PLACE}",
    "public": "r.public_text, r.receipt, r.detail, r.place ->> 'town_ja', r.place ->> 'town_en'",
}


def words_clause(text: Any, reader: str) -> tuple[str, list[Any]] | None:
    """(SQL condition on r, its parameters): every word is found; None where there is no word.

    reader: an audience, or "author". Raises Problem invalid.
    """
    words = str(text or "").split()
    if any("\x00" in word for word in words):
        raise Problem("invalid", "NUL is not text.", field="q")
    if not words:
        return None
    clause = (
        f"{GRAMS} @> find_asked(%s::text[]) AND "
        f"find_fold(concat_ws(chr(10), {READABLE[reader]})) LIKE ALL (find_patterns(%s::text[]))"
    )
    return clause, [words, words]
