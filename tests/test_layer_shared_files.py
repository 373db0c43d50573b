"""Real files of publishers, beside the checkout: what is read of each, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from pyproj import Transformer

from layers.identity import metres
from layers.sandbox import Told
from tests.conftest import SHARED
from tests.map_files import codes, read, refusal

OPEN, LAYERS, STATE, ROADS = "municipal_opendata", "support_layers", "shelter_state", "roads_tracks"
# file: format, features, those without a place
READ: dict[str, tuple[str, int, int]] = {
    f"{OPEN}/gsi_emergency_431001_kumamoto_city.json": ("GeoJSON", 317, 0),
    f"{OPEN}/gsi_emergency_434434_mashiki_town.json": ("GeoJSON", 61, 0),
    f"{OPEN}/gsi_evacuation_431001_kumamoto_city.json": ("GeoJSON", 182, 0),
    f"{OPEN}/kumamoto_pref_designated_shelters.geojson": ("GeoJSON", 1316, 0),
    f"{OPEN}/noto_town_areas_epsg2449.fgb": ("FlatGeobuf", 202, 0),
    f"{LAYERS}/2024-noto.kml": ("KML", 40, 0),
    f"{LAYERS}/water-supply.kml": ("KML", 389, 44),
    f"{LAYERS}/Noto_EQ_Tsunami_mapping_Ver3.fgb": ("FlatGeobuf", 1, 0),
    f"{LAYERS}/hokai_all_20240109_nanao.fgb": ("FlatGeobuf", 75, 0),
    f"{LAYERS}/noto_doctor_heli_rendezvous.fgb": ("FlatGeobuf", 251, 0),
    f"{LAYERS}/opendata-r6-noto-earthquake-connectmap20240111.fgb": ("FlatGeobuf", 146, 0),
    f"{LAYERS}/shinsui-tsunami-area_anamizu_20240118.fgb": ("FlatGeobuf", 53, 0),
    f"{LAYERS}/kumamoto2016_usgs_quakes.geojson": ("GeoJSON", 116, 0),
    f"{LAYERS}/kumamoto2026_displacement_boundary.geojson": ("GeoJSON", 25, 0),
    f"{LAYERS}/kumamoto_spots_osm_core.json": ("JSON", 271, 0),
    f"{LAYERS}/kumamoto_spots_osm_kumamoto-city.json": ("JSON", 667, 0),
    f"{STATE}/kumamoto2026_municipalities.json": ("JSON", 65, 0),
    f"{STATE}/kumamoto2026_pref_snapshots.json": ("JSON", 45, 45),
    f"{ROADS}/mlit_closures_202607310730_normalised.geojson": ("GeoJSON", 62, 0),
    f"{ROADS}/mlit_closures_202607310800.geojson": ("GeoJSON", 55, 0),
    f"{ROADS}/mlit_closures_202607311600.geojson": ("GeoJSON", 55, 0),
    f"{ROADS}/osm_small_extract.osm": ("OSM", 56, 7),
    f"{ROADS}/gpx/Friday-Evening-Run.gpx": ("GPX", 1, 0),
    f"{ROADS}/gpx/gdal.gpx": ("GPX", 7, 3),
    f"{ROADS}/gpx/multitrackgpx.gpx": ("GPX", 3, 0),
    f"{ROADS}/gpx/osm.gpx": ("GPX", 3, 0),
    f"{ROADS}/gpx/zero_elevation.gpx": ("GPX", 1, 0),
}
REFUSED = {
    f"{OPEN}/gsi_emergency_431010_kumamoto_chuo_ward_UNAVAILABLE.json": "json_is_an_answer",
    f"{OPEN}/ishikawa_aed_mojibake_utf8.csv": "mojibake",
    f"{OPEN}/kenall_hokkaido_cp932.csv": "no_place_named",
    f"{ROADS}/gpx/bad.gpx": "nothing_placed",
    f"{ROADS}/gpx/empty_trk.gpx": "nothing_placed",
    f"{ROADS}/gpx/trek_no_rtept.gpx": "nothing_placed",
}
KINDS = {"shelters": "shelter", "emergency": "evacuation_site", "closures": "road_closure",
         "water": "water", "hokai": "landslide"}  # fmt: skip


@cache
def told_of(path: Path, kind: str = "") -> Told:
    kind = kind or next((k for word, k in KINDS.items() if word in path.name), "other")
    return read(path.read_bytes(), kind=kind)


@pytest.mark.parametrize("name", sorted(READ))
def test_every_feature_arrives(shared_data: Path, name: str) -> None:
    told = told_of(shared_data / name)
    form, count, without = READ[name]
    assert (told.format, told.rows, len(told.features)) == (form, count, count)
    assert sum(1 for f in told.features if f["geometry"] is None) == without
    # whatever has no place, and should have one, is told
    assert all(f["level"] in ("repaired", "doubted", "refused") for f in told.findings)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_cannot_be_read_is_refused_with_the_reason(shared_data: Path, name: str) -> None:
    assert refusal((shared_data / name).read_bytes()) == REFUSED[name]


def test_no_file_of_these_folders_is_left_out(shared_data: Path) -> None:
    tables = {".csv", ".md"}
    there = {
        str(p.relative_to(shared_data))
        for folder in (OPEN, LAYERS, STATE, ROADS)
        for p in (shared_data / folder).rglob("*")
        if p.is_file() and p.suffix not in tables and p.suffix != ".zip"
    }
    # tables are held by test_columns_shared, zip files below
    assert there - set(READ) <= set(REFUSED)


# --- positions -------------------------------------------------------------------------------
def truth() -> list[dict[str, str]]:
    path = SHARED / OPEN / "derived" / "kumamoto_expected.csv"
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


@pytest.mark.parametrize(
    ("name", "held"),
    [("EPSG2444_noprj_cp932", True), ("EPSG4301_tokyo_datum_cp932", False),
     ("EPSG6670_cp932", False), ("EPSG6670_utf8_cpg", False)],
)  # fmt: skip
def test_shapefiles_of_offices_lie_within_a_metre(shared_data: Path, name: str, held: bool) -> None:
    path = shared_data / OPEN / "derived" / f"kumamoto_shelters_{name}.zip"
    told = read(path.read_bytes())
    assert bool(told.held) is held
    true = truth()
    assert len(true) == len(told.features) == 1316
    for row, feature in zip(true, told.features, strict=True):
        at = tuple(feature["geometry"]["coordinates"])
        assert metres(at, (float(row["lon_wgs84"]), float(row["lat_wgs84"]))) < 1
        assert (feature["id"], feature["properties"]["name"]) == (
            row["共通ID"],
            row["名称"].strip(),
        )


@pytest.mark.parametrize("name", sorted(n for n in READ if n.endswith(".fgb")))
def test_flatgeobuf_is_what_gdal_reads(shared_data: Path, name: str) -> None:
    meta, _, shapes, fields = pyogrio.raw.read(shared_data / name)
    change = Transformer.from_crs(meta["crs"], "EPSG:4326", always_xy=True)
    told = told_of(shared_data / name)
    for wkb, feature in zip(shapes, told.features, strict=True):
        true = shapely.force_2d(shapely.from_wkb(wkb))
        if meta["crs"] not in ("EPSG:4326", "EPSG:6668"):
            true = shapely.transform(true, lambda c: shapely.get_coordinates(
                shapely.points(*change.transform(c[:, 0], c[:, 1]))))  # fmt: skip
        found = shapely.geometry.shape(feature["geometry"])
        # what crossed itself was put right, and is told
        if true.is_valid:
            assert shapely.hausdorff_distance(true, found) < 1e-6
    told_wrong = sum(1 for _, code in codes(told) if code == "geometry_repaired")
    assert told_wrong == sum(1 for wkb in shapes if not shapely.from_wkb(wkb).is_valid)
    assert fields[0].shape == (len(told.features),)


@pytest.mark.parametrize("name", sorted(n for n in READ if READ[n][0] == "GeoJSON"))
def test_geojson_lies_where_it_says(shared_data: Path, name: str) -> None:
    document = json.loads((shared_data / name).read_bytes())
    for true, found in zip(document["features"], told_of(shared_data / name).features, strict=True):
        one, two = (
            shapely.geometry.shape(true["geometry"]),
            shapely.geometry.shape(found["geometry"]),
        )
        assert shapely.equals_exact(shapely.force_2d(one), two, tolerance=1e-9)


def test_places_of_plain_json_lie_where_they_say(shared_data: Path) -> None:
    path = shared_data / LAYERS / "kumamoto_spots_osm_core.json"
    spots = json.loads(path.read_bytes())["spots"]
    for spot, found in zip(spots, told_of(path).features, strict=True):
        assert found["geometry"]["coordinates"] == [spot["lng"], spot["lat"]]
        assert (found["id"], found["properties"]["name"]) == (spot["id"], spot["name"])


# --- words -----------------------------------------------------------------------------------
def test_closures_say_closed_reopened_or_nothing(shared_data: Path) -> None:
    def states(name: str) -> Counter[Any]:
        told = told_of(shared_data / ROADS / f"mlit_closures_{name}.geojson")
        return Counter(f["properties"].get("state", {}).get("traffic") for f in told.features)

    assert states("202607310800") == {"closed": 40, "reopened": 2, None: 13}
    assert states("202607311600") == {"closed": 39, "reopened": 2, None: 14}
    assert states("202607310730_normalised") == {"closed": 47, "reopened": 2, "unknown": 13}


def test_the_road_zip_is_read_as_the_layer_asks(shared_data: Path) -> None:
    raw = (shared_data / ROADS / "mlit_passable_roads_202607311600.zip").read_bytes()
    closures = read(raw, kind="road_closure")
    assert (closures.format, closures.rows) == ("GeoJSON", 55)
    (left,) = (f for f in closures.findings if f["code"] == "files_left_out")
    assert left["row"] is None and "tukoujisseki" in left["given"]["others"]


def test_volunteers_descriptions_become_text_and_load_nothing(shared_data: Path) -> None:
    told = told_of(shared_data / LAYERS / "water-supply.kml")
    texts = [f["properties"].get("description") or "" for f in told.features]
    assert sum("\n" in text for text in texts) > 100
    assert not any("<br" in text or "<img" in text for text in texts)
    folders = {f["properties"]["folder"] for f in told.features}
    assert {"お風呂", "給水所", "給水_三原"} <= folders
    noto = told_of(shared_data / LAYERS / "2024-noto.kml")
    lines = [f for f in noto.features if f["geometry"]["type"] == "LineString"]
    assert {f["properties"]["folder"] for f in lines} == {"通行可能道路(1/3 10:30)"}
    assert len(lines) == 10


def test_not_reported_is_not_zero(shared_data: Path) -> None:
    path = shared_data / STATE / "kumamoto2026_pref_snapshots.json"
    last = json.loads(path.read_bytes())["snapshots"]
    last = max(last, key=lambda one: one["datetime"])
    told = told_of(path, "shelter")
    assert told.source_as_of == last["datetime"]
    for found, (name, true) in zip(told.features, last["municipalities"].items(), strict=True):
        properties = found["properties"]
        assert properties["name"] == name
        assert properties["state"]["persons"] == true["evacuees"]
        assert properties["water_outage"] == true["water_outage"]


def test_depths_of_earthquakes_are_no_heights_of_places(shared_data: Path) -> None:
    told = told_of(shared_data / LAYERS / "kumamoto2016_usgs_quakes.geojson")
    first = told.features[0]
    assert len(first["geometry"]["coordinates"]) == 2 and first["properties"]["z"] == 9.0
    assert first["id"] == "us20005hzn" and first["properties"]["tsunami"] == 0
