"""Foreign photos are decoded here: in a child process with little memory, time and no secrets.

A decoder that crashes, hangs or is taken over costs one photo, not the worker. The child knows
neither Django nor the environment; what it hands back is checked as if it came from a stranger.
"""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import tempfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from .copies import DISPLAY_EDGE_PX, THUMB_EDGE_PX, Developed, develop
from .exif import Exif
from .photos import REASONS, TYPES, Unreadable, read

ADDRESS_SPACE_BYTES = 2 * 1024**3
CPU_SECONDS = 30
FILE_SIZE_BYTES = 8 * 1024**2
"""Largest file the child may write; a 1280 px copy has about 0.3 MB."""
WALL_SECONDS = 90.0
"""Well over the CPU limit: the child runs nice on a machine that may be busy."""
NICE = 5
ANSWER_BYTES = 65_536
MAX_SIDE_PX = 65_535
"""Longest side of a JPEG, and more than any photo we take has."""

_CODE = re.compile(r"[a-z0-9_]{1,40}")

_ROOT = str(Path(__file__).resolve().parent.parent)
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from reports import darkroom; darkroom.child()"
)


def develop_safely(
    path: str | os.PathLike[str],
    out_dir: str | os.PathLike[str],
    *,
    wall_seconds: float = WALL_SECONDS,
) -> Developed:
    """`copies.develop` in a child process: same result, same `Unreadable`.

    Further codes: took_too_long, too_much_memory, decoder_died. OSError when `path` cannot be
    opened or the process cannot be started: that is not the photo's fault, so try again later.
    """
    Path(path).open("rb").close()
    answer = _run(str(path), str(out_dir), wall_seconds)
    if "unreadable" in answer:
        raise Unreadable(*answer["unreadable"])
    return _checked(answer, Path(out_dir))


def child() -> None:
    """What the child process does: argv = root of the code, photo, folder for the copies."""
    _give_up_everything()
    try:
        answer: dict[str, Any] = {"developed": asdict(develop(sys.argv[2], sys.argv[3]))}
    except Unreadable as error:
        answer = {"unreadable": [error.code, error.text]}
    except MemoryError:
        answer = {"unreadable": ["too_much_memory", REASONS["too_much_memory"]]}
    sys.stdout.write(json.dumps(answer))


def _give_up_everything() -> None:
    os.nice(NICE)
    for limit, value in (
        (resource.RLIMIT_AS, ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_FSIZE, FILE_SIZE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    # The soft limit kills with a signal of its own, which tells "too slow" from "crashed".
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))


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
        case {"unreadable": [str(code), str(text)]}:
            return code in REASONS and len(text) <= 400
        case {"developed": {"type": str(kind), "width": int(w), "height": int(h)} as developed}:
            sane = kind in TYPES and 0 < w <= MAX_SIDE_PX and 0 < h <= MAX_SIDE_PX
            return sane and _rest_well_formed(developed)
    return False


def _rest_well_formed(developed: dict[str, Any]) -> bool:
    if set(developed) != {field.name for field in fields(Developed)}:
        return False
    words = [developed["dhash"], *developed["doubts"]]
    known = all(isinstance(word, str) and _CODE.fullmatch(word) for word in words)
    return known and len(developed["dhash"]) == 16


def _checked(answer: dict[str, Any], out_dir: Path) -> Developed:
    told = answer["developed"] | {"doubts": tuple(answer["developed"]["doubts"])}
    for name, edge in (("display", DISPLAY_EDGE_PX), ("thumb", THUMB_EDGE_PX)):
        copy = out_dir / f"{name}.jpg"
        width, height = _copy_size(copy, edge)
        told |= {name: str(copy), f"{name}_width": width, f"{name}_height": height}
    return Developed(**told)


def _copy_size(copy: Path, edge: int) -> tuple[int, int]:
    """Width and height of a copy; a child that was taken over could leave a link or a pipe."""
    try:
        found = copy.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
            raise Unreadable("decoder_died")
        facts = read(copy)
    except (OSError, Unreadable) as error:
        raise Unreadable("decoder_died") from error
    size = (facts.width or 0, facts.height or 0)
    if facts.type != "image/jpeg" or facts.exif != Exif() or not 0 < max(size) <= edge:
        raise Unreadable("decoder_died")
    return size
