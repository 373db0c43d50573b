"""`/hq/<incident>/devices/`: inviting phones, seeing who joined, locking a phone out."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import segno
from django.test import Client
from django.utils import translation

from frontend.templatetags.ago import ago
from gspace import access, actions
from gspace.models import Device, Incident, Invite, Membership
from tests import builders

pytestmark = pytest.mark.django_db
PAGE = "/hq/quake/devices/"
FORM = {"label": "東区消防団", "audience": "volunteer", "max_uses": "2", "days": "30"}


@pytest.fixture
def incident() -> Incident:
    return builders.make_incident("quake")


def desk(incident: Incident, role: str = "operator", **more: Any) -> Client:
    """A browser in which somebody of the headquarters has signed in."""
    client = Client(HTTP_ACCEPT_LANGUAGE="en", **more)
    client.force_login(builders.make_user(builders.headquarters(incident), role))
    return client


def make(client: Client, **more: str) -> tuple[str, str]:
    """(path of the link, the page) of a new invitation."""
    page = client.post(PAGE, FORM | more)
    assert page.status_code == 200, page.content.decode()
    text = page.content.decode()
    found = re.search(r'readonly value="http://[^/]+(/m/join/[^"]+)"', text)
    assert found, text
    return found[1], text


def join(path: str, label: str = "第3分団 山田") -> Client:
    phone = Client()
    phone.post(path, {"label": label})
    return phone


def joined(phone: Client) -> bool:
    return access.DEVICE_COOKIE in phone.cookies


def text(client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_from_the_invitation_to_the_lost_phone(incident: Incident) -> None:
    hq = desk(incident)
    path, _ = make(hq)
    listed = text(hq)
    assert "東区消防団" in listed and "0 / 2" in listed and "volunteer" in listed
    phone = join(path)
    assert "1 / 2" in text(hq) and "第3分団 山田" in text(hq)
    device = Device.objects.get()
    assert device.audience == "volunteer"
    bearer = builders.bearer(phone.cookies[access.DEVICE_COOKIE].value)
    report = f"/api/v1/reports/{uuid.uuid4()}"
    body = builders.report_body(incident)
    sent = Client().put(report, body, content_type="application/json", headers=bearer)
    assert sent.status_code == 201
    assert "<dt>Reports sent</dt><dd>1</dd>" in text(hq)
    assert re.search(r"<dt>Last contact</dt><dd>\d\d:\d\d \(just now\)</dd>", text(hq))
    answer = hq.post(f"{PAGE}{device.id}/revoke/", follow=True)
    assert "is locked out" in answer.content.decode() and "Revoked" in answer.content.decode()
    refused = Client().get("/api/v1/incidents/quake/reports", headers=bearer)
    assert (refused.status_code, refused.json()["code"]) == (401, "token_invalid")
    assert 'name="category"' not in phone.get("/m/form/").content.decode()


def test_the_sheet_has_code_rules_and_expiry_in_both_languages(incident: Incident) -> None:
    path, page = make(desk(incident))
    assert '<svg viewBox="0 0 ' in page and 'class="qr"' in page and "style=" not in page
    for words in ("東区消防団", "自分の身の安全", "own safety", "人の顔や表札", "nameplates"):
        assert words in page
    for words in ("公開することがあります", "may be published", "有効期限", "Valid until"):
        assert words in page
    assert page.count(path) >= 2
    drawn = segno.make(f"http://testserver{path}", error="m", micro=False)
    lines = drawn.svg_inline(border=4, light="#fff").split('d="')[-1]
    assert lines.removesuffix('"/></svg>') in page


def test_the_code_is_shown_once_and_never_kept(incident: Incident) -> None:
    hq = desk(incident)
    path, _ = make(hq)
    code = path.rsplit("/", 1)[1]
    assert code not in text(hq)
    assert code not in str(list(Invite.objects.values()))


def test_the_link_names_the_site_that_phones_reach(incident: Incident, settings: Any) -> None:
    settings.SITE_URL = "https://g.example.jp"
    page = desk(incident).post(PAGE, FORM).content.decode()
    assert 'value="https://g.example.jp/m/join/' in page
    assert "opens on this computer only" not in page


def test_without_a_configured_site_the_asked_address_counts(incident: Incident, settings) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "http://127.0.0.1:8000", ["*"]
    hq = desk(incident, SERVER_NAME="192.168.1.10")
    assert 'value="http://192.168.1.10/m/join/' in hq.post(PAGE, FORM).content.decode()
    here = desk(incident, SERVER_NAME="127.0.0.1").post(PAGE, FORM).content.decode()
    assert "opens on this computer only" in here


def test_a_slash_behind_the_code_is_no_other_code(incident: Incident) -> None:
    path, _ = make(desk(incident))
    assert Client().get(f"{path}/").status_code == 200
    assert joined(join(f"{path}/"))


def test_it_lets_in_as_many_as_it_says(incident: Incident) -> None:
    hq = desk(incident)
    path, _ = make(hq)
    assert [joined(join(path)) for _ in range(3)] == [True, True, False]
    assert "No invitation is open." in text(hq)


def test_an_expired_one_is_closed_and_off_the_list(incident: Incident) -> None:
    hq = desk(incident)
    path, _ = make(hq)
    Invite.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert not joined(join(path))
    assert "No invitation is open." in text(hq)


def test_the_days_are_those_that_were_asked_for(incident: Incident) -> None:
    make(desk(incident), days="365")
    left = Invite.objects.get().expires_at - datetime.now(UTC)
    assert timedelta(days=364, hours=23) < left <= timedelta(days=365)


def test_a_revoked_invitation_admits_nobody_but_keeps_who_is_in(incident: Incident) -> None:
    hq = desk(incident)
    path, _ = make(hq)
    first = join(path)
    hq.post(f"{PAGE}invites/{Invite.objects.get().id}/revoke/")
    assert not joined(join(path))
    assert "No invitation is open." in text(hq)
    assert 'name="category"' in first.get("/m/form/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"max_uses": "0"}, {"max_uses": "501"}, {"days": "0"}, {"days": "366"}, {"days": "x"},
     {"label": " "}, {"label": "x" * 121}, {"label": "a\x00b"}, {"audience": "hq"}],
)  # fmt: skip
def test_what_makes_no_sense_makes_no_invitation(incident: Incident, wrong: dict) -> None:
    answer = desk(incident).post(PAGE, FORM | wrong)
    assert answer.status_code == 422
    assert "No invitation was made" in answer.content.decode()
    assert not Invite.objects.exists()


def test_an_empty_form_is_refused_too(incident: Incident) -> None:
    assert desk(incident).post(PAGE, {}).status_code == 422


def everything(incident: Incident) -> list[tuple[str, str]]:
    invite, _ = actions.invite_create(organisation=builders.headquarters(incident))
    device = builders.device(incident)[0].device
    return [("GET", PAGE), ("POST", PAGE), ("POST", f"{PAGE}invites/{invite.id}/revoke/"),
            ("POST", f"{PAGE}{device}/revoke/")]  # fmt: skip


def test_nobody_is_sent_to_the_login(incident: Incident) -> None:
    for method, path in everything(incident):
        answer = Client().generic(method, path)
        assert answer.status_code == 302, path
        assert answer["Location"] == f"/accounts/login/?next={PAGE}"
    untouched(incident)


@pytest.mark.parametrize("role", ["partner", "publisher"])
def test_other_roles_are_refused(incident: Incident, role: str) -> None:
    client = desk(incident, role)
    for method, path in everything(incident):
        assert client.generic(method, path).status_code == 403, path
    untouched(incident)


def test_a_phone_and_a_partner_s_operator_are_refused(incident: Incident) -> None:
    partner = builders.make_organisation()
    builders.join(incident, partner, "partner")
    neighbour, phone = Client(), Client()
    neighbour.force_login(builders.make_user(partner))
    phone.cookies[access.DEVICE_COOKIE] = builders.device(incident)[1]
    for method, path in everything(incident):
        assert neighbour.generic(method, path).status_code == 403, path
        assert phone.generic(method, path).status_code == 403, path
    untouched(incident)


def untouched(incident: Incident) -> None:
    assert not Device.objects.exclude(revoked_at=None).exists()
    assert Invite.objects.get().revoked_at is None


def test_of_two_headquarters_each_has_its_own_phones(incident: Incident) -> None:
    """Both work the incident; still the other's phones are neither shown nor locked out."""
    first, other = builders.headquarters(incident), builders.make_organisation("prefecture")
    builders.join(incident, other, "hq")
    invite, _ = actions.invite_create(organisation=first, label="theirs")
    device, _ = actions.device_create(organisation=first, label="their phone")
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(builders.make_user(other))
    assert "theirs" not in text(client) and "their phone" not in text(client)
    assert client.post(f"{PAGE}{device.id}/revoke/").status_code == 404
    assert client.post(f"{PAGE}invites/{invite.id}/revoke/").status_code == 404
    make(client)
    assert Invite.objects.exclude(id=invite.id).get().organisation == other
    answer = client.post(PAGE, FORM | {"organisation": str(first.id)})
    assert answer.status_code == 200
    assert Invite.objects.filter(organisation=first).count() == 1


def test_who_works_for_two_chooses_among_their_own(incident: Incident) -> None:
    city = builders.headquarters(incident)
    other, foreign = builders.make_organisation("ward"), builders.make_organisation("foreign")
    builders.join(incident, other, "hq")
    builders.join(incident, foreign, "hq")
    user = builders.make_user(city)
    Membership.objects.create(user=user, organisation=other, role="admin")
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    assert client.post(PAGE, FORM).status_code == 422
    assert client.post(PAGE, FORM | {"organisation": str(foreign.id)}).status_code == 422
    make(client, organisation=str(other.id))
    assert Invite.objects.get().organisation == other


def test_a_foreign_page_cannot_press_the_buttons(incident: Incident) -> None:
    client = desk(incident, enforce_csrf_checks=True)
    for method, path in everything(incident)[1:]:
        assert client.generic(method, path).status_code == 403, path
    untouched(incident)


def test_a_link_does_not_revoke(incident: Incident) -> None:
    client = desk(incident)
    for _, path in everything(incident)[2:]:
        assert client.get(path).status_code == 405
    untouched(incident)


def test_what_is_not_there_is_404(incident: Incident) -> None:
    client = desk(incident)
    assert client.post(f"{PAGE}{uuid.uuid4()}/revoke/").status_code == 404
    assert client.post(f"{PAGE}invites/99999/revoke/").status_code == 404
    assert client.post(f"{PAGE}invites/{2**70}/revoke/").status_code == 404
    assert client.get("/hq/none/devices/").status_code == 404


def test_only_headquarters_is_shown_the_way(incident: Incident) -> None:
    assert PAGE in desk(incident).get("/hq/quake/").content.decode()
    assert PAGE not in desk(incident, "partner").get("/hq/quake/").content.decode()


@pytest.mark.parametrize(
    ("minutes", "ending"), [(0, "（たった今）"), (3, "（3分前）"), (125, "（2時間前）")]
)
def test_last_seen_in_words(minutes: int, ending: str) -> None:
    with translation.override("ja"):
        moment = datetime.now(UTC) - timedelta(minutes=minutes)
        assert ago(moment).endswith(ending)
        earlier = ago(moment - timedelta(days=2))
        assert "月" in earlier and "前）" not in earlier


def test_opening_the_form_counts_as_being_seen(incident: Incident) -> None:
    link, _ = make(desk(incident))
    phone = join(link)
    Device.objects.update(last_seen_at=None)
    phone.get("/m/form/")
    assert Device.objects.get().last_seen_at is not None


def test_what_waits_in_a_phone_is_shown_as_the_phone_told_it(incident: Incident) -> None:
    _, token = builders.device(incident)
    hq, phone = desk(incident), Client(headers=builders.bearer(token))
    assert "Waiting in the phone" not in text(hq)
    oldest = datetime.now(UTC) - timedelta(minutes=125)
    body = {"unsent": 3, "oldest_unsent_at": oldest.isoformat()}
    phone.patch("/api/v1/devices/me", body, content_type="application/json")
    shown = re.search(r"<dt>Waiting in the phone</dt><dd>(.*?)</dd>", text(hq))
    assert shown and "<strong>3</strong>, the oldest from" in shown[1]
    assert "(2 h ago)" in shown[1] and "(just now)" in shown[1]
    assert re.search(r"<dt>Last contact</dt><dd>\d\d:\d\d \(just now\)</dd>", text(hq))
    phone.patch("/api/v1/devices/me", {"unsent": 0}, content_type="application/json")
    assert "<dt>Waiting in the phone</dt><dd>0<span" in text(hq)
