"""Foreign photos are decoded here: in a child process with little memory, time and no secrets.

A decoder that crashes, hangs or is taken over costs one photo, not the worker. The child knows
neither Django nor the environment; what it hands back is checked as if it came from a stranger.
"""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from . import copies
from .exif import Exif
from .photos import REASONS, TYPES, Unreadable, read

WALL_SECONDS = 90.0
"""Well over the CPU limit: the child runs nice on a machine that may be busy."""
ANSWER_BYTES = 65_536
MAX_SIDE_PX = 65_535
"""Longest side of a JPEG, and more than any photo we take has."""

_CODE = re.compile(r"[a-z0-9_]{1,40}")

_ROOT = str(Path(__file__).resolve().parent.parent)
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from reports import enlarger; enlarger.main()"
)


@dataclass(frozen=True)
class Prints:
    """`display`, `thumb`: JPEG bytes without metadata; the rest as in copies.Developed."""

    type: str
    width: int
    height: int
    dhash: str
    doubts: list[str]
    display: bytes
    thumb: bytes


def develop(path: str | os.PathLike[str], *, wall_seconds: float = WALL_SECONDS) -> Prints:
    """The copies of the photo at `path`, made in a child process; leaves no file behind.

    Raises `Unreadable` (photos.REASONS; also took_too_long, too_much_memory, decoder_died), and
    OSError when `path` cannot be opened or no process started: not the photo's fault, try again.
    """
    Path(path).open("rb").close()
    with tempfile.TemporaryDirectory(prefix="darkroom-") as folder:
        told = _run(str(Path(path).resolve()), folder, wall_seconds)
        if "failed" in told:
            raise OSError(told["failed"])
        if "unreadable" in told:
            raise Unreadable(*told["unreadable"])
        display = _print(Path(folder, "display.jpg"), copies.DISPLAY_EDGE_PX)
        thumb = _print(Path(folder, "thumb.jpg"), copies.THUMB_EDGE_PX)
        return Prints(**told["developed"], display=display, thumb=thumb)


def _run(path: str, out_dir: str, wall_seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-I", "-c", _START, _ROOT, path, out_dir]
    # A file, not a pipe: the file size limit then holds for a chatty child as well.
    with tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
                cwd=out_dir,
                timeout=wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Unreadable("took_too_long") from error
        out.seek(0)
        return _parsed(done.returncode, out.read(ANSWER_BYTES))


def _parsed(code: int, answer: bytes) -> dict[str, Any]:
    if code == -signal.SIGXCPU:
        raise Unreadable("took_too_long")
    try:
        told = json.loads(answer) if code == 0 else None
    except ValueError:
        told = None
    if not isinstance(told, dict) or not _well_formed(told):
        raise Unreadable("decoder_died")
    return told


def _well_formed(told: dict[str, Any]) -> bool:
    match told:
        case {"unreadable": [str(reason), str(text)]}:
            return reason in REASONS and len(text) <= 400
        case {"failed": str()}:
            return True
        case {"developed": {"type": str(kind), "width": int(w), "height": int(h)} as developed}:
            sane = kind in TYPES and 0 < w <= MAX_SIDE_PX and 0 < h <= MAX_SIDE_PX
            return sane and _rest_well_formed(developed)
    return False


def _rest_well_formed(developed: dict[str, Any]) -> bool:
    if set(developed) != {field.name for field in fields(copies.Developed)}:
        return False
    if not isinstance(developed["doubts"], list):
        return False
    words = [developed["dhash"], *developed["doubts"]]
    return all(isinstance(word, str) and _CODE.fullmatch(word) for word in words)


def _print(copy: Path, edge: int) -> bytes:
    """The bytes of a copy; a child that was taken over could leave a link, a pipe, anything."""
    try:
        found = copy.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
            raise Unreadable("decoder_died")
        data = copy.read_bytes()
        facts = read(data)
    except (OSError, Unreadable) as error:
        raise Unreadable("decoder_died") from error
    size = max(facts.width or 0, facts.height or 0)
    if facts.type != "image/jpeg" or facts.exif != Exif() or not 0 < size <= edge:
        raise Unreadable("decoder_died")
    return data
