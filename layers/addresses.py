"""An address -> the town it names, by a gazetteer that is handed in. Pure: imports no Django.

Town precision (大字, 町丁目), never a house: the point is marked as estimated wherever it is used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from layers import prefectures

KANJI = {c: i for i, c in enumerate("〇一二三四五六七八九")}
CHOME = re.compile(r"([一二三四五六七八九十]{1,3})(?=丁目)")
BLOCK = re.compile(r"^(\D+?)(\d{1,2})-(?=\d)")


@dataclass(frozen=True)
class Municipality:
    code: str
    name: str
    prefecture: str


@dataclass(frozen=True)
class Town:
    name: str
    lon: float
    lat: float


def plain(text: str) -> str:
    """For comparison: half-width, 3丁目 for 三丁目, without 大字 and 字, one ケ, one ノ."""
    word = "".join(unicodedata.normalize("NFKC", text).split())
    word = re.sub(r"[‐－−ー―](?=\d)", "-", word)
    word = CHOME.sub(lambda m: str(_number(m[1])), word)
    word = re.sub(r"大字|(?<!^)字(?=.)", "", word)
    return re.sub(r"[之の]", "ノ", re.sub(r"[ヶヵが](?=\S)", "ケ", word))


def _number(text: str) -> int:
    tens, found, ones = text.partition("十")
    if not found:
        return int("".join(str(KANJI[c]) for c in text))
    return KANJI.get(tens, 1) * 10 + (KANJI[ones] if ones else 0)


@dataclass
class Municipalities:
    """Finds which municipality an address begins with."""

    known: Iterable[Municipality]
    by_name: dict[str, list[Municipality]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.known:
            self.by_name.setdefault(plain(one.name), []).append(one)
        self.longest = max((len(name) for name in self.by_name), default=0)

    def find(self, address: str, prefecture: str = "") -> tuple[Municipality | None, str]:
        """(municipality, the rest of the address); None when no one, or more than one, fits.

        prefecture: two digits, where the address itself names none.
        """
        code = prefectures.code_in(address) or prefecture
        rest = plain(prefectures.NAME.sub("", address.strip(), count=1))
        rest = re.sub(r"^.{1,5}?郡(?=.)", "", rest)
        for length in range(min(self.longest, len(rest)), 1, -1):
            fits = self.by_name.get(rest[:length], [])
            fits = [one for one in fits if not code or one.code[:2] == code]
            if len(fits) == 1:
                return fits[0], rest[length:]
        return None, rest


@dataclass
class Towns:
    """The towns of one municipality, by the longest name an address begins with."""

    known: Iterable[Town]

    def __post_init__(self) -> None:
        groups: dict[str, list[Town]] = {}
        for one in self.known:
            name = plain(one.name)
            groups.setdefault(name, []).append(one)
            # 健軍 alone stands for its 丁目 together
            if base := re.fullmatch(r"(.+?)\d{1,2}丁目", name):
                groups.setdefault(base[1], []).append(one)
        self.by_name = {name: _middle(name, found) for name, found in groups.items()}
        self.longest = max((len(name) for name in self.by_name), default=0)

    def find(self, rest: str) -> Town | None:
        """rest: an address without prefecture and municipality, as `plain` leaves it."""
        best: Town | None = None
        size = 0
        # 健軍3-1-1 is 健軍3丁目1-1
        for word in (rest, BLOCK.sub(r"\1\2丁目", rest)):
            for length in range(min(self.longest, len(word)), 1, -1):
                if (found := self.by_name.get(word[:length])) and length > size:
                    best, size = found, length
                    break
        return best


def _middle(name: str, towns: list[Town]) -> Town:
    if len(towns) == 1:
        return towns[0]
    lon = sum(town.lon for town in towns) / len(towns)
    lat = sum(town.lat for town in towns) / len(towns)
    return Town(name, lon, lat)
