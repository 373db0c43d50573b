"""The server finds what the page finds: fixtures/filter_examples.json, also read by node."""

from __future__ import annotations

import json

import pytest

from gspace import feed
from reports import queries
from reports.filters import asked
from tests import builders
from tests.filter_examples import GIVEN, ident, make

pytestmark = pytest.mark.django_db
USUAL = "duplicate,rejected,withdrawn"


def test_each_example_finds_the_same_as_the_page() -> None:
    incident = builders.make_incident()
    by = builders.operator(incident)
    make(incident, by.key)
    names = {str(ident(given["id"])): given["id"] for given in GIVEN["reports"]}
    wrong = {}
    for example in GIVEN["examples"]:
        query = dict(part.split("=", 1) for part in example["asks"].split("&") if part)
        hidden = example.get("hidden", USUAL)
        query |= {"exclude_status": hidden} if hidden else {}
        audience = example.get("audience", "hq")
        found = json.loads(queries.snapshot(incident, audience, feed.epoch(), asked(query, by)))
        ids = {names[f["id"]] for f in found["features"] if f["id"] in names}
        if ids != set(example["found"]):
            wrong[example["says"]] = (query, ids, example["found"])
    assert wrong == {}


def test_the_examples_tell_reports_as_the_server_does() -> None:
    incident = builders.make_incident()
    by = builders.operator(incident)
    make(incident, by.key)
    found = json.loads(queries.snapshot(incident, "hq", feed.epoch(), {}))["features"]
    features = {feature["id"]: feature for feature in found}
    for given in GIVEN["reports"]:
        told = features[str(ident(given["id"]))]
        said = {n: v for n, v in given.items() if n in told["properties"]}
        said.pop("received_at", None), said.pop("updated_at", None)
        organisation = GIVEN["organisations"].get(given.get("organisation"))
        photos = [photo["state"] for photo in told["properties"]["photos"]]
        now = {**told["properties"], "photos": photos}
        expected = said | {"organisation": organisation, "photos": given.get("photos", [])}
        assert {n: now[n] for n in expected} == expected, given["id"]
        assert told["geometry"] == given.get("geometry"), given["id"]
