"""Files that name places -> rows and refusals. Pure: no database, no Django.

Read are: the Geolonia japanese-addresses layout (one JSON a municipality: town, koaza, lat, lng),
a plain CSV (name, lat, lon, code; optional name_en, kind), the project's own municipality table,
and municipality boundaries as GeoJSON or TopoJSON with the property names of 国土数値情報 N03.
Positions are WGS 84 degrees. A row that cannot be used is refused with its number and reason and
nothing else is lost. Row numbers are as a person counts them: the first entry is 1; in CSV the
line number of the file.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from gspace import municipality_codes
from gspace.topojson import to_geojson

KINDS = ("town", "facility", "landmark")
JAPAN = (122.0, 20.0, 154.5, 46.0)  # west, south, east, north; with 沖ノ鳥島 and 南鳥島


@dataclass(frozen=True)
class Town:
    name: str
    name_en: str
    kind: str
    code: str  # six digits
    lon: float
    lat: float


@dataclass(frozen=True)
class MunicipalityRow:
    code: str
    county: str  # 郡; empty for cities
    name: str
    name_en: str
    prefecture: str
    prefecture_en: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Boundary:
    code: str
    geometry: dict[str, Any]  # GeoJSON, WGS 84


@dataclass(frozen=True)
class Refusal:
    file: str
    row: int
    reason: str


Row = TypeVar("Row")


@dataclass
class Reading(Generic[Row]):
    """What one file gave: `read` entries, of which `rows` are usable and `refusals` are not."""

    file: str
    source: str = ""
    licence: str = ""
    as_of: date | None = None
    read: int = 0
    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def collect(self, entries: Iterable[tuple[int, Any]], make: Callable[[Any], Row]) -> None:
        for number, entry in entries:
            self.read += 1
            try:
                self.rows.append(make(entry))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                reason = f"{error.args[0]} is missing" if type(error) is KeyError else str(error)
                self.refusals.append(Refusal(self.file, number, reason))


def spoken(town: str) -> str:
    """The town as people say it: without 大字 (画図町大字上無田 -> 画図町上無田)."""
    return re.sub(r"大字|(?<!^)字(?=.)", "", town) if "大字" in town else town


def position(lat: Any, lon: Any) -> tuple[float, float]:
    """(lon, lat) in degrees. Errors: ValueError when missing, not a number or not in Japan."""
    if lat in (None, "") or lon in (None, ""):
        raise ValueError("no position")
    x, y = float(lon), float(lat)
    west, south, east, north = JAPAN
    if not (west <= x <= east and south <= y <= north):
        raise ValueError(f"lat {lat}, lon {lon} is not in Japan (swapped?)")
    return x, y


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp932")  # municipal spreadsheets


def _csv_entries(path: Path, reading: Reading[Any]) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines of `# key: value` at the top speak for the whole file (source, licence, as_of)."""
    lines = _text(path).splitlines()
    head: dict[str, str] = {}
    while lines and lines[len(head)].startswith("#"):
        key, _, value = lines[len(head)].lstrip("# ").partition(":")
        head[key.strip()] = value.strip()
    reading.source = head.get("source", path.name)
    reading.licence = head.get("licence", "")
    reading.as_of = date.fromisoformat(head["as_of"]) if "as_of" in head else None
    for number, row in enumerate(csv.DictReader(lines[len(head) :]), start=len(head) + 2):
        yield number, {**head, **{k: v for k, v in row.items() if k}}


def read_towns_csv(path: Path) -> Reading[Town]:
    reading: Reading[Town] = Reading(path.name)
    reading.collect(_csv_entries(path, reading), _town_of_row)
    return reading


def _town_of_row(row: dict[str, str]) -> Town:
    name = (row["name"] or "").strip()
    if not name:
        raise ValueError("the name is empty")
    kind = row.get("kind") or "town"
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r} is not one of {', '.join(KINDS)}")
    lon, lat = position(row["lat"], row["lon"])
    return Town(
        name, row.get("name_en") or "", kind, municipality_codes.complete(row["code"]), lon, lat
    )


def read_geolonia(path: Path, code: str) -> Reading[Town]:
    """One municipality's file; `code` is its six-digit code (the file itself has none)."""
    reading: Reading[Town] = Reading(path.name, "Geolonia 住所データ", "CC BY 4.0")

    def make(entry: dict[str, Any]) -> Town:
        lon, lat = position(entry["lat"], entry["lng"])
        name = spoken(entry["town"]) + (entry.get("koaza") or "")
        if not name:
            raise ValueError("the town is empty")
        return Town(name, "", "town", code, lon, lat)

    reading.collect(enumerate(json.loads(_text(path)), start=1), make)
    return reading


def read_municipalities(path: Path) -> Reading[MunicipalityRow]:
    reading: Reading[MunicipalityRow] = Reading(path.name)

    def make(row: dict[str, str]) -> MunicipalityRow:
        lon, lat = position(row["lat"], row["lon"]) if row["lat"] else (None, None)
        return MunicipalityRow(
            code=municipality_codes.complete(row["code"]),
            county=row["county"],
            name=row["name"],
            name_en=row["name_en"],
            prefecture=row["prefecture"],
            prefecture_en=row["prefecture_en"],
            lon=lon,
            lat=lat,
        )

    reading.collect(_csv_entries(path, reading), make)
    return reading


def read_boundaries(path: Path) -> Reading[Boundary]:
    """N03: property N03_007 is the five-digit code; one municipality may have many features."""
    data = to_geojson(json.loads(_text(path)))
    reading: Reading[Boundary] = Reading(path.name, "国土数値情報 行政区域データ（国土交通省）")

    def make(feature: dict[str, Any]) -> Boundary:
        code = feature["properties"]["N03_007"]
        if not code:
            raise ValueError("N03_007 is empty (land whose municipality is not settled)")
        if (feature["geometry"] or {}).get("type") not in {"Polygon", "MultiPolygon"}:
            raise ValueError("the geometry is not a polygon")
        return Boundary(municipality_codes.complete(code), feature["geometry"])

    reading.collect(enumerate(data["features"], start=1), make)
    return reading
