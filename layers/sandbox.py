"""Foreign tables are read here: in a child process with little memory, time and no secrets.

A file that crashes, fills or hangs its reader costs one refusal, not the service. The child knows
neither Django nor the environment; what it hands back is checked as if it came from a stranger.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

from layers.findings import CATALOGUE, LEVELS, PASSED_ON, Finding
from layers.plain import TEXTS, Feature, Item, Plain
from layers.readers.storable import LIMIT_DEPTH, Cleaner

WALL_SECONDS = 90.0
"""For which the child may keep us waiting: well over its CPU limit, for it runs nice."""
LIMIT_STREAM_BYTES = 600 * 1024**2
LIMIT_LINE_BYTES = 128 * 1024**2
LIMIT_TEXT = 300
LIMIT_COLUMNS = 1000
PIPE_BYTES = 1 << 20
# as json.dumps writes NUL, half letters and numbers that are none; it may be somebody's words, too
SUSPICIOUS = (b"\\u0000", b"\\ud", b"\\uD", b"NaN", b"Infinity")
# openings of objects and lists in a row's attributes, below which nesting is no question
SHALLOW = LIMIT_DEPTH - 2

_ROOT = str(Path(__file__).resolve().parent.parent)
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from layers.readers import child; child.main()"
)


class Refused(Exception):
    """The file cannot be taken: code of layers.findings, given for its sentence."""

    def __init__(self, code: str, given: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code, self.given = code, given or {}


Batch = list[Item] | Plain


@dataclass
class Told:
    """What the child says of a file as a whole, and what had to be put right in its rows.

    total: rows that will come, None where that is not known yet; rows: all below the column names;
    header: row of these names. held: code and given of a question to a person, None when there is
    none. passed: row -> codes told of it, before the findings come, which is at the end; counts:
    (field, code) -> how many findings there are, of which `findings` may hold fewer.
    features, numbers: by `read` only.
    """

    features: list[Feature] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    passed: dict[int, list[str]] = field(default_factory=dict)
    repaired: list[tuple[int, str]] = field(default_factory=list)
    total: int | None = None
    format: str = ""
    encoding: str = ""
    crs: str = ""
    rows: int = 0
    header: int = 0
    source_as_of: str | None = None
    held: tuple[str, dict[str, Any]] | None = None
    columns: list[dict[str, Any]] | None = None


def read(raw: bytes, context: dict[str, Any], *, wall_seconds: float = WALL_SECONDS) -> Told:
    """All of a file at once, as `stream` gives it. Raises the same."""
    told = Told()
    with tempfile.TemporaryFile() as source:
        source.write(raw)
        source.seek(0)
        for batch in stream(source, context, told, wall_seconds=wall_seconds):
            items = _items(batch)
            told.numbers += [number for number, _ in items]
            told.features += [feature for _, feature in items]
    return told


def _items(batch: Batch) -> list[Item]:
    try:
        return batch.features() if isinstance(batch, Plain) else batch
    except ValueError as error:
        raise Refused("reader_died") from error


def stream(
    source: IO[bytes], context: dict[str, Any], told: Told, *, wall_seconds: float = WALL_SECONDS
) -> Iterator[Batch]:
    """(row, GeoJSON feature) in batches, as the child reads them; told is whole at the end.

    source: a real file, at its beginning; context: as readers.child takes it. What comes may be
    stored, and must be forgotten when Refused is raised at last. OSError if no process started.
    """
    with _child(source, context) as process:
        lines = _lines(process, wall_seconds)
        try:
            last: Any = None
            for line in lines:
                last = _value(line)
                if isinstance(last, list):
                    yield _batch(last, line, told)
                elif "plain" in last:
                    yield _plain(last["plain"], line, lines, told)
                elif not _is_aside(last, told):
                    break
            _check_end(process, lines)
            _finish(told, last)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Refused("reader_died") from error


def _is_aside(said: dict[str, Any], told: Told) -> bool:
    """What is said between the batches is noted."""
    if "about" in said:
        told.total = _number(said["about"]["total"])
    elif "told" in said:
        for row, codes in said["told"]:
            told.passed[_number(row) or 0] = [code for code in codes if code in PASSED_ON]
    else:
        return False
    return True


@contextmanager
def _child(source: IO[bytes], context: dict[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-I", "-c", _START, _ROOT, json.dumps(context)]
    env = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "PROJ_NETWORK": "OFF",
           **_kept_environment()}  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="sandbox-") as folder:
        process = subprocess.Popen(
            command,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env,
            cwd=folder,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            assert process.stdout
            process.stdout.close()


def _lines(process: subprocess.Popen[bytes], wall: float) -> Iterator[bytes]:
    """What the child says, line by line; time counts only while we wait for it."""
    assert process.stdout
    pipe = process.stdout.fileno()
    # fewer turns between the two; where the kernel gives less, the usual size will do
    try:
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    except OSError:
        pass
    parts: list[bytes] = []
    seen = held = 0
    while True:
        began = time.monotonic()
        if not select.select([pipe], [], [], max(0.0, wall))[0]:
            raise Refused("took_too_long")
        wall -= time.monotonic() - began
        block = os.read(pipe, PIPE_BYTES)
        if not block:
            break
        seen, held = seen + len(block), held + len(block)
        if seen > LIMIT_STREAM_BYTES or held > LIMIT_LINE_BYTES:
            raise Refused("too_large_inside")
        *whole, rest = block.split(b"\n")
        if whole:
            yield b"".join([*parts, whole[0]])
            yield from whole[1:]
            parts, held = [], len(rest)
        parts.append(rest)
    if any(parts):
        yield b"".join(parts)


def _check_end(process: subprocess.Popen[bytes], lines: Iterator[bytes]) -> None:
    """How it ended counts before what it said. Raises Refused."""
    for _ in lines:
        raise Refused("reader_died")
    code = process.wait()
    if code == -signal.SIGXCPU:
        raise Refused("took_too_long")
    if code == -signal.SIGXFSZ:
        raise Refused("too_large_inside")
    if code != 0:
        raise Refused("reader_died")


def _value(line: bytes) -> Any:
    found = json.loads(line.decode())
    if not isinstance(found, (list, dict)):
        raise ValueError("neither features nor an answer")
    return found


def _batch(items: list[Any], line: bytes, told: Told) -> Batch:
    """What the child hands over is looked at as if it came from a stranger."""
    found: list[Item] = []
    for row, feature in items:
        if _number(row) is None or type(feature) is not dict:
            raise ValueError("not a feature")
        _check_properties(feature)
        found.append((row, feature))
    return _cleaned(found, told) if _is_suspicious(line) else found


def _plain(given: dict[str, Any], line: bytes, lines: Iterator[bytes], told: Told) -> Batch:
    """The columns, and as many lines of properties as there are rows."""
    properties = list(islice(lines, len(given["rows"])))
    found = Plain(**given, properties=b"\n".join(properties).decode().split("\n"))
    columns = [found.rows, found.ids, found.lon, found.lat, *found.texts.values(),
               *(c for c in (found.moments, found.states) if c is not None)]  # fmt: skip
    if any(type(c) is not list or len(c) != len(found.properties) for c in columns):
        raise ValueError("columns of different lengths")
    _check_columns(found)
    if _is_suspicious(line, *properties) or not _is_shallow(found.properties):
        items = found.features()
        return _cleaned(_batch(items, b"", told), told)  # type: ignore[arg-type]
    return found


def _check_columns(found: Plain) -> None:
    if not all(text[:1] == "{" and text[-1:] == "}" for text in found.properties):
        raise ValueError("not objects")
    for name, texts in found.texts.items():
        if name not in TEXTS or set(map(type, texts)) != {str}:
            raise ValueError("not texts")
    if set(map(type, found.rows)) != {int} or not 0 <= min(found.rows) <= max(found.rows) < 2**31:
        raise ValueError("not rows")
    if {*map(type, found.lon), *map(type, found.lat)} != {float}:
        raise ValueError("not positions")
    if not {*map(type, found.moments or [None])} <= {str, type(None)}:
        raise ValueError("not times")


def _is_shallow(properties: list[str]) -> bool:
    """Objects of JSON text, none of which can be nested deeper than PostgreSQL can take."""
    whole = "".join(properties)
    if whole.count("{") + whole.count("[") == len(properties):
        return True
    return all(p.count("{") + p.count("[") < SHALLOW for p in properties)


def _is_suspicious(*lines: bytes) -> bool:
    """Half letters, NUL, NaN: most files have none, and are not looked at value by value."""
    whole = b"".join(lines)
    return any(mark in whole for mark in SUSPICIOUS)


def _cleaned(items: list[Item], told: Told) -> list[Item]:
    found = []
    for row, feature in items:
        clean = Cleaner()
        found.append((row, clean.value(feature, 0)))
        told.repaired += [(row, what) for what in sorted(clean.repaired)]
    return found


def _check_properties(feature: Feature) -> None:
    told = feature["properties"]
    if type(told) is not dict:
        raise ValueError("no properties")
    for name in ("name", "address", "municipality_code"):
        if type(told.get(name, "")) is not str:
            raise ValueError("not a text")


def _kept_environment() -> dict[str, str]:
    # nothing but where the time zones are
    return {name: os.environ[name] for name in ("PYTHONTZPATH",) if name in os.environ}


def _finish(found: Told, last: Any) -> None:
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
            found.counts = Counter({(_text(n), _known(c)): _number(k) or 0
                                    for n, c, k in read.get("counts", [])})  # fmt: skip
            if held := read["held"]:
                found.held = (_known(held[0]), _texts(held[1]))
            return
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


def _number(value: Any) -> int | None:
    if value is not None and (type(value) is not int or not 0 <= value < 2**31):
        raise ValueError("not a number of rows")
    return value


def _known(code: Any) -> str:
    if code not in CATALOGUE:
        raise ValueError("not a code")
    return str(code)


def _texts(given: dict[str, Any]) -> dict[str, str]:
    return {_text(key): _text(value) for key, value in given.items()}


def _text(value: Any, limit: int = LIMIT_TEXT) -> str:
    return str(Cleaner().text(str(value)[:limit]))
