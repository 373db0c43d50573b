"""Exports: the reports of a view as files, made by the worker, for headquarters alone."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import uuid
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree
from django.db import connection
from django.test import Client

from gspace.access import Caller
from gspace.models import Incident
from gspace.problems import Problem
from reports import actions, blobs, export_rows, exports
from reports.actions.exports import file_name
from reports.models import Photo, PhotoOpening, Report
from reports.outgoing import Export
from tests import builders

pytestmark = pytest.mark.django_db
KML = "{http://www.opengis.net/kml/2.2}"
LINE = {"type": "LineString", "coordinates": [[130.7, 32.8], [130.8, 32.9]]}


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.PARTS_ROOT = tmp_path / "parts"


@pytest.fixture
def incident() -> Incident:
    return builders.make_incident("quake", time_zone="Asia/Tokyo")


@pytest.fixture
def alice(incident: Incident) -> Caller:
    return builders.operator(incident)


def ask(incident: Incident, by: Caller, kind: str, photos: str = "none", **filters: Any) -> Export:
    return actions.export_create(
        incident=incident, kind=kind, filters=filters, photos=photos, language="ja", by=by
    )


def made(incident: Incident, by: Caller, kind: str, photos: str = "none", **filters: Any) -> Export:
    export = ask(incident, by, kind, photos, **filters)
    assert exports.make(export.id) == "ready"
    return Export.objects.get(id=export.id)


def content(export: Export) -> bytes:
    with blobs.open_file(file_name(export)) as file:
        return file.read()


def table(export: Export) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(export).decode("utf-8-sig"))))


def with_photo(incident: Incident, seed: int = 1, **more: Any) -> tuple[uuid.UUID, Photo]:
    bytes_ = builders.jpeg(seed)
    told = builders.announce(bytes_)
    ident = builders.make_report(incident, photos=[told], **more)
    part = blobs.new_part()
    part.write_bytes(bytes_)
    photo = actions.photo_store(
        photo=Photo.objects.get(id=told["id"]), part=part, sha256=told["sha256"], size=told["size"]
    )
    blobs.write(blobs.copy_name(photo.id, "display"), b"display")
    actions.photo_developed(photo_id=photo.id, width=160, height=120, dhash="0", doubts=[])
    return ident, photo


# --- what stands in the files ---------------------------------------------------------------
def test_geojson_holds_what_headquarters_sees_and_says_as_of_when(
    incident: Incident, alice: Caller
) -> None:
    ident = builders.make_report(incident, comment="橋が落ちた")
    export = made(incident, alice, "geojson")
    told = json.loads(content(export))
    assert [f["id"] for f in told["features"]] == [str(ident)]
    assert told["features"][0]["properties"]["reporter"]
    assert told["incident"] == "quake" and told["as_of"].endswith("+09:00")
    assert told["not_real"] is False
    assert (export.state, export.done, export.total) == ("ready", 1, 1)


def test_csv_opens_in_excel_and_no_cell_acts(incident: Incident, alice: Caller) -> None:
    builders.make_report(incident, comment='=HYPERLINK("http://evil")', severity="critical")
    export = made(incident, alice, "csv")
    assert content(export).startswith(b"\xef\xbb\xbf")
    (row,) = table(export)
    assert row["comment"].startswith("'=")
    assert row["category_words"] == "道路（通れない）" and row["severity_words"] == "命の危険"
    assert (row["longitude"], row["latitude"]) == ("130.75", "32.79")
    assert row["captured_at"] == "2016-04-16T02:11:00+09:00"


def test_a_line_keeps_its_shape_in_every_file(incident: Incident, alice: Caller) -> None:
    ident = builders.make_report(incident)
    Report.objects.filter(id=ident).update(geometry="SRID=4326;LINESTRING(130.7 32.8, 130.8 32.9)")
    (row,) = table(made(incident, alice, "csv"))
    assert row["geometry"] == "LINESTRING (130.7 32.8, 130.8 32.9)" and row["longitude"]
    marks = ElementTree.fromstring(content(made(incident, alice, "kml")))
    assert marks.find(f".//{KML}LineString/{KML}coordinates").text.startswith("130.7000000,32.8")


def test_geopackage_has_a_row_a_report_with_and_without_place(
    incident: Incident, alice: Caller, tmp_path: Path
) -> None:
    builders.make_report(incident)
    builders.make_report(incident, device_fix=None)
    path = tmp_path / "taken.gpkg"
    path.write_bytes(content(made(incident, alice, "gpkg")))
    file = sqlite3.connect(path)
    rows = file.execute("SELECT needs_place, geom IS NULL FROM reports ORDER BY fid").fetchall()
    assert rows == [(0, 0), (1, 1)]


def test_kml_is_well_formed_whatever_was_written(incident: Incident, alice: Caller) -> None:
    builders.make_report(incident, comment="<b>&\u0008 ]]> 断水")
    marks = ElementTree.fromstring(content(made(incident, alice, "kml")))
    values = [v.text for v in marks.iter(f"{KML}value")]
    assert "<b>& ]]> 断水" in values
    assert marks.find(f".//{KML}Point") is not None


def test_a_drill_says_so_in_every_row(alice: Caller) -> None:
    drill = builders.make_incident("drill", state="drill")
    builders.make_report(drill)
    (row,) = table(made(drill, builders.operator(drill), "csv"))
    assert row["not_real"] == "true"


def test_the_zip_has_both_tables_and_the_photos_they_name(
    incident: Incident, alice: Caller
) -> None:
    ident, _photo = with_photo(incident)
    builders.make_report(incident, photos=[builders.announce(b"not sent yet")])
    export = made(incident, alice, "zip", "display")
    with zipfile.ZipFile(io.BytesIO(content(export))) as file:
        assert file.testzip() is None
        told = json.loads(file.read("reports.geojson"))
        named = {f["id"]: [p["file"] for p in f["properties"]["photos"]] for f in told["features"]}
        (name,) = named.pop(str(ident))
        assert file.read(name) == b"display"
        assert list(named.values()) == [[None]], "not arrived, so not in the file"
        assert len(file.read("reports.csv").splitlines()) == 3
    assert (export.done, export.total) == (3, 3)
    assert not PhotoOpening.objects.exists()


def test_originals_count_as_opened_by_who_asked(incident: Incident, alice: Caller) -> None:
    _, photo = with_photo(incident, seed=7)
    export = made(incident, alice, "zip", "original")
    with zipfile.ZipFile(io.BytesIO(content(export))) as file:
        (name,) = [n for n in file.namelist() if n.startswith("photos/")]
        assert file.read(name) == builders.jpeg(7)
    opening = PhotoOpening.objects.get()
    assert (opening.photo_id, opening.caller_key) == (photo.id, alice.key)


def test_a_photo_that_is_gone_is_named_not_left_out_silently(
    incident: Incident, alice: Caller
) -> None:
    _, photo = with_photo(incident)
    blobs.delete(blobs.copy_name(photo.id, "display"))
    with zipfile.ZipFile(io.BytesIO(content(made(incident, alice, "zip", "display")))) as file:
        assert b"-1.jpg" in file.read("photos-missing.txt")


# --- which reports ---------------------------------------------------------------------------
def test_the_filters_of_the_list_choose(incident: Incident, alice: Caller) -> None:
    wanted = builders.make_report(incident, category="fire", severity="critical")
    builders.make_report(incident, category="fire", severity="minor")
    builders.make_report(incident)
    builders.make_report(builders.make_incident("elsewhere"), category="fire")
    export = made(incident, alice, "csv", category="fire", severity="critical")
    assert [row["id"] for row in table(export)] == [str(wanted)]


def test_every_report_is_in_once_across_the_pieces(
    incident: Incident, alice: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_rows, "ROWS_AT_ONCE", 2)
    crew = builders.device(incident)[0]
    idents = {str(builders.make_report(incident, crew)) for _ in range(5)}
    # a pack that arrives together
    Report.objects.update(received_at=builders.NOON)
    rows = table(made(incident, alice, "csv"))
    assert len(rows) == 5 and {row["id"] for row in rows} == idents


def test_what_comes_in_later_is_not_in_it(incident: Incident, alice: Caller) -> None:
    builders.make_report(incident)
    late = builders.make_report(incident)
    Report.objects.filter(id=late).update(received_at=datetime.now(UTC) + timedelta(minutes=1))
    assert len(table(made(incident, alice, "csv"))) == 1


@pytest.mark.parametrize(
    ("kind", "photos", "filters", "field"),
    [
        ("exe", "none", {}, "kind"),
        ("csv", "display", {}, "photos"),
        ("csv", "none", {"category": "dragons"}, "category"),
        ("csv", "none", {"since": "yesterday"}, "since"),
        ("csv", "none", {"sevrity": "critical"}, "sevrity"),
    ],
)
def test_a_wrong_wish_is_refused_by_name(
    incident: Incident, alice: Caller, kind: str, photos: str, filters: Any, field: str
) -> None:
    with pytest.raises(Problem) as refused:
        ask(incident, alice, kind, photos, **filters)
    assert refused.value.field == field and not Export.objects.exists()


# --- over HTTP -------------------------------------------------------------------------------
def program(incident: Incident, role: str = "operator") -> dict[str, str]:
    return builders.bearer(builders.api_token(builders.headquarters(incident), role))


def test_over_the_api_from_the_wish_to_the_file(incident: Incident) -> None:
    builders.make_report(incident)
    client, headers = Client(), program(incident)
    body = {"kind": "csv", "filters": {"category": "road_blocked"}}
    told = client.post(
        "/api/v1/incidents/quake/exports", body, content_type="application/json", headers=headers
    )
    assert told.status_code == 202
    address = f"/api/v1/exports/{told.json()['id']}"
    assert client.get(f"{address}/file", headers=headers).status_code == 409
    exports.make(uuid.UUID(told.json()["id"]))
    told = client.get(address, headers=headers).json()
    assert (told["state"], told["done"], told["total"]) == ("ready", 1, 1)
    answer = client.get(told["file"], headers=headers)
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["Cache-Control"] == "private, no-store"
    taken = b"".join(answer)
    assert taken.startswith(b"\xef\xbb\xbf") and len(taken) == int(answer["Content-Length"])
    assert Export.objects.get().openings.count() == 1
    assert client.delete(address, headers=headers).status_code == 204
    assert client.get(told["file"], headers=headers).status_code == 410


def test_no_other_audience_reaches_an_export_or_its_file(incident: Incident, alice: Caller) -> None:
    """P16; every role and route is in test_access_matrix.py."""
    export = made(incident, alice, "csv")
    liaison = builders.make_organisation("prefecture")
    builders.join(incident, liaison, "partner")
    stranger = builders.headquarters(builders.make_incident("elsewhere"))
    tokens = [
        builders.device(incident)[1],
        builders.device(incident, "volunteer")[1],
        builders.api_token(liaison, "partner"),
        builders.api_token(stranger, "operator"),
    ]
    for token in tokens:
        for path in (f"/api/v1/exports/{export.id}", f"/api/v1/exports/{export.id}/file"):
            answer = Client().get(path, headers=builders.bearer(token))
            assert answer.json()["code"] == "export_unknown", path
        with pytest.raises(Problem):
            actions.export_cancel(export_id=export.id, by=Caller("device:x", "x"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_exportopening")
        assert cursor.fetchone() == (0,)
