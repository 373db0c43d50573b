"""Yes, no and the marks between; counts; words of state. Unknown is a value, blank is none.

0, blank, "---", "不明" and a column that is not there mean five things and stay five.
Pure: imports no Django.
"""

from __future__ import annotations

import re
import unicodedata

from gspace import vocabulary
from layers.tables import is_blank

YES = set(
    "1 1.0 ○ ◯ 〇 ● ◎ レ ✓ ✔ ☑ 有 あり 有り 可 可能 可能です 対応 該当 適 はい yes y true t".split()
)
NO = set("0 0.0 × ✕ ✖ ☓ ╳ x 無 なし 無し 不可 非対応 非該当 不適 いいえ no n false f".split())
PARTLY = set("△ ▲ 一部 条件付 条件付き 一部可".split())
UNKNOWN = set("不明 未定 未確認 確認中 調査中 不詳 unknown n/a na ? ？ 未報告 未集計".split())


def plain(text: str) -> str:
    """For comparison: half-width, no blanks, small letters."""
    # NFKC makes a letter of ◯ and leaves ○ alone; 〇 (zero) is what many keyboards give
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def flag(text: str) -> bool | str | None:
    """True, False, "conditional" (△), "unknown" (不明); None for blank and dashes.

    Raises ValueError for anything else: a sentence in a flag's column stays a sentence.
    """
    if is_blank(text):
        return None
    word = plain(text)
    raw = text.strip()
    for words, value in ((YES, True), (NO, False), (PARTLY, "conditional"), (UNKNOWN, "unknown")):
        if word in words or raw in words:
            return value
    raise ValueError(text)


def is_yes(text: str) -> bool:
    return plain(text) in YES


def is_unknown(text: str) -> bool:
    # no word of them begins with a figure
    return not text[:1].isdigit() and plain(text) in UNKNOWN


COUNT = re.compile(
    r"約?(\d{1,9})(?:\.0+)?(人|名|世帯|台|席|組|床|か所|箇所|程度|くらい|以上|余り)*"
)


def count(text: str) -> tuple[int, bool]:
    """(number, whether it was written as a plain number). Raises ValueError when it is not one."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text), True
    word = re.sub(r"(?<=\d)[,、，](?=\d{3})", "", plain(text))
    if not (match := COUNT.fullmatch(word)):
        raise ValueError(text)
    return int(match[1]), text.strip().replace(",", "") in (match[1], f"{match[1]}.0")


# words beside the labels of the vocabulary; the longest that the cell begins with counts
WORDS: dict[str, dict[str, str]] = {
    "shelter_operation": {
        "開設済": "open", "開設済み": "open", "開設中": "open", "開所": "open", "開放": "open",
        "受入中": "open", "受け入れ中": "open", "開いている": "open", "未開所": "not_open",
        "開設予定": "not_open", "準備中": "ordered", "開設準備中": "ordered",
        "開設指示": "ordered", "閉所": "closed", "閉設": "closed", "閉鎖済": "closed",
        "解消": "closed", "開設不可": "cannot_open", "使用不可": "cannot_open",
        "使用不能": "cannot_open",
    },
    "service_operation": {
        "実施": "running", "開設": "running", "開設中": "running", "給水中": "running",
        "営業": "running", "営業中": "running", "稼働中": "running", "稼働": "running",
        "利用可": "running", "利用可能": "running", "提供中": "running", "通常営業": "running",
        "実施予定": "planned", "開設予定": "planned", "準備中": "planned", "終了済": "ended",
        "閉鎖": "ended", "閉設": "ended", "中止": "ended", "休止": "ended", "休止中": "ended",
        "休業": "ended", "休業中": "ended", "停止": "ended", "停止中": "ended", "利用不可": "ended",
    },
    "congestion": {
        "空": "space", "空き": "space", "余裕あり": "space", "余裕": "space", "空いている": "space",
        "すいている": "space", "平常": "space", "やや混": "fairly_full", "混んでいる": "crowded",
        "混雑している": "crowded", "定員": "full", "満": "full", "いっぱい": "full",
    },
    "traffic": {
        "通行止": "closed", "通行止め": "closed", "全面通行止": "closed", "通行不可": "closed",
        "通行不能": "closed", "片側通行": "alternate", "片側交互通行": "alternate",
        "片側交互規制": "alternate", "交互通行": "alternate", "車線減少": "lane",
        "大型車通行不可": "large_vehicles_barred", "大型通行止": "large_vehicles_barred",
        "緊急車両": "emergency_only", "通行止め解除": "reopened", "通行止解除": "reopened",
        "規制解除": "reopened", "開通": "reopened", "通行可": "passed", "通行可能": "passed",
        "通行実績あり": "passed",
    },
}  # fmt: skip


def state_code(kind: str, text: str) -> str | None:
    """The code of a word of state, None for blank. Raises ValueError for another word.

    kind: of the vocabulary (shelter_operation, service_operation, congestion, traffic).
    """
    if is_blank(text):
        return None
    if is_unknown(text):
        return "unknown"
    word = plain(text)
    known = dict(WORDS.get(kind, {}))
    for term in vocabulary.terms(kind):
        for label in (term.code, term.labels["ja"], term.labels["en"]):
            known[label] = term.code
    for name in sorted(known, key=len, reverse=True):
        if word == plain(name) or (len(name) > 2 and word.startswith(plain(name) + "(")):
            return known[name]
    raise ValueError(text)
