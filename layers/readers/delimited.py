"""CSV and TSV as offices save them: bytes -> a table. Pure: imports no Django."""

from __future__ import annotations

from layers import encodings, tables
from layers.findings import Findings
from layers.tables import Table


def read(raw: bytes, findings: Findings) -> tuple[Table, str, str]:
    """(table, format, encoding). Raises encodings.Undecodable, tables.Unreadable."""
    found = encodings.read(raw, findings)
    text = _without_hint(found.text)
    separator = tables.delimiter(text)
    name = {"\t": "TSV"}.get(separator, "CSV")
    return tables.table(tables.lines(text, separator)), name, found.encoding


def _without_hint(text: str) -> str:
    """Excel's first line `sep=;` is no row; it is blanked, so that row numbers stay."""
    first, end, rest = text.partition("\n")
    return f"{end}{rest}" if first.strip().lower()[:4] == "sep=" and len(first) < 9 else text
