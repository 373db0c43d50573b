"""What every reader hands back, and the records that readers of map formats hand on.

Pure: imports no Django.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from layers.findings import Findings

Feature = dict[str, Any]


@dataclass
class Context:
    """kind: of the layer; zone: name of a time zone; crs: EPSG code that the sender names;
    coverage: of the layer, in words; more: what the caller adds for the columns doctor.
    """

    kind: str = "other"
    zone: str = "Asia/Tokyo"
    crs: int | None = None
    coverage: str = ""
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Read:
    """features: (row, GeoJSON feature), made while they are taken; once.

    rows: all that the file has, with or without a place; header: row of the column names, 0 where
    there are none; held: code and given of a question to a person; columns: of a table, as
    layers.plans.told says them, None for other formats. findings and rows are whole
    only after the last feature was taken.
    """

    features: Iterable[tuple[int, Feature]]
    findings: Findings
    format: str
    encoding: str = "utf-8"
    crs: str = ""
    rows: int = 0
    header: int = 0
    source_as_of: str | None = None
    held: tuple[str, dict[str, Any]] | None = None
    columns: list[dict[str, Any]] | None = None


@dataclass
class Record:
    """One thing of a map format before the doctor: row as a person counts in the file.

    geometry: GeoJSON as it came, None without one; wanting: why there is none where there should
    be; crs: EPSG code of this geometry where it is another than the file's, 0 for the file's.
    """

    row: int
    geometry: dict[str, Any] | None
    properties: dict[str, Any]
    key: Any = None
    crs: int = 0
    wanting: str = ""


@dataclass
class Records:
    """A file of a map format. crs: EPSG code (layers.datums), None where the file says nothing.

    doubtful: that such files should say their crs, and being silent is worth a word.
    """

    items: list[Record]
    format: str
    encoding: str = "utf-8"
    crs: int | None = None
    source_as_of: str | None = None
    doubtful: bool = False
