"""Who gets what (reliability.md P16): role x route x object, generated from the URL conf.

The tables are the specification of gspace.access; a route without a row fails.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import URLPattern, get_resolver

from mobile_api.api import api
from tests import builders, layer_builders
from tests.access_world import OBJECTS, ROLES, World, rows, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db

# One line a method and route; columns as in access_world.ROLES. {plain} is a field report of a
# colleague, {photo} its picture, {layer} a public layer of the neighbour (the publisher's own).
ROUTES = """
#      columns: nobody volunteer field partner publisher operator stranger
POST   /api/v1/enrol                              | 404 404 404 404 404 404 404
GET    /api/v1/devices/me                         | 401 200 200 403 403 403 403
PATCH  /api/v1/devices/me                         | 401 200 200 403 403 403 403
POST   /api/v1/devices/me/keys                    | 401 201 201 403 403 403 403
DELETE /api/v1/devices/me/keys                    | 401 200 200 403 403 403 403
POST   /api/v1/devices/me/transfer                | 401 201 201 403 403 403 403
GET    /api/v1/devices/me/changes                 | 401 200 200 403 403 403 403
GET    /api/v1/incidents                          | 200 200 200 200 200 200 200
GET    /api/v1/incidents/{slug}/state             | 200 200 200 200 200 200 200
GET    /api/v1/incidents/{slug}/reports           | 200 200 200 200 200 200 200
POST   /api/v1/incidents/{slug}/reports/bulk      | 401 403 403 403 403 200 403
GET    /api/v1/incidents/{slug}/claims            | 401 403 403 403 403 200 403
PUT    /api/v1/incidents/{slug}/claims/{new}      | 401 403 403 403 403 204 403
DELETE /api/v1/incidents/{slug}/claims/{new}      | 401 403 403 403 403 204 403
GET    /api/v1/incidents/{slug}/counts            | 200 200 200 200 200 200 200
GET    /api/v1/incidents/{slug}/coverage          | 401 403 403 200 403 200 403
GET    /api/v1/incidents/{slug}/numbers           | 401 403 403 403 403 200 403
GET    /api/v1/incidents/{slug}/views             | 401 403 403 200 403 200 403
PUT    /api/v1/incidents/{slug}/views/{new}       | 401 403 403 201 403 201 403
DELETE /api/v1/incidents/{slug}/views/{new}       | 401 403 403 404 403 404 403
GET    /api/v1/incidents/{slug}/municipalities    | 401 403 403 200 403 200 403
GET    /api/v1/incidents/{slug}/assignees         | 401 403 403 403 403 200 403
GET    /api/v1/incidents/{slug}/seen              | 401 200 200 200 200 200 200
POST   /api/v1/incidents/{slug}/seen              | 401 204 204 204 204 204 204
GET    /api/v1/incidents/{slug}/changes           | 200 200 200 200 200 200 200
GET    /api/v1/incidents/{slug}/broadcasts        | 401 403 403 403 403 200 403
POST   /api/v1/incidents/{slug}/broadcasts        | 401 403 403 403 403 201 403
GET    /api/v1/incidents/{slug}/log               | 401 403 403 403 403 200 403
POST   /api/v1/incidents/{slug}/log               | 401 403 403 403 403 201 403
POST   /api/v1/broadcasts/{broadcast}/withdraw    | 401 403 403 404 404 200 404
PUT    /api/v1/broadcasts/{broadcast}/read        | 401 200 200 403 403 403 403
GET    /api/v1/incidents/{slug}/nearest           | 422 422 422 422 422 422 422
GET    /api/v1/incidents/{slug}/places            | 200 200 200 200 200 200 200
PUT    /api/v1/incidents/{slug}/entered/{new}     | 401 403 403 403 403 201 403
GET    /api/v1/incidents/{slug}/areas             | 401 403 403 200 403 200 403
GET    /api/v1/incidents/{slug}/here              | 422 422 422 422 422 422 422
GET    /api/v1/vocabulary                         | 200 200 200 200 200 200 200
PUT    /api/v1/reports/{new}                      | 401 201 201 404 404 201 404
GET    /api/v1/reports/{plain}                    | 404 404 200 200 404 200 404
PATCH  /api/v1/reports/{plain}                    | 401 404 403 403 404 200 404
DELETE /api/v1/reports/{plain}                    | 401 404 404 404 404 204 404
POST   /api/v1/reports/{plain}/accept             | 401 404 403 403 404 200 404
POST   /api/v1/reports/{plain}/merge              | 401 404 403 403 404 200 404
DELETE /api/v1/reports/{plain}/merge              | 401 404 403 403 404 409 404
GET    /api/v1/reports/{plain}/duplicates         | 401 403 403 403 403 200 403
PUT    /api/v1/reports/{plain}/distinct/{home}    | 401 403 403 403 403 204 403
DELETE /api/v1/reports/{plain}/distinct/{home}    | 401 403 403 403 403 204 403
GET    /api/v1/incidents/{slug}/duplicates        | 401 403 403 403 403 200 403
POST   /api/v1/reports/{plain}/undo               | 401 404 403 403 404 200 404
GET    /api/v1/reports/{plain}/notes              | 401 404 404 404 404 200 404
POST   /api/v1/reports/{plain}/notes              | 401 403 403 403 403 200 403
GET    /api/v1/reports/{plain}/history            | 401 403 403 403 403 200 403
GET    /api/v1/reports/{plain}/context            | 401 403 403 200 403 200 403
GET    /api/v1/reports/{plain}/public-preview     | 401 403 403 403 403 200 403
PUT    /api/v1/photos/{photo}/preview             | 401 404 404 404 404 404 404
GET    /api/v1/photos/{photo}                     | 404 404 200 200 404 200 404
GET    /api/v1/photos/{photo}/preview             | 404 404 200 200 404 200 404
GET    /api/v1/photos/{photo}/thumb               | 404 404 200 200 404 200 404
GET    /api/v1/photos/{photo}/display             | 404 404 200 200 404 200 404
POST   /api/v1/photos/{photo}/public              | 401 403 403 403 403 201 403
GET    /api/v1/photos/{photo}/public              | 404 404 404 404 404 404 404
GET    /api/v1/incidents/{slug}/release-rules     | 401 403 403 403 403 200 403
PUT    /api/v1/incidents/{slug}/release-rules/{category}/{state} | 401 403 403 403 403 200 403
POST   /api/v1/incidents/{slug}/release-rules/{category}/{state}/apply | 401 403 403 403 403 404 403
GET    /api/v1/photos/{photo}/original            | 401 403 403 403 403 200 403
POST   /api/v1/incidents/{slug}/exports           | 401 403 403 403 403 202 403
GET    /api/v1/incidents/{slug}/exports           | 401 403 403 403 403 200 403
GET    /api/v1/exports/{export}                   | 401 404 404 404 404 200 404
GET    /api/v1/exports/{export}/file              | 401 404 404 404 404 200 404
DELETE /api/v1/exports/{export}                   | 401 404 404 404 404 204 404
GET    /api/v1/layers                             | 200 200 200 200 200 200 200
POST   /api/v1/layers                             | 401 403 403 403 201 201 201
GET    /api/v1/layers/{layer}                     | 200 200 200 200 200 200 200
PATCH  /api/v1/layers/{layer}                     | 401 403 403 403 200 403 403
PUT    /api/v1/layers/{layer}/data                | 401 403 403 403 202 403 403
GET    /api/v1/layers/{layer}/versions/{one}      | 200 200 200 200 200 200 200
GET    /api/v1/layers/{layer}/versions            | 200 200 200 200 200 200 200
GET    /api/v1/layers/{layer}/versions/{one}/features | 401 403 403 403 200 403 403
GET    /api/v1/layers/{layer}/versions/{one}/diff | 401 403 403 403 200 403 403
GET    /api/v1/layers/{layer}/versions/{one}/file | 401 403 403 403 404 403 403
POST   /api/v1/layers/{layer}/versions/{one}/read | 401 403 403 403 404 403 403
POST   /api/v1/layers/{layer}/versions/{one}/publish | 401 403 403 403 200 403 403
POST   /api/v1/layers/{layer}/rollback            | 401 403 403 403 409 403 403
POST   /api/v1/layers/{layer}/withdraw            | 401 403 403 403 200 403 403
POST   /api/v1/layers/{layer}/restore             | 401 403 403 403 200 403 403
GET    /api/v1/layers/{layer}/features            | 200 200 200 200 200 200 200
GET    /api/v1/layers/{layer}/features/{a}        | 200 200 200 200 200 200 200
PATCH  /api/v1/layers/{layer}/features/{a}        | 401 403 403 403 200 403 403
POST   /api/v1/layers/{layer}/features            | 401 403 403 403 201 403 403
DELETE /api/v1/layers/{layer}/features/{a}        | 401 403 403 403 204 403 403
GET    /api/v1/layers/{layer}/features/{a}/series | 200 200 200 200 200 200 200
GET    /api/v1/layers/{layer}/edits               | 401 403 403 403 200 403 403
POST   /api/v1/layers/{layer}/edits/{one}/undo    | 401 403 403 403 404 403 403
GET    /api/v1/map-links                          | 200 200 200 200 200 200 200
POST   /api/v1/map-links                          | 401 403 403 403 201 201 201
DELETE /api/v1/map-links/{new}                    | 401 404 404 404 404 404 404
PUT    /api/v1/situations/{new}                   | 401 403 201 403 201 201 403
GET    /api/v1/layers/{layer}/features/{a}/situations | 200 200 200 200 200 200 200
GET    /api/v1/layers/{layer}/download.csv        | 200 200 200 200 200 200 200
GET    /api/v1/layers/{layer}/download.geojson    | 200 200 200 200 200 200 200
GET    /api/v1/layers/{layer}/download.gpkg       | 200 200 200 200 200 200 200
GET    /api/v1/docs                               | 200 200 200 200 200 200 200
GET    /api/v1/openapi.json                       | 200 200 200 200 200 200 200
GET    /api/v1/                                   | 404 404 404 404 404 404 404
GET    /tiles/layers/{layer}.json                 | 200 200 200 200 200 200 200
GET    /tiles/layers/{layer}/{z}/{x}/{y}.mvt      | 200 200 200 200 200 200 200
GET    /tiles/reports/{slug}.json                 | 200 200 200 200 200 200 200
GET    /tiles/reports/{slug}/{z}/{x}/{y}.mvt      | 200 200 200 200 200 200 200
GET    /tiles/basemap/{z}/{x}/{y}.mvt             | 200 200 200 200 200 200 200
GET    /                                          | 200 200 200 200 200 200 200
GET    /i/{slug}/                                 | 200 200 200 200 200 200 200
GET    /i/{slug}/list/                            | 200 200 200 200 200 200 200
GET    /i/{slug}/towns/                           | 200 200 200 200 200 200 200
GET    /i/{slug}/data/                            | 200 200 200 200 200 200 200
GET    /i/{slug}/paper/                           | 200 200 200 200 200 200 200
GET    /i/{slug}/layers/{layer}/                  | 200 200 200 200 200 200 200
GET    /i/{slug}/layers/{layer}.atom              | 200 200 200 200 200 200 200
GET    /hq/{slug}/                                | 302 403 403 200 403 200 403
GET    /hq/{slug}/broadcasts/                     | 302 403 403 403 403 200 403
POST   /hq/{slug}/broadcasts/                     | 302 403 403 403 403 422 403
POST   /hq/{slug}/broadcasts/{broadcast}/withdraw/ | 302 403 403 403 403 302 403
GET    /hq/{slug}/exports/                        | 302 403 403 403 403 200 403
POST   /hq/{slug}/exports/                        | 302 403 403 403 403 422 403
POST   /hq/{slug}/exports/{export}/cancel/        | 302 403 403 403 403 302 403
GET    /hq/{slug}/release/                        | 302 403 403 403 403 200 403
POST   /hq/{slug}/release/                        | 302 403 403 403 403 422 403
POST   /hq/{slug}/release/{category}/{state}/apply/ | 302 403 403 403 403 404 403
GET    /hq/{slug}/log/                            | 302 403 403 403 403 200 403
POST   /hq/{slug}/log/                            | 302 403 403 403 403 422 403
GET    /hq/{slug}/log/handover/                   | 302 403 403 403 403 200 403
GET    /hq/{slug}/numbers/                        | 302 403 403 403 403 200 403
GET    /hq/{slug}/situation/                      | 302 403 403 403 403 200 403
POST   /hq/{slug}/situation/                      | 302 403 403 403 403 200 403
GET    /hq/{slug}/situation/{one}/                | 302 403 403 403 403 404 403
GET    /hq/{slug}/situation/{one}/report.pdf      | 302 403 403 403 403 404 403
GET    /hq/{slug}/wallmap/                        | 302 403 403 403 403 200 403
GET    /hq/{slug}/wall/                           | 302 403 403 200 403 200 403
GET    /hq/{slug}/shelters/                       | 302 403 403 200 403 200 403
GET    /hq/{slug}/facilities/                     | 302 403 403 403 403 200 403
POST   /hq/{slug}/facilities/                     | 302 403 403 403 403 422 403
GET    /hq/{slug}/devices/                        | 302 403 403 403 403 200 403
POST   /hq/{slug}/devices/                        | 302 403 403 403 403 422 403
POST   /hq/{slug}/devices/invites/{one}/revoke/   | 302 403 403 403 403 404 403
POST   /hq/{slug}/devices/{crew}/revoke/          | 302 403 403 403 403 302 403
GET    /publish/                                  | 302 403 403 403 200 200 200
GET    /publish/new/                              | 302 403 403 403 200 200 200
POST   /publish/new/                              | 302 403 403 403 422 422 422
GET    /publish/links/                            | 302 403 403 403 200 200 200
POST   /publish/links/                            | 302 403 403 403 422 422 422
POST   /publish/links/{broadcast}/withdraw/       | 302 403 403 403 404 404 404
GET    /publish/{layer}/                          | 302 403 403 403 200 403 403
GET    /publish/{layer}/file/                     | 302 403 403 403 200 403 403
POST   /publish/{layer}/file/                     | 302 403 403 403 422 403 403
GET    /publish/{layer}/history/                  | 302 403 403 403 200 403 403
POST   /publish/{layer}/history/rollback/         | 302 403 403 403 422 403 403
GET    /publish/{layer}/about/                    | 302 403 403 403 200 403 403
POST   /publish/{layer}/about/                    | 302 403 403 403 422 403 403
POST   /publish/{layer}/about/withdraw/           | 302 403 403 403 302 403 403
POST   /publish/{layer}/about/restore/            | 302 403 403 403 302 403 403
GET    /publish/{layer}/versions/{one}/           | 302 403 403 403 200 403 403
POST   /publish/{layer}/versions/{one}/publish/   | 302 403 403 403 302 403 403
POST   /publish/{layer}/versions/{one}/read/      | 302 403 403 403 404 403 403
GET    /publish/{layer}/states/                   | 302 403 403 403 200 403 403
GET    /publish/{layer}/add/                      | 302 403 403 403 200 403 403
POST   /publish/{layer}/add/                      | 302 403 403 403 422 403 403
GET    /publish/{layer}/places/{a}/               | 302 403 403 403 200 403 403
POST   /publish/{layer}/places/{a}/               | 302 403 403 403 302 403 403
POST   /publish/{layer}/edits/{one}/undo/         | 302 403 403 403 404 403 403
GET    /m/                                        | 200 200 200 200 200 200 200
GET    /m/{screen}                                | 200 200 200 200 200 200 200
GET    /m/sw.js                                   | 200 200 200 200 200 200 200
GET    /m/manifest.webmanifest                    | 200 200 200 200 200 200 200
GET    /m/icon-{size}.png                         | 200 200 200 200 200 200 200
GET    /m/words/{language}.json                   | 200 200 200 200 200 200 200
GET    /m/form/                                   | 200 200 200 200 200 200 200
POST   /m/form/                                   | 200 422 422 200 200 422 422
GET    /m/sent/{plain}/                           | 404 404 404 404 404 404 404
GET    /m/join/{code}                             | 200 200 200 200 200 200 200
POST   /m/join/{code}                             | 422 422 422 422 422 422 422
GET    /m/join/{code}/                            | 200 200 200 200 200 200 200
POST   /m/join/{code}/                            | 422 422 422 422 422 422 422
GET    /i18n/catalogue.json                       | 200 200 200 200 200 200 200
GET    /health/live                               | 200 200 200 200 200 200 200
GET    /health/ready                              | 200 200 200 200 200 200 200
"""
PLACES = {"slug": "quake", "layer": "layer-public", "one": 1, "a": "a", "code": "x",
          "category": "road_blocked", "state": "verified", "screen": "list", "size": 192,
          "language": "ja", "z": 10, "x": 883, "y": 414}  # fmt: skip
# allauth's pages concern only the person who is signed in: a visitor is sent to the login (302),
# to what needs no person (200), or stands before a closed door.
OPEN_TO_VISITORS = {
    "/accounts/login/", "/accounts/inactive/", "/accounts/signup/", "/accounts/confirm-email/",
    "/accounts/password/reset/", "/accounts/password/reset/key/done/",
    "/accounts/password/reset/done/", "/accounts/confirm-email/1/",
    "/accounts/password/reset/key/1-1/",
}  # fmt: skip
FRAMEWORK = ("/accounts/", "/admin/", "/i18n/setlang/")

# rows without a body here are sent without one
BODIES: dict[str, Any] = {
    "POST /api/v1/photos/{photo}/public": {"boxes": [[0, 0, 0.5, 0.5]]},
    "PUT /api/v1/incidents/{slug}/release-rules/{category}/{state}": {"place": "rounded"},
    "POST /api/v1/enrol": {"code": "there-is-none", "label": "x"},
    "PATCH /api/v1/devices/me": {"unsent": 2},
    "PATCH /api/v1/reports/{plain}": {"severity": "minor"},
    "POST /api/v1/reports/{plain}/notes": {"kind": "note", "text": "x"},
    "POST /api/v1/incidents/{slug}/exports": {"kind": "csv"},
    "POST /api/v1/incidents/{slug}/seen": {"looked": True},
    "PUT /api/v1/incidents/{slug}/views/{new}": {"name": "x", "query": "q=x"},
    "POST /api/v1/incidents/{slug}/broadcasts": {"kind": "info", "text": "x"},
    "PUT /api/v1/incidents/{slug}/entered/{new}": {"channel": "phone", "category": "other"},
    "POST /api/v1/incidents/{slug}/log": {"kind": "note", "text": "x"},
    "PUT /api/v1/broadcasts/{broadcast}/read": {"read_at": "2016-04-16T12:00:00+09:00"},
    "POST /api/v1/layers": {"slug": "new", "title": "x", "kind": "shelter"},
    "PATCH /api/v1/layers/{layer}": {"title": "x"},
    "PATCH /api/v1/layers/{layer}/features/{a}": {"operation": "open"},
    "POST /api/v1/layers/{layer}/features": {"name": "x", "address": "熊本市"},
    "POST /api/v1/map-links": {"title": "x", "url": "https://example.org/map"},
    "PUT /api/v1/situations/{new}": {
        "incident": "quake",
        "layer": "layer-public",
        "feature": "a",
        "persons": 1,
        "captured_at": "2016-04-16T12:00:00+09:00",
    },
}


def patterns(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Every route of the URL conf, as it is written there."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield "/" + route
        else:
            yield from patterns(entry, route)


def operations() -> set[str]:
    """ "METHOD /route" of everything the API does."""
    found = set()
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                found |= {f"{method} /api/v1{prefix}{path}" for method in operation.methods}
    return found


def shape(route: str) -> str:
    """A route with its parameters' names taken out: `<slug:slug>`, `{uuid:id}` -> `{}`."""
    return re.sub(r"<[^>]*>|\{[^}]*\}", "{}", route)


def test_every_operation_of_the_api_has_a_row() -> None:
    listed = {shape(row) for row in rows(ROUTES)}
    assert {shape(operation) for operation in operations()} - listed == set()


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    ours = {shape(route) for route in patterns() if not route.startswith(FRAMEWORK)}
    assert ours == {shape(row.split(" ")[1]) for row in rows(ROUTES)}


def body_of(row: str, world: World) -> str:
    if row.startswith("PUT /api/v1/reports"):
        return json.dumps(builders.report_body(world.incident))
    if row.endswith("/merge"):
        return json.dumps({"into": str(world.reports["home"])})
    if row.endswith("/data"):
        features = [layer_builders.spot("a")]
        return json.dumps({"type": "FeatureCollection", "features": features})
    plain = str(world.reports["plain"])
    if row.endswith("/bulk"):
        seen = [{"id": plain, "version": 2}]
        return json.dumps({"reports": seen, "change": {"severity": "minor"}})
    if row.startswith("PUT") and "/claims/" in row:
        return json.dumps({"report": plain})
    return json.dumps(BODIES[row]) if row in BODIES else ""


def status(world: World, role: str, row: str) -> int:
    method, route = row.split(" ", 1)
    plain = world.reports["plain"]
    ids = {"new": uuid.uuid4(), "photo": world.photo(plain), "crew": world.devices["field"].device}
    ids["broadcast"], ids["export"] = world.broadcast.id, world.export.id
    ids["home"] = world.reports["home"]
    path = route.format(plain=plain, **ids, **PLACES)
    more: dict[str, Any] = {"headers": {"If-Match": '"2"'}} if method != "GET" else {}
    if content := body_of(row, world):
        more |= {"data": content, "content_type": "application/json"}
    with world.untouched():
        return world.clients[role].generic(method, path, **more).status_code


def test_each_role_gets_at_each_route_what_the_table_says(world: World) -> None:
    wrong = []
    for row, expected in rows(ROUTES).items():
        for role, code in zip(ROLES, expected, strict=True):
            if (got := status(world, role, row)) != code:
                wrong.append(f"{row} as {role}: {got}, not {code}")
    assert not wrong, "\n".join(wrong)


def filled(route: str) -> str:
    """A framework route with a 1 for every parameter, plain or regular expression."""
    text = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "1", route)
    return text.replace("^", "").replace("$", "")


def test_the_frameworks_pages_are_closed_to_visitors(world: World) -> None:
    wrong = []
    for route in patterns():
        if not route.startswith("/accounts/"):
            continue
        for role in ("nobody", "volunteer", "field"):
            code = world.clients[role].get(filled(route)).status_code
            if code != (200 if filled(route) in OPEN_TO_VISITORS else 302):
                wrong.append(f"{route} as {role}: {code}")
    assert not wrong, "\n".join(wrong)


def test_nobody_makes_an_account_for_himself(world: World) -> None:
    given = {"username": "mallory", "password1": "n0t-guessable!", "password2": "n0t-guessable!"}
    world.clients["nobody"].post("/accounts/signup/", given)
    assert not User.objects.filter(username="mallory").exists()


def test_the_administration_is_for_staff_only(world: World) -> None:
    wrong = []
    for route in patterns():
        if route.startswith("/admin/") and route != "/admin/login/":
            for role in ("nobody", "operator"):
                answer = world.clients[role].get(filled(route))
                login = answer.status_code == 302 and "/admin/login/" in answer["Location"]
                if not login and route != "/admin/logout/":
                    wrong.append(f"{route} as {role}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def addresses(what: str, name: str, world: World) -> list[str]:
    if what == "layer":
        api, tiles = f"/api/v1/layers/layer-{name}", f"/tiles/layers/layer-{name}"
        found = [api, f"{api}/features", f"{tiles}.json", f"{tiles}/10/883/414.mvt"]
        return (
            found
            if name == "draft"
            else [*found, f"{api}/features/a", f"{api}/features/a/situations"]
        )
    report = world.named(name)
    if what in ("report", "notes", "history"):
        return [f"/api/v1/reports/{report}" + ("" if what == "report" else f"/{what}")]
    photo = f"/api/v1/photos/{world.photo(report)}"
    if what == "original":
        return [f"{photo}/original"]
    return [photo, *(f"{photo}/{which}" for which in ("preview", "display", "thumb"))]


def test_each_role_gets_of_each_object_what_the_table_says(world: World) -> None:
    wrong = []
    for row, expected in rows(OBJECTS).items():
        for path in addresses(*row.split(" "), world):
            for role, code in zip(ROLES, expected, strict=True):
                if (got := world.clients[role].get(path).status_code) != code:
                    wrong.append(f"{row}, {path} as {role}: {got}, not {code}")
    assert not wrong, "\n".join(wrong)
