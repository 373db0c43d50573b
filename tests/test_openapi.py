"""A stranger can program against /api/v1/openapi.json: complete, valid, and true (P15)."""

from __future__ import annotations

import unittest
from typing import Any

import hypothesis
import jsonschema
import pytest
import requests
import schemathesis
from hypothesis import given
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode as Mode
from schemathesis.checks import CHECKS as ALL_CHECKS
from schemathesis.checks import load_all_checks

from mobile_api.api import api
from mobile_api.openapi import OPERATIONS
from tests import builders
from tests.access_world import World
from tests.test_access_matrix import operations, shape

bounded = hypothesis.settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)

# DESIGN 4.3, as far as it is there today
CONTRACT = """
POST /enrol | PUT /reports/{} | GET /reports/{} | PATCH /reports/{} | DELETE /reports/{}
POST /reports/{}/merge | POST /reports/{}/undo | POST /reports/{}/notes
PUT /photos/{}/preview | PUT /photos/{}/original | GET /photos/{} | POST /uploads/
GET /incidents/{}/state | GET /incidents/{}/reports | GET /incidents/{}/changes
GET /layers | POST /layers | PUT /layers/{}/data | GET /layers/{}/versions/{}
POST /layers/{}/versions/{}/publish | POST /layers/{}/rollback | GET /layers/{}/features
PATCH /layers/{}/features/{} | GET /vocabulary | POST /layers/{}/features
DELETE /layers/{}/features/{} | GET /layers/{}/versions | GET /layers/{}/versions/{}/diff
GET /layers/{}/versions/{}/features | GET /layers/{}/versions/{}/file | GET /layers/{}/edits
POST /layers/{}/versions/{}/read | POST /layers/{}/edits/{}/undo | GET /map-links
GET /layers/{}/features/{}/series | POST /map-links | DELETE /map-links/{}
GET /devices/me/changes | POST /reports/{}/accept | GET /incidents/{}/broadcasts
POST /incidents/{}/broadcasts | POST /broadcasts/{}/withdraw | PUT /broadcasts/{}/read
GET /reports/{}/duplicates | DELETE /reports/{}/merge | GET /incidents/{}/duplicates
PUT /situations/{} | GET /layers/{}/features/{}/situations
"""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = api.get_openapi_schema()
    return found


def listed(document: dict[str, Any]) -> set[str]:
    return {
        f"{method.upper()} {shape(path)}"
        for path, found in document["paths"].items()
        for method in found
    }


def test_the_contract_is_in_it(document: dict[str, Any]) -> None:
    wanted = {row.strip() for row in CONTRACT.replace("\n", "|").split("|") if row.strip()}
    assert {row.replace(" ", " /api/v1", 1) for row in wanted} - listed(document) == set()


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    described = {shape(name).replace(" ", " /api/v1", 1) for name in OPERATIONS}
    assert {shape(operation) for operation in operations()} - described == set()
    assert listed(document) == described
    names = [found["operationId"] for path in document["paths"].values() for found in path.values()]
    assert len(names) == len(set(names)) and not [n for n in names if "api" in n]


def refs(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(refs(inner) for inner in value.values()))
    return set().union(*(refs(inner) for inner in value)) if isinstance(value, list) else set()


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert refs(document) - known == set()


def test_a_strangers_report_checked_by_the_document_is_taken(document: dict[str, Any], db) -> None:
    schema = {"$ref": "#/components/schemas/ReportIn", "components": document["components"]}
    body = builders.report_body(builders.make_incident(), photos=[builders.announce(b"x")])
    jsonschema.validate(body, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body | {"category": "volcano"}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({k: v for k, v in body.items() if k != "incident"}, schema)


load_all_checks()
CHECKS = ALL_CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ]
)


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_every_answer_is_as_the_document_says(server: str) -> None:
    """Each operation by generated requests of two callers, half of them for what exists."""
    world = World()
    document = schemathesis.openapi.from_url(f"{server}/api/v1/openapi.json")
    assert len(CHECKS) == 4
    wrong: list[str] = []
    for found in document.get_all_operations():
        operation = found.ok()
        for role, mode in (("operator", Mode.POSITIVE), ("field", Mode.NEGATIVE)):
            wrong += faults(operation, server, world, role, mode)
    assert not wrong, "\n".join(wrong)


def faults(operation: Any, server: str, world: World, role: str, mode: Mode) -> list[str]:
    """What schemathesis finds wrong with the answers to one operation."""
    photo = world.photo(world.reports["plain"])
    known = {"report_id": str(world.reports["plain"]), "photo_id": photo, "feature_id": "a"}
    known["broadcast_id"] = str(world.broadcast.id)
    known["slug"] = "quake" if "incidents" in operation.path else "layer-public"

    @bounded
    @given(operation.as_strategy(mode))
    def run(case: schemathesis.Case) -> None:
        # an erased report would answer nobody after that
        if mode is Mode.POSITIVE and operation.method != "delete":
            case.path_parameters.update({n: known[n] for n in case.path_parameters if n in known})
        try:
            answer = case.call(base_url=server, headers=builders.bearer(world.tokens[role]))
        except requests.exceptions.RequestException:
            # a header or address that no client can send
            return
        case.validate_response(answer, checks=CHECKS)

    try:
        run()
    # nothing to get wrong: an operation without parameters
    except (unittest.SkipTest, Unsatisfiable):
        pass
    except BaseExceptionGroup as found:
        return [f"{operation.label} as {role}: {fault}" for fault in found.exceptions]
    except AssertionError as found:
        return [f"{operation.label} as {role}: {found}"]
    return []
