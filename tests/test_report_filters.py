"""The filters of lists and counts: place, grid square, organisation, photo, uncertainty, who."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.utils import timezone

from gspace import mesh, municipality_codes
from reports import actions
from reports.models import Photo, Report
from reports.orders import URGENT
from reports.payload import HqEdit
from tests import builders
from tests.test_report_list import Lists

pytestmark = pytest.mark.django_db(transaction=True)
KUMAMOTO, YOKOHAMA, UNKNOWN_PLACE = "431001", "141003", {"device_fix": None}


@pytest.fixture
def lists(server: str) -> Lists:
    return Lists(server)


def total(lists: Lists, audience: str = "hq", **query) -> int:
    return lists.get(audience, "counts", **query).json()["total"]


def placed(lists: Lists, lon: float, lat: float, **more) -> str:
    return lists.make(device_fix=None, pin={"lon": lon, "lat": lat}, **more)


def in_municipality(ident: str, code: str) -> str:
    Report.objects.filter(id=ident).update(municipality_code=code)
    return ident


def test_a_city_covers_its_wards_and_a_prefecture_all(lists: Lists) -> None:
    ward = in_municipality(lists.make(), "431028")
    far_ward = in_municipality(lists.make(), "141186")
    other = in_municipality(lists.make(), "432024")
    assert lists.ids(municipality=KUMAMOTO) == {ward}
    assert lists.ids(municipality="43102") == {ward}, "five digits are completed"
    assert lists.ids(municipality=YOKOHAMA) == {far_ward}, "wards above ...10 are the city's, too"
    assert lists.ids(municipality="141305") == set(), "the next city begins where it ends"
    assert lists.ids(municipality=f"430005,{YOKOHAMA}") == {ward, far_ward, other}
    assert total(lists, municipality="430005") == 2


@pytest.mark.parametrize(
    ("city", "ward", "beyond"),
    [
        ("14100", "14118", "14131"),  # Yokohama
        ("14130", "14137", "14151"),  # Kawasaki
        ("14150", "14153", "14201"),  # Sagamihara
        ("22130", "22138", "22203"),  # Hamamatsu
        ("23100", "23116", "23201"),  # Nagoya
        ("27100", "27128", "27141"),  # Osaka
        ("27140", "27147", "27128"),  # Sakai
        ("40130", "40137", "40109"),  # Fukuoka
    ],
)
def test_every_great_city_covers_its_wards_alone(
    lists: Lists, city: str, ward: str, beyond: str
) -> None:
    city, ward, beyond = map(municipality_codes.complete, (city, ward, beyond))
    inside = in_municipality(lists.make(), ward)
    itself = in_municipality(lists.make(), city)
    in_municipality(lists.make(), beyond)
    for name in ("area", "municipality"):
        assert lists.ids(**{name: city}) == {inside, itself}, name
        assert lists.ids(**{name: ward}) == {inside}, name
    assert municipality_codes.covers(city, ward) and municipality_codes.covers(city, city)
    assert not municipality_codes.covers(city, beyond)


def test_grid_squares_hold_each_place_once(lists: Lists) -> None:
    # the corner of the 1 km square 49301656 and its three neighbours
    west, south, east, north = mesh.cell("49301656")
    corner = placed(lists, west, south)
    inside = placed(lists, (west + east) / 2 + 0.001, (south + north) / 2 + 0.001)
    assert lists.ids(mesh="49301656") == {corner, inside}
    assert lists.ids(mesh="49301656,49301657") == {corner, inside}
    assert lists.ids(mesh="4930-16-55") == lists.ids(mesh="49301646") == set()
    assert lists.ids(mesh="４９３０") == {corner, inside}
    assert lists.ids(mesh="493016561") == {corner}
    assert lists.ids(mesh="493016564") == {inside}
    assert total(lists, mesh="49301656") == 2


def test_inside_a_drawn_outline(lists: Lists) -> None:
    near, far = placed(lists, 130.75, 32.79), placed(lists, 130.95, 32.95)
    triangle = "130.7,32.7,130.9,32.7,130.75,32.9"
    assert lists.ids(within=triangle) == {near}
    assert lists.ids(within=triangle, q="土砂", severity="serious") == {near}
    assert far not in lists.ids(within=triangle)


def test_an_outline_that_crosses_itself_keeps_both_its_halves(lists: Lists) -> None:
    crossing = "130.7,32.7,130.8,32.9,130.7,32.9,130.8,32.7"
    south, north = placed(lists, 130.75, 32.72), placed(lists, 130.75, 32.88)
    placed(lists, 130.71, 32.8)
    assert lists.ids(within=crossing) == {south, north}


def test_needs_a_place_and_uncertain(lists: Lists) -> None:
    fix = {"lon": 130.75, "lat": 32.79, "fixed_at": "2016-04-16T02:10:50+09:00"}
    sure = lists.make(device_fix={**fix, "accuracy_m": 12})
    vague = lists.make(device_fix={**fix, "accuracy_m": 180})
    nowhere = lists.make(device_fix=None)
    assert lists.ids(needs_place="1") == {nowhere}
    assert lists.ids(needs_place="0") == {sure, vague}
    assert lists.ids(uncertain="100") == {vague}
    assert total(lists, uncertain="5", needs_place="false") == 2


def test_has_a_photo(lists: Lists) -> None:
    with_photo = lists.make(photos=[builders.announce(builders.jpeg())])
    awaited = lists.make(photos=[builders.announce(builders.jpeg(1))])
    Photo.objects.filter(report_id=with_photo).update(state="ready")
    assert lists.ids(has_photo="1") == {with_photo}
    assert lists.ids(has_photo="0") == {awaited}
    assert total(lists, has_photo="true") == 1


def test_organisation_and_who_it_is_assigned_to(lists: Lists) -> None:
    slug = builders.headquarters(lists.incident).slug
    one, two = lists.make(), lists.make()
    hq = builders.operator(lists.incident)
    actions.report_change(report_id=one, edit=HqEdit(assigned_to="道路班"), seen=1, by=hq)
    assert lists.ids(assigned_to="道路班") == {one}
    assert lists.ids(assigned_to="-") == {two}
    assert lists.ids(organisation=slug) == {one, two}
    builders.make_organisation("elsewhere")
    assert lists.ids(organisation="elsewhere") == set()


def test_nobody_filters_by_what_they_may_not_read(lists: Lists) -> None:
    made = lists.make(photos=[builders.announce(builders.jpeg())])
    Photo.objects.filter(report_id=made).update(state="ready")
    edit = HqEdit(assigned_to="道路班", release="public")
    actions.report_change(report_id=made, edit=edit, seen=1, by=builders.operator(lists.incident))
    slug = builders.headquarters(lists.incident).slug
    assert lists.ids("public") == {made}
    for query in ({"organisation": slug}, {"uncertain": "1"}, {"has_photo": "1"}):
        assert lists.ids("public", **query) == set() != lists.ids("field", **query), query
    assert (
        lists.ids("field", assigned_to="道路班") == lists.ids("partner", assigned_to="-") == set()
    )


def test_how_it_came(lists: Lists) -> None:
    sent, told = lists.make(), lists.make()
    Report.objects.filter(id=told).update(channel="radio", release="public", status="verified")
    assert lists.ids(channel="radio") == lists.ids(channel="radio,fax") == {told}
    assert lists.ids(channel="device") == {sent}
    assert lists.ids(channel="device,radio") == {sent, told}
    assert total(lists, channel="radio") == 1
    assert lists.ids("public") == {told} != lists.ids("public", channel="radio") == set()


def test_counts_are_of_the_filtered(lists: Lists) -> None:
    lists.make(category="fire", severity="minor")
    lists.make(category="fire")
    lists.make(category="building")
    found = lists.get(path="counts", category="fire").json()
    assert found == {
        "total": 2,
        "status": {"received": 2},
        "category": {"fire": 2},
        "severity": {"minor": 1, "serious": 1},
        "placed": 2,
        "waiting": 2,
        "oldest_waiting_at": found["oldest_waiting_at"],
    }
    assert total(lists) == 3 and total(lists, "public") == 0
    assert lists.get(path="counts", limit="1").json()["total"] == 3


def test_all_but_some_codes(lists: Lists) -> None:
    fire = lists.make(category="fire", severity="minor")
    home = lists.make(category="building", severity="critical")
    assert lists.ids(exclude_category="fire,bridge") == {home}
    assert lists.ids(exclude_severity="critical") == {fire}
    assert lists.ids(exclude_status="rejected", category="fire") == {fire}
    assert lists.ids(exclude_status="received") == set()
    assert total(lists, exclude_category="building", category="building,fire") == 1


def test_what_waits_and_what_is_due(lists: Lists) -> None:
    now = timezone.now()
    late, soon, later, done, free = (lists.make() for _ in range(5))
    for ident, minutes in ((late, -1), (soon, 30), (later, 90), (done, -5)):
        Report.objects.filter(id=ident).update(due_at=now + timedelta(minutes=minutes))
    Report.objects.filter(id=done).update(status="resolved")
    actions.report_accept(report_id=free, by=builders.operator(lists.incident))
    assert lists.ids(due="overdue") == {late}, "what is done is not overdue"
    assert lists.ids(due="soon") == {soon}
    assert lists.ids(waiting="1") == lists.ids("field", waiting="1") == {late, soon, later}
    assert lists.ids(waiting="0") == {done, free}
    assert lists.ids("partner", due="overdue") == set(), "when it is due is headquarters' own"


def test_what_is_urgent_until_somebody_accepts_it(lists: Lists) -> None:
    rescue = lists.make(category="rescue", severity="unknown")
    critical, accepted, over = (lists.make(severity="critical") for _ in range(3))
    lists.make(severity="serious")
    Report.objects.filter(id=critical).update(status="verified")
    Report.objects.filter(id=over).update(status="resolved")
    actions.report_accept(report_id=accepted, by=builders.operator(lists.incident))
    assert lists.ids(urgent="1") == {rescue, critical}
    assert total(lists, urgent="1", severity="critical") == 1
    assert lists.ids("public", urgent="1") == set()


def test_what_is_urgent_is_what_the_index_of_these_holds(db: None) -> None:
    """Another condition, and each desk would read the whole incident again and again."""
    condition = URGENT.replace("r.", "")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX another ON reports_report (id) WHERE {condition}")
        cursor.execute("""SELECT count(*), count(DISTINCT pg_get_expr(indpred, indrelid))
            FROM pg_index WHERE indexrelid IN ('another'::regclass, 'report_urgent'::regclass)""")
        assert cursor.fetchone() == (2, 1)


def test_what_lies_elsewhere_is_all_that_is_not_in_the_box(lists: Lists) -> None:
    here, far = placed(lists, 130.75, 32.79), placed(lists, 141.3, 43.1)
    lists.make(**UNKNOWN_PLACE)
    box = "130,32,131,33"
    assert (lists.ids(bbox=box), lists.ids(outside=box)) == ({here}, {far})


def test_counts_of_what_waits_and_where_it_lies(lists: Lists) -> None:
    first = placed(lists, 130.75, 32.79)
    placed(lists, 141.3, 43.1, category="fire")
    lists.make(device_fix=None)
    view = "130,32,131,33"
    found = lists.get(path="counts", view=view).json()
    assert found["by_view"] == {"inside": 1, "outside": 1, "placeless": 1, "total": 3}
    assert (found["total"], found["placed"], found["waiting"]) == (3, 2, 3)
    received = Report.objects.get(id=first).received_at
    assert found["oldest_waiting_at"] == received.isoformat()
    found = lists.get(path="counts", bbox=view, category="road_blocked").json()
    assert found["by_view"] == {"inside": 1, "outside": 0, "placeless": 1, "total": 2}
    assert found["total"] == found["category"]["road_blocked"] == 1
    release = HqEdit(release="public", public_text="通行止め")
    actions.report_change(
        report_id=first, edit=release, seen=1, by=builders.operator(lists.incident)
    )
    found = lists.get("public", path="counts", view=view).json()
    assert (found["total"], found["waiting"], found["oldest_waiting_at"]) == (1, None, None)
    answer = lists.get(path="counts", view="1,2,3")
    assert (answer.status_code, answer.json()["field"]) == (422, "view")


def test_what_reaches_into_the_view_is_inside(lists: Lists) -> None:
    road, far = lists.make(), lists.make()
    for ident, to in ((road, "131.9 33.9"), (far, "130.5 33.9")):
        line = GEOSGeometry(f"LINESTRING(130.5 32.5, {to})", 4326)
        Report.objects.filter(id=ident).update(geometry=line)
    for view, told in (
        ("130.45,32.45,130.6,32.6", {"inside": 2, "outside": 0}),
        ("131.0,33.0,131.3,33.3", {"inside": 1, "outside": 1}),
        ("131.8,33.8,132,34", {"inside": 1, "outside": 1}),
    ):
        found = lists.get(path="counts", view=view).json()["by_view"]
        assert found == told | {"placeless": 0, "total": 2}, view
        assert len(lists.ids(bbox=view)) == told["inside"]


def test_counts_are_as_new_as_the_change_that_is_named(lists: Lists) -> None:
    lists.make()
    first = lists.get(path="state").json()["head"]
    assert lists.get(path="counts", v=first).json()["total"] == 1
    lists.make()
    head = lists.get(path="state").json()["head"]
    assert lists.get(path="counts", v=head).json()["total"] == 2
    assert lists.get(path="counts").json()["total"] == total(lists) == 2


def test_a_box_across_the_date_line_is_two(lists: Lists) -> None:
    east, west = placed(lists, 179.5, 10), placed(lists, -179.5, 10)
    placed(lists, 0, 10)
    assert lists.ids(bbox="179,9,-179,11") == {east, west}
    assert total(lists, bbox="179,9,-179,11") == 2


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"municipality": "99999"}, "municipality"),
        ({"municipality": "431000"}, "municipality"),
        ({"municipality": ",".join(["43100"] * 101)}, "municipality"),
        ({"area": "99999"}, "area"),
        ({"area": ",".join(["43100"] * 101)}, "area"),
        ({"category": ",".join(["fire"] * 101)}, "category"),
        ({"mesh": ",".join(["4930"] * 101)}, "mesh"),
        ({"organisation": ",".join(["a"] * 101)}, "organisation"),
        ({"q": "a " * 21}, "q"),
        ({"within": ",".join(["1,2"] * 501)}, "within"),
        ({"mesh": "493"}, "mesh"),
        ({"mesh": "493089"}, "mesh"),
        ({"mesh": "493016569"}, "mesh"),
        ({"within": "1,2,3,4"}, "within"),
        ({"within": "1,2,3,4,5,x"}, "within"),
        ({"within": "1,2,3,4,5,95"}, "within"),
        ({"organisation": "no-such"}, "organisation"),
        ({"channel": "pigeon"}, "channel"),
        ({"channel": ",".join(["fax"] * 101)}, "channel"),
        ({"has_photo": "maybe"}, "has_photo"),
        ({"needs_place": "2"}, "needs_place"),
        ({"uncertain": "far"}, "uncertain"),
        ({"uncertain": "-1"}, "uncertain"),
        ({"uncertain": "nan"}, "uncertain"),
        ({"unseen": "x"}, "unseen"),
        ({"exclude_category": "volcano"}, "exclude_category"),
        ({"exclude_severity": "terrible"}, "exclude_severity"),
        ({"exclude_status": ",".join(["received"] * 101)}, "exclude_status"),
        ({"due": "never"}, "due"),
        ({"waiting": "long"}, "waiting"),
        ({"urgent": "very"}, "urgent"),
        ({"outside": "1,2,3"}, "outside"),
    ],
)
@pytest.mark.parametrize("path", ["reports", "counts"])
def test_a_bad_filter_is_named(lists: Lists, query: dict, field: str, path: str) -> None:
    answer = lists.get(path=path, **query)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_nobody_has_seen_nothing(lists: Lists) -> None:
    assert lists.get("public", unseen="1").status_code == 401
