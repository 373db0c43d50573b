"""Files of layers as they were built, kept for whoever asks next; few are built at a time.

Each is an open file without a name: the system takes it away with the process, however it ends.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from django.conf import settings

from gspace.problems import Problem

Build = Callable[[Path], None]


class Copy:
    """A built file to be read once from its beginning; others read the same bytes meanwhile."""

    def __init__(self, file: FileIO) -> None:
        # an object and no bare number: it goes with whoever was to read it and never did
        self._file, self._at = _again(file), 0
        self.size = os.fstat(file.fileno()).st_size

    def read(self, size: int, /) -> bytes:
        found = os.pread(self._file.fileno(), size, self._at)
        self._at += len(found)
        return found

    def close(self) -> None:
        self._file.close()


@dataclass(frozen=True)
class Built:
    file: FileIO
    size: int
    at: float


class Shelf:
    def __init__(self) -> None:
        self._kept: dict[Hashable, Built] = {}
        self._turns: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()
        self._building = threading.BoundedSemaphore(settings.LIMIT_DOWNLOADS_BUILT)

    def take(self, key: Hashable, build: Build) -> Copy:
        """The file of this key; `build` writes it to a path if it is not there. Raises Problem
        busy, and what `build` raises."""
        if found := self._found(key):
            return found
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        if not turn.acquire(timeout=settings.LIMIT_DOWNLOADS_WAIT_S):
            raise Problem("busy")
        try:
            # somebody may have built it while we waited
            return self._found(key) or self._put(key, self._built(build))
        finally:
            with self._lock:
                self._turns.pop(key, None)
            turn.release()

    def _built(self, build: Build) -> FileIO:
        """Only who builds needs a place: whoever waits for the same file takes none from others."""
        if not self._building.acquire(timeout=settings.LIMIT_DOWNLOADS_WAIT_S):
            raise Problem("busy")
        try:
            return _whole(build)
        finally:
            self._building.release()

    def _found(self, key: Hashable) -> Copy | None:
        with self._lock:
            self._clear(time.monotonic())
            one = self._kept.get(key)
            return Copy(one.file) if one else None

    def _put(self, key: Hashable, file: FileIO) -> Copy:
        size = os.fstat(file.fileno()).st_size
        with self._lock:
            if before := self._kept.pop(key, None):
                before.file.close()
            self._kept[key] = Built(file, size, time.monotonic())
            copy = Copy(file)
            self._clear(time.monotonic())
            return copy

    def _clear(self, now: float) -> None:
        """The oldest go first. Whoever reads one of them has a descriptor of their own."""
        for key, one in list(self._kept.items()):
            size = sum(other.size for other in self._kept.values())
            full = (
                len(self._kept) > settings.LIMIT_DOWNLOADS_KEPT
                or size > settings.LIMIT_DOWNLOADS_KEPT_BYTES
            )
            if full or now - one.at > settings.LIMIT_DOWNLOADS_KEPT_S:
                self._kept.pop(key).file.close()


def _whole(build: Build) -> FileIO:
    """Whole before the first byte is sent: an error is an answer, not half a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layer"
        build(path)
        # the open file outlives its folder
        return FileIO(path, "rb")


def _again(file: FileIO) -> FileIO:
    return FileIO(os.dup(file.fileno()), "rb")
