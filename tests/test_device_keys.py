"""What a device knows and says about itself, and its further keys."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from django.test import Client

from gspace import access, actions, app_build
from gspace.models import Device, DeviceKey, Incident
from tests import builders

pytestmark = pytest.mark.django_db
ME = "/api/v1/devices/me"


@pytest.fixture
def incident() -> Incident:
    return builders.make_incident("quake")


def phone(token: str, **more: Any) -> Client:
    """A program with this token."""
    return Client(headers=builders.bearer(token), **more)


def browser(token: str, **more: Any) -> Client:
    found = Client(**more)
    found.cookies[access.DEVICE_COOKIE] = token
    return found


def patch(client: Client, **body: Any) -> Any:
    return client.patch(ME, body, content_type="application/json")


def test_it_knows_itself_and_where_it_may_report(incident: Incident) -> None:
    caller, token = builders.device(incident)
    told = phone(token).get(ME).json()
    assert (told["device"], told["label"]) == (caller.device, caller.name)
    assert told["audience"] == "field"
    assert told["organisation"]["slug"] == "quake-hq"
    assert [i["slug"] for i in told["incidents"]] == ["quake"]
    assert told["incidents"][0]["headquarters"] == "quake-hq"
    assert told["incidents"][0]["extent"] is None
    assert told["build"] == app_build.current()
    assert abs(datetime.fromisoformat(told["now"]) - datetime.now(UTC)) < timedelta(seconds=5)


def test_an_incident_opened_later_is_offered_without_a_new_code(incident: Incident) -> None:
    _, token = builders.device(incident)
    city = builders.headquarters(incident)
    for slug, state in (("drill", "drill"), ("flood", "active"), ("over", "closed")):
        builders.join(builders.make_incident(slug, state=state), city, "support")
    # field staff of an organisation that only supports do not report there: as access.may_report
    assert [i["slug"] for i in phone(token).get(ME).json()["incidents"]] == ["quake"]
    for slug in ("drill", "flood", "over"):
        Incident.objects.get(slug=slug).parts.filter(organisation=city).update(part="partner")
    offered = phone(token).get(ME).json()["incidents"]
    assert [(i["slug"], i["headquarters"]) for i in offered] == [
        ("flood", "flood-hq"), ("quake", "quake-hq"), ("drill", "drill-hq"),
    ]  # fmt: skip


def test_the_extent_is_that_of_the_area(incident: Incident) -> None:
    Incident.objects.update(
        area="SRID=4326;MULTIPOLYGON(((130.5 32.6, 131 32.6, 131 33, 130.5 32.6)))"
    )
    _, token = builders.device(incident)
    assert phone(token).get(ME).json()["incidents"][0]["extent"] == [130.5, 32.6, 131.0, 33.0]


def test_asking_takes_a_fixed_number_of_statements(
    incident: Incident, django_assert_max_num_queries: Any
) -> None:
    _, token = builders.device(incident)
    city = builders.headquarters(incident)
    for n in range(5):
        builders.join(builders.make_incident(f"more-{n}"), city, "partner")
    client = phone(token)
    client.get(ME)
    with django_assert_max_num_queries(6):
        assert len(client.get(ME).json()["incidents"]) == 6


def test_it_says_what_waits_in_it(incident: Incident) -> None:
    caller, token = builders.device(incident)
    oldest = "2016-04-16T02:11:00+09:00"
    assert patch(phone(token), unsent=3, oldest_unsent_at=oldest).json()["device"] == caller.device
    row = Device.objects.get()
    assert (row.unsent, row.oldest_unsent_at) == (3, datetime.fromisoformat(oldest))
    assert row.contact_at and datetime.now(UTC) - row.contact_at < timedelta(seconds=5)
    patch(phone(token), unsent=0, oldest_unsent_at=oldest)
    row.refresh_from_db()
    assert (row.unsent, row.oldest_unsent_at) == (0, None)


def test_it_takes_another_name_and_keeps_what_was_said(incident: Incident) -> None:
    _, token = builders.device(incident)
    patch(phone(token), unsent=3)
    assert patch(phone(token), label=" 東区2班 ").json()["label"] == "東区2班"
    assert Device.objects.get().unsent == 3
    assert patch(phone(token), label=None).json()["label"] == "東区2班"


@pytest.mark.parametrize(
    ("body", "field"),
    [({"label": ""}, "label"), ({"label": " "}, "label"), ({"label": "x" * 121}, "label"),
     ({"label": "a\x00b"}, "label"), ({"unsent": -1}, "unsent"), ({"unsent": 10**9}, "unsent"),
     ({"unsent": "x"}, "unsent"), ({"oldest_unsent_at": "2016-04-16T02:11:00"}, "oldest_unsent_at"),
     ({"oldest_unsent_at": 5}, "oldest_unsent_at")],
)  # fmt: skip
def test_what_makes_no_sense_is_said(incident: Incident, body: dict, field: str) -> None:
    _, token = builders.device(incident)
    answer = patch(phone(token), **body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert Device.objects.get().unsent is None


def test_a_further_key_is_the_same_device(incident: Incident) -> None:
    caller, token = builders.device(incident)
    answer = phone(token).post(f"{ME}/keys")
    told = answer.json()
    assert (answer.status_code, told["device"]) == (201, caller.device)
    assert told["incidents"] == ["quake"]
    assert told["token"] != token
    assert access.caller_from_token(told["token"]) == access.caller_from_token(token)
    assert told["token"] not in str(list(DeviceKey.objects.values()))


def test_what_one_key_sent_the_other_sees_as_its_own(incident: Incident) -> None:
    _, token = builders.device(incident)
    report = f"/api/v1/reports/{uuid.uuid4()}"
    body = builders.report_body(incident)
    assert phone(token).put(report, body, content_type="application/json").status_code == 201
    other = phone(phone(token).post(f"{ME}/keys").json()["token"])
    assert other.put(report, body, content_type="application/json").status_code == 200


def test_revoking_the_device_stops_all_its_keys(incident: Incident) -> None:
    caller, token = builders.device(incident)
    further = phone(token).post(f"{ME}/keys").json()["token"]
    actions.device_revoke(device=Device.objects.get(id=caller.device))
    for key in (token, further):
        for client in (phone(key), browser(key)):
            answer = client.get(ME)
            assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
            assert client.post(f"{ME}/keys").json()["code"] == "token_invalid"


def test_the_cookie_asks_too_but_only_from_our_page(incident: Incident) -> None:
    """Joining by the plain page leaves a cookie; the app gets its key with it."""
    caller, token = builders.device(incident)
    assert browser(token).post(f"{ME}/keys").json()["device"] == caller.device
    strict = browser(token, enforce_csrf_checks=True)
    for path in (f"{ME}/keys", f"{ME}/transfer"):
        answer = strict.post(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert patch(strict, unsent=1).status_code == 403
    strict.get("/m/join/x")
    proof = {"X-CSRFToken": strict.cookies["csrftoken"].value}
    assert strict.post(f"{ME}/keys", headers=proof).status_code == 201


def test_signing_out_ends_the_keys_of_this_app_alone(incident: Incident) -> None:
    caller, first = builders.device(incident)
    installed, own = (phone(first).post(f"{ME}/keys").json()["token"] for _ in range(2))
    _, strangers = builders.device(incident)
    app = browser(first, headers=builders.bearer(own))
    answer = app.delete(f"{ME}/keys")
    assert answer.json() == {"device": caller.device}
    assert answer.cookies[access.DEVICE_COOKIE].value == ""
    assert [phone(key).get(ME).status_code for key in (own, first)] == [401, 401]
    assert phone(installed).get(ME).json()["device"] == caller.device
    # a stranger's cookie beside it is not ours to end
    browser(strangers, headers=builders.bearer(installed)).delete(f"{ME}/keys")
    assert phone(strangers).get(ME).status_code == 200


def test_a_person_signed_in_does_not_hide_the_phone(incident: Incident) -> None:
    caller, token = builders.device(incident)
    both = browser(token)
    both.force_login(builders.make_user(builders.headquarters(incident)))
    assert both.get(ME).json()["device"] == caller.device
    assert both.post(f"{ME}/keys").json()["device"] == caller.device


def test_programs_and_people_are_no_device(incident: Incident) -> None:
    program = builders.api_token(builders.headquarters(incident), "operator")
    for method in ("get", "patch"):
        assert getattr(phone(program), method)(ME).status_code == 403
    assert Client().get(ME).json()["code"] == "not_signed_in"
    # a bearer token stands alone: the cookie beside it is not asked
    _, token = builders.device(incident)
    mixed = browser(token, headers=builders.bearer(program))
    assert mixed.get(ME).status_code == 403


def test_no_end_of_keys_is_not_given(incident: Incident, settings: Any) -> None:
    settings.LIMIT_DEVICE_KEYS_A_DAY = 3
    _, token = builders.device(incident)
    answers = [phone(token).post(f"{ME}/{what}") for what in ("keys", "transfer") * 2]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert int(answers[-1]["Retry-After"]) > 23 * 3600
    _, other = builders.device(incident)
    assert phone(other).post(f"{ME}/keys").status_code == 201


@pytest.mark.django_db(transaction=True)
def test_our_page_gets_the_cookie_and_a_program_does_not(server: str) -> None:
    _, code = actions.invite_create(organisation=builders.make_organisation(), max_uses=9)
    body = {"code": code, "label": "東区1班"}
    for site, given in (("same-origin", True), ("cross-site", False), ("", False)):
        headers = {"Sec-Fetch-Site": site} if site else {}
        answer = httpx.post(f"{server}/api/v1/enrol", json=body, headers=headers)
        assert answer.status_code == 201
        assert (access.DEVICE_COOKIE in answer.cookies) is given
        if given:
            assert answer.cookies[access.DEVICE_COOKIE] == answer.json()["token"]
            said = answer.headers["set-cookie"]
            assert "HttpOnly" in said and "SameSite=Lax" in said and "Path=/" in said
