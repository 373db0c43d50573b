"""The reports of fixtures/filter_examples.json as rows; the page reads the same file."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import GEOSGeometry

from gspace.models import Incident
from reports.models import Look, Photo, Report, Seen
from tests import builders

FILE = Path(__file__).parent.parent / "fixtures" / "filter_examples.json"
GIVEN: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
NOON = datetime(2016, 4, 16, 3, tzinfo=UTC)
# a report's property -> its column, where it has another name
TEXTS = ("comment", "comment_hq", "public_text", "assigned_to")


def ident(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, name)


def make(incident: Incident, viewer: str) -> None:
    """All reports, and what the viewer (Caller.key) has seen of them."""
    for slug, name in GIVEN["organisations"].items():
        builders.make_organisation(slug, name=name)
    kept = builders.make_report(incident)
    # hidden like its duplicate, so that no example finds it
    Report.objects.filter(id=kept).update(status="rejected", category="other", comment="-")
    for given in GIVEN["reports"]:
        _report(incident, given, kept)
    until = datetime.fromisoformat(GIVEN["all_seen_until"])
    looked = datetime.fromisoformat(GIVEN["looked_at"])
    Look.objects.create(incident=incident, key=viewer, at=looked, all_seen_until=until)
    for name in GIVEN["seen"]:
        Seen.objects.create(report_id=ident(name), key=viewer, at=looked)


def _report(incident: Incident, given: dict[str, Any], kept: uuid.UUID) -> None:
    made = builders.make_report(incident, device_fix=None)
    received = _time(given, "received") or NOON
    codes = {name: given[name] for name in ("category", "severity", "status")}
    texts = {name: given.get(name, "") for name in TEXTS}
    geometry = given.get("geometry")
    organisation = given.get("organisation")
    # a new id before anything refers to it
    Report.objects.filter(id=made).update(
        id=ident(given["id"]),
        receipt=given["id"][:6],
        **codes,
        **texts,
        detail=given.get("detail"),
        channel=given.get("channel"),
        told_by=given.get("told_by"),
        place={n: given[p] for n, p in (("ja", "place"), ("en", "place_en")) if p in given},
        municipality_code=given.get("municipality", ""),
        accuracy_m=given.get("accuracy_m"),
        geometry=GEOSGeometry(json.dumps(geometry)) if geometry else None,
        organisation=builders.make_organisation(organisation) if organisation else None,
        received_at=received,
        updated_at=_time(given, "updated") or received,
        due_at=_time(given, "due"),
        accepted_at=NOON if given.get("accepted") else None,
        accepted_by="Alice" if given.get("accepted") else None,
        merged_into=kept if given["status"] == "duplicate" else None,
    )
    for at, state in enumerate(given.get("photos", [])):
        _photo(given["id"], at, state)


def _photo(name: str, at: int, state: str) -> None:
    Photo.objects.create(
        id=uuid.uuid4(), report_id=ident(name), ordinal=at, state=state, sha256="0" * 64, size=1
    )


def _time(given: dict[str, Any], name: str) -> datetime | None:
    if hours := given.get(f"{name}_h"):
        return datetime.now(UTC) + timedelta(hours=-hours if name == "received" else hours)
    return datetime.fromisoformat(given[f"{name}_at"]) if f"{name}_at" in given else None
