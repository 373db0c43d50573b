"""Real municipal files, beside the checkout: counts, positions, and every known mistake told."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from layers import sandbox
from layers.identity import metres
from layers.sandbox import Told
from tests.conftest import SHARED

OPEN = "municipal_opendata"
NANAO = "shelter_state/nanao"
# why a file is refused, as its README says it
REFUSED = {"ishikawa_aed_mojibake_utf8.csv": "mojibake",
           "kenall_hokkaido_cp932.csv": "no_place_named"}  # fmt: skip
# anomalies.csv says why; these are our words for it
CODES = {
    "outside Japan / decimal point lost": {"position_abroad"},
    "inside Japan but outside the prefecture": {"outside_area"},
    "inside Japan but outside the prefecture (right: the shop in Tokyo)": {"outside_area"},
    "not a number": {"number_repaired"},
    "latitude and longitude swapped": {"position_swapped"},
    "no coordinates": {"row_empty", "place_missing"},
}


@cache
def read(path: Path, kind: str = "shelter") -> Told:
    context = {"how": "text", "kind": kind, "zone": "Asia/Tokyo", "crs": None}
    return sandbox.read(path.read_bytes(), context)


def table(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(encoding))))


def expected() -> list[dict[str, str]]:
    path = SHARED / OPEN / "expected_counts.csv"
    found = table(path) if path.is_file() else []
    return [row for row in found if row["file"].endswith(".csv")]


def anomalies() -> dict[str, list[dict[str, str]]]:
    path = SHARED / OPEN / "anomalies.csv"
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in table(path) if path.is_file() else []:
        found[row["file"]].append(row)
    return found


@pytest.mark.parametrize("row", expected(), ids=lambda row: row["file"])
def test_counts_are_those_of_the_file(shared_data: Path, row: dict[str, str]) -> None:
    path = shared_data / OPEN / row["file"]
    if path.name in REFUSED:
        with pytest.raises(sandbox.Refused) as refused:
            read(path)
        assert refused.value.code == REFUSED[path.name]
        return
    told = read(path)
    assert told.rows == int(row["data_rows"])
    assert row["encoding"].startswith(told.encoding) or told.encoding == "utf-8"
    empty = [f for f in told.findings if f["code"] == "row_empty"]
    assert len(told.features) == told.rows - len(empty)
    placed = sum(1 for f in told.features if f["geometry"])
    # what was put right or is doubted has a position, too
    assert placed >= int(row["rows_with_usable_position"])
    wrong = {f["row"] for f in told.findings if f["code"] == "position_abroad"}
    assert placed == len(told.features) - len(wrong)


@pytest.mark.parametrize("name", sorted(anomalies()))
def test_every_known_mistake_is_told_at_its_row(shared_data: Path, name: str) -> None:
    told = read(shared_data / OPEN / name)
    by_row = defaultdict(set)
    for finding in told.findings:
        by_row[finding["row"]].add(finding["code"])
    for row in anomalies()[name]:
        codes = CODES.get(row["why"], {"row_empty", "row_repeats"})
        assert by_row[int(row["line"])] & codes, row
    # and nothing is said about positions elsewhere
    known = {int(row["line"]) for row in anomalies()[name]}
    doubts = {f["row"] for f in told.findings if f["field"] == "position"}
    assert doubts <= known


def test_positions_are_within_a_metre_of_the_true_ones(shared_data: Path) -> None:
    told = read(shared_data / OPEN / "derived" / "kumamoto_shelters_cp932.csv")
    true = table(shared_data / OPEN / "derived" / "kumamoto_expected.csv")
    assert len(true) == len(told.features) == 1316
    for row, feature in zip(true, told.features, strict=True):
        at = tuple(feature["geometry"]["coordinates"])
        assert metres(at, (float(row["lon_wgs84"]), float(row["lat_wgs84"]))) < 1
        assert feature["id"] == row["共通ID"]


PLAIN = {
    f"{OPEN}/echizen_shelter.csv": ("lat", "lon", "utf-8-sig"),
    f"{OPEN}/ishikawa_aed_cp932_original.csv": ("緯度", "経度", "cp932"),
    f"{OPEN}/ishikawa_evacuation_space.csv": ("緯度", "経度", "utf-8-sig"),
    f"{OPEN}/ishikawa_wifi.csv": ("緯度", "経度", "utf-8-sig"),
    f"{OPEN}/suzu_shelter.csv": ("緯度", "経度", "utf-8-sig"),
    f"{NANAO}/reference_data.csv": ("緯度", "経度", "utf-8-sig"),
    **{f"{NANAO}/open_shelter_Nanao-shi_2024-{day}.csv": ("緯度", "経度", "utf-8-sig")
       for day in ("01-09-1800", "01-11-1800", "01-13-0600", "01-13-1800", "02-01-0600")},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_every_sound_row_lies_where_its_numbers_say(shared_data: Path, name: str) -> None:
    lat, lon, encoding = PLAIN[name]
    path = shared_data / name
    rows = table(path, encoding)
    told = read(path)
    wrong = {int(row["line"]) for row in anomalies().get(path.name, [])}
    seen = 0
    for number, feature in zip(told.numbers, told.features, strict=True):
        row = rows[number - 2]
        if number not in wrong:
            at = tuple(feature["geometry"]["coordinates"])
            assert metres(at, (float(row[lon]), float(row[lat]))) < 1
            seen += 1
    assert seen == len(rows) - len(wrong)


def test_swapped_and_misspelled_rows_come_to_lie_in_the_prefecture(shared_data: Path) -> None:
    told = read(shared_data / OPEN / "ishikawa_aed_cp932_original.csv")
    by_row = dict(zip(told.numbers, told.features, strict=True))
    assert by_row[217]["geometry"]["coordinates"] == [136.6264133, 36.5939215]
    assert by_row[117]["geometry"]["coordinates"] == [136.8912166, 36.920616416202535]
    assert by_row[117]["properties"]["緯度"] == "36.920616416202535,"


def test_what_people_wrote_between_the_lines_is_read(shared_data: Path) -> None:
    suzu = read(shared_data / OPEN / "suzu_shelter.csv").features
    assert [f["properties"]["capacity"] for f in suzu[:3]] == [310, 530, 350]
    assert all("id" not in f for f in suzu)
    takamatsu = read(shared_data / OPEN / "takamatsu_0060_shelter.csv", "evacuation_site").features
    flags: dict[Any, int] = defaultdict(int)
    for feature in takamatsu:
        for value in feature["properties"].get("hazards", {}).values():
            flags[value] += 1
    assert set(flags) == {True, False, "conditional"}


@pytest.mark.parametrize(
    ("day", "iso"),
    [("01-09-1800", "2024-01-09T18:00:00+09:00"), ("01-11-1800", "2024-01-11T18:00:00+09:00"),
     ("02-01-0600", "2024-02-01T06:00:00+09:00")],
)  # fmt: skip
def test_head_counts_have_their_time(shared_data: Path, day: str, iso: str) -> None:
    path = shared_data / NANAO / f"open_shelter_Nanao-shi_2024-{day}.csv"
    told = read(path)
    column = next(name for name in table(path)[0] if name.startswith("人数"))
    for row, feature in zip(table(path), told.features, strict=True):
        state = feature["properties"]["state"]
        given = row[column].strip()
        assert state["persons"] == (int(float(given)) if given else None)
        assert state["source_as_of"] == iso


@pytest.mark.parametrize(
    "name", ["utf8_bom.csv", "utf16_le_bom.csv", "empty_fields.csv", "empty.csv"]
)
def test_edge_files_are_read_or_refused(shared_data: Path, name: str) -> None:
    try:
        told = read(shared_data / "vector_edge" / "csv" / name)
    except sandbox.Refused as refused:
        assert (name, refused.code) == ("empty.csv", "file_empty")
        return
    assert told.features
