"""dBASE tables (.dbf), alone or as the attributes of a Shapefile. Pure: imports no Django.

What encoding the letters are in, the file hardly ever says and the .cpg beside it not always
truly: all encodings are tried on all texts, and the one that fits best is taken.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from layers.findings import Findings
from layers.tables import LIMIT_COLUMNS, LIMIT_ROWS, Unreadable

# .cpg as programs write it -> what Python calls it
PAGES = {"932": "cp932", "ms932": "cp932", "sjis": "cp932", "shiftjis": "cp932", "cp932": "cp932",
         "windows31j": "cp932", "ansi932": "cp932", "oem932": "cp932", "utf8": "utf-8",
         "65001": "utf-8", "eucjp": "euc_jp", "51932": "euc_jp", "20932": "euc_jp",
         "1252": "cp1252", "ansi1252": "cp1252", "windows1252": "cp1252", "88591": "latin-1",
         "iso88591": "latin-1", "28591": "latin-1"}  # fmt: skip
# the language driver in the header, where it is Japanese
DRIVERS = {0x13: "cp932", 0x7B: "cp932"}
TRIED = ("utf-8", "cp932", "euc_jp")
SAMPLE = 20_000
# a field is cut where it is full, in the middle of a letter if need be
CUT = 3
NOTHING = re.compile(rb"^[\s\x00*]*$")


@dataclass
class Field:
    name: str
    kind: str
    start: int
    size: int
    decimals: int


class Dbf:
    """fields and rows of a table; encoding: as it was read. Raises Unreadable dbf_unreadable."""

    def __init__(self, raw: bytes, findings: Findings, page: bytes | None = None) -> None:
        self.raw = raw
        if len(raw) < 33:
            raise Unreadable("dbf_unreadable", why="it is too short")
        self.count, self.head, self.size = struct.unpack_from("<IHH", raw, 4)
        if self.size < 1 or self.head < 33:
            raise Unreadable("dbf_unreadable", why="its header is damaged")
        descriptions = list(self._descriptions())
        self.encoding = self._choose(page, findings, descriptions)
        self.fields = self._fields(descriptions, findings)
        there = max(0, len(raw) - self.head) // self.size
        if self.count > there:
            findings.add(None, "", "doubted", "records_cut", number=there)
        self.count = min(self.count, there)
        if self.count > LIMIT_ROWS:
            raise Unreadable("too_many_rows", limit=LIMIT_ROWS)

    def _descriptions(self) -> Iterator[tuple[bytes, str, int, int]]:
        at, used = 32, 1
        while at + 32 <= min(self.head, len(self.raw)) and self.raw[at] != 0x0D:
            name, kind = self.raw[at : at + 11].split(b"\0")[0], chr(self.raw[at + 11])
            size, decimals = self.raw[at + 16], self.raw[at + 17]
            if kind == "C" and decimals:
                # FoxPro and Clipper: texts of more than 255 bytes
                size, decimals = size + decimals * 256, 0
            used += size
            if used > self.size:
                raise Unreadable("dbf_unreadable", why="its columns are longer than its rows")
            yield name, kind, size, decimals
            at += 32

    def _fields(self, given: list[tuple[bytes, str, int, int]], findings: Findings) -> list[Field]:
        if not given or len(given) > LIMIT_COLUMNS:
            raise Unreadable("dbf_unreadable", why="it has no columns, or too many")
        found: list[Field] = []
        start = 1
        for raw, kind, size, decimals in given:
            name = kept = self._text(raw).strip() or f"column {len(found) + 1}"
            count = 2
            while any(one.name == kept for one in found):
                kept, count = f"{name}_{count}", count + 1
            if kept != name:
                findings.add(None, name, "doubted", "column_repeated", name=name, kept=kept)
            found.append(Field(kept, kind, start, size, decimals))
            start += size
        return found

    def _texts(self, given: list[tuple[bytes, str, int, int]]) -> Iterator[bytes]:
        """Names and text fields, as far as they are not plain ASCII."""
        names = (name for name, *_ in given)
        spans, start = [], 1
        for _, kind, size, _ in given:
            if kind == "C":
                spans.append((start, start + size))
            start += size
        starts = range(self.head, len(self.raw) - self.size + 1, self.size)
        cells = (self.raw[at + a : at + b] for at in starts for a, b in spans)
        for text in chain(names, cells):
            if not text.isascii():
                yield text

    def _choose(
        self,
        page: bytes | None,
        findings: Findings,
        given: list[tuple[bytes, str, int, int]],
    ) -> str:
        sample = [text for _, text in zip(range(SAMPLE), self._texts(given), strict=False)]
        said = _page(page) or DRIVERS.get(self.raw[29], "")
        if not sample:
            return said or "ascii"
        tried = dict.fromkeys([*([said] if said else []), *TRIED])
        wrong = {name: sum(not _fits(text, name) for text in sample) for name in tried}
        best = min(tried, key=lambda name: wrong[name])
        words = (page or b"").decode("ascii", "replace").strip()[:40]
        if page is not None and best != _page(page):
            findings.add(None, "", "doubted", "encoding_wrong", said=words or "—", read=best)
        elif not said:
            findings.add(None, "", "repaired", "encoding_unsaid", read=best)
        return best

    def _text(self, raw: bytes) -> str:
        """Without a letter that was cut at the end."""
        raw = raw.rstrip(b"\0 ")
        try:
            return raw.decode(self.encoding)
        except UnicodeDecodeError as error:
            if len(raw) - error.start <= CUT:
                return raw[: error.start].decode(self.encoding, "replace")
            return raw.decode(self.encoding, "replace")

    def rows(self) -> Iterator[dict[str, Any] | None]:
        """One a record, None for a deleted one."""
        for place in range(self.count):
            at = self.head + place * self.size
            record = self.raw[at : at + self.size]
            if record[:1] == b"*":
                yield None
                continue
            yield {f.name: self._value(f, record[f.start : f.start + f.size]) for f in self.fields}

    def texts(self) -> Iterator[tuple[int, list[str]]]:
        """(number, cells as they are written): for a table that stands alone."""
        for number, row in enumerate(self.rows(), start=1):
            if row is not None:
                yield number, ["" if value is None else str(value) for value in row.values()]

    def _value(self, field: Field, raw: bytes) -> Any:
        if field.kind in "CV":
            return self._text(raw).strip() or None
        if field.kind in "IOTY@+B":
            return _binary(field, raw)
        if NOTHING.match(raw):
            return None
        text = raw.decode("ascii", "replace").strip("\0 ")
        if field.kind in "NF":
            return _number(text, field)
        if field.kind == "L":
            return {"T": True, "Y": True, "F": False, "N": False}.get(text.upper())
        if field.kind == "D" and re.fullmatch(r"\d{8}", text):
            return f"{text[:4]}-{text[4:6]}-{text[6:]}"
        # memos lie in another file, which nobody sends
        return None if field.kind in "MGP" else text or None


def _page(page: bytes | None) -> str:
    """What a .cpg names; "" for a code page nobody knows, or an error page."""
    words = (page or b"").decode("ascii", "replace").strip().lower()
    plain = re.sub(r"[^a-z0-9]", "", words)
    if plain in PAGES:
        return PAGES[plain]
    try:
        return codecs.lookup(words).name if 1 < len(words) < 20 and _is_text(words) else ""
    except LookupError:
        return ""


def _is_text(name: str) -> bool:
    """rot13 and zip are codecs, too."""
    try:
        return bool("a".encode(name).decode(name) == "a")
    except (LookupError, ValueError, TypeError):
        return False


def _fits(raw: bytes, encoding: str) -> bool:
    bare = raw.rstrip(b"\0 ")
    try:
        text = bare.decode(encoding)
    except UnicodeDecodeError as error:
        return 0 < len(bare) - error.start <= CUT and len(bare) > 8
    # CP932 makes half-width katakana of nearly everything
    half = len(re.findall(r"[\uff61-\uff9f]", text))
    return half * 2 <= len(text) and not re.search(r"[\x80-\x9f\uf8f0-\uf8f3]", text)


def _number(text: str, field: Field) -> Any:
    try:
        if re.fullmatch(r"[+-]?\d+", text):
            return int(text)
        found = float(text.replace(",", "."))
        whole = field.decimals == 0 and found.is_integer() and abs(found) < 1e15
        return int(found) if whole else found
    except ValueError:
        return text


def _binary(field: Field, raw: bytes) -> Any:
    if field.kind in "I+" and len(raw) == 4:
        return struct.unpack("<i", raw)[0]
    if field.kind == "Y" and len(raw) == 8:
        return struct.unpack("<q", raw)[0] / 10_000
    if field.kind in "OB" and len(raw) == 8:
        return struct.unpack("<d", raw)[0]
    if field.kind in "T@" and len(raw) == 8:
        day, milliseconds = struct.unpack("<ii", raw)
        if 2_415_021 <= day <= 2_488_069:
            found = datetime(1900, 1, 1) + timedelta(days=day - 2_415_021)
            return (found + timedelta(milliseconds=milliseconds)).isoformat(timespec="seconds")
    return None
