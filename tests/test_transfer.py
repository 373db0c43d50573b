"""An iPhone's installed app does not see Safari's storage: the device is handed over, once."""

from __future__ import annotations

import concurrent.futures
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from gspace import access, actions
from gspace.models import Device, DeviceKey, Incident, Transfer
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def incident() -> Incident:
    return builders.make_incident("quake")


def hand_over(server: str, token: str) -> dict[str, Any]:
    answer = httpx.post(f"{server}/api/v1/devices/me/transfer", headers=builders.bearer(token))
    assert answer.status_code == 201
    told: dict[str, Any] = answer.json()
    return told


def enrol(server: str, code: str, **more: Any) -> httpx.Response:
    return httpx.post(f"{server}/api/v1/enrol", json={"code": code, **more})


def later(**ago: int) -> None:
    """As if that much time had passed."""
    for row in Transfer.objects.all():
        row.expires_at -= timedelta(**ago)
        row.digits_expire_at -= timedelta(**ago)
        row.save()


def test_the_codes_say_how_long_they_live(server: str, incident: Incident) -> None:
    told = hand_over(server, builders.device(incident)[1])
    now = datetime.now(UTC)
    assert told["link"] == f"/m/?transfer={told['code']}"
    assert len(told["digits"]) == 6 and told["digits"].isdigit()
    for name, lives in (("expires_at", 24 * 3600), ("digits_expire_at", 600)):
        left = datetime.fromisoformat(told[name]) - now
        assert abs(left.total_seconds() - lives) < 10


@pytest.mark.parametrize("form", ["code", "digits"])
def test_the_same_device_gets_another_key_once(server: str, incident: Incident, form: str) -> None:
    caller, token = builders.device(incident)
    told = hand_over(server, token)
    answer = enrol(server, told[form])
    assert (answer.status_code, answer.json()["device"]) == (201, caller.device)
    given = answer.json()["token"]
    assert access.caller_from_token(given) == access.caller_from_token(token)
    assert Device.objects.count() == 1
    # either form uses up both
    for other in ("code", "digits"):
        again = enrol(server, told[other])
        assert (again.status_code, again.json()["code"]) == (404, "invite_invalid")
    assert DeviceKey.objects.count() == 1


@pytest.mark.parametrize("typed", ["{} {}", "{}-{}", " {}ー{} ", "{}\u3000{}", "{}‐{}\n", "wide"])
def test_the_digits_are_read_as_people_type_them(
    server: str, incident: Incident, typed: str
) -> None:
    digits = hand_over(server, builders.device(incident)[1])["digits"]
    wide = digits.translate({ord("0") + n: ord("０") + n for n in range(10)})
    code = wide if typed == "wide" else typed.format(digits[:3], digits[3:])
    assert enrol(server, code).status_code == 201


def test_the_label_stays_the_device_s(server: str, incident: Incident) -> None:
    caller, token = builders.device(incident)
    assert enrol(server, hand_over(server, token)["code"], label="x").status_code == 201
    assert Device.objects.get().label == caller.name


def test_the_digits_end_before_the_link(server: str, incident: Incident) -> None:
    told = hand_over(server, builders.device(incident)[1])
    later(minutes=11)
    assert enrol(server, told["digits"]).status_code == 404
    assert enrol(server, told["code"]).status_code == 201


def test_the_link_ends_after_a_day(server: str, incident: Incident) -> None:
    told = hand_over(server, builders.device(incident)[1])
    later(hours=25)
    assert enrol(server, told["code"]).status_code == 404


def test_newer_digits_end_the_older_ones_but_no_link(server: str, incident: Incident) -> None:
    """The installed app may carry the first link in its start address."""
    _, token = builders.device(incident)
    first, second = hand_over(server, token), hand_over(server, token)
    assert enrol(server, first["digits"]).status_code == 404
    assert enrol(server, second["digits"]).status_code == 201
    assert enrol(server, first["code"]).status_code == 201


def test_a_revoked_device_hands_over_nothing(server: str, incident: Incident) -> None:
    caller, token = builders.device(incident)
    told = hand_over(server, token)
    actions.device_revoke(device=Device.objects.get(id=caller.device))
    assert enrol(server, told["code"]).status_code == 404
    assert enrol(server, told["digits"]).status_code == 404
    assert not DeviceKey.objects.exists()
    refused = httpx.post(f"{server}/api/v1/devices/me/transfer", headers=builders.bearer(token))
    assert (refused.status_code, refused.json()["code"]) == (401, "token_invalid")


def test_a_key_that_was_handed_over_ends_with_its_device(server: str, incident: Incident) -> None:
    caller, token = builders.device(incident)
    given = enrol(server, hand_over(server, token)["code"]).json()["token"]
    actions.device_revoke(device=Device.objects.get(id=caller.device))
    answer = httpx.get(f"{server}/api/v1/devices/me", headers=builders.bearer(given))
    assert answer.json()["code"] == "token_invalid"


@pytest.mark.parametrize("form", ["code", "digits"])
def test_of_many_at_once_one_gets_it(server: str, incident: Incident, form: str) -> None:
    code = hand_over(server, builders.device(incident)[1])[form]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: enrol(server, code).status_code, range(8)))
    assert sorted(answers) == [201] + [404] * 7
    assert DeviceKey.objects.count() == 1


def test_two_open_hand_overs_never_share_their_digits(
    incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([482913, 482913, 482913, 7])
    monkeypatch.setattr(actions.secrets, "randbelow", lambda _: next(drawn))
    devices = [Device.objects.get(id=builders.device(incident)[0].device) for _ in range(2)]
    digits = [actions.transfer_create(device=device)[2] for device in devices]
    assert digits == ["482913", "000007"]


def test_spent_digits_come_free_and_old_rows_go(
    incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.secrets, "randbelow", lambda _: 5)
    first, second = [Device.objects.get(id=builders.device(incident)[0].device) for _ in range(2)]
    actions.transfer_create(device=first)
    later(minutes=11)
    actions.transfer_create(device=second)
    later(hours=25)
    actions.transfer_create(device=first)
    assert Transfer.objects.filter(device=first).count() == 1


def test_neither_code_is_kept(server: str, incident: Incident) -> None:
    told = hand_over(server, builders.device(incident)[1])
    kept = str(list(Transfer.objects.values()))
    assert told["code"] not in kept and told["digits"] not in kept
    # six digits are few: their hash must not be one that anybody can make
    assert access.token_hash(told["digits"]) not in kept
