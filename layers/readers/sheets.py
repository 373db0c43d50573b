"""Tables of any origin -> features, by the columns doctor. Pure: imports no Django."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from layers import columns
from layers.findings import Findings
from layers.readers import delimited, xlsx
from layers.readers.outcome import Context, Read
from layers.tables import Table


def read_text(raw: bytes, context: Context) -> Read:
    """CSV and TSV. Raises encodings.Undecodable, tables.Unreadable."""
    before = Findings()
    return read_table(*delimited.read(raw, before), context, before)


def read_workbook(raw: bytes, context: Context) -> Read:
    """XLSX. Raises tables.Unreadable."""
    before = Findings()
    return read_table(*xlsx.read(raw, before), context, before)


def read_table(table: Table, name: str, encoding: str, context: Context, before: Findings) -> Read:
    """before: what was found while the table was taken out of its file."""
    found = columns.examine(
        table,
        kind=context.kind,
        zone=ZoneInfo(context.zone),
        crs=context.crs,
        coverage=context.coverage,
        **context.more,
    )
    found.findings.join(before.items, before.counts)
    return Read(
        features=found.features,
        findings=found.findings,
        format=name,
        encoding=encoding,
        crs=found.crs,
        rows=found.rows,
        header=found.header,
        source_as_of=found.source_as_of,
        held=found.held,
        columns=found.columns,
    )
