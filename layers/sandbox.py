"""Foreign tables are read here: in a child process with little memory, time and no secrets.

A file that crashes, fills or hangs its reader costs one refusal, not the service. The child knows
neither Django nor the environment; what it hands back is checked as if it came from a stranger.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from layers.findings import CATALOGUE, LEVELS, Finding
from layers.readers.storable import Cleaner

WALL_SECONDS = 90.0
"""Well over the CPU limit: the child runs nice on a machine that may be busy."""
LIMIT_TEXT = 300
LIMIT_COLUMNS = 1000
AT_ONCE = 2
"""Children of one process side by side; each may take 1.5 GB."""
WAIT_SECONDS = 30.0

_room = threading.BoundedSemaphore(AT_ONCE)

_ROOT = str(Path(__file__).resolve().parent.parent)
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from layers.readers import child; child.main()"
)


class Refused(Exception):
    """The file cannot be taken: code of layers.findings, given for its sentence."""

    def __init__(self, code: str, given: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code, self.given = code, given or {}


@dataclass
class Told:
    """What a file holds: GeoJSON features, and for each the row it comes from.

    rows: all below the column names; header: row of these names. held: code and given of a
    question to a person, None when there is none.
    """

    features: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    repaired: list[tuple[int, str]] = field(default_factory=list)
    format: str = ""
    encoding: str = ""
    crs: str = ""
    rows: int = 0
    header: int = 0
    source_as_of: str | None = None
    held: tuple[str, dict[str, Any]] | None = None
    columns: list[dict[str, Any]] | None = None


def read(raw: bytes, context: dict[str, Any], *, wall_seconds: float = WALL_SECONDS) -> Told:
    """context: as readers.child takes it. Raises Refused; OSError if no process started."""
    command = [sys.executable, "-I", "-c", _START, _ROOT, json.dumps(context)]
    # Files, not pipes: the size limit then holds for a chatty child as well.
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out:
        given.write(raw)
        given.seek(0)
        code = _in_turn(command, given, out, wall_seconds)
        if code == -signal.SIGXCPU:
            raise Refused("took_too_long")
        if code == -signal.SIGXFSZ:
            raise Refused("too_large_inside")
        if code != 0:
            raise Refused("reader_died")
        out.seek(0)
        return _told(out)


def _in_turn(command: list[str], given: IO[bytes], out: IO[bytes], wall: float) -> int:
    if not _room.acquire(timeout=WAIT_SECONDS):
        raise BlockingIOError("too many files are being read")
    try:
        with tempfile.TemporaryDirectory(prefix="sandbox-") as folder:
            return _run(command, given, out, folder, wall)
    finally:
        _room.release()


def _run(command: list[str], given: IO[bytes], out: IO[bytes], folder: str, wall: float) -> int:
    try:
        done = subprocess.run(
            command,
            stdin=given,
            stdout=out,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "PROJ_NETWORK": "OFF",
                 **_kept_environment()},
            cwd=folder,
            timeout=wall,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Refused("took_too_long") from None
    return done.returncode


def _kept_environment() -> dict[str, str]:
    # nothing but where the time zones are
    return {name: os.environ[name] for name in ("PYTHONTZPATH",) if name in os.environ}


def _told(lines: IO[bytes]) -> Told:
    found = Told()
    last: Any = None
    try:
        for line in lines:
            last = json.loads(line)
            if isinstance(last, dict):
                break
            row, feature = last
            _take(found, row, feature)
        return _finish(found, last)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refused("reader_died") from error


def _take(found: Told, row: Any, feature: Any) -> None:
    if type(row) is not int or not isinstance(feature, dict):
        raise ValueError("not a feature")
    clean = Cleaner()
    found.features.append(clean.value(feature, 0))
    found.numbers.append(row)
    found.repaired += [(row, what) for what in sorted(clean.repaired)]


def _finish(found: Told, last: Any) -> Told:
    match last:
        case {"refused": [str(code), dict(given)]} if code in CATALOGUE:
            raise Refused(code, _texts(given))
        case {"read": {"rows": int(rows), "header": int(header), "findings": list(items)} as read}:
            found.rows, found.header = rows, header
            found.findings = [_finding(item) for item in items]
            found.format, found.encoding, found.crs = (
                str(read[name])[:40] for name in ("format", "encoding", "crs")
            )
            found.source_as_of = read["source_as_of"] and str(read["source_as_of"])[:40]
            found.columns = _columns(read["columns"])
            if held := read["held"]:
                found.held = (_known(held[0]), _texts(held[1]))
            return found
    raise ValueError("no answer")


def _columns(items: Any) -> list[dict[str, Any]] | None:
    """As LayerVersion.columns."""
    if items is None:
        return None
    return [
        {"name": _text(one["name"]), "field": one["field"] and _text(one["field"], 40),
         "how": _text(one["how"], 20), "samples": [_text(s, 60) for s in one["samples"][:3]]}
        for one in list(items)[:LIMIT_COLUMNS]
    ]  # fmt: skip


def _finding(item: dict[str, Any]) -> Finding:
    if item["level"] not in LEVELS or not (item["row"] is None or type(item["row"]) is int):
        raise ValueError("not a finding")
    given = _texts(item["given"])
    return {"row": item["row"], "field": _text(item["field"]), "level": item["level"],
            "code": _known(item["code"]), "message": _text(item["message"], 1000),
            "given": given}  # fmt: skip


def _known(code: Any) -> str:
    if code not in CATALOGUE:
        raise ValueError("not a code")
    return str(code)


def _texts(given: dict[str, Any]) -> dict[str, str]:
    return {_text(key): _text(value) for key, value in given.items()}


def _text(value: Any, limit: int = LIMIT_TEXT) -> str:
    return str(Cleaner().text(str(value)[:limit]))
