"""Nobody joins by guessing, and nobody is kept from joining by somebody who guesses."""

from __future__ import annotations

import concurrent.futures
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.test import Client, RequestFactory

from gspace import actions, joining, tries
from gspace.models import Device, Tries
from gspace.problems import Problem
from tests import builders

pytestmark = pytest.mark.django_db
LIMIT = 10


def enrol(code: str, address: str = "192.0.2.1") -> Any:
    body = {"code": code, "label": "x"}
    return Client(REMOTE_ADDR=address).post("/api/v1/enrol", body, content_type="application/json")


def transfer() -> str:
    """Six digits that are right."""
    device = Device.objects.get(id=builders.device(builders.make_incident())[0].device)
    return actions.transfer_create(device=device)[2]


def wrong(right: str = "") -> str:
    return "111111" if right != "111111" else "222222"


def passed(**ago: int) -> None:
    for row in Tries.objects.all():
        row.since -= timedelta(**ago)
        row.save()


@pytest.mark.parametrize("code", ["111111", "there-is-none"])
def test_failed_tries_end(code: str) -> None:
    answers = [enrol(code) for _ in range(LIMIT + 2)]
    assert [a.status_code for a in answers] == [404] * LIMIT + [429] * 2
    refused = answers[-1]
    assert refused.json()["code"] == "too_many_tries"
    assert 500 < int(refused["Retry-After"]) <= 600
    assert refused.json()["retry_after_s"] == int(refused["Retry-After"])


def test_another_address_goes_on() -> None:
    for _ in range(LIMIT + 1):
        enrol("there-is-none")
    assert enrol("there-is-none", "192.0.2.2").status_code == 404


def test_the_window_ends() -> None:
    for _ in range(LIMIT + 1):
        enrol("111111")
    passed(seconds=599)
    assert enrol("111111").status_code == 429
    passed(seconds=2)
    assert enrol("111111").status_code == 404


def test_right_digits_are_refused_too_after_the_limit() -> None:
    """Else the limit would not end the guessing."""
    digits = transfer()
    for _ in range(LIMIT):
        enrol(wrong(digits))
    assert enrol(digits).status_code == 429
    assert enrol(digits, "192.0.2.2").status_code == 201


def test_a_right_invitation_always_works() -> None:
    """A school's whole fire corps shares one address; one joker must not lock all of them out."""
    _, code = actions.invite_create(organisation=builders.make_organisation(), max_uses=50)
    for _ in range(LIMIT * 3):
        enrol("there-is-none")
    assert enrol(code).status_code == 201


def test_what_succeeds_does_not_count() -> None:
    for _ in range(LIMIT * 2):
        assert enrol(transfer()).status_code == 201
    assert all(row.n == 0 for row in Tries.objects.all())
    assert enrol("111111").status_code == 404


def test_many_addresses_together_end_too(settings: Any) -> None:
    settings.LIMIT_ENROL_TRIES_IN_ALL = 20
    answers = [enrol("111111", f"192.0.2.{n}").status_code for n in range(25)]
    assert answers == [404] * 20 + [429] * 5
    # invitations are too long to be found by trying: they go on
    _, code = actions.invite_create(organisation=builders.make_organisation())
    assert enrol("there-is-none", "192.0.2.99").status_code == 404
    assert enrol(code, "192.0.2.99").status_code == 201


def test_who_is_over_the_limit_uses_up_nothing_of_all(settings: Any) -> None:
    settings.LIMIT_ENROL_TRIES_IN_ALL = LIMIT + 5
    for _ in range(LIMIT * 5):
        enrol("111111")
    assert enrol(transfer(), "192.0.2.2").status_code == 201


def test_the_join_page_counts_with_it() -> None:
    browser = Client(REMOTE_ADDR="192.0.2.1", HTTP_ACCEPT_LANGUAGE="en")
    answers = [browser.post("/m/join/there-is-none", {"label": "x"}) for _ in range(LIMIT + 1)]
    assert [a.status_code for a in answers] == [404] * LIMIT + [429]
    page = answers[-1].content.decode()
    assert "Too many tries" in page and 'name="label"' in page and 'value="x"' in page
    assert enrol("111111").status_code == 429


def test_a_missing_name_is_no_failed_try() -> None:
    _, code = actions.invite_create(organisation=builders.make_organisation())
    for _ in range(LIMIT * 2):
        with pytest.raises(Problem) as refused:
            joining.join(code=code, label="", address="192.0.2.1")
        assert (refused.value.code, refused.value.field) == ("invalid", "label")
    assert joining.join(code=code, label="東区1班", address="192.0.2.1")


@pytest.mark.parametrize(
    ("remote", "counted"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
     ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"), ("::ffff:192.0.2.1", "192.0.2.1"),
     ("", ""), ("unix:", "unix:")],
)  # fmt: skip
def test_one_subscriber_is_one_address(remote: str, counted: str) -> None:
    assert tries.address(RequestFactory().get("/", REMOTE_ADDR=remote)) == counted


def test_what_was_counted_is_forgotten() -> None:
    enrol("111111")
    tries.prune()
    assert Tries.objects.count() == 2
    passed(days=3)
    tries.prune()
    assert not Tries.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", ["111111", "there-is-none"])
def test_parallel_tries_never_pass_the_limit(server: str, code: str) -> None:
    def one(_: int) -> int:
        body = {"code": code, "label": "x"}
        return httpx.post(f"{server}/api/v1/enrol", json=body, timeout=30).status_code

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = Counter(pool.map(one, range(60)))
    assert answers == {404: LIMIT, 429: 60 - LIMIT}


@pytest.mark.django_db(transaction=True)
def test_parallel_counting_gives_no_number_twice() -> None:
    def one(_: int) -> bool:
        from django.db import connection

        try:
            tries.take("x", limit=25, window_s=600)
        except Problem:
            return False
        finally:
            connection.close()
        return True

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(200))) == 25
    assert Tries.objects.get().n == 200
