"""What the sandbox's child runs: give up every right, read one file, say what is in it.

In: the file on standard input, a JSON context as argument. Out: one JSON line a feature,
[row, feature]; then one line {"read": {...}} or {"refused": [code, given]}. No Django here.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
from typing import Any
from zoneinfo import ZoneInfo

from layers import columns
from layers.encodings import Undecodable
from layers.findings import LIMIT_FINDINGS, Findings
from layers.readers import delimited, xlsx
from layers.tables import Unreadable

ADDRESS_SPACE_BYTES = 3 * 1024**3 // 2
CPU_SECONDS = 30
# all the features of a file as JSON
FILE_SIZE_BYTES = 400 * 1024**2
OPEN_FILES = 64
NICE = 5
# CLONE_NEWUSER | CLONE_NEWNET of unshare(2): a network of its own, with nothing in it
NO_NETWORK = 0x10000000 | 0x40000000
READERS = {"text": delimited.read, "zip": xlsx.read}


def main() -> None:
    """argv: root of the code, context {how, kind, zone, crs, coverage}."""
    give_up_everything()
    context = json.loads(sys.argv[2])
    try:
        last = _examine(sys.stdin.buffer.read(), context)
    except (Undecodable, Unreadable) as error:
        last = {"refused": [error.code, error.given]}
    except MemoryError:
        last = {"refused": ["too_much_memory", {}]}
    sys.stdout.write(json.dumps(last, ensure_ascii=True) + "\n")


def _examine(raw: bytes, context: dict[str, Any]) -> dict[str, Any]:
    before = Findings()
    table, name, encoding = READERS[context["how"]](raw, before)
    zone = ZoneInfo(context["zone"])
    found = columns.examine(
        table,
        kind=context["kind"],
        zone=zone,
        crs=context.get("crs"),
        coverage=context.get("coverage", ""),
    )
    for row, feature in found.features:
        sys.stdout.write(json.dumps([row, feature], ensure_ascii=True) + "\n")
    findings = [*before.items, *found.findings.items]
    told = {"format": name, "encoding": encoding, "crs": found.crs, "rows": found.rows,
            "header": found.header, "source_as_of": found.source_as_of, "held": found.held,
            "findings": findings[: LIMIT_FINDINGS * 20]}  # fmt: skip
    return {"read": told}


def give_up_everything() -> None:
    os.nice(NICE)
    for limit, value in (
        (resource.RLIMIT_AS, ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_FSIZE, FILE_SIZE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    # The soft limit kills with a signal of its own, which tells "too slow" from "crashed".
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    # Where the kernel forbids it (some containers), their network has no way out anyway.
    ctypes.CDLL(None).unshare(NO_NETWORK)
