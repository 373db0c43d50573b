"""What the sandbox's child runs: give up every right, read one file, say what is in it.

In: the file on standard input, a JSON context {kind, zone, crs, coverage} as argument. Out: lines
of JSON as layers.readers.stream has them, in the end {"read": {...}} or {"refused": [code, given]}.
Which reader it is, the child finds out by itself from the bytes. No Django here.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable
from typing import Any

from layers.encodings import Undecodable
from layers.findings import LIMIT_FINDINGS
from layers.readers import confine, kinds
from layers.readers.outcome import Context, Read
from layers.readers.stream import Writer
from layers.tables import Unreadable

Reader = Callable[[bytes, Context], Read]
LIMIT_KEPT = LIMIT_FINDINGS * 20
OURS = ("kind", "zone", "crs", "coverage", "more")


def main() -> None:
    """argv: root of the code, context."""
    confine.give_up_everything(sys.argv[1])
    # what is read stays until the end; looking for rubbish in it takes a third of the time
    gc.disable()
    given = json.loads(sys.argv[2])
    context = Context(**{name: given[name] for name in OURS if given.get(name) is not None})
    writer = Writer(sys.stdout.buffer)
    try:
        last = _examine(sys.stdin.buffer.read(), context, writer)
    except (Undecodable, Unreadable) as error:
        last = {"refused": [error.code, error.given]}
    except RecursionError:
        last = {"refused": ["not_json", {"why": "it is nested too deeply"}]}
    except MemoryError:
        last = {"refused": ["too_much_memory", {}]}
    writer.say(last)


def _examine(raw: bytes, context: Context, writer: Writer) -> dict[str, Any]:
    found = reader_of(kinds.kind_of(raw))(raw, context)
    writer.say({"about": {"total": found.rows or None}})
    writer.features(found.features, found.findings)
    told = {"format": found.format, "encoding": found.encoding, "crs": found.crs,
            "rows": found.rows, "header": found.header, "source_as_of": found.source_as_of,
            "held": found.held, "columns": found.columns,
            "findings": found.findings.items[:LIMIT_KEPT],
            "counts": [[*kind, n] for kind, n in found.findings.counts.items()]}  # fmt: skip
    return {"read": told}


def reader_of(kind: str) -> Reader:
    """Loaded when it is needed: a table needs no XML, and hardly any file a database."""
    match kind:
        case "text":
            from layers.readers.sheets import read_text as read
        case "json":
            from layers.readers.documents import read
        case "xml":
            from layers.readers.markup import read
        case "zip":
            from layers.readers.archive import read
        case "sqlite":
            from layers.readers.geopackage import read
        case "flatgeobuf":
            from layers.readers.flatgeobuf import read
        case "dbf":
            from layers.readers.shapefile import read_dbf as read
        case "shp":
            from layers.readers.shapefile import read_shp as read
        case "old_excel":
            raise Unreadable("old_excel")
        case _:
            raise Unreadable("format_unknown")
    return read
