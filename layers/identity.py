"""Which id a feature has: stable over versions, so that state, reports and links stay with it.

The publisher's key; else the feature of the published version with the same name and address
within 50 m, or, where one of the two has no position of its own, with the same name and full
address; else a new UUID. Never the row number: one inserted row would hand every state to the
neighbour. Pure: imports no Django.
"""

from __future__ import annotations

import math
import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import InitVar, dataclass, field

MATCH_M = 50
LIMIT_LENGTH = 200


@dataclass(frozen=True)
class Known:
    """A feature of the published version; lon, lat of a point on it, None where none is known."""

    feature_id: str
    name: str
    address: str
    lon: float | None
    lat: float | None


def goes_on(before: Sequence[object], key: object) -> bool:
    """Whether a row's key may just count the rows: 0 or 1 first, then one more each.

    before: the key of the row before, or nothing. Row numbers are no keys.
    """
    if isinstance(key, bool) or not isinstance(key, int):
        return False
    return key == before[0] + 1 if before else key in (0, 1)  # type: ignore[operator]


def usable(value: object) -> str | None:
    """A key as text: 1 to 200 printable characters without blanks at the ends."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    text = str(value).strip()
    fits = 0 < len(text) <= LIMIT_LENGTH and text.isprintable() and text not in (".", "..")
    return text if fits else None


@dataclass
class Register:
    """Hands out the ids of one version; no id twice.

    Rows without a key come last: none of them may be matched to a key of the same file.
    """

    known: InitVar[Iterable[Known]] = ()
    taken: set[str] = field(default_factory=set)

    def __post_init__(self, known: Iterable[Known]) -> None:
        self._by_words: dict[tuple[str, str], list[Known]] = {}
        self.know(known)

    def know(self, known: Iterable[Known]) -> None:
        for one in known:
            self._by_words.setdefault(_words(one.name, one.address), []).append(one)

    def give(self, key: str | None, name: str, address: str, at: tuple[float, float] | None) -> str:
        """The id of a row; a key that is already taken in this version counts as no key."""
        found = key if key is not None and key not in self.taken else None
        if found is None and key is None:
            found = self._match(name, address, at)
        found = found or str(uuid.uuid4())
        self.taken.add(found)
        return found

    def _match(self, name: str, address: str, at: tuple[float, float] | None) -> str | None:
        """Only an unambiguous one counts: two gates of one park are two features."""
        if not name:
            return None
        same = self._by_words.get(_words(name, address), [])
        found = [one.feature_id for one in same if _may_be(one, at, address)]
        free = len(found) == 1 and found[0] not in self.taken
        return found[0] if free else None


def _may_be(known: Known, at: tuple[float, float] | None, address: str) -> bool:
    """Of two with the same words: nearby, or nobody has said that they are not."""
    if at is None or known.lon is None or known.lat is None:
        return bool(address)
    return metres(at, (known.lon, known.lat)) <= MATCH_M


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
