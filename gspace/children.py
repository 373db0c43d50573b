"""The processes `make run` keeps: started apart from the terminal, prefixed, revived, ended."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable

from gspace.postgres import CHECKOUT

STOP_SECONDS = 15
REVIVE_FIRST_SECONDS = 1.0
REVIVE_LONGEST_SECONDS = 30.0
STEADY_SECONDS = 60.0
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


class CleanExit(Exception):
    """Ctrl-C or SIGTERM arrived: tidy up and end with 0."""


def _die_with_parent() -> None:
    # Runs between fork and exec: only a system call, no imports, no allocation worth naming.
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One Python process of this checkout; `words` are what follows the interpreter."""

    def __init__(self, name: str, words: list[str]) -> None:
        self.name = name
        self.words = words
        self.process: subprocess.Popen[str] | None = None
        self.pause = REVIVE_FIRST_SECONDS
        self.started = 0.0
        self.due: float | None = None

    def start(self) -> None:
        """Start it in a session of its own: the terminal's Ctrl-C reaches only the supervisor."""
        self.process = subprocess.Popen(
            [sys.executable, *self.words],
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            # Even kill -9 of the supervisor leaves no server behind on the port.
            preexec_fn=_die_with_parent,
        )
        self.started = time.monotonic()
        threading.Thread(target=self._repeat, args=[self.process], daemon=True).start()

    def _repeat(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            print(f"{self.name:<7}| {line}", end="", flush=True)

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def code(self) -> int:
        """The exit code, 128 + n when signal n ended it (as shells have it)."""
        code = self.process.returncode if self.process else 0
        return 128 - code if code < 0 else code

    def revive(self) -> None:
        """Start it again if it died; after longer and longer pauses if it keeps dying."""
        if self.is_alive():
            return
        now = time.monotonic()
        if self.due is None:
            if now - self.started > STEADY_SECONDS:
                self.pause = REVIVE_FIRST_SECONDS
            print(
                f"The {self.name} ended with code {self.code()}: starting it again in "
                f"{self.pause:.0f} s.",
                file=sys.stderr,
            )
            self.due = now + self.pause
            self.pause = min(self.pause * 2, REVIVE_LONGEST_SECONDS)
        elif now >= self.due:
            self.due = None
            self.start()

    def signal(self, number: int) -> None:
        """To its whole process group: a worker may have children of its own."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return

    @staticmethod
    def stop_all(children: Iterable[Child]) -> None:
        """Ask all, wait for all together, then insist."""
        living = [child for child in children if child.is_alive()]
        for child in living:
            child.signal(signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for child in living:
            assert child.process
            try:
                child.process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.signal(signal.SIGKILL)
                child.process.wait()
