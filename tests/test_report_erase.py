"""Erased is erased: content, photos, history text; a tombstone stays."""

from __future__ import annotations

import uuid

import httpx
import pytest
from django.core.files.storage import storages

from gspace import feed, grid
from reports import actions, blobs, queries
from reports.models import Photo, Report, ReportEvent, Tombstone  # type: ignore[attr-defined]
from reports.payload import HqEdit
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def incident():
    return builders.make_incident()


def erase(server: str, ident: uuid.UUID, token: str) -> int:
    headers = builders.bearer(token) if token else {}
    return httpx.delete(f"{server}/api/v1/reports/{ident}", headers=headers).status_code


def test_nothing_stays_but_the_tombstone(server: str, incident) -> None:
    by, token = builders.device(incident)
    content = builders.jpeg(9)
    announced = builders.announce(content)
    ident = builders.make_report(incident, by, photos=[announced], comment="個人の話")
    part = blobs.new_part()
    part.write_bytes(content)
    photo = Photo.objects.get(id=announced["id"])
    actions.photo_store(photo=photo, part=part, sha256=announced["sha256"], size=announced["size"])
    hq = builders.operator(incident)
    actions.report_change(report_id=ident, edit=HqEdit(comment_hq="話"), seen=1, by=hq)
    assert ReportEvent.objects.filter(pgh_obj_id=ident).exists()
    hq_token = builders.api_token(builders.headquarters(incident), "operator")
    assert erase(server, ident, hq_token) == 204
    assert not Report.objects.filter(id=ident).exists()
    assert not ReportEvent.objects.filter(pgh_obj_id=ident).exists()
    assert not storages["photos"].exists(blobs.original_name(announced["sha256"]))
    stone = Tombstone.objects.get(id=ident)
    assert stone.author_key == by.key and len(stone.receipt) == 6
    path = f"{server}/api/v1/reports/{ident}"
    seen = [
        httpx.get(path, headers=headers).status_code
        for headers in (builders.bearer(token), builders.bearer(hq_token), {})
    ]
    assert seen == [410, 410, 404]


def test_a_photo_of_two_reports_stays_for_the_other(incident) -> None:
    content = builders.jpeg(9)
    idents = []
    for _ in range(2):
        by, _ = builders.device(incident)
        announced = builders.announce(content)
        idents.append(builders.make_report(incident, by, photos=[announced]))
        part = blobs.new_part()
        part.write_bytes(content)
        actions.photo_store(
            photo=Photo.objects.get(id=announced["id"]),
            part=part, sha256=announced["sha256"], size=announced["size"],
        )  # fmt: skip
    hq, name = builders.operator(incident), blobs.original_name(announced["sha256"])
    actions.report_erase(report_id=idents[0], by=hq)
    assert storages["photos"].exists(name)
    actions.report_erase(report_id=idents[1], by=hq)
    assert not storages["photos"].exists(name)


def test_the_author_may_before_verification_only(server: str, incident) -> None:
    by, token = builders.device(incident)
    first, second = (builders.make_report(incident, by) for _ in range(2))
    assert erase(server, first, token) == 204
    actions.report_change(
        report_id=second, edit=HqEdit(status="verified"), seen=1, by=builders.operator(incident)
    )
    assert erase(server, second, token) == 409


def test_what_was_merged_into_it_stands_for_itself_again(incident) -> None:
    hq = builders.operator(incident)
    copy, original = (builders.make_report(incident) for _ in range(2))
    actions.report_merge(report_id=copy, into=original, seen=1, by=hq)
    actions.report_erase(report_id=original, by=hq)
    left = Report.objects.get(id=copy)
    assert (left.status, left.merged_into_id) == ("received", None)


def test_it_stands_for_itself_unreleased_until_somebody_looks_again(server: str, incident) -> None:
    hq = builders.operator(incident)
    copy, original = (builders.make_report(incident) for _ in range(2))
    told = "県道28号は通れません"
    edit = HqEdit(release="public", public_text=told, public_place="rounded")
    actions.report_change(report_id=copy, edit=edit, seen=1, by=hq)
    x, y = (at >> (grid.ZOOM + 8 - 14) for at in grid.pixel(130.75, 32.79))
    # anew each time: an answer may be kept for a moment
    ways = (
        f"/api/v1/incidents/{incident.slug}/reports?{{}}",
        f"/api/v1/reports/{copy}?{{}}",
        f"/tiles/reports/{incident.slug}/14/{x}/{y}.mvt?v={{}}",
        f"/i/{incident.slug}/?{{}}",
    )

    def show_it() -> list[bool]:
        at = feed.head(incident.id)
        found = [httpx.get(server + way.format(at)).content for way in ways]
        return [str(copy).encode() in one or told.encode() in one for one in found]

    assert all(show_it())
    actions.report_merge(report_id=copy, into=original, seen=2, by=hq)
    merged = Report.objects.get(id=copy)
    actions.report_erase(report_id=original, by=hq)
    assert not any(show_it())
    left = Report.objects.get(id=copy)
    assert (left.release, left.public_text, left.public_place) == ("none", "", "")
    assert left.release_how == "hand" and left.updated_at > merged.updated_at
    line = queries.history(left)[0]
    assert (line["by"], line["changed"]["release"]) == (hq.name, ["public", "none"])


def test_a_stranger_cannot(server: str, incident) -> None:
    ident = builders.make_report(incident)
    _, token = builders.device(incident)
    assert erase(server, ident, token) == 404
    assert erase(server, ident, "") == 401
