"""Excel workbooks (.xlsx, .xlsm) in pure Python: bytes -> the table of the first sheet with one.

Nothing is unpacked to disk, member names are only looked up, XML without DTD. Bounded by the bytes
that come out of the zip (T8). Read are shown sheets, cell values (not formulas) and dates.
Pure: imports no Django.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from layers import headings, tables
from layers.findings import Findings
from layers.tables import Line, Table, Unreadable

LIMIT_UNPACKED_BYTES = 300 * 1024**2
LIMIT_ENTRIES = 2000
LIMIT_SHEETS = 20
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
DAMAGED = (zipfile.BadZipFile, ParseError, DefusedXmlException, KeyError, ValueError, EOFError,
           NotImplementedError, RuntimeError, IndexError, OverflowError)  # fmt: skip


def read(raw: bytes, findings: Findings) -> tuple[Table, str, str]:
    """(table, format, encoding). Raises tables.Unreadable."""
    try:
        book = Book(raw)
        return book.table(findings), "XLSX", "utf-8"
    except Unreadable:
        raise
    except DAMAGED as error:
        raise Unreadable("xlsx_unreadable", why=str(error)[:80] or type(error).__name__) from None
    except Exception as error:
        # zlib and expat have errors of their own; whatever the bytes, it is the file's fault
        raise Unreadable("xlsx_unreadable", why=type(error).__name__) from None


class _Capped(io.RawIOBase):
    """A member of the zip that stops at what all members together may unpack to."""

    def __init__(self, book: Book, source: Any) -> None:
        self.book, self.source = book, source

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        found: bytes = self.source.read(65_536 if size < 0 else min(size, 65_536))
        self.book.unpacked += len(found)
        if self.book.unpacked > LIMIT_UNPACKED_BYTES:
            raise Unreadable("too_large_inside")
        return found


class Book:
    def __init__(self, raw: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(raw))
        self.unpacked = 0
        names = self.zip.namelist()
        if len(names) > LIMIT_ENTRIES:
            raise Unreadable("too_large_inside")
        self.names = set(names)
        self.since = datetime(1899, 12, 30)
        self.sheets = list(self._sheets())
        self.strings = list(self._strings())
        self.formats = list(self._formats())

    def table(self, findings: Findings) -> Table:
        """Of the first shown sheet that names a place; else of the first that holds anything."""
        first: tuple[str, Table] | None = None
        for name, path in self.sheets[:LIMIT_SHEETS]:
            found = tables.table(list(self._rows(path)))
            if not found.rows and not found.names:
                continue
            first = first or (name, found)
            if _names_places(found):
                first = (name, found)
                break
        if first is None:
            raise Unreadable("file_empty")
        others = [name for name, _ in self.sheets if name != first[0]]
        if others:
            shown = "・".join(others[:5])
            findings.add(None, "", "doubted", "sheets_left_out", sheet=first[0], others=shown)
        return first[1]

    def _parse(self, path: str, *wanted: str) -> Iterator[Any]:
        """The finished elements of these tags; what was seen is let go."""
        with self.zip.open(path) as source:
            stack: list[Any] = []
            for event, element in iterparse(
                _Capped(self, source), events=("start", "end"), forbid_dtd=True
            ):
                if event == "start":
                    stack.append(element)
                    continue
                stack.pop()
                if _tag(element) in wanted:
                    yield element
                    element.clear()
                    if stack:
                        stack[-1].remove(element)

    def _sheets(self) -> Iterator[tuple[str, str]]:
        """(name, member) of the sheets that are shown."""
        targets = {}
        for one in self._parse("xl/_rels/workbook.xml.rels", "Relationship"):
            targets[one.get("Id")] = one.get("Target", "")
        for one in self._parse("xl/workbook.xml", "sheet", "workbookPr"):
            if _tag(one) == "workbookPr":
                if one.get("date1904") in ("1", "true"):
                    self.since = datetime(1904, 1, 1)
                continue
            ident = next((v for k, v in one.items() if k.endswith("}id")), "")
            target = targets.get(ident, "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if one.get("state", "visible") == "visible" and path in self.names:
                yield one.get("name", ""), path

    def _strings(self) -> Iterator[str]:
        if "xl/sharedStrings.xml" in self.names:
            for one in self._parse("xl/sharedStrings.xml", "si"):
                yield _text(one)

    def _formats(self) -> Iterator[str]:
        """For each cell style: "date", "0000" (padding) or ""."""
        custom: dict[int, str] = {}
        if "xl/styles.xml" not in self.names:
            return
        for one in self._parse("xl/styles.xml", "numFmt", "cellXfs"):
            if _tag(one) == "numFmt":
                custom[int(one.get("numFmtId", "0"))] = one.get("formatCode", "")
                continue
            for style in one:
                number = int(style.get("numFmtId", "0"))
                yield "date" if number in DATE_FORMATS else _format(custom.get(number, ""))

    def _rows(self, path: str) -> Iterator[Line]:
        number = count = cells = 0
        for row in self._parse(path, "row"):
            number = int(row.get("r") or number + 1)
            found: list[str] = []
            for cell in row:
                place = _column(cell.get("r", "")) if cell.get("r") else len(found)
                if place >= tables.LIMIT_COLUMNS:
                    continue
                found += [""] * (place - len(found))
                found.append(self._value(cell)[: tables.LIMIT_CELL])
            if any(text.strip() for text in found):
                count, cells = count + 1, cells + len(found)
                tables.check_size(count, len(found), cells)
                yield number, found

    def _value(self, cell: Any) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _text(cell)
        text = next((part.text or "" for part in cell if _tag(part) == "v"), "")
        if kind == "s":
            return self.strings[int(text)] if text else ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(text, text)
        if kind == "e":
            # #N/A and #REF! are what the sheet shows; there is no value
            return ""
        return self._number(text, int(cell.get("s", "0"))) if kind == "n" and text else text

    def _number(self, text: str, style: int) -> str:
        number = float(text)
        shown = self.formats[style] if style < len(self.formats) else ""
        if shown == "date" and 0 <= number < 2_958_466:
            return self._date(number)
        if number.is_integer() and abs(number) < 1e15:
            return str(int(number)).zfill(len(shown))
        return repr(number)

    def _date(self, number: float) -> str:
        at = self.since + timedelta(seconds=round(number * 86_400))
        if number < 1:
            return at.strftime("%H:%M")
        return at.strftime("%Y-%m-%d" if number.is_integer() else "%Y-%m-%d %H:%M")


def _names_places(table: Table) -> bool:
    fields = {headings.field_of(name) for name in table.names}
    return bool(fields & {"lat", "latlon", "x", "lat_d", "address", "name"})


def _format(code: str) -> str:
    bare = re.sub(r'"[^"]*"|\[(?!h|m|s)[^\]]*\]|\\.', "", code).lower()
    if re.fullmatch(r"0{2,10}", bare):
        return bare
    return "date" if re.search(r"[ydhge]|m.*[:/]|[:/].*m", bare) and "general" not in bare else ""


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: Any) -> str:
    """Runs of rich text together, without the readings (rPh) that Excel keeps for kanji."""
    parts = []
    for part in element:
        if _tag(part) == "t":
            parts.append(part.text or "")
        elif _tag(part) in ("r", "is"):
            parts.append(_text(part))
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), "".join(parts))


def _column(reference: str) -> int:
    """0 of A1, 27 of AB3."""
    found = 0
    for letter in reference.upper():
        if not "A" <= letter <= "Z":
            break
        found = found * 26 + ord(letter) - 64
    return max(found - 1, 0)
