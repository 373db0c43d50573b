"""The built-in map: its files load, its tiles hold what a reader needs at each zoom."""

from __future__ import annotations

import math
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from gspace import basemap, basemap_files
from gspace.basemap_files import Shape
from gspace.models import BasemapShape, Municipality, Place

FILES = Path(basemap.__file__).parents[1] / "fixtures" / "basemap"
KUMAMOTO = (130.71, 32.80)
MASHIKI = (130.81, 32.79)


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Loaded once: the tests read it, and what they change is rolled back."""
    with django_db_blocker.unblock():
        call_command("load_places", stdout=StringIO())
        call_command("load_basemap", stdout=StringIO())
    yield
    with django_db_blocker.unblock():
        for model in (BasemapShape, Place, Municipality):
            model.objects.all().delete()


@pytest.fixture
def loaded(filled: None, db: None) -> None:
    """The built-in map is in the database."""


def address(lon: float, lat: float, zoom: int) -> tuple[int, int, int]:
    count = 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return zoom, int((lon + 180) / 360 * count), int(y * count)


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data: bytes) -> list[tuple[int, bytes | int]]:
    """The protobuf fields of one message: (number, bytes or number)."""
    out: list[tuple[int, bytes | int]] = []
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 2:
            size, at = varint(data, at)
            out.append((key >> 3, data[at : at + size]))
            at += size
        else:
            value, at = varint(data, at)
            out.append((key >> 3, value))
    return out


def words(tile: bytes) -> dict[str, set[str]]:
    """Layer name -> all text values in it (Mapbox Vector Tile 2.1: layer 3; name 1, value 4)."""
    found: dict[str, set[str]] = {}
    for _, layer in fields(tile):
        parts = fields(layer)  # type: ignore[arg-type]
        name = next(v.decode() for n, v in parts if n == 1)  # type: ignore[union-attr]
        texts = (fields(v) for n, v in parts if n == 4)  # type: ignore[arg-type]
        found[name] = {v.decode() for text in texts for n, v in text if n == 1}  # type: ignore
    return found


def around(lon: float, lat: float, map_zoom: int) -> dict[str, set[str]]:
    """What a screen of four by four tiles shows; map zoom z draws the tiles of z - 1."""
    zoom, x, y = address(lon, lat, map_zoom - 1)
    seen: dict[str, set[str]] = {}
    for dx in (-1, 0, 1, 2):
        for dy in (-1, 0, 1, 2):
            for layer, texts in words(basemap.tile(zoom, x + dx, y + dy)).items():
                seen.setdefault(layer, set()).update(texts)
    return seen


def test_at_zoom_6_japan_has_land_coast_and_prefectures(loaded: None) -> None:
    seen = around(*KUMAMOTO, 6)
    assert {"land", "water", "place"} <= set(seen)
    assert {"熊本県", "福岡県", "Kagoshima", "東京都"} <= seen["place"]


@pytest.mark.parametrize("place", [KUMAMOTO, MASHIKI])
@pytest.mark.parametrize("zoom", [10, 13, 15])
def test_kumamoto_reads_as_a_map(loaded: None, place: tuple[float, float], zoom: int) -> None:
    seen = around(*place, zoom)
    assert {"land", "boundary", "road", "place"} <= set(seen)
    japanese = {text for text in seen["place"] if not text.isascii()}
    assert len(japanese) >= 30, sorted(japanese)


def test_at_zoom_10_there_are_municipalities_and_main_roads(loaded: None) -> None:
    seen = around(*KUMAMOTO, 10)
    assert {"熊本市", "益城町", "Mashiki", "宇土市"} <= seen["place"]
    assert {"国道3号", "国道57号", "九州自動車道", "main"} <= seen["road"]
    assert "minor" not in seen["road"]
    assert {"prefecture", "municipality", "ward"} <= seen["boundary"]


def test_quarters_come_once_then_every_block(loaded: None) -> None:
    kengun = (130.757, 32.786)
    assert {"健軍", "健軍本町"} <= around(*kengun, 13)["place"]
    assert "健軍二丁目" not in around(*kengun, 13)["place"]
    assert {"健軍一丁目", "健軍二丁目", "Kengun 2-chome"} <= around(*kengun, 15)["place"]


@pytest.mark.parametrize("tile", [(0, 0, 0), (1, 1, 0), (2, 3, 1), (2, 3, 2)])
def test_the_world_has_land_up_to_its_eastern_edge(
    loaded: None, tile: tuple[int, int, int]
) -> None:
    """Japan and Australia: the margin of these tiles reaches beyond 180 degrees."""
    assert len(basemap.tile(*tile)) > 800
    assert "land" in words(basemap.tile(*tile))


def test_loading_again_leaves_the_same_shapes(loaded: None) -> None:
    before = BasemapShape.objects.count()
    call_command("load_basemap", stdout=StringIO())
    assert BasemapShape.objects.count() == before


def test_a_broken_file_changes_nothing_and_names_its_line(loaded: None, tmp_path: Path) -> None:
    before = BasemapShape.objects.count()
    file = tmp_path / "mine.tsv"
    file.write_text("# source: me\nroad\tmain\t\t\t10\tL\t1 2 3\n")
    with pytest.raises(CommandError, match=r"mine\.tsv line 2"):
        call_command("load_basemap", str(file))
    assert BasemapShape.objects.count() == before


def test_every_shape_names_its_source_and_is_valid(loaded: None) -> None:
    assert not BasemapShape.objects.filter(source="").exists()
    land = BasemapShape.objects.filter(layer="land")
    assert not [s.pk for s in land if not s.geometry.buffer(0).valid]
    assert all(s.geometry.geom_type in {"Polygon", "MultiLineString", "Point"} for s in land)


def test_the_tile_has_an_etag_and_is_kept(loaded: None, client: Client) -> None:
    z, x, y = address(*KUMAMOTO, 12)
    path = f"/tiles/basemap/{z}/{x}/{y}.mvt"
    first = client.get(path)
    assert first.status_code == 200
    assert first["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert "public" in first["Cache-Control"]
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["17/0/0", "3/8/0", "3/0/8", "0/1/0"])
def test_outside_the_pyramid_there_is_nothing(db: None, client: Client, path: str) -> None:
    assert client.get(f"/tiles/basemap/{path}.mvt").status_code == 404


def test_the_files_stay_small_and_lossless(tmp_path: Path) -> None:
    files = sorted(FILES.glob("*.tsv"))
    assert sum(file.stat().st_size for file in files) < 1_500_000
    for file in files:
        source, shapes = basemap_files.read(file)
        copy = tmp_path / file.name
        basemap_files.write(copy, source, shapes)
        assert copy.read_text() == file.read_text()


def test_a_shape_survives_its_text_form() -> None:
    lines = ([(130.70001, 32.80002), (130.70011, 32.79992)], [(131.0, 33.0), (131.1, 33.1)])
    assert basemap_files.decode(basemap_files.encode(lines)) == lines
    point = Shape("place", "city", "熊本市", "Kumamoto", 8, "P", ([(130.7, 32.8)],))
    assert basemap_files.geojson(point) == {"type": "Point", "coordinates": (130.7, 32.8)}
