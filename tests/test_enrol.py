"""Joining: an invitation's code becomes a device token; revoked means gone."""

from __future__ import annotations

import concurrent.futures
import json
import uuid
from typing import Any

import httpx
import pytest
from django.core.management import call_command
from django.test import Client

from gspace import access, actions
from gspace.models import Device
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


def enrol(server: str, code: str) -> httpx.Response:
    return httpx.post(f"{server}/api/v1/enrol", json={"code": code, "label": "東区1班"})


def test_it_works(server: str) -> None:
    incident = builders.make_incident()
    _, code = actions.invite_create(organisation=builders.headquarters(incident))
    answer = enrol(server, code)
    assert answer.status_code == 201
    told = answer.json()
    assert told["incidents"] == [incident.slug]
    sent = httpx.put(
        f"{server}/api/v1/reports/{uuid.uuid4()}",
        json=builders.report_body(incident),
        headers=builders.bearer(told["token"]),
    )
    assert sent.status_code == 201


def test_the_last_place_is_given_once(server: str) -> None:
    _, code = actions.invite_create(organisation=builders.make_organisation(), max_uses=3)
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: enrol(server, code).status_code, range(10)))
    assert sorted(answers) == [201] * 3 + [404] * 7


@pytest.mark.parametrize("code", ["", "unknown", "\u0000", "x" * 300])
def test_a_bad_code_is_said(server: str, code: str) -> None:
    assert enrol(server, code).status_code in (404, 422)


def test_an_expired_code_is_refused(server: str) -> None:
    _, code = actions.invite_create(organisation=builders.make_organisation(), days=-1)
    assert enrol(server, code).json()["code"] == "invite_invalid"


def test_revoked_is_401_at_once(server: str) -> None:
    incident = builders.make_incident()
    caller, token = builders.device(incident)
    actions.device_revoke(device=Device.objects.get(id=caller.device))
    answer = httpx.get(
        f"{server}/api/v1/incidents/{incident.slug}/reports", headers=builders.bearer(token)
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


def test_tokens_are_kept_hashed() -> None:
    caller, token = builders.device(builders.make_incident())
    assert token not in json.dumps(list(Device.objects.values()), default=str)
    assert caller.key.startswith("device:")


def test_commands_print_json(capsys: pytest.CaptureFixture[str]) -> None:
    incident = builders.make_incident()
    call_command("enrol_device", incident=incident.slug, label="crew", audience="volunteer")
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"token", "device", "incident"}
    organisation = builders.headquarters(incident)
    call_command("api_token", organisation=organisation.slug, role="operator", label="x")
    assert set(json.loads(capsys.readouterr().out)) == {"token"}


@pytest.mark.parametrize("label", ["", "  ", None])
def test_an_invitation_needs_a_name_and_waits_for_it(server: str, label: str | None) -> None:
    _, code = actions.invite_create(organisation=builders.make_organisation())
    body = {"code": code} | ({} if label is None else {"label": label})
    answer = httpx.post(f"{server}/api/v1/enrol", json=body)
    assert (answer.status_code, answer.json()["field"]) == (422, "label")
    assert enrol(server, code).status_code == 201


def test_the_join_page_has_the_rules_and_asks_one_thing() -> None:
    page = Client(HTTP_ACCEPT_LANGUAGE="en").get("/m/join/x").content.decode()
    for rule in ("own safety comes first", "Do not enter dangerous places", "faces and nameplates",
                 "may be published", "119", "in this disaster only"):  # fmt: skip
        assert rule in page
    form = page[page.index("<main") :]
    assert form.count("<input") - form.count('type="hidden"') == 1
    assert "<script" not in page


def test_joining_by_the_page_leads_to_the_app_and_its_key() -> None:
    incident = builders.make_incident()
    _, code = actions.invite_create(organisation=builders.headquarters(incident))
    phone = Client(enforce_csrf_checks=True)
    phone.get(f"/m/join/{code}")
    proof = {"X-CSRFToken": phone.cookies["csrftoken"].value}
    answer = phone.post(f"/m/join/{code}", {"label": "東区1班"}, headers=proof)
    assert (answer.status_code, answer["Location"]) == (302, "/m/")
    cookie = phone.cookies[access.DEVICE_COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    given = phone.post("/api/v1/devices/me/keys", headers=proof).json()
    assert given["token"] != cookie.value
    told = own(given["token"])
    assert (told["label"], told["incidents"][0]["slug"]) == ("東区1班", incident.slug)
    again = phone.get("/m/join/x", headers={"Accept-Language": "en"}).content.decode()
    assert "has already joined as 東区1班" in again


def own(token: str) -> dict[str, Any]:
    """What the device of this token is told of itself."""
    found: dict[str, Any] = Client(headers=builders.bearer(token)).get("/api/v1/devices/me").json()
    return found
