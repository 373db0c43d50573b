"""Files of layers as they were built, kept for whoever asks next; few are built at a time.

Each is an open file without a name: the system takes it away with the process, however it ends.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gspace.problems import Problem

# of the ten threads that answer requests, most stay free for the others
BUILT_AT_ONCE = 2
WAIT_S = 1.0
KEPT_FILES, KEPT_BYTES, KEPT_S = 16, 512 * 1024**2, 300.0
Build = Callable[[Path], None]


class Copy:
    """A built file to be read once from its beginning; others read the same bytes meanwhile."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._at = os.dup(descriptor), 0
        self.size = os.fstat(descriptor).st_size

    def read(self, size: int, /) -> bytes:
        found = os.pread(self._descriptor, size, self._at)
        self._at += len(found)
        return found

    def close(self) -> None:
        os.close(self._descriptor)


@dataclass(frozen=True)
class Built:
    descriptor: int
    size: int
    at: float


class Shelf:
    def __init__(self) -> None:
        self._kept: dict[str, Built] = {}
        self._lock = threading.Lock()
        self._building = threading.BoundedSemaphore(BUILT_AT_ONCE)

    def take(self, key: str, build: Build) -> Copy:
        """The file of this key; `build` writes it to a path if it is not there. Raises Problem
        busy, and what `build` raises."""
        if found := self._found(key):
            return found
        if not self._building.acquire(timeout=WAIT_S):
            raise Problem("busy")
        try:
            # somebody may have built it while we waited
            return self._found(key) or self._put(key, _built(build))
        finally:
            self._building.release()

    def _found(self, key: str) -> Copy | None:
        with self._lock:
            self._clear(time.monotonic())
            one = self._kept.get(key)
            return Copy(one.descriptor) if one else None

    def _put(self, key: str, descriptor: int) -> Copy:
        size = os.fstat(descriptor).st_size
        with self._lock:
            if before := self._kept.pop(key, None):
                os.close(before.descriptor)
            self._kept[key] = Built(descriptor, size, time.monotonic())
            copy = Copy(descriptor)
            self._clear(time.monotonic())
            return copy

    def _clear(self, now: float) -> None:
        """The oldest go first. Whoever reads one of them has a descriptor of their own."""
        for key, one in list(self._kept.items()):
            size = sum(other.size for other in self._kept.values())
            full = len(self._kept) > KEPT_FILES or size > KEPT_BYTES
            if full or now - one.at > KEPT_S:
                os.close(self._kept.pop(key).descriptor)


def _built(build: Build) -> int:
    """Whole before the first byte is sent: an error is an answer, not half a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layer"
        build(path)
        # the open file outlives its folder
        return os.open(path, os.O_RDONLY)
