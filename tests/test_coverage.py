"""Where nothing is said: grid squares with a town, silent, all clear at a time, or reported."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry, Point
from django.core.management import call_command

from gspace import mesh
from gspace.models import Incident, Municipality, Place
from gspace.problems import Problem
from reports.counts import counts
from reports.coverage import coverage
from reports.models import Report
from reports.told import STATES
from tests import builders
from tests.test_report_list import Lists

pytestmark = pytest.mark.django_db
WEST, SOUTH, EAST, NORTH = mesh.cell("49301656")
MIDDLE = ((WEST + EAST) / 2, (SOUTH + NORTH) / 2)
BOX = "130.70,32.75,130.87,32.85"


@pytest.fixture
def incident() -> Incident:
    city = Municipality.objects.create(code="431028", name="熊本市東区", name_en="Higashi-ku")
    for number, shift in enumerate((0, 1, 2)):
        place = Point(MIDDLE[0] + shift / 80, MIDDLE[1])
        Place.objects.create(name=f"町{number}", municipality=city, location=place)
    return builders.make_incident()


def report(incident: Incident, lon: float, lat: float, **more: Any) -> Report:
    pin = {"lon": lon, "lat": lat}
    return Report.objects.get(id=builders.make_report(incident, device_fix=None, pin=pin, **more))


def states(incident: Incident, **filters: str) -> list[str]:
    """Of the three squares, from west to east."""
    found = coverage(incident, "hq", filters)["squares"]
    return [square["state"] for square in sorted(found, key=lambda one: one["mesh"])]


def test_three_states(incident: Incident) -> None:
    assert states(incident) == ["none", "none", "none"]
    report(incident, *MIDDLE, category="all_clear", severity="unknown",
           captured_at="2016-04-16T02:11:00+09:00")  # fmt: skip
    report(incident, MIDDLE[0] + 1 / 80, MIDDLE[1], severity="minor")
    report(incident, MIDDLE[0] + 1 / 80, MIDDLE[1], category="all_clear")
    assert states(incident) == ["all_clear", "reported", "none"]
    clear, reported, silent = sorted(
        coverage(incident, "hq", {})["squares"], key=lambda one: one["mesh"]
    )
    assert clear["all_clear_at"] == "2016-04-15T17:11:00+00:00", "when it was seen"
    assert (clear["worst"], reported["worst"]) == (None, "minor")
    assert (reported["reports"], reported["all_clear"]) == (2, 1)
    assert (silent["last_at"], silent["towns"]) == (None, [["町2", ""]])


def test_what_was_rejected_or_withdrawn_breaks_no_silence(incident: Incident) -> None:
    for status in ("rejected", "withdrawn"):
        one = report(incident, *MIDDLE)
        Report.objects.filter(id=one.id).update(status=status)
    assert states(incident) == ["none", "none", "none"]
    assert states(incident, status="rejected")[0] == "reported"


def test_a_line_counts_in_every_square_that_it_touches(incident: Incident) -> None:
    one = report(incident, *MIDDLE)
    line = f"SRID=4326;LINESTRING({MIDDLE[0]} {MIDDLE[1]}, {MIDDLE[0] + 1 / 80} {MIDDLE[1]})"
    Report.objects.filter(id=one.id).update(geometry=GEOSGeometry(line))
    found = coverage(incident, "hq", {})
    assert states(incident) == ["reported", "reported", "none"]
    assert found["reports"] == {"in_squares": 1, "elsewhere": 0, "wide": 0, "without_place": 0}


def test_a_district_tells_nothing_about_one_square(incident: Incident) -> None:
    one = report(incident, *MIDDLE)
    whole = Point(*MIDDLE, srid=4326).buffer(0.1)
    Report.objects.filter(id=one.id).update(geometry=whole)
    found = coverage(incident, "hq", {})
    assert states(incident) == ["none", "none", "none"]
    assert found["reports"]["wide"] == 1


def test_part_of_the_map_is_rounded_to_whole_squares(incident: Incident) -> None:
    report(incident, WEST + 1e-6, SOUTH + 1e-6)
    sliver = f"{MIDDLE[0]},{MIDDLE[1]},{MIDDLE[0] + 1e-4},{MIDDLE[1] + 1e-4}"
    (square,) = coverage(incident, "hq", {"bbox": sliver})["squares"]
    assert (square["mesh"], square["reports"]) == ("49301656", 1)
    assert square["box"] == mesh.cell("49301656")
    exact = f"{WEST},{SOUTH},{EAST},{NORTH}"
    assert len(coverage(incident, "hq", {"bbox": exact})["squares"]) == 1


@pytest.mark.parametrize("filters", [{}, {"bbox": BOX}], ids=str)
def test_reports_add_up_and_each_square_opens_its_own(
    incident: Incident, filters: dict[str, str]
) -> None:
    dice = random.Random(7)
    for _ in range(60):
        lon, lat = dice.uniform(130.72, 130.83), dice.uniform(32.76, 32.84)
        # half of them on the edges of squares, where one step decides
        if dice.random() < 0.5:
            lon, lat = round(lon * 80) / 80, round(lat * 120) / 120
        category = dice.choice(["all_clear", "fire", "water_cut"])
        report(incident, lon, lat, category=category)
    builders.make_report(incident, device_fix=None)
    found = coverage(incident, "hq", filters)
    told = found["reports"]
    placed = told["in_squares"] + told["elsewhere"] + told["wide"]
    assert placed == counts(incident, "hq", {"needs_place": "0"})["total"] == 60
    assert told["without_place"] == (None if filters else 1)
    assert sum(found["counts"].values()) == len(found["squares"]) == 3
    for square in found["squares"]:
        listed = counts(incident, "hq", {"mesh": square["mesh"]})["total"]
        assert listed == square["reports"], square["mesh"]
    (area,) = found["municipalities"]
    assert area["squares"] == sum(area[state] for state in STATES) == 3


def test_only_the_towns_of_a_municipality(incident: Incident) -> None:
    other = Municipality.objects.create(code="434434", name="益城町")
    Place.objects.create(name="隣", municipality=other, location=Point(130.82, 32.79))
    assert len(coverage(incident, "hq", {})["squares"]) == 4
    assert len(coverage(incident, "hq", {"municipality": "431001"})["squares"]) == 3
    assert len(coverage(incident, "hq", {"area": "434434,-"})["squares"]) == 1


@pytest.mark.parametrize("name", ["area", "municipality"])
def test_a_neighbours_report_breaks_the_silence_of_a_square_on_the_border(
    incident: Incident, name: str
) -> None:
    across = report(incident, *MIDDLE, severity="critical")
    line = report(incident, *MIDDLE)
    route = f"SRID=4326;LINESTRING({MIDDLE[0] + 1 / 80} {MIDDLE[1]}, {MIDDLE[0] + 2 / 80} 32.9)"
    Report.objects.filter(id=line.id).update(geometry=GEOSGeometry(route))
    Report.objects.filter(id__in=[across.id, line.id]).update(municipality_code="434434")
    far = report(incident, 130.9, 32.9)
    Report.objects.filter(id=far.id).update(municipality_code="434434")
    ours = report(incident, 130.6, 32.6)
    Report.objects.filter(id=ours.id).update(municipality_code="431028")
    found = coverage(incident, "hq", {name: "431028"})
    assert states(incident, **{name: "431028"}) == ["reported", "reported", "none"]
    assert found["squares"][0]["worst"] == "critical"
    # of its own reports only: the neighbour's are none that the area would miss
    assert found["reports"] == {"in_squares": 0, "elsewhere": 1, "wide": 0, "without_place": 0}


@pytest.mark.parametrize(
    ("filters", "field"),
    [({"bbox": "1,2"}, "bbox"), ({"municipality": "99"}, "municipality"),
     ({"status": "gone"}, "status")],
)  # fmt: skip
def test_a_bad_filter_is_named(incident: Incident, filters: dict[str, str], field: str) -> None:
    with pytest.raises(Problem) as refused:
        coverage(incident, "hq", filters)
    assert refused.value.field == field


def test_too_much_of_the_map_is_refused(incident: Incident, settings: Any) -> None:
    settings.LIMIT_COVERAGE_SQUARES = 2
    with pytest.raises(Problem) as refused:
        coverage(incident, "hq", {})
    assert (refused.value.status, refused.value.field) == (422, "bbox")


@pytest.mark.django_db(transaction=True)
def test_over_http(server: str) -> None:
    lists = Lists(server)
    Place.objects.create(name="町", location=Point(130.75, 32.79))
    lists.make()
    found = lists.get(path="coverage", bbox=BOX).json()
    assert found["counts"] == {"none": 0, "all_clear": 0, "reported": 1}
    assert lists.get("partner", "coverage", bbox=BOX).json()["counts"] == found["counts"]
    assert lists.get("field", "coverage", bbox=BOX).status_code == 403
    assert lists.get(path="numbers").json()["total"] == 1


def test_numbers_of_squares_and_their_places_agree() -> None:
    dice = random.Random(3)
    for _ in range(500):
        lon, lat = dice.uniform(122.9, 153.9), dice.uniform(20.4, 45.5)
        row, column = mesh.place(lon, lat)
        west, south, east, north = mesh.cell(mesh.number(row, column))
        assert west <= lon < east and south <= lat < north
        assert (west, south, east, north) == mesh.box(row, column)
    assert mesh.number(*mesh.place(130.7069, 32.8031)) == "49301566"


def test_the_built_in_towns(db: None) -> None:
    call_command("load_places", verbosity=0)
    found = coverage(builders.make_incident(), "hq", {"bbox": "130.6,32.65,130.85,32.9"})
    assert len(found["squares"]) > 100
    assert sum(len(square["towns"]) for square in found["squares"]) > 500
    assert {len(square["mesh"]) for square in found["squares"]} == {8}
