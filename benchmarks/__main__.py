"""`python -m benchmarks [NAME ...]`: every benchmark, or the named ones.

Prints one JSON line per comparison as it is made, with every round, and the table at the end.
Exit code 0 also where a goal was missed (it is a measurement, not a gate), 1 when one broke off.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import sys
import time
import traceback

from benchmarks.rounds import Comparison, table
from benchmarks.scratch import scratch

NAMES = (
    "photos",
    "reports",
    "fanout",
    "geojson",
    "layers",
    "find",
    "tiles",
    "desk",
    "numbers",
    "paper",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="|".join(NAMES))
    names = parser.parse_args().names or NAMES
    _allow_many_sockets()
    began, found, failed = time.monotonic(), [], 0
    with scratch() as site:
        for name in names:
            try:
                for comparison in importlib.import_module(f"benchmarks.{name}").run(site):
                    found.append(comparison)
                    print(json.dumps(comparison.record()), flush=True)
            except Exception:  # the others are still worth knowing
                traceback.print_exc()
                failed = 1
    print(_summary(found, time.monotonic() - began))
    return failed


def _allow_many_sockets() -> None:
    """A thousand sockets a process; inherited by every child."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, most), most))


def _summary(found: list[Comparison], seconds: float) -> str:
    load = "/".join(f"{value:.1f}" for value in os.getloadavg())
    return f"\n{table(found)}\n\n{os.cpu_count()} cores, load {load}, {seconds:.0f} s in all"


if __name__ == "__main__":
    sys.exit(main())
