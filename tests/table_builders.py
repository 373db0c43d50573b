"""Small spreadsheets of our own: one for each trap, and a workbook writer of a few lines."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from layers import columns, encodings, tables
from layers.columns import Examined
from layers.findings import Finding, Findings
from layers.readers import delimited

TOKYO = ZoneInfo("Asia/Tokyo")
HEAD = "名称,住所,緯度,経度"


def sheet(*lines: str) -> str:
    return "\r\n".join(lines) + "\r\n"


class Looked:
    """What the doctor says about a text: features by name, findings, everything."""

    def __init__(
        self,
        raw: bytes | str,
        *,
        kind: str = "shelter",
        crs: int | None = None,
        coverage: str = "",
        **people: Any,
    ) -> None:
        raw = raw.encode() if isinstance(raw, str) else raw
        before = Findings()
        table, self.format, self.encoding = delimited.read(raw, before)
        self.examined: Examined = columns.examine(
            table, kind=kind, zone=TOKYO, crs=crs, coverage=coverage, **people
        )
        pairs = list(self.examined.features)
        self.rows = [row for row, _ in pairs]
        self.features = [feature for _, feature in pairs]
        self.findings: list[Finding] = [*before.items, *self.examined.findings.items]

    def codes(self) -> list[tuple[int | None, str]]:
        return [(f["row"], f["code"]) for f in self.findings]

    def at(self, place: int = 0) -> tuple[float, float] | None:
        """(lat, lon) to 6 digits, as people write it."""
        geometry = self.features[place]["geometry"]
        if geometry is None:
            return None
        lon, lat = geometry["coordinates"]
        return round(lat, 6), round(lon, 6)

    def said(self, place: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = self.features[place]["properties"]
        return found


def refusal(raw: bytes | str, **more: Any) -> str:
    """The code a file is refused with; "" when it is taken."""
    try:
        Looked(raw, **more)
    except (encodings.Undecodable, tables.Unreadable) as error:
        return error.code
    return ""


WORKBOOK = """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{}</sheets>
</workbook>"""
RELS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}
</Relationships>"""
STYLES = """<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<numFmts><numFmt numFmtId="170" formatCode="000000"/>
<numFmt numFmtId="171" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d\\ h:mm"/></numFmts>
<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>"""
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    "{}</sheetData></worksheet>"
)


def workbook(sheets: dict[str, dict[int, list[Any]]], **extra: bytes) -> bytes:
    """sheets: name -> {row number: cells}. A cell is a text, a number, (number, style) or None."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        names = "".join(
            f'<sheet name="{escape(name)}" sheetId="{i}" r:id="r{i}"'
            + (' state="hidden"/>' if name.startswith("_") else "/>")
            for i, name in enumerate(sheets, start=1)
        )
        rels = "".join(
            f'<Relationship Id="r{i}" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(sheets) + 1)
        )
        archive.writestr("xl/workbook.xml", WORKBOOK.format(names))
        archive.writestr("xl/_rels/workbook.xml.rels", RELS.format(rels))
        archive.writestr("xl/styles.xml", STYLES)
        for i, rows in enumerate(sheets.values(), start=1):
            archive.writestr(f"xl/worksheets/sheet{i}.xml", SHEET.format(_rows(rows)))
        for name, content in extra.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return stream.getvalue()


def _rows(rows: dict[int, list[Any]]) -> str:
    return "".join(
        f'<row r="{number}">{"".join(_cell(number, i, c) for i, c in enumerate(cells))}</row>'
        for number, cells in rows.items()
    )


def _cell(row: int, column: int, value: Any) -> str:
    name = f"{chr(65 + column)}{row}"
    if value is None:
        return ""
    if isinstance(value, str):
        reading = "<rPh sb='0' eb='1'><t>ヨミ</t></rPh>"
        return f'<c r="{name}" t="inlineStr"><is><t>{escape(value)}</t>{reading}</is></c>'
    number, style = value if isinstance(value, tuple) else (value, 0)
    return f'<c r="{name}" s="{style}"><v>{number!r}</v></c>'
