"""`/m/form/`: joining, sending and seeing again, with nothing but HTML forms."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gspace import access, actions
from gspace.models import Device
from reports.models import Photo, Report
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident():
    return builders.make_incident("flood-1")


@pytest.fixture
def phone(incident) -> Client:
    """A browser that has joined."""
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.cookies[access.DEVICE_COOKIE] = builders.device(incident)[1]
    return client


def shown_form(client: Client) -> dict[str, str]:
    """The hidden fields as the page shows them."""
    page = client.get("/m/form/").content.decode()
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def send(client: Client, form: dict, **more):
    return client.post("/m/form/", {**form, "category": "fire", "severity": "serious", **more})


def picture(seed: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", builders.jpeg(seed), "image/jpeg")


def test_a_stranger_is_told_how_to_join(incident) -> None:
    page = Client(HTTP_ACCEPT_LANGUAGE="en").get("/m/form/")
    assert page.status_code == 200
    assert "has not joined yet" in page.content.decode()
    assert "<form class" not in page.content.decode()


def test_an_invitation_enrols_the_browser_with_a_safe_cookie(incident) -> None:
    _, code = actions.invite_create(organisation=builders.headquarters(incident))
    client = Client()
    assert "label" in client.get(f"/m/join/{code}").content.decode()
    answer = client.post(f"/m/join/{code}", {"label": "第3分団"})
    cookie = answer.cookies[access.DEVICE_COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) > 300 * 24 * 3600
    assert Device.objects.get().label == "第3分団"
    assert 'name="category"' in client.get("/m/form/").content.decode()


def test_a_used_up_invitation_says_so_and_sets_no_cookie(incident) -> None:
    _, code = actions.invite_create(organisation=builders.headquarters(incident), max_uses=1)
    Client().post(f"/m/join/{code}", {"label": "first"})
    answer = Client().post(f"/m/join/{code}", {"label": "second"})
    assert answer.status_code == 404
    assert access.DEVICE_COOKIE not in answer.cookies


def test_a_report_with_a_photo_goes_through_the_real_intake(phone, incident) -> None:
    form = shown_form(phone)
    answer = send(phone, form, comment="煙", photo=picture())
    report = Report.objects.get()
    assert answer.status_code == 302 and str(report.id) == form["report_id"]
    assert report.category == "fire" and report.comment == "煙" and report.incident == incident
    photo = Photo.objects.get()
    assert photo.state == "stored" and photo.size == len(builders.jpeg(1))
    assert report.receipt in phone.get(answer["Location"]).content.decode()


def test_pressing_twice_is_one_report(phone) -> None:
    form = shown_form(phone)
    answers = [send(phone, form, photo=picture()) for _ in range(3)]
    assert Report.objects.count() == 1 and Photo.objects.count() == 1
    assert len({answer["Location"] for answer in answers}) == 1


def test_going_back_and_sending_other_words_keeps_the_first(phone) -> None:
    form = shown_form(phone)
    send(phone, form, comment="first")
    answer = send(phone, form, comment="second")
    assert answer.status_code == 302
    assert Report.objects.get().comment == "first"


def test_each_shown_form_is_a_report_of_its_own(phone) -> None:
    assert shown_form(phone)["report_id"] != shown_form(phone)["report_id"]


def test_the_script_s_position_is_kept_and_a_broken_one_refuses_nothing(phone) -> None:
    at = "2016-04-16T02:11:00Z"
    send(
        phone,
        shown_form(phone),
        captured_at=at,
        fixed_at=at,
        lon="130.7",
        lat="32.8",
        accuracy_m="9",
    )
    report = Report.objects.get()
    assert report.positions["chosen"] == "device" and report.accuracy_m == 9
    send(phone, shown_form(phone), captured_at="noon", lon="NaN", lat="x", fixed_at="?")
    assert Report.objects.filter(geometry=None).count() == 1


def test_a_form_without_category_says_so_and_keeps_the_words(phone) -> None:
    form = shown_form(phone)
    answer = phone.post("/m/form/", {**form, "comment": "long words"})
    page = answer.content.decode()
    assert answer.status_code == 422 and not Report.objects.exists()
    assert "Choose what it is about." in page and "long words" in page
    assert form["report_id"] in page


def test_a_photo_too_large_is_told_and_the_report_stays(phone, settings) -> None:
    settings.LIMIT_ORIGINAL_BYTES = 100
    answer = send(phone, shown_form(phone), photo=picture())
    assert Report.objects.count() == 1 and not Photo.objects.exists()
    assert "A photo was not stored" in phone.get(answer["Location"]).content.decode()


def test_no_part_file_stays_behind(phone, settings) -> None:
    form = shown_form(phone)
    send(phone, form, photo=picture())
    send(phone, form, photo=picture(2))
    assert list(settings.PARTS_ROOT.iterdir()) == []


def test_only_the_author_sees_the_receipt_page(phone, incident) -> None:
    answer = send(phone, shown_form(phone))
    other = Client()
    other.cookies[access.DEVICE_COOKIE] = builders.device(incident)[1]
    assert other.get(answer["Location"]).status_code == 404
    assert phone.get(f"/m/sent/{uuid.uuid4()}/").status_code == 404


def test_own_reports_are_listed_with_receipt_and_status(phone) -> None:
    send(phone, shown_form(phone))
    page = phone.get("/m/form/").content.decode()
    assert Report.objects.get().receipt in page and "Received (unverified)" in page


def test_signed_in_staff_may_send(incident) -> None:
    client = Client()
    client.force_login(builders.make_user(builders.headquarters(incident)))
    send(client, shown_form(client))
    assert Report.objects.get().author_key.startswith("user:")


def test_a_cookie_alone_cannot_send(incident) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies[access.DEVICE_COOKIE] = builders.device(incident)[1]
    form = shown_form(client)
    del form["csrfmiddlewaretoken"]
    answer = send(client, form)
    assert answer.status_code == 403 and b"<h1>" in answer.content
    assert not Report.objects.exists()
