"""`/hq/<incident>/exports/`: asking for a file, seeing how far it is, taking it; no scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from frontend.filter_words import FILTERS
from gspace.models import Incident, Municipality
from reports import exports
from reports.filters import NAMES, PAGING
from reports.outgoing import Export
from tests import builders

pytestmark = pytest.mark.django_db
PAGE = "/hq/quake/exports/"


@pytest.fixture
def incident(settings: Any, tmp_path: Path) -> Incident:
    settings.MEDIA_ROOT, settings.PARTS_ROOT = tmp_path, tmp_path / "parts"
    return builders.make_incident("quake", time_zone="Asia/Tokyo")


@pytest.fixture
def desk(incident: Incident) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(builders.make_user(builders.headquarters(incident)))
    return client


def text(client: Client, path: str = PAGE) -> str:
    return client.get(path).content.decode()


def test_from_the_form_to_the_file(incident: Incident, desk: Client) -> None:
    builders.make_report(incident)
    assert desk.post(PAGE, {"kind": "csv"}).status_code == 302
    export = Export.objects.get()
    assert f'data-export="{export.id}" data-running' in text(desk)
    exports.make(export.id)
    shown = text(desk)
    assert f"/api/v1/exports/{export.id}/file" in shown and "data-running" not in shown
    assert b"receipt" in b"".join(desk.get(f"/api/v1/exports/{export.id}/file"))
    assert "Taken by" in text(desk)


def test_the_view_of_the_desk_comes_along(incident: Incident, desk: Client) -> None:
    address = f"{PAGE}?category=fire,gas&bbox=130,32,131,33&since=2016-04-16T00:00:00%2B09:00"
    shown = text(desk, address)
    assert 'value="fire" checked' in shown and 'value="gas" checked' in shown
    assert 'value="2016-04-16T00:00"' in shown
    assert 'type="hidden" name="bbox" value="130,32,131,33"' in shown
    sent = {"kind": "geojson", "category": ["fire", "gas"], "since": "2016-04-16T00:00",
            "bbox": "130,32,131,33"}  # fmt: skip
    desk.post(PAGE, sent)
    assert Export.objects.get().filters == {
        "category": "fire,gas", "since": "2016-04-16T00:00:00+09:00", "bbox": "130,32,131,33",
    }  # fmt: skip


def test_what_the_desk_hides_stays_out(incident: Incident, desk: Client) -> None:
    shown = text(desk, f"{PAGE}?desk=1&hide_severity=minor,unknown&area=all&map=11/32/130&report=x")
    assert 'name="severity" value="critical" checked' in shown
    assert 'name="severity" value="minor" checked' not in shown
    assert 'name="status" value="verified" checked' in shown
    assert 'name="status" value="rejected" checked' not in shown
    assert 'name="category" value="fire" checked' not in shown, "all of them: none ticked"
    assert 'type="hidden" name="map"' not in shown and 'name="area"' not in shown


def test_what_the_desk_is_narrowed_to_comes_along(incident: Incident, desk: Client) -> None:
    Municipality.objects.create(code="431001", name="熊本市", name_en="Kumamoto")
    narrow = "recent=6&municipality=431001,-&mesh=49301656&unseen=1&due=overdue&waiting=1"
    shown = text(desk, f"{PAGE}?desk=1&{narrow}")
    for part in narrow.split("&"):
        name, value = part.split("=")
        assert f'type="hidden" name="{name}" value="{value}"' in shown, name
    assert "Municipality: Kumamoto, no municipality" in shown


def test_filters_are_told_in_words(incident: Incident, desk: Client) -> None:
    sent = {"kind": "csv", "severity": ["critical"], "until": "2016-04-16T09:00", "q": "gas"}
    desk.post(PAGE, sent)
    shown = text(desk)
    assert "Severity: Danger to life" in shown and "Words: gas" in shown
    assert "Received before: Sat 16 Apr 2016, 09:00" in shown
    assert "Taken from: yesterday" in text(desk, f"{PAGE}?captured_since=yesterday")


def test_no_filter_is_told_in_codes(incident: Incident, desk: Client) -> None:
    organisation = builders.make_organisation("gas-works")
    organisation.name, organisation.name_en = "ガス会社", "Gas works"
    organisation.save()
    words = {
        "organisation=gas-works": "Organisation: Gas works",
        "assigned_to=-": "Assigned to: nobody",
        "within=130,32,131,32,131,33": "Inside an outline: drawn, 3 corners",
        "uncertain=100": "Uncertain place: over 100 m",
        "recent=1": "Received in the last: 1 hour",
        "recent=6": "Received in the last: 6 hours",
        "due=overdue": "Due: Overdue",
        "due=soon": "Due: Soon",
        "has_photo=0": "With photo: no",
        "since_last_looked=true": "Since you last looked: yes",
        "channel=phone,device": "Came by: Phone, App",
        # what no page leads to is shown as it came, and refused when it is sent
        "due=never": "Due: never",
        "recent=soon": "Received in the last: soon",
    }
    assert set(FILTERS) == set(NAMES) - set(PAGING)
    shown = {query: text(desk, f"{PAGE}?{query}") for query in words}
    assert {query: said for query, said in words.items() if said not in shown[query]} == {}


def test_a_wrong_wish_is_told_beside_the_form(incident: Incident, desk: Client) -> None:
    for sent in ({}, {"kind": "csv", "bbox": "nowhere"}):
        answer = desk.post(PAGE, sent)
        assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert not Export.objects.exists()


def test_a_time_before_all_times_is_told_too(incident: Incident, desk: Client) -> None:
    first = "0001-01-01T00:00:00%2B09:00"
    assert desk.get(f"{PAGE}?since={first}&captured_since={first}").status_code == 200
    assert desk.post(PAGE, {"kind": "csv", "since": "0001-01-01T00:00"}).status_code == 422


def test_cancel_and_remove(incident: Incident, desk: Client) -> None:
    desk.post(PAGE, {"kind": "zip", "photos": "display"})
    export = Export.objects.get()
    assert desk.post(f"{PAGE}{export.id}/cancel/").status_code == 302
    assert "Cancelled" in text(desk)
    desk.post(PAGE, {"kind": "csv"})
    ready = Export.objects.exclude(id=export.id).get()
    exports.make(ready.id)
    desk.post(f"{PAGE}{ready.id}/cancel/")
    assert "File removed" in text(desk)


def test_the_desks_menu_leads_there_for_headquarters_only(incident: Incident, desk: Client) -> None:
    assert PAGE in text(desk, "/hq/quake/")
    liaison = builders.make_organisation("prefecture")
    builders.join(incident, liaison, "partner")
    guest = Client()
    guest.force_login(builders.make_user(liaison, "partner"))
    assert PAGE not in text(guest, "/hq/quake/")
