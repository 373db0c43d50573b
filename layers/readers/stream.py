"""How the child hands on what it reads: lines of UTF-8 JSON on its standard output.

First {"about": {"total": rows that will come, null where that is not known yet}}; then batches;
then {"read": {...}} or {"refused": [code, given]}. A batch is either a list of [row, feature], or
{"plain": the columns of layers.plain} followed by one line a row: its properties. {"told": [[row,
codes], ...]} goes before the batch: what the next one in line must know of a row
(layers.findings.PASSED_ON). Pure: imports no Django.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import islice
from typing import IO, Any

from layers import plain
from layers.findings import PASSED_ON, Findings
from layers.plain import Item

LINE_BYTES = 200_000
"""What a batch comes to, about: the reader of the stream begins with the first one."""
FIRST, MOST = 16, 1000
SEPARATORS = (",", ":")


def _encoder() -> Callable[[Any], str]:
    """Like json.dumps, without making an encoder for each of 100,000 objects where that can be."""
    usual = json.JSONEncoder(ensure_ascii=False, separators=SEPARATORS)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return usual.encode
    string = json.encoder.encode_basestring
    inner = make(None, usual.default, string, None, ":", ",", False, False, True)
    return lambda value: "".join(inner(value, 0))


class Writer:
    def __init__(self, out: IO[bytes]) -> None:
        self.out = out
        self._encode = _encoder()

    def say(self, value: Any) -> int:
        """One line; its length in bytes."""
        return self._write([self._encode(value)], lambda: [json.dumps(value)])

    def features(self, found: Iterable[tuple[int, dict[str, Any]]], findings: Findings) -> None:
        """In batches whose size follows that of the features."""
        items, size = iter(found), FIRST
        while batch := list(islice(items, size)):
            self._tell(batch, findings)
            length = self._batch(batch)
            size = max(1, min(MOST, size * 4, LINE_BYTES * len(batch) // length))

    def _tell(self, batch: list[Item], findings: Findings) -> None:
        if not any(code in PASSED_ON for _, code in findings.counts):
            return
        told = [[row, codes] for row, _ in batch if (codes := findings.codes_of(row, PASSED_ON))]
        if told:
            self.say({"told": told})

    def _batch(self, batch: list[Item]) -> int:
        columns = plain.columns_of(batch)
        if columns is None:
            return self.say(batch)
        values = [{"plain": columns}, *(feature["properties"] for _, feature in batch)]
        return self._write(map(self._encode, values), lambda: map(json.dumps, values))

    def _write(self, lines: Iterable[str], escaped: Callable[[], Iterable[str]]) -> int:
        try:
            found = "\n".join(lines).encode()
        except UnicodeEncodeError:
            # half letters: as escapes, which the other side knows to look for
            found = "\n".join(escaped()).encode()
        self.out.write(found + b"\n")
        return len(found)
