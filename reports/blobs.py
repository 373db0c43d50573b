"""Photo bytes on disk or in object storage. Content-addressed originals, derived copies by photo.

A file is complete before a row names it (gspace.durable).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.core.files import File
from django.core.files.storage import storages

from gspace import durable
from gspace.durable import DurableStorage, new_part

# advisory lock space of blobs: whoever attaches or sweeps a blob holds (8, hash of its SHA-256)
LOCK = 8
ORIGINALS, COPIES, TRASH, EXPORTS = "blobs", "copies", "trash", "exports"


def original_name(sha256: str) -> str:
    return f"{ORIGINALS}/{sha256[:2]}/{sha256}"


def copy_name(photo_id: uuid.UUID | str, which: str) -> str:
    """which: preview, display or thumb."""
    ident = str(photo_id)
    return f"{COPIES}/{ident[:2]}/{ident}.{which}.jpg"


def trash_name(sha256: str) -> str:
    return f"{TRASH}/{sha256}"


def adopt(part: Path, name: str) -> None:
    """Give a finished part its lasting name, on disk or in the object store."""
    durable.adopt(storages["photos"], part, name)


def write(name: str, content: bytes) -> None:
    """Store small content under a name of its own, replacing what was there."""
    part = new_part()
    part.write_bytes(content)
    if storages["photos"].exists(name) and not isinstance(storages["photos"], DurableStorage):
        storages["photos"].delete(name)
    adopt(part, name)


def open_file(name: str) -> File:
    """Open for reading. Raises FileNotFoundError."""
    return storages["photos"].open(name, "rb")


def delete(name: str) -> None:
    storages["photos"].delete(name)


def exists(name: str) -> bool:
    return bool(storages["photos"].exists(name))


def changed_at(name: str) -> datetime:
    """When the file came under this name. Raises FileNotFoundError."""
    return storages["photos"].get_modified_time(name)


def move(name: str, to: str) -> None:
    """Give a stored file another name. Raises FileNotFoundError."""
    storage = storages["photos"]
    if isinstance(storage, DurableStorage):
        storage.move(name, to)
        return
    storage.delete(to)
    with storage.open(name, "rb") as stream:
        storage.save(to, File(stream))
    storage.delete(name)


def shelves(folder: str) -> Iterator[list[str]]:
    """The file names of a folder, one list per shelf (the two letters that begin a name)."""
    try:
        letters, loose = storages["photos"].listdir(folder)
    except FileNotFoundError:
        return
    yield loose
    for shelf in sorted(letters):
        yield storages["photos"].listdir(f"{folder}/{shelf}")[1]


def delete_older(name: str, than: datetime) -> bool:
    """Delete a file that came under its name before `than`; True when it did."""
    try:
        if changed_at(name) > than:
            return False
    except FileNotFoundError:
        return False
    delete(name)
    return True


def local_copy(name: str) -> tuple[Path, bool]:
    """(path on this machine, True when the caller must delete it) of a stored file."""
    return durable.local_copy(storages["photos"], name)
