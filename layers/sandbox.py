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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from layers import heard
from layers.heard import Batch, Refused, Told
from layers.plain import Item, Plain

__all__ = ["Batch", "Refused", "Told", "read", "stream"]

WALL_SECONDS = 90.0
"""For which the child may keep us waiting: well over its CPU limit, for it runs nice."""
END_SECONDS = 10.0
"""For which it may live on after its last word."""
LIMIT_STREAM_BYTES = 600 * 1024**2
LIMIT_LINE_BYTES = 128 * 1024**2
PIPE_BYTES = 1 << 20

_ROOT = str(Path(__file__).resolve().parent.parent)
_IMPORT = "import sys; sys.path.insert(0, sys.argv[1]); from layers.readers import "
_START = f"{_IMPORT}child; child.main()"
_LACKING = f"{_IMPORT}confine; print(*confine.give_up_everything(sys.argv[1]))"


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


def lacking() -> list[str]:
    """Which walls a child would not have on this machine: "Landlock", "seccomp"."""
    command = [sys.executable, "-I", "-c", _LACKING, _ROOT]
    done = subprocess.run(command, capture_output=True, timeout=WALL_SECONDS, check=False)
    # of one that does not even begin nothing is known
    return done.stdout.decode().split() if done.returncode == 0 else ["Landlock", "seccomp"]


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
                last = heard.value_of(line)
                if isinstance(last, list):
                    yield heard.batch_of(last, line, told)
                elif "plain" in last:
                    yield heard.plain_of(last["plain"], line, lines, told)
                elif not heard.is_aside(last, told):
                    break
            _check_end(process, lines)
            heard.finish(told, last)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Refused("reader_died") from error


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
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _end(process)
            assert process.stdout
            process.stdout.close()


def _end(process: subprocess.Popen[bytes]) -> int:
    """With whatever it has started: the number of its group is its own until it is waited for."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


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
    if not _ends(process):
        raise Refused("took_too_long")
    code = _end(process)
    if code == -signal.SIGXCPU:
        raise Refused("took_too_long")
    if code != 0:
        raise Refused("reader_died")


def _ends(process: subprocess.Popen[bytes]) -> bool:
    """Whether it does so by itself, and soon: it may close its output and live on. It is not
    waited for, so that the number of its group stays its own."""
    watched = os.pidfd_open(process.pid)
    try:
        return bool(select.select([watched], [], [], END_SECONDS)[0])
    finally:
        os.close(watched)


def _kept_environment() -> dict[str, str]:
    # nothing but where the time zones are
    return {name: os.environ[name] for name in ("PYTHONTZPATH",) if name in os.environ}
