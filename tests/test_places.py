"""Where is that: an operator loads place names; a position gets words, municipality, distance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pyproj import Geod

from gspace import municipality_codes, place_files
from gspace.models import Municipality, Place
from gspace.places import locate

KENGUN_HONMACHI = (130.757042, 32.785832)  # the named point itself (Geolonia)
MASHIKI = (130.81, 32.79)
OPEN_SEA = (129.0, 31.5)


def load(*paths: Path) -> str:
    out = StringIO()
    call_command("load_places", *map(str, paths), stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Loaded once: the tests read it, and what they change is rolled back."""
    with django_db_blocker.unblock():
        load()
    yield
    with django_db_blocker.unblock():
        Place.objects.all().delete()
        Municipality.objects.all().delete()


@pytest.fixture
def gazetteer(filled: None, db: None) -> None:
    """The built-in places are in the database."""


def test_words_name_the_nearest_town_in_both_languages(gazetteer: None) -> None:
    where = locate(*KENGUN_HONMACHI)
    assert where is not None
    assert where.words("ja") == "熊本市東区健軍本町 付近"
    assert where.words("en") == "near Kengunhonmachi, Higashi-ku, Kumamoto"
    assert where.distance_m == pytest.approx(0, abs=0.01)


def test_the_municipality_is_the_ward_around_the_position(gazetteer: None) -> None:
    where = locate(*KENGUN_HONMACHI)
    assert where is not None
    assert (where.municipality, where.how) == ("431028", "boundary")
    assert municipality_codes.city_of(where.municipality) == "431001"
    assert locate(*MASHIKI).municipality == "434434"


def test_without_boundaries_the_nearest_town_decides_and_says_so(gazetteer: None) -> None:
    Municipality.objects.update(boundary=None)
    where = locate(*MASHIKI)
    assert where is not None
    assert (where.municipality, where.how) == ("434434", "nearest_town")


def test_at_sea_the_nearest_town_speaks_and_beyond_the_limit_nobody_does(gazetteer: None) -> None:
    near_shore = locate(130.5, 32.7)
    assert near_shore is not None
    assert near_shore.how == "nearest_town"
    assert locate(*OPEN_SEA) is None
    assert locate(130.5, 32.7, limit_m=1000) is None


def test_inside_a_municipality_far_from_any_town_there_is_no_near(gazetteer: None) -> None:
    where = locate(*MASHIKI, limit_m=1)
    assert where is not None
    assert (where.place, where.distance_m) == ("", None)
    assert (where.words("ja"), where.words("en")) == ("益城町", "Mashiki")


def test_an_empty_gazetteer_knows_nothing(gazetteer: None) -> None:
    Place.objects.all().delete()
    Municipality.objects.all().delete()
    assert locate(*MASHIKI) is None


def test_the_distance_is_geodesic_and_the_nearest_is_the_nearest(gazetteer: None) -> None:
    """Against pyproj over every town: degrees of longitude are shorter than degrees of latitude."""
    geod = Geod(ellps="WGS84")
    towns = [p.location.coords for p in Place.objects.all()]
    lons, lats = zip(*towns, strict=True)
    for lon, lat in [(130.5 + i * 0.0037, 32.6 + i * 0.0613 % 0.4) for i in range(150)]:
        *_, metres = geod.inv([lon] * len(lons), [lat] * len(lats), lons, lats)
        where = locate(lon, lat, limit_m=1e6)
        assert where is not None
        assert where.distance_m == pytest.approx(min(metres), abs=0.01)


def test_a_lookup_walks_the_index(gazetteer: None) -> None:
    from gspace import places

    query = {"lon": MASHIKI[0], "lat": MASHIKI[1], "limit": 10_000}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE gspace_place")
        cursor.execute("EXPLAIN ANALYZE " + places._LOCATE, query)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on gspace_place" not in plan


def test_loading_twice_leaves_the_same_rows(gazetteer: None) -> None:
    before = Place.objects.count(), Municipality.objects.count()
    told = load()
    assert (Place.objects.count(), Municipality.objects.count()) == before
    assert "kumamoto_towns.csv: 2492 read, 2492 kept, 0 refused" in told


def test_every_built_in_town_has_source_and_licence(gazetteer: None) -> None:
    sources = set(Place.objects.values_list("source", "licence"))
    assert sources == {("Geolonia 住所データ", "CC BY 4.0")}
    assert not Municipality.objects.filter(source="").exists()
    assert not Municipality.objects.filter(as_of=None).exists()


def test_a_designated_city_has_the_outline_of_its_wards(gazetteer: None) -> None:
    city, ward = (Municipality.objects.get(code=code).boundary for code in ("431001", "431028"))
    assert city.area > ward.area
    assert city.contains(ward.point_on_surface)


def test_an_operators_csv_tells_each_refused_row_and_keeps_the_rest(
    gazetteer: None, tmp_path: Path
) -> None:
    file = tmp_path / "landmarks.csv"
    file.write_text(
        "name,lat,lon,code,kind\n"
        "よい所,32.80,130.70,431001,landmark\n"
        "符号違い,32.80,130.70,431002,landmark\n"
        "逆さま,130.70,32.80,431001,landmark\n"
        "場所なし,,,431001,landmark\n"
        ",32.80,130.70,431001,landmark\n"
        "五桁,32.81,130.71,43100,facility\n"
        "変な種類,32.81,130.71,43100,castle\n"
        "よい所,32.90,130.70,431001,landmark\n",
        encoding="cp932",
    )
    told = load(file)
    assert "landmarks.csv: 8 read, 2 kept, 6 refused" in told
    assert "row 3: 431002: the check digit is wrong (431001 would be right)" in told
    assert "row 4: lat 130.70, lon 32.80 is not in Japan (swapped?)" in told
    assert "row 5: no position" in told
    assert "row 6: the name is empty" in told
    assert "よい所 is in the file twice; the first position is kept" in told
    assert set(Place.objects.filter(source="landmarks.csv").values_list("name", flat=True)) == {
        "よい所",
        "五桁",
    }


def test_a_geolonia_folder_loads_by_prefecture_and_name(gazetteer: None, tmp_path: Path) -> None:
    folder = tmp_path / "宮城県"
    folder.mkdir()
    towns = [
        {"town": "大字北浦", "koaza": "", "lat": 38.5448, "lng": 141.0606},
        {"town": "南郷", "koaza": "", "lat": None, "lng": None},
    ]
    (folder / "遠田郡美里町.json").write_text(json.dumps(towns), encoding="utf-8")
    told = load(tmp_path)
    assert "遠田郡美里町.json: 2 read, 1 kept, 1 refused" in told
    assert "row 2: no position" in told
    place = Place.objects.get(name="北浦", municipality__prefecture="宮城県")
    assert place.municipality.name == "美里町"


def test_a_file_of_an_unknown_municipality_is_named(gazetteer: None, tmp_path: Path) -> None:
    (tmp_path / "架空市.json").write_text("[]", encoding="utf-8")
    with pytest.raises(CommandError, match="no municipality has the name 架空市"):
        load(tmp_path)
    with pytest.raises(CommandError, match="no such file"):
        load(tmp_path / "missing.csv")


def test_boundaries_as_geojson_with_n03_names(gazetteer: None, tmp_path: Path) -> None:
    Municipality.objects.update(boundary=None)
    squares = [[[x, 33], [x + 1, 33], [x + 1, 34], [x, 34], [x, 33]] for x in (131, 133)]
    features = [
        {
            "type": "Feature",
            "properties": {"N03_001": "大分県", "N03_004": "大分市", "N03_007": "44201"},
            "geometry": {"type": "Polygon", "coordinates": [square]},
        }
        for square in squares
    ]
    features.append(
        {"type": "Feature", "properties": {"N03_007": None}, "geometry": features[0]["geometry"]}
    )
    file = tmp_path / "N03.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert "3 read, 1 kept, 1 refused" in load(file)
    assert locate(133.5, 33.5).municipality == "442011"


def test_all_of_kumamotos_address_files(gazetteer: None, shared_data: Path) -> None:
    before = Place.objects.count()
    told = load(shared_data / "text_gazetteer" / "addresses_kumamoto")
    assert "熊本市中央区.json row" in told
    assert "no position" in told
    assert Place.objects.count() == before  # the built-in set is the same source, made smaller


@pytest.mark.parametrize(
    ("given", "code"),
    [("43100", "431001"), ("431001", "431001"), ("４３１０２", "431028"), ("01100", "011002")],
)
def test_five_digits_are_completed(given: str, code: str) -> None:
    assert municipality_codes.complete(given) == code


@pytest.mark.parametrize("given", ["", "4310", "4310010", "431002", "991001", "熊本市", "43-100"])
def test_what_is_no_code_is_refused(given: str) -> None:
    with pytest.raises(ValueError):
        municipality_codes.complete(given)


@pytest.mark.parametrize(
    ("ward", "city"),
    [("43102", "431001"), ("14137", "141305"), ("27147", "271403"), ("40109", "401005"),
     ("40137", "401307"), ("13101", "131016"), ("43443", "434434")],
)  # fmt: skip
def test_wards_belong_to_their_city(ward: str, city: str) -> None:
    assert municipality_codes.city_of(ward) == city


def test_a_prefecture_covers_all_and_a_city_its_wards() -> None:
    assert municipality_codes.covers("430005", "434434")
    assert municipality_codes.covers("431001", "431028")
    assert not municipality_codes.covers("431028", "431001")
    assert not municipality_codes.covers("431001", "434434")


def test_the_built_in_table_is_the_whole_country() -> None:
    table = Path(place_files.__file__).parents[1] / "fixtures" / "places" / "municipalities.csv"
    rows = place_files.read_municipalities(table).rows
    cities = {municipality_codes.city_of(row.code) for row in rows}
    # 1,741 municipalities (Tokyo's 23 wards among them) and the 171 wards of 20 designated cities
    assert len(cities) == 1741
    assert len(rows) == 1741 + 171
    assert {row.code for row in rows} >= cities


def test_town_names_are_spoken_without_oaza() -> None:
    assert place_files.spoken("画図町大字上無田") == "画図町上無田"
    assert place_files.spoken("大字寺中") == "寺中"
    assert place_files.spoken("文字町") == "文字町"
