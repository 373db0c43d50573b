"""Nonsense at every door of the API (reliability.md P15): a problem with a code, never a 5xx."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gspace.problems import CATALOGUE
from reports.models import Report
from tests import builders, layer_builders
from tests.hostile import words

pytestmark = pytest.mark.django_db(transaction=True)


def fuzzed(examples: int) -> Any:
    """A bounded, repeatable run; the world around it is made once."""
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=checks,
    )


class Door:
    """The API with a report and a layer behind it that must still be there afterwards."""

    def __init__(self, server: str) -> None:
        self.incident = builders.make_incident()
        self.crew, crew_token = builders.device(self.incident)
        self.report = builders.make_report(self.incident, self.crew)
        self.layer, _ = layer_builders.published_layer(self.incident)
        hq = builders.api_token(builders.headquarters(self.incident), "operator")
        own = builders.api_token(self.layer.publisher, "publisher")
        self.tokens = {"crew": crew_token, "hq": hq, "publisher": own}
        self.http = httpx.Client(base_url=server, timeout=60)
        self.before = self.told()

    def told(self) -> dict[str, Any]:
        headers = builders.bearer(self.tokens["hq"])
        report = self.http.get(f"/api/v1/reports/{self.report}", headers=headers).json()
        features = self.http.get(f"/api/v1/layers/{self.layer.slug}/features", headers=headers)
        return {"report": report, "features": features.json()["features"]}

    def send(self, method: str, path: str, who: str = "", **more: Any) -> httpx.Response:
        headers = more.pop("headers", {}) | (builders.bearer(self.tokens[who]) if who else {})
        answer = self.http.request(method, path, headers=headers, **more)
        return refused_well(answer)


def refused_well(answer: httpx.Response) -> httpx.Response:
    """Never a 5xx; a refusal is problem+json with a code of the catalogue."""
    assert answer.status_code < 500, (answer.request.method, answer.request.url, answer.text[:500])
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", answer.request.url
        problem = answer.json()
        assert problem["code"] in CATALOGUE and problem["status"] == answer.status_code
    return answer


@pytest.fixture
def door(server: str) -> Iterator[Door]:
    found = Door(server)
    yield found
    assert found.told() == found.before, "what was stored has changed"


def test_reports_of_nonsense(door: Door) -> None:
    valid = builders.report_body(
        door.incident,
        detail="陥没", pin={"lon": 130.7, "lat": 32.8}, bearing_deg=12.5, floor="B1",
        follows=str(uuid.uuid4()), about="x", sent_at="2016-04-16T02:15:00+09:00",
        photos=[builders.announce(b"x")],
    )  # fmt: skip

    @fuzzed(150)
    @given(words.mutated(valid))
    def run(body: dict[str, Any]) -> None:
        answer = door.send(
            "PUT", f"/api/v1/reports/{uuid.uuid4()}", "crew", content=words.raw(body)
        )
        if answer.status_code == 422:
            assert answer.json()["field"], answer.text
        elif answer.status_code == 201:
            kept = door.send("GET", f"/api/v1/reports/{answer.json()['id']}", "hq")
            assert kept.json()["properties"]["receipt"] == answer.json()["properties"]["receipt"]

    run()


def test_each_word_in_each_field_is_kept_or_refused_with_its_field(door: Door) -> None:
    valid = builders.report_body(door.incident)
    for field in ("floor", "about", "category", "incident"):
        for text in random.Random(field).sample(words.TEXTS, 20):
            body = words.raw(valid | {field: text})
            answer = door.send("PUT", f"/api/v1/reports/{uuid.uuid4()}", "crew", content=body)
            if answer.status_code != 201:
                assert answer.json()["field"] == field, (text, answer.text)


def test_naughty_comments_come_back_letter_by_letter(door: Door) -> None:
    refused = {"\x00", "a\x00b", "\ud800", "\udfff\ud800", "a" * 5000}
    texts = [text for text in words.naughty_strings() if text not in refused]
    for start in range(0, len(texts), 12):
        comment = "\n".join(texts[start : start + 12])
        body = words.raw(builders.report_body(door.incident, comment=comment))
        answer = door.send("PUT", f"/api/v1/reports/{uuid.uuid4()}", "crew", content=body)
        assert answer.status_code == 201, answer.text
        assert answer.json()["properties"]["comment"] == comment


BODIES = [
    ("PUT", "/api/v1/reports/{new}", "crew"),
    ("PATCH", "/api/v1/reports/{report}", "crew"),
    ("PATCH", "/api/v1/reports/{report}", "hq"),
    ("POST", "/api/v1/reports/{report}/merge", "hq"),
    ("POST", "/api/v1/reports/{report}/notes", "hq"),
    ("POST", "/api/v1/enrol", ""),
    ("POST", "/api/v1/layers", "publisher"),
    ("PATCH", "/api/v1/layers/{layer}", "publisher"),
    ("PUT", "/api/v1/layers/{layer}/data?publish=false", "publisher"),
    ("PATCH", "/api/v1/layers/{layer}/features/a", "publisher"),
    ("POST", "/api/v1/layers/{layer}/features", "publisher"),
    ("POST", "/api/v1/layers/{layer}/versions/1/read", "publisher"),
    ("POST", "/api/v1/layers/{layer}/edits/1/undo", "publisher"),
    ("POST", "/api/v1/map-links", "publisher"),
]


def fill(door: Door, path: str) -> str:
    return path.format(new=uuid.uuid4(), report=door.report, layer=door.layer.slug)


def test_broken_bodies(door: Door) -> None:
    for (method, path, who), body in product(BODIES, words.BROKEN_BODIES):
        headers = {"If-Match": '"1"'} if method != "PUT" else {}
        answer = door.send(method, fill(door, path), who, content=body, headers=headers)
        # an empty edit is an edit; everything else is refused
        if answer.is_success:
            door.before = door.told()


EDITS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "author": ("PATCH", "/api/v1/reports/{report}", "crew", {
        "edit_id": str(uuid.uuid4()), "comment": "x", "floor": "1", "withdrawn": None,
        "pin": {"lon": 130.7, "lat": 32.8}, "device_fix": {"lon": 1, "lat": 2, "accuracy_m": 3},
        "photos_add": [], "reason": None,
    }),
    "headquarters": ("PATCH", "/api/v1/reports/{report}", "hq", {
        "status": "verified", "reason": "x", "severity": "minor", "category": "fire",
        "comment_hq": "x", "assigned_to": "x", "due_at": "2016-04-16T02:11:00+09:00",
        "geometry": {"type": "Point", "coordinates": [130.7, 32.8]}, "geometry_note": "x",
        "floor": "1", "release": "none", "public_text": "x", "private_home": True,
        "redacted_geometry": {"type": "Point", "coordinates": [130.7, 32.8]}, "detail": "smoke",
    }),
    "note": ("POST", "/api/v1/reports/{report}/notes", "hq", {
        "id": str(uuid.uuid4()), "kind": "note", "text": "x",
    }),
    "enrolment": ("POST", "/api/v1/enrol", "", {"code": "x", "label": "y"}),
    "layer": ("POST", "/api/v1/layers", "publisher", {
        "slug": "s", "title": "t", "kind": "shelter", "incident": None, "audience": "public",
        "licence": "x", "attribution": "x", "reuse": "x", "source_name": "x",
        "source_url": "https://example.org/", "coverage": "x", "publisher": None, "refresh_s": 60,
    }),
    "state": ("PATCH", "/api/v1/layers/{layer}/features/b", "publisher", {
        "operation": "open", "congestion": "space", "persons": 3, "note": "x",
        "checked_at": "2016-04-16T02:11:00+09:00", "source_as_of": "2016-04-16T02:11:00+09:00",
        "name": "x", "name_en": "x", "address": "熊本市", "attributes": {"a": "b", "c": 1},
        "geometry": {"type": "Point", "coordinates": [130.7, 32.8]}, "place_by_address": False,
    }),
    "reading": ("POST", "/api/v1/layers/{layer}/versions/1/read", "publisher", {
        "columns": {"名称": "name", "備考": None}, "crs": "EPSG:6670", "header": 1,
    }),
    "link": ("POST", "/api/v1/map-links", "publisher", {
        "title": "x", "title_en": "x", "url": "https://example.org/", "kind": "water", "note": "x",
        "incident": None, "publisher": None,
    }),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_edits_of_nonsense(door: Door, name: str) -> None:
    method, path, who, valid = EDITS[name]

    @fuzzed(50)
    @given(words.mutated(valid))
    def run(body: dict[str, Any]) -> None:
        version = Report.objects.get(id=door.report).version
        headers = {"If-Match": f'"{version}"'}
        door.send(method, fill(door, path), who, content=words.raw(body), headers=headers)

    run()
    # some of it made sense, and may have been done
    door.before = door.told()


def test_geometries_of_nonsense_name_their_field(door: Door) -> None:
    for field in ("geometry", "redacted_geometry"):
        for shape in words.SHAPES[1:]:
            answer = door.send(
                "PATCH", f"/api/v1/reports/{door.report}", "hq",
                content=words.raw({field: shape}), headers={"If-Match": '"1"'},
            )  # fmt: skip
            assert answer.status_code == 422
            assert answer.json()["field"].startswith(field), answer.text


LISTS = {
    "/api/v1/incidents/{slug}/reports": [
        "bbox", "since", "until", "captured_since", "captured_until", "category", "severity",
        "status", "q", "area", "limit", "cursor", "mine",
    ],
    "/api/v1/incidents/{slug}/changes": ["since", "epoch", "limit"],
    "/api/v1/layers": ["incident"],
    "/api/v1/layers/{layer}/features": ["bbox", "limit", "cursor"],
    "/api/v1/layers/{layer}/features/a/series": ["limit"],
    "/api/v1/layers/{layer}/versions": ["limit", "cursor"],
    "/api/v1/layers/{layer}/versions/1/features": ["bbox", "limit", "cursor", "rows"],
    "/api/v1/layers/{layer}/versions/1/diff": ["limit", "against"],
    "/api/v1/layers/{layer}/edits": ["feature", "limit", "cursor"],
    "/api/v1/map-links": ["incident"],
    "/tiles/layers/{layer}/10/883/414.mvt": ["v"],
}  # fmt: skip
QUERIES = [*words.TEXTS, *words.TIMES, *(str(n)[:50] for n in words.NUMBERS)]
# what broke once, and what is almost right
FIRST = [
    "\x00", "\ud800", "-1", "9223372036854775808", "NaN", "1e400", "nan,nan,nan,nan", "1,2,3",
    "inf,-inf,inf,inf", "-180,-90,180,90", "180,0,-180,0", "0,0,0,0", "1e999,0,0,0", "1_0,0,2,2",
    "a,b,c,d", ",,,", f"nan_{uuid.UUID(int=0)}", f"inf_{uuid.UUID(int=0)}",
    f"1e308_{uuid.UUID(int=0)}", f"-1e18_{uuid.UUID(int=0)}", f"1_{uuid.UUID(int=0)}",
]  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_queries_of_nonsense(door: Door, path: str) -> None:
    address = path.format(slug=door.incident.slug, layer=door.layer.slug)
    # drafts and edits are the publisher's own
    who = "publisher" if "/versions/" in path or "/edits" in path else "crew"
    for name in LISTS[path]:
        # all of them at every parameter would take minutes; the same ones each time
        for value in random.Random(name).sample(QUERIES, 4) + FIRST:
            text = quote(value.encode("utf-8", "surrogatepass"))
            answer = door.send("GET", f"{address}?{name}={text}", who)
            if answer.status_code == 422:
                assert answer.json()["field"] == name, answer.text


PATHS = [
    "/api/v1/incidents/{}/state", "/api/v1/incidents/{}/reports", "/api/v1/incidents/{}/changes",
    "/api/v1/layers/{}", "/api/v1/layers/{}/features", "/api/v1/reports/{}",
    "/api/v1/reports/{}/notes", "/api/v1/photos/{}", "/api/v1/photos/{}/display", "/api/v1/{}",
    "/api/v1/layers/LAYER/features/{}", "/api/v1/layers/LAYER/versions/{}",
    "/api/v1/layers/{}/versions/1",
]  # fmt: skip


def test_addresses_of_nonsense(door: Door) -> None:
    values = [*words.TEXTS, *(str(n) for n in words.NUMBERS)]
    tried = [*random.Random(4).sample(values, 14), "\x00", "\ud800", str(2**63), str(10**30)]
    for path, value in product(PATHS, tried):
        # dots and slashes would lead to another address
        text = quote(value[:1000].encode("utf-8", "surrogatepass"), safe="") or "%20"
        if value.strip(".") and "/" not in value:
            door.send("GET", path.replace("LAYER", door.layer.slug).format(text), "hq")


def test_unknown_methods_are_problems(door: Door) -> None:
    paths = ("/api/v1/incidents", "/api/v1/reports/{report}", "/api/v1/enrol")
    for path, method in product(paths, ("TRACE", "PROPFIND", "POST", "PUT", "DELETE")):
        if (method, path) not in {("POST", "/api/v1/enrol"), ("PUT", "/api/v1/reports/{report}"),
                                  ("DELETE", "/api/v1/reports/{report}")}:  # fmt: skip
            answer = door.send(method, fill(door, path), "crew")
            assert answer.status_code == 405 and answer.headers["allow"]


CREDENTIALS = ["Bearer", "Bearer \xff\xfe", "bearer x" * 500, "Basic YTpi", "Bearer a b"]


def test_credentials_of_nonsense(door: Door) -> None:
    for value, method in product(CREDENTIALS, ("GET", "PATCH")):
        headers = {"Authorization": value.encode("latin-1")}
        path = f"/api/v1/reports/{door.report}"
        door.send(method, path, content=b"{}", headers=headers)


COOKIES = ["sessionid=x", 'sessionid="\\000aaaaaaaaaaaa"', "gspace_device=x", "=;;=", "a" * 3000,
           'gspace_device="\\000"', "csrftoken=\xff"]  # fmt: skip


def test_cookies_of_nonsense(door: Door) -> None:
    digest = {"Repr-Digest": "sha-256=:" + "A" * 43 + "=:"}
    for value in COOKIES:
        headers = {"Cookie": value.encode("latin-1")}
        path = f"/api/v1/reports/{door.report}"
        door.send("GET", path, headers=headers)
        door.send("PATCH", path, content=b"{}", headers=headers)
        original = f"/api/v1/photos/{uuid.uuid4()}/original"
        door.send("PUT", original, content=b"x", headers=headers | digest)


@fuzzed(60)
@given(st.dictionaries(st.text(), words.nasty(), max_size=4))
def test_json_survives_our_own_printer(body: dict[str, Any]) -> None:
    """The generator itself writes what Python can read back; else the tests above prove little."""
    json.loads(words.raw(body))


def test_the_plain_form_takes_the_scripts_nonsense_for_nothing(door: Door) -> None:
    values = [*words.TIMES, *(str(n)[:40] for n in words.NUMBERS)]
    good = {"captured_at": "2016-04-16T02:11:00Z", "lon": "130.7", "lat": "32.8"}
    tried = [*random.Random(3).sample(values, 12), "2016-04-16T02:11:00-23:59"]
    for field, value in product(["captured_at", "fixed_at", "lon", "lat", "accuracy_m"], tried):
        form = {"incident": door.incident.slug, "category": "fire", **good, field: value}
        answer = door.http.post(
            "/m/form/",
            data=form | {"report_id": str(uuid.uuid4()), "csrfmiddlewaretoken": "a" * 32},
            headers={"Cookie": f"gspace_device={door.tokens['crew']}; csrftoken={'a' * 32}"},
        )
        assert answer.status_code == 302, (value, answer.status_code, answer.text[:300])
