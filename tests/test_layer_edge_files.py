"""Broken, odd and nasty files of other projects: each is read with what is told, or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from layers.encodings import Undecodable
from layers.findings import CATALOGUE
from layers.readers import kinds
from layers.readers.child import reader_of
from layers.readers.outcome import Context
from layers.tables import Unreadable
from tests.conftest import SHARED
from tests.map_files import box, codes, read, refusal

EDGE = SHARED / "vector_edge"
# they would take a process each, and are text
MANY = ("json_not_valid", "json_undefined")


def files() -> list[str]:
    found = [p for p in EDGE.rglob("*") if p.is_file() and p.suffix != ".md"]
    return sorted(str(p.relative_to(EDGE)) for p in found if p.parts[-2] not in MANY)


def outcome(raw: bytes, **context: Any) -> str:
    """ "read" with features that say where they are or why not; else the code of the refusal."""
    from layers import sandbox

    try:
        told = read(raw, **context)
    except sandbox.Refused as refused:
        assert refused.code in CATALOGUE
        return refused.code
    rows = {row for row, _ in codes(told)}
    for number, feature in zip(told.numbers, told.features, strict=True):
        shape = feature["geometry"]
        words = [v for v in feature["properties"].values() if isinstance(v, str)]
        assert shape or number in rows or words or told.rows
        assert shape is None or "coordinates" in shape
    return "read"


# what its README says of a file, in our words; all others only must not harm
EXPECTED = {
    "csv/empty.csv": "file_empty",
    "geojson_bad/bad-json.geojson": "not_json",
    "geojson_bad/badcoordtype.geojson": "nothing_placed",
    "geojson_bad/different-first-last.geojson": "nothing_placed",
    "geojson_bad/featurecollection-obj.geojson": "not_geojson",
    "geojson_bad/featurecollection.geojson": "not_geojson",
    "geojson_bad/false.geojson": "nothing_placed",
    "geojson_bad/multipoint-multidimension.geojson": "nothing_placed",
    "geojson_bad/nofeaturetype.geojson": "nothing_placed",
    "geojson_bad/openring.json": "nothing_placed",
    "geojson_bad/point-labeled-as-a-multipolygon.geojson": "nothing_placed",
    "geojson_bad/point-toofew.geojson": "nothing_placed",
    "geojson_bad/point.geojson": "nothing_placed",
    "geojson_bad/rootstring.geojson": "no_place_named",
    "geojson_bad/short-linearring.geojson": "nothing_placed",
    "geojson_good/nullgeometry.geojson": "no_features",
    # latitude -149
    "geojson_good/issue82.geojson": "nothing_placed",
    "gml/multicurve.gml": "xml_other",
    "gml/multicurve.xsd": "xml_other",
    "gpkg/mixed_crs.gpkg": "crs_not_read",
    "gpkg/missing_crs_mixed_ranges.gpkg": "crs_unknown",
    "kml/ground_overlay.kml": "no_features",
    "kml/selfclosing.kml": "nothing_placed",
    "shapefile/badzip.zip": "no_place_named",
    "shapefile/empty_zipfile.zip": "zip_nothing",
    # a state plane of Massachusetts
    "shapefile/mixedcase.zip": "crs_not_read",
    "shapefile/noshp.zip": "shapefile_parts",
}
READ = ("geojson_good/good-", "geojson_types/", "kml/", "shapefile/T8Th4_6n", "shapefile/codepage",
        "shapefile/zero-len", "gpkg/data_only", "zip/", "csv/utf", "dbf_encoding/shiftjis.dbf",
        "antimeridian/line", "antimeridian/almost")  # fmt: skip


@pytest.mark.parametrize("name", files())
def test_every_odd_file_is_read_or_refused_in_words(shared_data: Path, name: str) -> None:
    found = outcome((EDGE / name).read_bytes())
    if name in EXPECTED:
        assert found == EXPECTED[name]
    elif name.startswith(READ):
        assert found == "read"
    assert found != "reader_died"


@pytest.mark.parametrize("folder", MANY)
def test_json_that_is_none_is_refused_or_says_no_place(shared_data: Path, folder: str) -> None:
    """In this process: a reader that dies would take it along."""
    names = sorted((EDGE / folder).iterdir())
    assert len(names) > 15
    for path in names:
        raw = path.read_bytes()
        try:
            kind = kinds.kind_of(raw)
            list(reader_of(kind)(raw, Context()).features)
        except (Unreadable, Undecodable) as error:
            assert error.code in CATALOGUE
        else:
            raise AssertionError(f"{path.name} was read as places")


def test_what_is_told_of_some(shared_data: Path) -> None:
    def of(name: str) -> set[str]:
        return {code for _, code in codes(read((EDGE / name).read_bytes()))}

    assert "geometry_refused" in of("geojson_bad/stringcoord.geojson")
    assert "geometry_refused" in of("geojson_bad/invalid_coordinates.json")
    assert "geometry_repaired" in of("antimeridian/overlap.json")
    assert "outside_japan" in of("antimeridian/line.json")
    assert "geometry_parts_left" in of("geojson_types/geometrycollection-xyz.geojson")
    assert "files_left_out" in of("gpkg/data_only_tables.gpkg")
    assert "place_missing" not in of("kml/multitrack.kml")


def packed(folder: str, stem: str) -> bytes:
    found = (EDGE / folder).glob(f"{stem}.*")
    return box({path.name: path.read_bytes() for path in found})


def test_loose_parts_of_shapefiles_packed_as_they_should_be(shared_data: Path) -> None:
    told = read(packed("shapefile/htmlcpg", "htmlcpg"))
    assert (None, "encoding_wrong") in codes(told)
    assert refusal(packed("dbf_encoding", "shiftjis")) == "shapefile_parts"
    outcome(packed("shapefile/corrupt", "corrupt_too_long"))


def test_a_japanese_table_alone(shared_data: Path) -> None:
    told = read((EDGE / "dbf_encoding" / "shiftjis.dbf").read_bytes())
    assert told.encoding == "cp932" and told.format == "DBF"
