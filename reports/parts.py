"""The part file of an open upload: its length is the offset, its lock lets one request write.

`<id>` holds the bytes so far and nothing that is not proven: bytes sent with a checksum wait in
`<id>.chunk`. Whoever comes back after a cut puts `<id>.stop`, and the request that still waits
for the lost connection lets go. The lock is the kernel's and goes with the process, however it
ends, so no crash leaves an upload locked.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from gspace.problems import Problem
from reports import blobs

ASK_AGAIN_S = 0.05


def path_of(upload_id: uuid.UUID) -> Path:
    return Path(settings.PARTS_ROOT / upload_id.hex)


def create(upload_id: uuid.UUID) -> None:
    settings.PARTS_ROOT.mkdir(parents=True, exist_ok=True)
    path_of(upload_id).touch(mode=0o600)


def remove(upload_id: uuid.UUID) -> None:
    path = path_of(upload_id)
    for name in (path, _chunk(path), _stop(path)):
        name.unlink(missing_ok=True)


def last_byte_at(upload_id: uuid.UUID) -> datetime | None:
    """When the upload last grew; None when its part is not on this machine (any more)."""
    try:
        return datetime.fromtimestamp(path_of(upload_id).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def _chunk(path: Path) -> Path:
    return path.with_name(path.name + ".chunk")


def _stop(path: Path) -> Path:
    return path.with_name(path.name + ".stop")


class Held:
    """The part, locked for one request."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path, self.handle = path, handle

    def size(self) -> int:
        return os.fstat(self.handle).st_size

    def add(self, chunks: list[bytes]) -> None:
        for chunk in chunks:
            while chunk:
                chunk = chunk[os.write(self.handle, chunk) :]

    def sync(self) -> None:
        """An offset that was acknowledged survives a power cut."""
        os.fsync(self.handle)

    def is_wanted(self) -> bool:
        """True when somebody waits for the lock: a client that came back."""
        return _stop(self.path).exists()

    def sha256(self) -> str:
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def spare(self) -> Path:
        """A second name for the bytes; the first one stays for another try if storing fails."""
        spare = blobs.new_part()
        try:
            os.link(self.path, spare)
        except OSError:
            # a file system without hard links
            shutil.copyfile(self.path, spare)
        return spare


class Proven:
    """Bytes that count only when their checksum is right. kind: sha1 or sha256."""

    def __init__(self, held: Held, kind: str, digest: bytes) -> None:
        self.held, self.digest = held, digest
        self.hash = hashlib.new(kind, usedforsecurity=False)
        self.stream = _chunk(held.path).open("w+b")

    def add(self, chunks: list[bytes]) -> None:
        for chunk in chunks:
            self.hash.update(chunk)
            self.stream.write(chunk)

    def keep(self) -> None:
        """Append to the part. Raises Problem checksum_mismatch; then nothing has changed."""
        if self.hash.digest() != self.digest:
            raise Problem("checksum_mismatch", field="Upload-Checksum")
        self.stream.seek(0)
        while piece := self.stream.read(1 << 20):
            self.held.add([piece])

    def close(self) -> None:
        self.stream.close()
        _chunk(self.held.path).unlink(missing_ok=True)


@asynccontextmanager
async def held(upload_id: uuid.UUID, *, take_over: bool) -> AsyncIterator[Held]:
    """The locked part. take_over: ask the request that holds it to let go, and wait for that.

    Raises FileNotFoundError when there is no part (any more), Problem upload_locked.
    """
    path = path_of(upload_id)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    try:
        await _lock(path, handle, take_over)
        yield Held(path, handle)
    finally:
        os.close(handle)


async def _lock(path: Path, handle: int, take_over: bool) -> None:
    until = time.monotonic() + settings.LIMIT_UPLOAD_TAKE_OVER_S
    while not _try_lock(handle):
        if not take_over or time.monotonic() > until:
            raise Problem("upload_locked")
        _stop(path).touch()
        await asyncio.sleep(ASK_AGAIN_S)
    _stop(path).unlink(missing_ok=True)
    if not os.fstat(handle).st_nlink or not path.exists():
        raise FileNotFoundError(path)


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def entries() -> list[os.DirEntry[Any]]:
    """Every file in the folder of parts, also of uploads that cannot be resumed."""
    try:
        with os.scandir(settings.PARTS_ROOT) as found:
            return [entry for entry in found if entry.is_file(follow_symlinks=False)]
    except FileNotFoundError:
        return []
