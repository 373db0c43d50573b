"""Published places found by name and address, and by where they are, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gspace.models import Place
from layers import nearest as near
from layers import search
from tests import builders
from tests.layer_builders import make_layer, publish, published_layer, spot

pytestmark = pytest.mark.django_db


def found(incident: Any, q: str, token: str = "", **more: Any) -> list[str]:
    headers = builders.bearer(token) if token else {}
    url = f"/api/v1/incidents/{incident.slug}/places"
    answer = Client().get(url, {"q": q, **more}, headers=headers)
    assert answer.status_code == 200, answer.content
    return [item["feature_id"] for item in answer.json()["items"]]


def town() -> Any:
    incident = builders.make_incident()
    places = [
        spot("a", name="東ヶ丘体育館", name_en="Higashigaoka Gym", address="益城町宮園７０２－１"),
        spot("b", name="ｺﾐｭﾆﾃｨセンター １号館", address="益城町木山"),
        spot("c", name="100%_広場"),
        spot("d", name="木山体育館") | {"geometry": None},
    ]
    published_layer(incident, places)
    return incident


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("体育館", ["d", "a"]),
        ("東ケ丘", ["a"]),
        ("ひがし", []),
        ("higashigaoka", ["a"]),
        ("宮園702-1", ["a"]),
        ("宮園 ７０２ー１", ["a"]),
        ("コミュニティ", ["b"]),
        ("こみゅにてぃせんたー1号館", ["b"]),
        ("益城町 体育館", ["a"]),
        ("100%", ["c"]),
        ("%", ["c"]),
        ("1_0", []),
        ("\\", []),
        ("", []),
        ("   ", []),
    ],
)
def test_width_case_kana_and_dashes_do_not_matter(words: str, expected: list[str]) -> None:
    assert found(town(), words) == expected


def test_percent_and_underscore_are_letters_of_a_town_too() -> None:
    incident = builders.make_incident()
    for name in ("百%_町", "百町"):
        Place.objects.create(kind="town", name=name, location=Point(130.75, 32.78))
    for words in ("%", "_", "%_", "百%"):
        assert [one["name"] for one in search.towns(incident, words)] == ["百%_町"], words
    assert search.towns(incident, "\\") == search.towns(incident, "百_町") == []
    assert len(search.towns(incident, "百")) == 2


def test_the_total_counts_what_is_not_shown() -> None:
    incident = builders.make_incident()
    published_layer(incident, [spot(n, name=f"公民館{n}") for n in range(30)])
    url = f"/api/v1/incidents/{incident.slug}/places"
    told = Client().get(url, {"q": "公民館", "limit": 4}).json()
    assert (len(told["items"]), told["total"]) == (4, 30)


def test_only_what_the_caller_may_see_is_found() -> None:
    incident = builders.make_incident()
    layer, by = make_layer(incident, audience="hq")
    publish(layer, by, [spot("a", name="本部")])
    token = builders.api_token(builders.headquarters(incident), "operator")
    assert found(incident, "本部") == []
    assert found(incident, "本部", token) == ["a"]


# --- the nearest, over HTTP ----------------------------------------------------------------
def ask(incident: Any, **query: Any) -> Any:
    given = {"kind": "shelter", "lon": 130.75, "lat": 32.79, **query}
    return Client().get(f"/api/v1/incidents/{incident.slug}/nearest", given)


def test_the_nearest_are_told_with_distance_and_state() -> None:
    incident = builders.make_incident()
    rows = [spot("far", 130.76, state={"operation": "open"}), spot("quiet", 130.751)]
    published_layer(incident, rows)
    (one,) = ask(incident).json()["items"]
    assert (one["feature_id"], one["operation"]) == ("far", "open")
    assert one["distance_m"] == pytest.approx(936.9, abs=0.2)
    both = ask(incident, open="false").json()["items"]
    assert [item["feature_id"] for item in both] == ["quiet", "far"]
    assert len(ask(incident, open="false", n=1).json()["items"]) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "castle"}, "kind"),
        ({"lat": "nan"}, "lon"),
        ({"lat": 91}, "lon"),
        ({"lon": "here"}, "lon"),
        ({"n": 0}, "n"),
    ],
)
def test_nonsense_is_refused_naming_the_field(wrong: dict[str, Any], field: str) -> None:
    answer = ask(builders.make_incident(), **wrong)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def scattered(share: int) -> Any:
    """5,000 shelters over a degree; every `share`th is open."""
    incident = builders.make_incident()
    layer, _ = published_layer(incident, [spot("z", 10.0, 50.0)])
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO layers_feature (version_id, feature_id, geometry, name, name_en,
                 address, municipality_code, properties, state, source_name, source_url,
                 licence, estimated)
               SELECT %s, n, ST_SetSRID(ST_MakePoint(130 + n * 7919 %% 5000 / 5000.0,
                 32 + n * 104729 %% 5003 / 5003.0), 4326),
                 n, '', '', '', '{}', '{}', '', '', '', false FROM generate_series(1, 5000) n""",
            [layer.published_id],
        )
        cursor.execute(
            """INSERT INTO layers_filestate (layer_id, feature_id, said)
               SELECT %s, n, json_build_object('operation', json_build_object('value',
                 CASE WHEN n %% %s = 0 THEN 'open' ELSE 'closed' END, 'source_as_of',
                 '2016-04-16T10:00:00Z')) FROM generate_series(1, 5000) n""",
            [layer.id, share],
        )
    return incident


@pytest.mark.parametrize("share", [2, 1000])
@pytest.mark.parametrize("lat", [32.5, 70.0])
def test_the_index_gives_what_measuring_every_one_gives(share: int, lat: float) -> None:
    """Degrees of longitude are shorter than those of latitude, at 70 N by far."""
    incident = scattered(share)
    if lat > 60:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE layers_feature SET geometry = ST_Translate(geometry, 0, 37.5)")
    got = near.nearest(incident, "hq", "shelter", 130.5, lat, n=4)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT f.feature_id FROM layers_feature f JOIN layers_filestate s USING (feature_id)
                WHERE s.said->'operation'->>'value' = 'open' ORDER BY ST_Distance(
                  f.geometry::geography, ST_SetSRID(ST_MakePoint(130.5, %s), 4326)::geography)
                LIMIT 4""",
            [lat],
        )
        measured = [ident for (ident,) in cursor.fetchall()]
    assert [one["feature_id"] for one in got] == measured


def test_of_many_only_those_around_are_read() -> None:
    incident = scattered(2)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE layers_feature, layers_filestate, layers_layer")
        with CaptureQueriesContext(connection) as asked:
            near.nearest(incident, "hq", "shelter", 130.5, 32.5)
        (first,) = [query["sql"] for query in asked if "<->" in query["sql"]]
        cursor.execute(f"EXPLAIN {first}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Order By: (geometry <->" in plan, plan
