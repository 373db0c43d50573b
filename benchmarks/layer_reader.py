"""A reader process for the benchmark: reads versions as layers.tasks.version_read does.

usage: python -m benchmarks.layer_reader; in: a version's id a line; out: a JSON line {state,
seconds, self_mb, child_mb} (largest memory so far of this process and of any of its children).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    from layers import tasks

    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        began = time.perf_counter()
        state = tasks.version_read.call(int(line))
        seconds = time.perf_counter() - began
        said = {
            "state": state,
            "seconds": seconds,
            "self_mb": _own_megabytes(),
            "child_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        }
        print(json.dumps(said), flush=True)


def _own_megabytes() -> int:
    """Not ru_maxrss, which begins with what the process had that started this one."""
    said = Path("/proc/self/status").read_text()
    return int(said.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    main()
