"""Answers kept for a moment in this process, each made once however many ask for it at a time."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

# of one that is being made; then whoever waits makes it themselves
WAIT_S = 10.0
# what an answer takes beside its content, roughly: its key, its rows in the tables here
ENTRY_BYTES = 1024


@dataclass(frozen=True)
class Made:
    """seq: position of the feed up to which everything is in it, at least."""

    seq: int
    content: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def size(self) -> int:
        return len(self.content) + ENTRY_BYTES


class ShortCache:
    """most: bytes kept in all, with ENTRY_BYTES for each. seconds: how long an answer of an older
    position will do."""

    def __init__(self, *, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._made: OrderedDict[Hashable, Made] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, *, head: int, least: int, make: Callable[[], bytes]) -> Made:
        """What stands for head, the feed's position now; or, made just now, at least for `least`.

        make is called after head was read, so what it makes holds that and maybe more.
        """
        if found := self._known(key, head, least):
            return found
        with self._lock:
            turn = self._making.setdefault(key, threading.Lock())
        got = turn.acquire(timeout=WAIT_S)
        try:
            return self._known(key, head, least) or self._keep(key, Made(head, make()))
        finally:
            with self._lock:
                self._making.pop(key, None)
            if got:
                turn.release()

    def _known(self, key: Hashable, head: int, least: int) -> Made | None:
        with self._lock:
            found = self._made.get(key)
            if found is None:
                return None
            young = time.monotonic() - found.at < self.seconds
            if found.seq < head and not (young and found.seq >= least):
                return None
            self._made.move_to_end(key)
            return found

    def _keep(self, key: Hashable, made: Made) -> Made:
        with self._lock:
            if before := self._made.pop(key, None):
                self._bytes -= before.size
            self._made[key] = made
            self._bytes += made.size
            while self._bytes > self.most and len(self._made) > 1:
                _, gone = self._made.popitem(last=False)
                self._bytes -= gone.size
        return made
