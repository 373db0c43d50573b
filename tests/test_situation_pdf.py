"""A situation report as PDF: with its photos and its map, and nothing fetched from anywhere."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from frontend import pdf
from gspace.models import Incident
from reports import actions, blobs, situation_report
from reports.models import Photo
from tests import builders

pytestmark = pytest.mark.django_db
ADDRESS = "/hq/quake/situation/1/report.pdf"
needs_weasyprint = pytest.mark.skipif(not pdf.available(), reason="the extra is not installed")


@pytest.fixture
def desk(settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT, settings.PARTS_ROOT = tmp_path, tmp_path / "parts"
    incident = builders.make_incident("quake")
    by = builders.operator(incident)
    draft = situation_report.draft(
        incident, now=builders.NOON.replace(year=2099), chosen=[_report(incident)],
        words={"overview": "", "outlook": ""},
    )  # fmt: skip
    actions.situation_report_issue(incident=incident, draft=draft, by=by)
    client = Client()
    client.force_login(builders.make_user(builders.headquarters(incident)))
    return client


def _report(incident: Incident) -> uuid.UUID:
    content = builders.jpeg(3, (640, 480))
    told = builders.announce(content)
    ident = builders.make_report(incident, photos=[told])
    part = blobs.new_part()
    part.write_bytes(content)
    photo = actions.photo_store(
        photo=Photo.objects.get(id=told["id"]), part=part, sha256=told["sha256"], size=told["size"]
    )
    blobs.write(blobs.copy_name(photo.id, "display"), content)
    actions.photo_developed(photo_id=photo.id, width=640, height=480, dhash="0", doubts=[])
    return ident


@needs_weasyprint
def test_the_paper_as_a_file(desk: Client) -> None:
    answer = desk.get(ADDRESS)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="quake-001.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert b"/DCTDecode" in answer.content, "the photo is in it"


@needs_weasyprint
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x.png",
        "file:///etc/passwd",
        "/static/../gspace/settings.py",
        "/api/v1/photos/00000000-0000-4000-8000-000000000000/display",
        "/api/v1/photos/00000000-0000-4000-8000-000000000000/original",
    ],
)
def test_nothing_else_is_fetched(address: str) -> None:
    with pytest.raises(Exception, match=r"not ours|outside|located"):
        pdf._content(pdf.BASE + address if address.startswith("/") else address, set())


@needs_weasyprint
def test_one_is_made_at_a_time(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "WAIT_S", 0.01)
    with pdf.ONE_AT_A_TIME:
        assert desk.get(ADDRESS).status_code == 503
    assert desk.get(ADDRESS).status_code == 200


def test_without_weasyprint_the_page_says_how_else(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    monkeypatch.setattr(pdf, "available", lambda: False)
    assert desk.get(ADDRESS).status_code == 501
    page = desk.get("/hq/quake/situation/1/", headers={"Accept-Language": "en"})
    assert b"Save as PDF" in page.content and b"report.pdf" not in page.content
