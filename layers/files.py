"""The files publishers sent, kept byte by byte under their SHA-256 (storage alias `layers`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages

from gspace import durable
from gspace.problems import Problem

FOLDER = "layers"
# advisory lock space: whoever names or sweeps a file holds (10, hash of its SHA-256)
LOCK = 10
BLOCK = 1 << 20


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Kept:
    sha256: str
    size: int


def name_of(sha256: str) -> str:
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


def keep(raw: bytes | Readable) -> Kept:
    """Store a file for good; to be called before the row that names it is written.

    raw: the bytes, or anything to read them from. Raises Problem: too_large, invalid (empty).
    """
    part = durable.new_part()
    try:
        kept = _write(part, raw)
        # written again even if it is there: its time tells the sweeper that somebody wants it
        durable.adopt(storages["layers"], part, name_of(kept.sha256))
    finally:
        part.unlink(missing_ok=True)
    return kept


def _write(part: Path, raw: bytes | Readable) -> Kept:
    digest, size = hashlib.sha256(), 0
    with part.open("wb") as target:
        for block in [raw] if isinstance(raw, bytes) else _blocks(raw):
            size += len(block)
            if size > settings.LIMIT_LAYER_BYTES:
                raise Problem("too_large")
            digest.update(block)
            target.write(block)
    if not size:
        raise Problem("invalid", "The file is empty.", field="body")
    return Kept(digest.hexdigest(), size)


def _blocks(raw: Readable) -> Iterator[bytes]:
    while block := raw.read(BLOCK):
        yield block


def open_file(sha256: str) -> File:
    """Open for reading. Raises FileNotFoundError."""
    return storages["layers"].open(name_of(sha256), "rb")


def exists(sha256: str) -> bool:
    return bool(storages["layers"].exists(name_of(sha256)))


def shelves() -> Iterator[list[str]]:
    """The files' names (SHA-256), one list per shelf (the two letters that begin a name)."""
    try:
        letters, _ = storages["layers"].listdir(FOLDER)
    except FileNotFoundError:
        return
    for shelf in sorted(letters):
        yield storages["layers"].listdir(f"{FOLDER}/{shelf}")[1]


def delete_older(sha256: str, than: datetime) -> bool:
    """Delete a file that came before `than`; True when it did. To be called under its lock."""
    try:
        if storages["layers"].get_modified_time(name_of(sha256)) > than:
            return False
    except FileNotFoundError:
        return False
    storages["layers"].delete(name_of(sha256))
    return True


@contextmanager
def local(sha256: str) -> Iterator[Path]:
    """A path on this machine to read the file from. Raises FileNotFoundError."""
    path, temporary = durable.local_copy(storages["layers"], name_of(sha256))
    path.stat()
    try:
        yield path
    finally:
        if temporary:
            path.unlink(missing_ok=True)
