"""The pages beside the desk: each carries what its bar needs to count the queue, for those who see
it at the desk."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from gspace.models import Incident
from tests import builders

pytestmark = pytest.mark.django_db
PAGES = (
    "broadcasts/", "devices/", "exports/", "facilities/", "log/", "log/handover/", "numbers/",
    "release/", "shelters/", "situation/",
)  # fmt: skip


def page(incident: Incident, path: str, role: str = "operator") -> str:
    client = Client()
    client.force_login(builders.make_user(builders.headquarters(incident), role))
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def told(html: str) -> dict[str, Any] | None:
    """What frontend/src/alarm/main.ts reads."""
    found = re.search(r'<script id="alarm-data"[^>]*>(.*?)</script>', html, re.S)
    return json.loads(found[1]) if found else None


@pytest.mark.parametrize("path", PAGES)
def test_each_page_counts_the_queue_in_its_bar(path: str, settings: Any) -> None:
    settings.REVIEW_WARN_MIN, settings.REVIEW_ALARM_MIN = 7, 21
    incident = builders.make_incident()
    html = page(incident, f"/hq/{incident.slug}/{path}")
    data = told(html)
    assert data and data["patience"] == {"warn_min": 7, "alarm_min": 21}
    assert data["after_s"] == settings.ALARM_AFTER_S
    assert data["urls"]["desk"] == f"/hq/{incident.slug}/"
    # where the script puts it
    assert "bar__right" in html or "bar-space" in html


def test_the_queue_is_of_the_own_area_and_partners_hear_no_alarm() -> None:
    incident = builders.make_incident()
    own = builders.headquarters(incident)
    own.municipality_code = "431001"
    own.save()
    data = told(page(incident, f"/hq/{incident.slug}/log/"))
    assert data and data["area"] == ["431001"]
    partner = told(page(incident, f"/hq/{incident.slug}/shelters/", "partner"))
    assert partner and (partner["after_s"], partner["area"]) == (None, [])


def test_what_others_see_too_carries_nothing() -> None:
    incident = builders.make_incident()
    assert told(page(incident, f"/i/{incident.slug}/")) is None
