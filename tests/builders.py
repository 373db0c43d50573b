"""Small makers of real rows. Alice works at HQ, Bob is her colleague, Charlie is a stranger."""

from __future__ import annotations

import hashlib
import io
import itertools
import uuid
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from PIL import Image

from gspace import access, actions
from gspace.access import Caller
from gspace.models import Incident, IncidentOrganisation, Membership, Organisation
from reports.actions import report_receive
from reports.payload import ReportIn

count = itertools.count(1)
NOON = datetime(2016, 4, 16, 3, 0, tzinfo=UTC)


def make_organisation(slug: str = "", **more: Any) -> Organisation:
    slug = slug or f"organisation-{next(count)}"
    found, _ = Organisation.objects.get_or_create(slug=slug, defaults={"name": slug, **more})
    return found


def make_incident(slug: str = "", **more: Any) -> Incident:
    """An incident whose headquarters is the organisation `<slug>-hq`."""
    slug = slug or f"incident-{next(count)}"
    incident = Incident.objects.create(slug=slug, name=slug, **more)
    join(incident, make_organisation(f"{slug}-hq"), "hq")
    return incident


def join(incident: Incident, organisation: Organisation, part: str) -> None:
    IncidentOrganisation.objects.create(incident=incident, organisation=organisation, part=part)


def headquarters(incident: Incident) -> Organisation:
    return Organisation.objects.get(incident_parts__incident=incident, incident_parts__part="hq")


def make_user(organisation: Organisation | None = None, role: str = "operator") -> User:
    user = User.objects.create_user(f"user-{next(count)}", password="long-enough-123")
    if organisation:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def operator(incident: Incident) -> Caller:
    """Alice: an operator of the incident's headquarters."""
    return access.caller_from_user(make_user(headquarters(incident)).id)


def device(incident: Incident, audience: str = "field") -> tuple[Caller, str]:
    """(caller, bearer token) of a new device of the incident's headquarters."""
    _, token = actions.device_create(
        organisation=headquarters(incident), label=f"crew {next(count)}", audience=audience
    )
    return access.caller_from_token(token), token


def api_token(organisation: Organisation, role: str) -> str:
    return actions.token_create(organisation=organisation, role=role, label="test")[1]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def report_body(incident: Incident, **more: Any) -> dict[str, Any]:
    """A report's body as a phone sends it."""
    body = {
        "incident": incident.slug,
        "category": "road_blocked",
        "severity": "serious",
        "comment": "土砂で通れません",
        "captured_at": "2016-04-16T02:11:00+09:00",
        "device_fix": {
            "lon": 130.75,
            "lat": 32.79,
            "accuracy_m": 12,
            "fixed_at": "2016-04-16T02:10:50+09:00",
        },
        "photos": [],
    }
    return {**body, **more}


def make_report(incident: Incident, by: Caller | None = None, **more: Any) -> uuid.UUID:
    """A stored report; its id."""
    ident = uuid.uuid4()
    by = by or device(incident)[0]
    report_receive(
        report_id=ident, body=ReportIn.model_validate(report_body(incident, **more)), by=by
    )
    return ident


def jpeg(seed: int = 0, size: tuple[int, int] = (160, 120), **save: Any) -> bytes:
    picture = Image.new("RGB", size, ((seed * 37) % 256, (seed * 91) % 256, 120))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=80, **save)
    return stream.getvalue() + b"\xff\xd9" + seed.to_bytes(4, "big")


def announce(content: bytes, kind: str = "image/jpeg") -> dict[str, Any]:
    """The entry of `photos` for these bytes."""
    return {
        "id": str(uuid.uuid4()),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "type": kind,
    }
