"""Which id a feature has: stable over versions, so that state, reports and links stay with it.

The publisher's key; else the feature of the published version with the same name and address
within 50 m; else a new UUID. Never the row number: one inserted row would hand every state to the
neighbour. Pure: imports no Django.
"""

from __future__ import annotations

import math
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

MATCH_M = 50
LIMIT_LENGTH = 200


@dataclass(frozen=True)
class Known:
    """A feature of the published version; lon, lat of a point on it, None without a place."""

    feature_id: str
    name: str
    address: str
    lon: float | None
    lat: float | None


def keys(given: list[object]) -> list[str | None]:
    """The publisher's key of each row; None where there is none that can be used.

    Whole numbers that just count the rows (from 0 or 1) are row numbers, not keys.
    """
    numbers = [v for v in given if isinstance(v, int) and not isinstance(v, bool)]
    counted = len(given) > 1 and numbers == given and _counts_rows(numbers)
    return [None if counted else usable(value) for value in given]


def _counts_rows(numbers: list[int]) -> bool:
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def usable(value: object) -> str | None:
    """A key as text: 1 to 200 printable characters without blanks at the ends."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    text = str(value).strip()
    fits = 0 < len(text) <= LIMIT_LENGTH and text.isprintable() and text not in (".", "..")
    return text if fits else None


@dataclass
class Register:
    """Hands out the ids of one version; no id twice."""

    known: Iterable[Known] = ()
    taken: set[str] = field(default_factory=set)
    reserved: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._by_words: dict[tuple[str, str], list[Known]] = {}
        for one in self.known:
            self._by_words.setdefault(_words(one.name, one.address), []).append(one)

    def reserve(self, keys: Iterable[str | None]) -> None:
        """Keys of this file: no row without a key may be matched to one of them."""
        self.reserved.update(key for key in keys if key is not None)

    def give(self, key: str | None, name: str, address: str, at: tuple[float, float] | None) -> str:
        """The id of a row; a key that is already taken in this version counts as no key."""
        found = key if key is not None and key not in self.taken else None
        if found is None and key is None:
            found = self._match(name, address, at)
        found = found or str(uuid.uuid4())
        self.taken.add(found)
        return found

    def _match(self, name: str, address: str, at: tuple[float, float] | None) -> str | None:
        """Only an unambiguous neighbour counts: two gates of one park are two features."""
        if not name or at is None:
            return None
        near = [
            one.feature_id
            for one in self._by_words.get(_words(name, address), [])
            if one.lon is not None and one.lat is not None
            and metres(at, (one.lon, one.lat)) <= MATCH_M
        ]  # fmt: skip
        free = len(near) == 1 and near[0] not in self.taken | self.reserved
        return near[0] if free else None


def _words(name: str, address: str) -> tuple[str, str]:
    def plain(text: str) -> str:
        return "".join(unicodedata.normalize("NFKC", text).split()).casefold()

    return plain(name), plain(address)


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of two (lon, lat) on the sphere; good to 0.5 %, which 50 m do not notice."""
    lon1, lat1, lon2, lat2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(min(1.0, math.sqrt(h)))
