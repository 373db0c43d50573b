"""How the child hands on what it reads: lines of UTF-8 JSON on its standard output.

First {"about": {"total": rows that will come, null where that is not known yet}}; then batches,
lists of [row, feature] or [row, feature, codes] (what was told of the row that the next one in
line must know, layers.findings.PASSED_ON); then {"read": {...}} or {"refused": [code, given]}.
Pure: imports no Django.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from typing import IO, Any

from layers.findings import PASSED_ON, Findings

LINE_BYTES = 200_000
"""What a batch comes to, about: the reader of the stream begins with the first one."""
FIRST, MOST = 16, 1000


class Writer:
    def __init__(self, out: IO[bytes]) -> None:
        self.out = out
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def say(self, value: Any) -> int:
        """One line; its length in bytes."""
        try:
            line = self._encode(value).encode()
        except UnicodeEncodeError:
            # half letters: as escapes, which the other side knows to look for
            line = json.dumps(value, ensure_ascii=True).encode()
        self.out.write(line + b"\n")
        return len(line)

    def features(self, found: Iterable[tuple[int, dict[str, Any]]], findings: Findings) -> None:
        """In batches whose size follows that of the features."""
        items, size = iter(found), FIRST
        while batch := list(islice(items, size)):
            length = self.say([self._item(row, feature, findings) for row, feature in batch])
            size = max(1, min(MOST, size * 4, LINE_BYTES * len(batch) // length))

    @staticmethod
    def _item(row: int, feature: dict[str, Any], findings: Findings) -> list[Any]:
        codes = findings.codes_of(row, PASSED_ON)
        return [row, feature, codes] if codes else [row, feature]
