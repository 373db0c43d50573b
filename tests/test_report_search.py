"""Free text over reports: short words, width, kana; by an index; only what one may read."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gspace import feed
from layers import search as layer_search
from reports import actions, queries
from reports.features import PUBLIC_TOWN
from reports.models import Report
from reports.payload import HqEdit
from reports.search import words_clause
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return Desk()


class Desk:
    def __init__(self) -> None:
        self.incident = builders.make_incident()
        self.crew, _ = builders.device(self.incident)
        self.hq = builders.operator(self.incident)

    def make(self, comment: str, **more) -> str:
        return str(builders.make_report(self.incident, self.crew, comment=comment, **more))

    def found(self, q: str, audience: str = "hq", **filters) -> set[str]:
        import json

        text = queries.snapshot(self.incident, audience, feed.epoch(), {"q": q, **filters})
        return {feature["id"] for feature in json.loads(text)["features"]}


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("町全体が断水しています", "断水"),
        ("ｶﾞｽの臭い", "がす"),
        ("がすの臭い", "ガス"),
        ("ガスの臭い", "ｶﾞｽ"),
        ("ガスの臭い", "臭"),
        ("国道５７号", "57号"),
        ("Bridge DOWN", "bridge"),
        ("Ｂｒｉｄｇｅ", "BRIDGE"),
        ("ヶ所", "ケ所"),
        ("セ−ター", "セーター"),
        ("水 が 出 ない", "水が出ない"),
        ("100%止まった_全部", "100%"),
        ("100%止まった_全部", "_全"),
        ("道が \\ 割れた", "\\"),
        ("断水と停電", "停電 断水"),
        ("断水と停電", "　停電　断水　"),
        ("𠮷野家の前", "𠮷野"),
    ],
)
def test_words_are_found(desk: Desk, written: str, asked: str) -> None:
    made, _ = desk.make(written), desk.make("何もありません")
    assert desk.found(asked) == {made}


@pytest.mark.parametrize("asked", ["水断", "断水 火災", "停電", "断_", "%"])
def test_other_words_are_not(desk: Desk, asked: str) -> None:
    desk.make("断水")
    assert desk.found(asked) == set()


def test_pairs_far_apart_are_no_word(desk: Desk) -> None:
    desk.make("避難した。難所を越えた")
    assert desk.found("避難所") == set()


def test_no_words_find_everything(desk: Desk) -> None:
    made = desk.make("断水")
    assert desk.found(" 　") == {made}


def test_what_is_searched(desk: Desk) -> None:
    made = desk.make("道", category="road_blocked", detail="倒木")
    edit = HqEdit(comment_hq="内部の話", release="public", public_text="迂回してください")
    actions.report_change(report_id=made, edit=edit, seen=1, by=desk.hq)
    with connection.cursor() as cursor:
        cursor.execute("SELECT receipt, place ->> 'ja' FROM reports_report WHERE id = %s", [made])
        receipt, place = cursor.fetchone()
    inside = {"内部": "hq", "迂回": "hq public", "倒木": "hq partner field public",
              receipt.lower(): "hq partner field public"}  # fmt: skip
    if place:
        inside[place[:3]] = "hq partner field"
    for word, who in inside.items():
        told = {a for a in ("hq", "partner", "field", "public") if desk.found(word, a) == {made}}
        assert told >= set(who.split()), word
    assert desk.found("内部", "partner") == desk.found("内部", "public") == set()
    assert desk.found("道", "public") == set(), "a field comment is not the public's to search"


def test_an_author_searches_the_own_words(desk: Desk) -> None:
    by, _ = builders.device(desk.incident, "volunteer")
    own = str(builders.make_report(desk.incident, by, comment="助けて"))
    assert desk.found("助け", "public", mine=by.key) == {own}


def test_an_edit_is_found_at_once(desk: Desk) -> None:
    made = desk.make("断水")
    edit = HqEdit(comment_hq="給水車を手配")
    actions.report_change(report_id=made, edit=edit, seen=1, by=desk.hq)
    assert desk.found("給水") == {made}


def test_the_index_answers(desk: Desk) -> None:
    made = desk.make("断水")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM reports_report r WHERE find_grams(r.words) @> find_asked(%s)",
            [["断水"]],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "report_grams" in plan
    assert desk.found("断水") == {made}


def test_common_words_are_found_without_the_index(desk: Desk) -> None:
    made = desk.make("断水 停電")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reports_report")
    assert desk.found("停電") == {made} and desk.found("火災") == set()
    with CaptureQueriesContext(connection) as sent:
        desk.found("断水")
        desk.found("火災")
    lists = [query["sql"] for query in sent if "FeatureCollection" not in query["sql"]]
    common, rare = [sql for sql in lists if "MATERIALIZED" in sql]
    assert "@>" not in common and "@>" in rare


def test_places_and_reports_are_folded_alike() -> None:
    words = "ｶﾞｽ ガス Ａｂ ﾊﾟｰｸ ヶ ゖ ― − ー ‐ 　 Ⅻ ㈱ ヴ ゔ"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT find_fold(%s), {layer_search.fold('%s')}".replace("%%", "%"), [words, words]
        )
        ours, theirs = cursor.fetchone()
    assert ours == theirs


def test_the_public_searches_what_it_reads(desk: Desk) -> None:
    """The column that is searched, and what reports.features tells."""
    fields = ["r.public_text", "r.receipt", "r.detail", *PUBLIC_TOWN.values()]
    for place in ("", "municipality"):
        made = desk.make("秘密", category="bridge")
        edit = HqEdit(release="public", public_text="橋は通れます", comment_hq="内部")
        actions.report_change(report_id=made, edit=edit, seen=1, by=desk.hq)
        town = {"ja": "x", "town_ja": "益城町", "town_en": "Mashiki"}
        Report.objects.filter(id=made).update(public_place=place, place=town)
        assert (made in desk.found("益城", "public")) == (place == "")
        assert made in desk.found("橋は", "public")
        assert not desk.found("秘密", "public") | desk.found("内部", "public")
    with connection.cursor() as cursor:
        cursor.execute(f"""SELECT replace(public_words, chr(10), ''), find_fold(concat(
            {", ".join(fields)})) FROM reports_report r""")
        assert all(kept == told for kept, told in cursor.fetchall())


def test_the_staff_do_not_find_what_is_headquarters_own(desk: Desk) -> None:
    made = desk.make("断水")
    edit = HqEdit(comment_hq="給水車", public_text="復旧中")
    actions.report_change(report_id=made, edit=edit, seen=1, by=desk.hq)
    for reader in ("partner", "field"):
        assert desk.found("断水", reader) == {made}
        assert desk.found("給水車", reader) == desk.found("復旧", reader) == set()


def test_rare_together_is_rare(desk: Desk) -> None:
    words = ["火災", "停電", "断水", "倒壊", "浸水"]
    for turn in range(32):
        desk.make(" ".join(word for bit, word in enumerate(words) if turn >> bit & 1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reports_report")
    for word in words:
        assert "@>" not in words_clause(word, "hq")[0], word
    assert "@>" in words_clause(" ".join(words), "hq")[0]


@pytest.mark.django_db(transaction=True)
def test_words_that_were_made_anew_are_known_to_the_planner(desk: Desk) -> None:
    """A column that goes takes along what was known of it, and nobody counts again by itself."""
    (operation,) = import_module("reports.migrations.0020_told_by").Migration.operations
    for _ in range(2):
        desk.make("断水")
    known = []
    with connection.cursor() as cursor:
        for way in (operation.reverse_sql, operation.sql):
            for sql in way:
                cursor.execute(sql)
            cursor.execute(
                "SELECT count(*) FROM pg_stats WHERE tablename = 'reports_report' "
                "AND attname = 'words'"
            )
            known.append(cursor.fetchone()[0])
    assert known == [1, 1]
