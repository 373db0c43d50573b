"""The map for paper: drawn by the server from the built-in basemap, well-formed, to scale."""

from __future__ import annotations

import math

import pytest
from defusedxml import ElementTree
from django.contrib.gis.geos import LineString, Point, Polygon

from gspace import map_picture
from gspace.map_picture import Frame, Mark
from gspace.models import BasemapShape

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"
BOX = (130.6, 32.7, 130.9, 32.9)
MARK = Mark(130.7, 32.8, 1, "#7a0177", "#ffffff", 4, "救")


@pytest.fixture
def ground() -> None:
    BasemapShape.objects.all().delete()
    land = Polygon.from_bbox((129, 32, 132, 34))
    BasemapShape.objects.create(layer="land", kind="japan", geometry=land, source="国土数値情報; R")
    road = LineString((130, 32.8), (131, 32.8))
    BasemapShape.objects.create(layer="road", kind="national", geometry=road, source="R")
    BasemapShape.objects.create(
        layer="place", kind="city", name="<熊本>", name_en="Kumamoto", geometry=Point(130.7, 32.8)
    )


def drawn(frame: Frame, *marks: Mark, language: str = "ja") -> ElementTree:
    return ElementTree.fromstring(map_picture.draw(frame, marks, language=language, title="<地図>"))


def test_everything_asked_for_is_inside_with_a_margin() -> None:
    frame = Frame.around(BOX, 680, 440)
    for lon in BOX[::2]:
        for lat in BOX[1::2]:
            x, y = frame.pixel(lon, lat)
            assert 30 < x < 650 and 30 < y < 410


def test_a_single_point_is_not_shown_as_one_house() -> None:
    west, _, east, _ = Frame.around((130.7, 32.8, 130.7, 32.8), 680, 440).box
    assert (east - west) * 111_000 * math.cos(math.radians(32.8)) > 300


def test_the_ground_is_drawn_where_it_is(ground: None) -> None:
    frame = Frame.around(BOX, 680, 440)
    paths = [e.get("d") for e in drawn(frame).iter(f"{SVG}path")]
    y = frame.pixel(130.7, 32.8)[1]
    (road, _casing) = [d for d in paths if f" {y:.1f}" in d or f" {round(y, 1):g}" in d][:2]
    assert road.startswith("M")


def test_a_mark_stands_on_its_place_and_words_are_escaped(ground: None) -> None:
    frame = Frame.around(BOX, 680, 440)
    picture = drawn(frame, MARK)
    x, y = frame.pixel(MARK.lon, MARK.lat)
    corners = picture.find(f".//{SVG}polygon").get("points").split(" ")
    xs = [float(c.split(",")[0]) for c in corners]
    ys = [float(c.split(",")[1]) for c in corners]
    assert abs(sum(xs) / 4 - x) < 0.2 and abs(sum(ys) / 4 - y) < 0.2
    texts = [t.text for t in picture.iter(f"{SVG}text")]
    assert "救" in texts and "<熊本>" in texts
    assert picture.find(f"{SVG}title").text == "<地図>"
    assert "Kumamoto" in [t.text for t in drawn(frame, language="en").iter(f"{SVG}text")]


def test_names_are_whole_and_stand_on_their_halo(ground: None) -> None:
    frame = Frame.around(BOX, 680, 440)
    edge = Point(frame.box[0] + 0.001, 32.75)
    BasemapShape.objects.create(layer="place", kind="city", name="端の町", geometry=edge)
    texts = list(drawn(frame).iter(f"{SVG}text"))
    halo, name = (t for t in texts if t.text == "<熊本>")
    assert halo.get("stroke") and not name.get("stroke")
    assert not any(t.get("paint-order") for t in texts), "WeasyPrint paints the halo over the name"
    assert "端の町" not in [t.text for t in texts]


def test_several_are_one_circle_with_their_number() -> None:
    many = Mark(130.7, 32.8, 1234, "#7a0177", "#ffffff", 4, "救")
    picture = drawn(Frame.around(BOX, 680, 440), many)
    assert picture.find(f".//{SVG}circle") is not None
    assert "1,234" in [t.text for t in picture.iter(f"{SVG}text")]


def test_the_scale_bar_measures_the_ground() -> None:
    frame = Frame.around(BOX, 680, 440)
    length, pixels = map_picture.scale_bar(frame)
    west, south, east, north = frame.box
    circle = math.cos(math.radians((south + north) / 2)) * 40_075_016.68 / 360
    assert abs(length / pixels - (east - west) * circle / 680) < 0.5
    assert str(length)[0] in "125" and set(str(length)[1:]) <= {"0"}


def test_it_says_whose_shapes_these_are(ground: None) -> None:
    assert map_picture.sources(Frame.around(BOX, 680, 440)) == ["R", "国土数値情報"]


def test_nothing_of_it_comes_from_elsewhere(ground: None) -> None:
    text = map_picture.draw(Frame.around(BOX, 680, 440), [MARK], language="ja", title="x")
    assert "href" not in text and "url(" not in text and "style=" not in text
