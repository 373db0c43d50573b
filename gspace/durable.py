"""File storage that survives power loss, and what it shares with an object store.

A file is complete before a row names it: fsync, rename, fsync of the folder, then the row. A
crash leaves an orphan for the sweeper, never a row without a file.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage


class DurableStorage(FileSystemStorage):
    """File storage under MEDIA_ROOT whose `adopt` survives power loss."""

    def adopt(self, part: Path, name: str) -> None:
        """Move a finished part under its name; the part must be on the same file system."""
        target = Path(self.path(name))
        _make_folder(target.parent)
        _fsync(part)
        os.replace(part, target)
        _fsync(target.parent)

    def move(self, name: str, to: str) -> None:
        """Rename; the file's time becomes now."""
        source, target = Path(self.path(name)), Path(self.path(to))
        _make_folder(target.parent)
        os.utime(source)
        os.replace(source, target)
        _fsync(target.parent)
        _fsync(source.parent)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _fsync(folder.parent)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def new_part() -> Path:
    """A path for bytes that are still arriving."""
    settings.PARTS_ROOT.mkdir(parents=True, exist_ok=True)
    return Path(settings.PARTS_ROOT / uuid.uuid4().hex)


def adopt(storage: Storage, part: Path, name: str) -> None:
    """Give a finished part its lasting name, on disk or in the object store."""
    if isinstance(storage, DurableStorage):
        storage.adopt(part, name)
        return
    if not storage.exists(name):
        with part.open("rb") as stream:
            storage.save(name, File(stream))
    part.unlink()


def local_copy(storage: Storage, name: str) -> tuple[Path, bool]:
    """(path on this machine, True when the caller must delete it) of a stored file."""
    if isinstance(storage, DurableStorage):
        return Path(storage.path(name)), False
    part = new_part()
    with storage.open(name, "rb") as source, part.open("wb") as target:
        for chunk in source.chunks():
            target.write(chunk)
    return part, True
