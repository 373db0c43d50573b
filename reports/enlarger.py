"""What the darkroom's child process runs: give up every right, develop one photo, say how it went.

Loads as little as it can; it starts anew for each photo.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from dataclasses import asdict
from typing import Any

from . import copies
from .photos import REASONS, Unreadable

ADDRESS_SPACE_BYTES = 2 * 1024**3
CPU_SECONDS = 30
FILE_SIZE_BYTES = 8 * 1024**2
"""Largest file the child may write; a 1280 px copy has about 0.3 MB."""
NICE = 5


def main() -> None:
    """What the child process does: argv = root of the code, photo, folder for the copies."""
    give_up_everything()
    try:
        answer: dict[str, Any] = {"developed": asdict(copies.develop(sys.argv[2], sys.argv[3]))}
    except Unreadable as error:
        answer = {"unreadable": [error.reason, error.text]}
    except MemoryError:
        answer = {"unreadable": ["too_much_memory", REASONS["too_much_memory"]]}
    except OSError as error:
        # A full disk or a file that cannot be opened: decoding itself raises Unreadable.
        answer = {"failed": str(error)[:200]}
    sys.stdout.write(json.dumps(answer))


def give_up_everything() -> None:
    os.nice(NICE)
    for limit, value in (
        (resource.RLIMIT_AS, ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_FSIZE, FILE_SIZE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    # The soft limit kills with a signal of its own, which tells "too slow" from "crashed".
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
