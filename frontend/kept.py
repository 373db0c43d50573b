"""Pages that many ask for at once are made once: after an alarm all phones ask in one second."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field


@dataclass
class Entry:
    made_at: float
    lock: threading.Lock = field(default_factory=threading.Lock)
    text: str | None = None


class Kept:
    """Texts by key, the `most` asked for last, for so many seconds; one caller makes each."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], str]) -> str:
        """What was made for this key, or what `make` makes now; the others wait for it."""
        entry = self._entry(key)
        with entry.lock:
            if entry.text is None:
                entry.text = make()
            return entry.text

    def _entry(self, key: Hashable) -> Entry:
        now = time.monotonic()
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or now - entry.made_at > self._seconds:
                entry = self._entries[key] = Entry(now)
            self._entries.move_to_end(key)
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)
            return entry
