"""`/hq/<incident>/broadcasts/`: telling all crews from a plain page, and who has read it."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.test import Client

from gspace import access, actions
from gspace.models import Broadcast, Device, Incident, Municipality, Organisation
from tests import builders

pytestmark = pytest.mark.django_db
PAGE = "/hq/quake/broadcasts/"
TEXT = "余震のおそれ。全員、撤収してください。"
# code: name, west edge; each half a degree wide
TOWNS = {"431010": ("中央区", 130.0), "431028": ("東区", 130.5), "401005": ("北九州市", 135.0)}


@pytest.fixture
def incident() -> Incident:
    found = builders.make_incident("quake")
    builders.headquarters(found)
    Organisation.objects.filter(slug="quake-hq").update(municipality_code="431001")
    for code, (name, west) in TOWNS.items():
        box = Polygon.from_bbox((west, 32.0, west + 0.5, 33.0))
        Municipality.objects.update_or_create(
            code=code, defaults={"name": name, "boundary": MultiPolygon(box)}
        )
    return found


def desk(incident: Incident, role: str = "operator", **more: Any) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en", **more)
    client.force_login(builders.make_user(builders.headquarters(incident), role))
    return client


def form(client: Client, **more: Any) -> dict[str, Any]:
    """What a browser sends: the hidden id of the page, and what was filled in."""
    page = client.get(PAGE).content.decode()
    (ident,) = re.findall(r'name="id" value="([^"]+)"', page)
    return {"id": ident, "kind": "withdraw", "text": TEXT, **more}


def enrol(incident: Incident, label: str) -> Device:
    home = builders.headquarters(incident)
    return actions.device_create(organisation=home, label=label)[0]


def text(client: Client) -> str:
    return client.get(PAGE).content.decode()


def test_from_the_form_to_the_crews_and_their_receipts(incident: Incident) -> None:
    first, second = enrol(incident, "東1班"), enrol(incident, "東2班")
    hq = desk(incident)
    assert "Send to 2 phones" in text(hq)
    answer = hq.post(PAGE, form(hq), follow=True)
    assert "Told to 2 phones." in answer.content.decode()
    told = Broadcast.objects.get()
    assert (told.kind, told.text, told.area, told.area_name) == ("withdraw", TEXT, None, "")
    listed = text(hq)
    assert "Read by 0 of 2" in listed
    assert "<li>東1班</li>" in listed and "<li>東2班</li>" in listed
    reader = access.Caller(f"device:{first.id}", "x", ((first.organisation_id, "field"),),
                           device=str(first.id))  # fmt: skip
    actions.broadcast_read(broadcast_id=told.id, read_at=builders.NOON, by=reader)
    listed = text(hq)
    assert "Read by 1 of 2" in listed and "<li>東1班</li>" not in listed
    assert f"<li>{second.label}</li>" in listed


def test_pressed_twice_it_is_told_once(incident: Incident) -> None:
    hq = desk(incident)
    said = form(hq, text="一行目\r\n二行目", areas=["431028"])
    assert [hq.post(PAGE, said).status_code for _ in range(2)] == [302, 302]
    assert Broadcast.objects.get().text == "一行目\n二行目"


def test_municipalities_become_an_area_and_its_name(incident: Incident) -> None:
    hq = desk(incident)
    page = text(hq)
    assert 'value="431028"' in page and 'value="401005"' not in page, "those who work it"
    hq.post(PAGE, form(hq, areas=["431010", "431028"]))
    told = Broadcast.objects.get()
    assert told.area is not None and told.area.extent == (130.0, 32.0, 131.0, 33.0)
    assert told.area_name == "中央区・東区"
    assert "中央区・東区" in text(hq)


def test_a_ready_text_is_filled_in(incident: Incident) -> None:
    page = desk(incident).get(PAGE, {"text": "tsunami"}).content.decode()
    assert "go up to high ground" in page
    assert re.search(r'value="tsunami" required checked', page)
    assert "checked" not in desk(incident).get(PAGE, {"text": "<x>"}).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"kind": ""}, {"kind": "party"}, {"text": " "}, {"text": "x" * 1001}, {"text": "a\x00"},
     {"areas": ["401005"]}, {"id": "1"}],
)  # fmt: skip
def test_what_makes_no_sense_is_not_told_and_not_lost(incident: Incident, wrong: dict) -> None:
    hq = desk(incident)
    answer = hq.post(PAGE, form(hq) | wrong)
    assert answer.status_code == 422
    assert "Nothing was sent" in answer.content.decode()
    if "text" not in wrong:
        assert TEXT in answer.content.decode()
    assert not Broadcast.objects.exists()


def test_a_page_with_a_broken_id_gets_a_new_one(incident: Incident) -> None:
    hq = desk(incident)
    page = hq.post(PAGE, form(hq, id="1")).content.decode()
    (ident,) = re.findall(r'name="id" value="([^"]+)"', page)
    assert uuid.UUID(ident)


def test_back_in_the_browser_other_words_need_a_second_press(incident: Incident) -> None:
    hq = desk(incident)
    said = form(hq)
    hq.post(PAGE, said)
    page = hq.post(PAGE, said | {"text": "別の話"}).content.decode()
    assert "Press again" in page and "別の話" in page and Broadcast.objects.count() == 1
    (ident,) = re.findall(r'name="id" value="([^"]+)"', page)
    assert hq.post(PAGE, said | {"text": "別の話", "id": ident}).status_code == 302
    assert Broadcast.objects.count() == 2


def test_withdrawn_it_says_by_whom(incident: Incident) -> None:
    hq = desk(incident)
    hq.post(PAGE, form(hq))
    told = Broadcast.objects.get()
    answer = hq.post(f"{PAGE}{told.id}/withdraw/", follow=True).content.decode()
    assert "Withdrawn" in answer and "call them by radio" not in answer
    assert Broadcast.objects.get().withdrawn_at is not None
    assert hq.post(f"{PAGE}{uuid.uuid4()}/withdraw/").status_code == 404


def test_a_closed_incident_has_no_form(incident: Incident) -> None:
    hq = desk(incident)
    said = form(hq)
    Incident.objects.update(state="closed")
    assert 'name="text"' not in text(hq)
    assert hq.post(PAGE, said).status_code == 409
    assert not Broadcast.objects.exists()


def test_strangers_are_sent_away(incident: Incident) -> None:
    told, _ = actions.broadcast_create(
        incident=incident, kind="info", text="x", by=builders.operator(incident)
    )
    phone = Client()
    phone.cookies[access.DEVICE_COOKIE] = builders.device(incident)[1]
    for path in (PAGE, f"{PAGE}{told.id}/withdraw/"):
        assert Client().post(path)["Location"] == f"/accounts/login/?next={PAGE}"
        assert desk(incident, "partner").post(path).status_code == 403
        assert phone.post(path).status_code == 403
    assert Broadcast.objects.get().withdrawn_at is None


def test_a_foreign_page_cannot_press_the_buttons(incident: Incident) -> None:
    client = desk(incident, enforce_csrf_checks=True)
    assert client.post(PAGE, form(client)).status_code == 403
    assert not Broadcast.objects.exists()


def test_what_was_typed_is_never_markup(incident: Incident) -> None:
    hq = desk(incident)
    hq.post(PAGE, form(hq, text="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in text(hq)


def test_only_headquarters_is_shown_the_way(incident: Incident) -> None:
    assert PAGE in desk(incident).get("/hq/quake/").content.decode()
    assert PAGE not in desk(incident, "partner").get("/hq/quake/").content.decode()


def test_an_organisation_s_mistyped_code_breaks_nothing(incident: Incident) -> None:
    Organisation.objects.filter(slug="quake-hq").update(municipality_code="999999")
    assert desk(incident).get(PAGE).status_code == 200


CORNERS = "130.1,32.1,130.4,32.1,130.4,32.4"


def test_an_area_drawn_on_the_map(incident: Incident) -> None:
    """The desk's filter, taken along: said in words, kept as it was drawn."""
    client = desk(incident)
    page = client.get(PAGE, {"within": CORNERS}).content.decode()
    assert "It holds only here" in page and f'value="{CORNERS}"' in page
    assert "Only for some municipalities" not in page
    assert client.post(PAGE, form(client, within=CORNERS)).status_code == 302
    told = Broadcast.objects.get()
    assert told.area.num_points == 4 and told.area.contains(Point(130.3, 32.2, srid=4326))
    assert told.area_name.startswith("Area on the map, ") and "中央区" in told.area_name


def test_an_area_that_cannot_be_read_is_not_everywhere(incident: Incident) -> None:
    client = desk(incident)
    for wrong in ("130,32", "a,b,c,d,e,f", "999,32,130,33,131,33"):
        answer = client.post(PAGE, form(client, within=wrong))
        assert answer.status_code == 422
        assert "The area from the map cannot be read. Draw it again." in answer.content.decode()
    assert not Broadcast.objects.exists()
